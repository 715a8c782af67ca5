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

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import Arm, Configuration, difference, judged

COLUMNS = (
    *(
        "source",
        "paper",
        "title",
        "dataset",
        "architecture",
        "pruning",
        "compression_ratio",
        "theoretical_speedup",
    ),
    *("arm", "from_scratch", "accuracy", "low", "high", "std", "n"),
    *("difference", "difference_low", "difference_high", "verdict", "why"),
)


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per pruned network and arm; accuracies in percent, differences in points."""
    rows = [row for found in configurations(corpus) if found.is_pair for row in _rows(found)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(found: Configuration) -> Iterator[tuple]:
    verdict, why, _ = judged(found)
    best = found.of(anew=False)[0]
    for arm in (*found.of(anew=False), *found.of(anew=True)):
        yield (
            *(
                found.source,
                found.paper,
                found.title,
                found.dataset,
                found.architecture,
                found.pruning or None,
            ),
            *(found.compression_ratio, found.theoretical_speedup, arm.name, arm.anew, *_accuracy(arm)),
            *_behind(best, arm),
            *(verdict, why),
        )


def _accuracy(arm: Arm) -> tuple:
    around = arm.interval
    ends = (around.low, around.high) if around else (float("nan"),) * 2
    return arm.mean, *ends, arm.std, arm.n


def _behind(best: Arm, arm: Arm) -> tuple:
    if arm is best:
        return 0.0, float("nan"), float("nan")
    apart = difference(best, arm)
    ends = (apart.low, apart.high) if apart else (float("nan"),) * 2
    return best.mean - arm.mean, *ends
