"""Fine-tuning against training from scratch, arm by arm.

The question of Liu et al. (2019), taken up by Wang et al. (2023): one row per pruned network and way of training it,
from every paper that reports both sorts and from our own studies with arms. Accuracies are Top-1 percent with 95 %
intervals: Student's t over runs where a deviation and their number are printed or measured, and the binomial spread of
the test set; nothing is said where neither is known. `difference` is the most accurate fine-tuned arm minus this one,
in points: ours seed by seed, reported ones as independent. The claim that fine-tuning is no better than training from
scratch is judged of each network by the most accurate arm of either sort: it holds if scratch is ahead by more than the
interval, does not hold if fine-tuning is, and cannot be told otherwise. Equal accuracy therefore is never proved, and
the best of many arms is flattered on both sides. As published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import PrunedNetwork, difference, judged

COLUMNS = (
    "source",
    "paper",
    "title",
    "dataset",
    "architecture",
    "pruning",
    "compression_ratio",
    "theoretical_speedup",
    "arm",
    "from_scratch",
    "accuracy",
    "low",
    "high",
    "std",
    "n",
    "difference",
    "difference_low",
    "difference_high",
    "verdict",
    "why",
)


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per pruned network and arm; accuracies in percent, differences in points."""
    rows: list[dict] = []
    for network in configurations(corpus):
        if network.is_pair:
            rows += _arms_of(network)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _arms_of(network: PrunedNetwork) -> Iterator[dict[str, object]]:
    verdict = judged(network)
    tuned = network.of(anew=False)
    best = tuned[0]
    for arm in (*tuned, *network.of(anew=True)):
        around = arm.interval
        behind = None if arm is best else difference(best, arm)
        yield {
            "source": network.source,
            "paper": network.paper,
            "title": network.title,
            "dataset": network.dataset,
            "architecture": network.architecture,
            "pruning": network.pruning or None,
            "compression_ratio": network.compression_ratio,
            "theoretical_speedup": network.theoretical_speedup,
            "arm": arm.name,
            "from_scratch": arm.anew,
            "accuracy": arm.mean,
            "low": around.low if around else nan,
            "high": around.high if around else nan,
            "std": arm.std,
            "n": arm.n,
            "difference": best.mean - arm.mean,
            "difference_low": behind.low if behind else nan,
            "difference_high": behind.high if behind else nan,
            "verdict": verdict.verdict,
            "why": verdict.why,
        }
