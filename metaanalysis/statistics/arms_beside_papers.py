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

from math import nan, sqrt

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.own_runs.experiments import SLACK
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import REPORTED, ArmResult, PrunedNetwork

COLUMNS = (
    "dataset",
    "architecture",
    "compression_ratio",
    "theoretical_speedup",
    "paper",
    "arm",
    "reported",
    "reported_std",
    "reported_n",
    "study",
    "own_arm",
    "measured",
    "measured_std",
    "measured_n",
    "distance",
    "standing",
)
BESIDE, NOT_RUN, NOT_REPORTED = "beside each other", "not run", "no paper reports it"
UNKNOWN = ("unknown", None)


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per network and arm, reported ones first; accuracies in percent, distances in standard deviations."""
    ours = [network for network in configurations(corpus) if network.source != REPORTED]
    rows: list[dict] = []
    used: set[int] = set()  # arms of ours that stand beside a reported one, by identity
    for theirs in configurations(corpus):
        if theirs.source != REPORTED:
            continue
        alike = [own for own in ours if same_network(theirs, own)]
        for arm in theirs.arms:
            beside = []
            for own in alike:
                for own_arm in _partners(theirs, arm, own):
                    used.add(id(own_arm))
                    beside.append(_beside(theirs, arm, own, own_arm))
            rows += beside or [_beside(theirs, arm, None, None)]
    for own in ours:
        for own_arm in own.arms:
            if id(own_arm) not in used:
                rows.append(_beside(own, None, own, own_arm))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def same_network(theirs: PrunedNetwork, ours: PrunedNetwork) -> bool:
    """Whether dataset, architecture, structure and amount agree, the amount to within 1 %."""
    if theirs.dataset != ours.dataset or theirs.architecture != ours.architecture:
        return False
    if not ours.stands_beside_papers:
        return False
    if theirs.structure not in UNKNOWN and theirs.structure != ours.structure:
        return False
    for name in ("compression_ratio", "theoretical_speedup"):
        reported, measured = getattr(theirs, name), getattr(ours, name)
        if reported and measured:
            return abs(measured / reported - 1) <= SLACK
    return False


def _partners(theirs: PrunedNetwork, arm: ArmResult, ours: PrunedNetwork) -> list[ArmResult]:
    """Our arms that train as the paper's does."""
    each_tunes_once = len(theirs.of(anew=False)) == len(ours.of(anew=False)) == 1
    lonely = each_tunes_once and not arm.anew
    partners = []
    for own_arm in ours.arms:
        if arm.anew is own_arm.anew and (arm.name.endswith(own_arm.name) or lonely):
            partners.append(own_arm)
    return partners


def _beside(
    network: PrunedNetwork, arm: ArmResult | None, ours: PrunedNetwork | None, own: ArmResult | None
) -> dict[str, object]:
    """A reported arm beside one of ours, or either of them alone."""
    standing = NOT_RUN if arm else NOT_REPORTED
    if arm and own:
        standing = BESIDE
    return {
        "dataset": network.dataset,
        "architecture": network.architecture,
        "compression_ratio": network.compression_ratio,
        "theoretical_speedup": network.theoretical_speedup,
        "paper": network.paper if arm else None,
        "arm": arm.name if arm else None,
        "reported": arm.mean if arm else nan,
        "reported_std": arm.std if arm else nan,
        "reported_n": arm.n if arm else None,
        "study": ours.title if ours else None,
        "own_arm": own.name if own else None,
        "measured": own.mean if own else nan,
        "measured_std": own.std if own else nan,
        "measured_n": own.n if own else None,
        "distance": _distance(arm, own),
        "standing": standing,
    }


def _distance(arm: ArmResult | None, own: ArmResult | None) -> float:
    if arm is None or own is None:
        return nan
    joint = sqrt(arm.std**2 + own.std**2)
    return (own.mean - arm.mean) / joint if joint else nan
