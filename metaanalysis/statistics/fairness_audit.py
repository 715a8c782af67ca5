"""How fair the claimed comparisons are, and what would have to be known to tell.

Each comparison that a paper claims is placed in the strictest comparison setup of Wang et al. (2023) that a result of
the one and a result of the other satisfy: S1 the same dataset, network, and ratio or speedup, S2 also the base model,
S3.1 the epochs of fine-tuning, S3.2 (the least they recommend) its learning rates, S4.1 and S4.2 the same of pruning;
SX-A and SX-B training as a whole. One row per setup and reason why it is not a stricter one: a condition of the next
setup that `differs`, or facts that are `missing` from a file (keys of its recipe, or measures). Setup `none`: the
comparison cannot be placed. `in_setup` counts all comparisons of the setup. With `same_base` named, base models are the
same only under one name, not by an equal accuracy to two decimals. Results of re-implementations are left out.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Literal, NamedTuple

import pandas as pd

from corpus.catalogue.corpus import Corpus, PaperComparison
from corpus.schema.purposes import Purpose
from metaanalysis.fairness.conditions import ratio
from metaanalysis.fairness.result import DIFFERS, MISSING, Pair
from metaanalysis.fairness.setups import (
    BESIDE,
    CHAIN,
    MEANING,
    NONE,
    FairnessVerdict,
    SetupsOfPairs,
    label_of,
)

COLUMNS = ("setup", "holds_equal", "in_setup", "share", "stricter_is", "because", "comparisons", "example")
NOTHING_SHARED = "no dataset and network in common"
NO_NUMBERS = "numbers for a dataset and network in common"


class Reason(NamedTuple):
    """The setup of a comparison, and why it is not a stricter one: what differs, or is missing."""

    setup: str
    stricter_is: str
    because: str


def _all_setups() -> list[str]:
    """Every cell that `setup` may have, the strictest first."""
    beside = [tuple(BESIDE), *((name,) for name in BESIDE), ()]
    return [label_of(setup, names) for setup, names in product([*reversed(CHAIN), None], beside)]


SETUPS = _all_setups()


def table(corpus: Corpus, *, same_base: Literal["accuracy", "named"] = "accuracy") -> pd.DataFrame:
    """One row per setup and reason; comparisons are counts, share is of all claimed comparisons."""
    setups = SetupsOfPairs(corpus, same_base)
    points = {key: _points(corpus, key) for key in corpus.papers}
    reasons: Counter[Reason] = Counter()
    examples: dict[Reason, str] = {}
    for comparison in corpus.comparisons:
        mine = points.get(comparison.paper, ())
        theirs = points.get(comparison.compares_to, ())
        strictest = setups.strictest(mine, theirs)
        reason = _reason(strictest) if strictest else _hindrance(corpus, setups, points, comparison)
        reasons[reason] += 1
        examples.setdefault(reason, f"{comparison.paper} to {comparison.compares_to}")
    return _frame(reasons, examples)


def _points(corpus: Corpus, key: str) -> tuple[str, ...]:
    """Ids of a paper's results that may be set against another's."""
    ids = []
    for point in corpus.papers[key].points:
        if not point.released and point.serves(Purpose.HEAD_TO_HEAD):
            ids.append(point.point_id)
    return tuple(ids)


def _reason(verdict: FairnessVerdict) -> Reason:
    obstacle = verdict.obstacle
    if obstacle is None:
        return Reason(verdict.label, "", "")
    if obstacle.state == DIFFERS:
        return Reason(verdict.label, DIFFERS, obstacle.condition)
    facts = {fact for _, fact in obstacle.missing}
    return Reason(verdict.label, MISSING, ", ".join(sorted(facts)))


def _hindrance(
    corpus: Corpus, setups: SetupsOfPairs, points: dict[str, tuple[str, ...]], comparison: PaperComparison
) -> Reason:
    """Why no pair of results of a comparison satisfies S1."""
    pairs = _on_one_network(
        setups, points.get(comparison.paper, ()), points.get(comparison.compares_to, ())
    )
    if not pairs:
        if _settings(corpus, comparison.paper) & _settings(corpus, comparison.compares_to):
            return Reason(NONE, MISSING, NO_NUMBERS)
        return Reason(NONE, DIFFERS, NOTHING_SHARED)
    if any(ratio(pair).state == MISSING for pair in pairs):
        return Reason(NONE, MISSING, "compression_ratio or theoretical_speedup")
    return Reason(NONE, DIFFERS, "ratio")


def _on_one_network(setups: SetupsOfPairs, mine: tuple[str, ...], theirs: tuple[str, ...]) -> list[Pair]:
    """Pairs of results on one dataset and network."""
    pairs = []
    for one_id, other_id in product(mine, theirs):
        one, other = setups.result(one_id), setups.result(other_id)
        if one.point.dataset == other.point.dataset and one.point.architecture == other.point.architecture:
            pairs.append((one, other))
    return pairs


def _settings(corpus: Corpus, key: str) -> set[tuple[str, str]]:
    return {(entry.dataset, entry.architecture) for entry in corpus.papers[key].entries}


def _frame(reasons: Counter[Reason], examples: dict[Reason, str]) -> pd.DataFrame:
    in_setup: Counter[str] = Counter()
    for reason, count in reasons.items():
        in_setup[reason.setup] += count
    rows = []
    for reason in sorted(
        reasons, key=lambda reason: (SETUPS.index(reason.setup), -reasons[reason], reason)
    ):
        rows.append(
            {
                "setup": reason.setup,
                "holds_equal": _meaning(reason.setup),
                "in_setup": in_setup[reason.setup],
                "share": in_setup[reason.setup] / reasons.total(),
                "stricter_is": reason.stricter_is,
                "because": reason.because,
                "comparisons": reasons[reason],
                "example": examples[reason],
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _meaning(setup: str) -> str:
    if setup == NONE:
        return "too little, or it is not known"
    return "; ".join(MEANING[name] for name in setup.split(" and "))
