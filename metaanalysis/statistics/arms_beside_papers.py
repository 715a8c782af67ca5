"""Reported ways of training a pruned network beside our own, and how far apart they are.

One row for each pruned network and arm of the papers that report both fine-tuning and training from scratch (Tables
4, 6 and 7 of Wang et al. 2023; Liu et al. 2019), and for each of ours that no paper reports. Two networks are the same
if dataset, architecture and compression ratio (or, where none is printed, speedup) agree to within 1 %, and the
structure pruned does; two arms if the paper's name ends in ours (l1-step-0.01 in step-0.01), or each side has one
fine-tuned arm only. `distance` is our mean minus the printed one over the root of the sum of both squared standard
deviations of single runs; it is missing where either is. `standing`: beside each other, not run, or no paper reports
it. As published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan, sqrt

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.own_runs.experiments import SLACK
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import REPORTED, Arm, Configuration

COLUMNS = (
    *("dataset", "architecture", "compression_ratio", "theoretical_speedup", "paper", "arm"),
    *(
        "reported",
        "reported_std",
        "reported_n",
        "study",
        "own_arm",
        "measured",
        "measured_std",
        "measured_n",
    ),
    *("distance", "standing"),
)
BESIDE, NOT_RUN, NOT_REPORTED = "beside each other", "not run", "no paper reports it"
UNKNOWN = ("unknown", None)


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per network and arm, reported ones first; accuracies in percent, distances in standard deviations."""
    found = configurations(corpus)
    reported = [one for one in found if one.source == REPORTED]
    ours = [one for one in found if one.source != REPORTED]
    rows, used = [], set()
    for theirs in reported:
        for arm in theirs.arms:
            partners = [
                pair for own in ours if same_network(theirs, own) for pair in _partners(theirs, arm, own)
            ]
            used |= {id(own_arm) for _, own_arm in partners}
            rows += [_row(theirs, arm, *pair) for pair in partners] or [_row(theirs, arm, None, None)]
    for own in ours:
        rows += [_row(own, None, own, arm) for arm in own.arms if id(arm) not in used]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def same_network(theirs: Configuration, ours: Configuration) -> bool:
    """Whether dataset, architecture, structure and amount agree, the amount to within 1 %."""
    if (theirs.dataset, theirs.architecture) != (
        ours.dataset,
        ours.architecture,
    ) or not ours.stands_beside_papers:
        return False
    if theirs.structure not in UNKNOWN and theirs.structure != ours.structure:
        return False
    for name in ("compression_ratio", "theoretical_speedup"):
        one, other = getattr(theirs, name), getattr(ours, name)
        if one and other:
            return abs(other / one - 1) <= SLACK
    return False


def _partners(theirs: Configuration, arm: Arm, ours: Configuration) -> Iterator[tuple[Configuration, Arm]]:
    """Our arms that train as the paper's does."""
    lonely = not arm.anew and len(theirs.of(anew=False)) == len(ours.of(anew=False)) == 1
    for own in ours.arms:
        if arm.anew is own.anew and (arm.name.endswith(own.name) or lonely):
            yield ours, own


def _row(network: Configuration, arm: Arm | None, ours: Configuration | None, own: Arm | None) -> tuple:
    standing = BESIDE if arm and own else NOT_RUN if arm else NOT_REPORTED
    return (
        *(network.dataset, network.architecture, network.compression_ratio, network.theoretical_speedup),
        *((network.paper, arm.name, arm.mean, arm.std, arm.n) if arm else (None, None, nan, nan, None)),
        *((ours.title, own.name, own.mean, own.std, own.n) if own else (None, None, nan, nan, None)),
        *(_distance(arm, own), standing),
    )


def _distance(arm: Arm | None, own: Arm | None) -> float:
    joint = sqrt(arm.std**2 + own.std**2) if arm and own else 0.0
    return (own.mean - arm.mean) / joint if joint else nan
