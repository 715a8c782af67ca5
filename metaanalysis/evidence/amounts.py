"""Reading a curve at an amount of pruning: between two of its points or close to one, never beyond its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

NEAR = 0.10
"""A point stands for an amount within this part of its own."""
SAME = 0.005
"""Two amounts that differ by less than this part are one amount: counts of one network are printed that differently."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A network on a curve: pruned by `ratio`, its accuracy `change` (points) with its `variance`.

    `is_measured` says whether the variance was measured rather than assumed, `place` where the point is found.
    """

    ratio: float
    change: float
    variance: float
    is_measured: bool
    place: str


@dataclass(frozen=True, slots=True)
class CurveReading:
    """What a curve says at an amount; `points` are the ones it rests on with their `weights`, which sum to 1.

    `between` tells in words where the value lies.
    """

    change: float
    variance: float
    is_measured: bool
    is_derived: bool
    points: tuple[CurvePoint, ...]
    weights: tuple[float, ...]
    between: str


def read_at(curve: Sequence[CurvePoint], ratio: float) -> CurveReading | None:
    """The curve at `ratio`, by interpolation over the logarithm of the ratio; None outside the curve's own range.

    A curve that does not reach the ratio counts with its nearest point if that lies within NEAR of it. Points at one
    amount are averaged first.

    >>> curve = [CurvePoint(2, -1.0, 0.04, False, "a"), CurvePoint(8, -3.0, 0.04, False, "b")]
    >>> read_at(curve, 4).change, read_at(curve, 9) is None, read_at(curve, 8.5).between
    (-2.0, False, 'at 8x (b)')
    """
    steps = _steps(curve)
    if not steps:
        return None
    for step in steps:
        if abs(step.ratio / ratio - 1) <= SAME:
            return _reading(step.points, [1 / len(step.points)] * len(step.points), f"at {step.named}")
    lower = [step for step in steps if step.ratio < ratio]
    higher = [step for step in steps if step.ratio > ratio]
    if lower and higher:
        return _between(lower[-1], higher[0], ratio)
    nearest = lower[-1] if lower else higher[0]
    if abs(nearest.ratio / ratio - 1) > NEAR:
        return None
    shares = [1 / len(nearest.points)] * len(nearest.points)
    return _reading(nearest.points, shares, f"at {nearest.named}")


def range_of(curve: Sequence[CurvePoint]) -> str:
    """The amounts that a curve spans, in words."""
    ratios = sorted(point.ratio for point in curve)
    if not ratios:
        return "no amount"
    if ratios[-1] / ratios[0] - 1 <= SAME:
        return f"{ratios[0]:.3g}x"
    return f"{ratios[0]:.3g}x to {ratios[-1]:.3g}x"


@dataclass(frozen=True, slots=True)
class _Step:
    """All points of a curve at one amount."""

    points: tuple[CurvePoint, ...]

    @property
    def ratio(self) -> float:
        return exp(sum(log(point.ratio) for point in self.points) / len(self.points))

    @property
    def named(self) -> str:
        places = [point.place for point in self.points]
        shown = places[0] if len(places) == 1 else f"{places[0]} and {len(places) - 1} more"
        return f"{self.ratio:.3g}x ({shown})"


def _steps(curve: Sequence[CurvePoint]) -> list[_Step]:
    """The amounts of a curve in rising order, points of one amount together."""
    steps: list[list[CurvePoint]] = []
    for point in sorted(curve, key=lambda point: (point.ratio, point.place)):
        if steps and point.ratio / steps[-1][0].ratio - 1 <= SAME:
            steps[-1].append(point)
        else:
            steps.append([point])
    return [_Step(tuple(points)) for points in steps]


def _between(low: _Step, high: _Step, ratio: float) -> CurveReading:
    share = (log(ratio) - log(low.ratio)) / (log(high.ratio) - log(low.ratio))
    weights = [(1 - share) / len(low.points)] * len(low.points)
    weights += [share / len(high.points)] * len(high.points)
    return _reading((*low.points, *high.points), weights, f"between {low.named} and {high.named}")


def _reading(points: Sequence[CurvePoint], weights: Sequence[float], between: str) -> CurveReading:
    weighted = list(zip(points, weights, strict=True))
    return CurveReading(
        change=sum(weight * point.change for point, weight in weighted),
        variance=sum(weight**2 * point.variance for point, weight in weighted),
        is_measured=all(point.is_measured for point in points),
        is_derived=len(points) > 1,
        points=tuple(points),
        weights=tuple(weights),
        between=between,
    )
