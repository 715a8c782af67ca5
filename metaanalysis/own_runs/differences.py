"""Differences between two baselines, or two initial models, at one size or speedup; what a set of them says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from metaanalysis.own_runs.experiments import SIZE, SPEEDUP, Experiment
from metaanalysis.own_runs.intervals import Interval, interval, sampling_variance

HOLDS, DOES_NOT_HOLD, CANNOT_BE_TOLD = "holds", "does not hold", "cannot be told"
SPEEDUPS = tuple(2.0**power for power in range(1, 12))
"""Theoretical speedups at which curves are compared: powers of two, to beyond what any run reaches."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared: a baseline of an experiment."""

    experiment: Experiment
    baseline: str

    @property
    def ratios(self) -> set[float]:
        """Compression ratios that the baseline has runs at, as asked for."""
        return {run.ratio for run in self.experiment.runs if run.baseline == self.baseline}

    def accuracies(self, axis: str, at: float) -> dict[int, float]:
        """Accuracy (percent) by seed at a compression ratio or speedup."""
        return self.experiment.accuracies(self.baseline, axis, at)

    def variance(self, accuracy: float) -> float:
        """The variance of an accuracy that comes from which images are in the test set."""
        return sampling_variance(accuracy, self.experiment.test_images)


@dataclass(frozen=True, slots=True)
class DifferenceAt:
    """One minus the other at one place of an axis, in percentage points."""

    at: float
    interval: Interval

    def __str__(self) -> str:
        return f"{self.at:.3g}x {self.interval}"


def difference(one: Side, other: Side, axis: str, at: float, relative: bool = False) -> DifferenceAt | None:
    """Accuracy of `one` minus that of `other`, seed by seed; None without two runs of a seed there.

    `relative` takes each one's change from its own unpruned network. Test images count as drawn anew for each accuracy,
    though both see the same ones: the interval is too wide rather than too narrow.
    """
    left, right = one.accuracies(axis, at), other.accuracies(axis, at)
    seeds = sorted(left.keys() & right.keys())
    if not seeds:
        return None
    left_start = one.experiment.start if relative else 0.0
    right_start = other.experiment.start if relative else 0.0
    values = [(left[seed] - left_start) - (right[seed] - right_start) for seed in seeds]
    sampling = one.variance(fmean(left[seed] for seed in seeds))
    sampling += other.variance(fmean(right[seed] for seed in seeds))
    if relative:
        sampling += one.variance(left_start) + other.variance(right_start)
    return DifferenceAt(at, interval(values, sampling))


def at_sizes(one: Side, other: Side, relative: bool = False) -> list[DifferenceAt]:
    """Their differences at every compression ratio that both have runs at."""
    return _at_places(one, other, SIZE, sorted(one.ratios & other.ratios), relative)


def at_speedups(one: Side, other: Side) -> list[DifferenceAt]:
    """Their differences at each power of two of theoretical speedup that both curves reach."""
    return _at_places(one, other, SPEEDUP, SPEEDUPS, relative=False)


def _at_places(
    one: Side, other: Side, axis: str, places: Sequence[float], relative: bool
) -> list[DifferenceAt]:
    differences = []
    for place in places:
        at_place = difference(one, other, axis, place, relative)
        if at_place is not None:
            differences.append(at_place)
    return differences


def judged(differences: Sequence[DifferenceAt]) -> tuple[str, str]:
    """Whether the first of the two is ahead, and why; an interval that holds zero decides nothing."""
    ahead, behind, undecided = (_places(differences, sign) for sign in (1, -1, 0))
    rest = f"; undecided at {undecided}" if undecided else ""
    if ahead and behind:
        return DOES_NOT_HOLD, f"it depends on the amount: ahead at {ahead}, the reverse at {behind}"
    if ahead:
        return HOLDS, f"ahead at {ahead}{rest}"
    if behind:
        return DOES_NOT_HOLD, f"the reverse at {behind}{rest}"
    if undecided:
        return CANNOT_BE_TOLD, "no difference is larger than its interval"
    return CANNOT_BE_TOLD, "the two curves share no amount"


def _places(differences: Iterable[DifferenceAt], sign: int) -> str:
    return ", ".join(f"{one.at:.3g}x" for one in differences if one.interval.sign == sign)


def in_words(differences: Iterable[DifferenceAt]) -> str:
    """Every difference with its interval, in points: `2x +1.20 (+0.80 to +1.60); 4x ...`."""
    return "; ".join(map(str, differences))


def pairs(
    experiment: Experiment, firsts: Iterable[str], seconds: Iterable[str]
) -> Iterator[tuple[Side, Side]]:
    """Each of `firsts` beside each of `seconds` that the experiment has."""
    for first in firsts:
        for second in seconds:
            if first in experiment.baselines and second in experiment.baselines:
                yield Side(experiment, first), Side(experiment, second)
