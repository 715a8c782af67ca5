"""What was found, in five numbers: each read from a statistic, with the command that prints it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.registry import statistics
from metaanalysis.tradeoffs.compare import STANDINGS


@dataclass(frozen=True)
class KeyNumber:
    """A number in bold in its sentence, as Markdown, and the statistic that it is read from."""

    sentence: str
    statistic: str


def key_numbers(corpus: Corpus) -> list[KeyNumber]:
    """The five, in the order of the argument: too many settings, too few comparisons, and unfair ones."""
    numbers = []
    for statistic, sentence_of in SENTENCES.items():
        data = statistics()[statistic].data(corpus)
        numbers.append(KeyNumber(sentence_of(data), statistic))
    return numbers


def breadth(counts: pd.DataFrame) -> str:
    """How many settings the papers use."""
    value = counts.set_index("quantity")["value"]
    return (
        f"**{value['pairs']}** combinations of {value['datasets']} datasets and {value['architectures']} "
        f"architectures in {value['papers']} papers"
    )


def isolation(shares: pd.DataFrame) -> str:
    """How many papers nobody compares to."""
    alone = shares.set_index("papers that").loc["are never compared to"]
    papers, of = int(alone["papers"]), int(alone["of"])  # a row of a mixed frame is of floats
    return f"**{papers}** of {of} papers are never compared to by another paper of the corpus"


def fairness(setups: pd.DataFrame) -> str:
    """How many claimed comparisons hold not even dataset, network and size equal, as far as is known."""
    by_setup = setups.drop_duplicates("setup").set_index("setup")["in_setup"]
    placed_nowhere = by_setup.get("none", 0)
    return (
        f"**{placed_nowhere}** of {by_setup.sum()} claimed comparisons do not share dataset, network and size, "
        "or do not say whether they do"
    )


def incomparability(standings: pd.DataFrame) -> str:
    """How often a point lies where the other paper has none."""
    outside = standings["incomparable"].sum()
    share = outside / standings[list(STANDINGS)].to_numpy().sum()
    return (
        f"**{share:.0%}** of a paper's points lie outside the range of another's on the same configuration "
        "(all pairs of papers on six configurations)"
    )


def drift(spreads: pd.DataFrame) -> str:
    """How far two papers' counts for one unpruned network lie apart."""
    flops = spreads[spreads["measure"] == "flops"]
    widest = flops.loc[flops["highest_over_lowest"].idxmax()]
    return (
        f"**{widest['highest_over_lowest']:.1f}** times as many FLOPs in one paper as in another for the same "
        f"unpruned network ({widest['architecture']} on {widest['dataset']})"
    )


SENTENCES: dict[str, Callable[[pd.DataFrame], str]] = {
    "corpus_counts": breadth,
    "comparison_shares": isolation,
    "fairness_audit": fairness,
    "head_to_head": incomparability,
    "baselines": drift,
}
