"""Differences between two baselines, or two initial models, at one size or speedup; what a set of them says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import fmean

from metaanalysis.own_runs.experiments import SIZE, SPEEDUP, Experiment
from metaanalysis.own_runs.intervals import Interval, interval, sampling_variance

HOLDS, DOES_NOT_HOLD, CANNOT_BE_TOLD = "holds", "does not hold", "cannot be told"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared: a baseline of an experiment."""

    experiment: Experiment
    baseline: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One minus the other at one place of an axis, in percentage points."""

    at: float
    interval: Interval

    def __str__(self) -> str:
        return f"{self.at:.3g}x {self.interval}"


def difference(one: Side, other: Side, axis: str, at: float, relative: bool = False) -> Difference | None:
    """Accuracy of `one` minus that of `other`, seed by seed; None without two runs of a seed there.

    `relative` takes each one's change from its own unpruned network. Test images count as drawn anew for each accuracy,
    though both see the same ones: the interval is too wide rather than too narrow.
    """
    left = one.experiment.accuracies(one.baseline, axis, at)
    right = other.experiment.accuracies(other.baseline, axis, at)
    seeds = sorted(left.keys() & right.keys())
    if not seeds:
        return None
    starts = [side.experiment.unpruned("top1") if relative else 0.0 for side in (one, other)]
    values = [(left[seed] - starts[0]) - (right[seed] - starts[1]) for seed in seeds]
    means = [(fmean(left[seed] for seed in seeds), one), (fmean(right[seed] for seed in seeds), other)]
    if relative:
        means += [(start, side) for start, side in zip(starts, (one, other), strict=True)]
    sampling = sum(sampling_variance(mean, side.experiment.test_images) for mean, side in means)
    return Difference(at, interval(values, sampling))


def at_sizes(one: Side, other: Side, relative: bool = False) -> list[Difference]:
    """Their differences at every compression ratio that both have runs at."""
    shared = sorted(_asked(one) & _asked(other))
    found = (difference(one, other, SIZE, ratio, relative) for ratio in shared)
    return [one for one in found if one is not None]


def at_speedups(one: Side, other: Side) -> list[Difference]:
    """Their differences at each power of two of theoretical speedup that both curves reach."""
    found = (difference(one, other, SPEEDUP, 2.0**power) for power in range(1, 12))
    return [one for one in found if one is not None]


def _asked(side: Side) -> set[float]:
    return {run.ratio for run in side.experiment.runs if run.baseline == side.baseline}


def judged(found: Iterable[Difference]) -> tuple[str, str]:
    """Whether the first of the two is ahead, and why; an interval that holds zero decides nothing."""
    found = list(found)
    ahead, behind = _places(found, 1), _places(found, -1)
    if ahead and not behind:
        return HOLDS, f"ahead at {ahead}{_rest(found)}"
    if behind and not ahead:
        return DOES_NOT_HOLD, f"the reverse at {behind}{_rest(found)}"
    if ahead:
        return DOES_NOT_HOLD, f"it depends on the amount: ahead at {ahead}, the reverse at {behind}"
    if not found:
        return CANNOT_BE_TOLD, "the two curves share no amount"
    return CANNOT_BE_TOLD, "no difference is larger than its interval"


def _places(found: Iterable[Difference], sign: int) -> str:
    return ", ".join(f"{one.at:.3g}x" for one in found if one.interval.sign == sign)


def _rest(found: list[Difference]) -> str:
    open_ones = _places(found, 0)
    return f"; undecided at {open_ones}" if open_ones else ""


def told(found: Iterable[Difference]) -> str:
    """Every difference with its interval, in points."""
    return "; ".join(map(str, found))


def pairs(
    experiment: Experiment, firsts: Iterable[str], seconds: Iterable[str]
) -> Iterator[tuple[Side, Side]]:
    """Each of `firsts` beside each of `seconds` that the experiment has."""
    have = set(experiment.baselines)
    for first in firsts:
        for second in seconds:
            if {first, second} <= have:
                yield Side(experiment, first), Side(experiment, second)
