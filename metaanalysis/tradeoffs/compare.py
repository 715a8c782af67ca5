"""Sets one tradeoff curve against another: frontiers, hulls, and where each point stands. Up and right is better."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

Point = tuple[float, float]
STANDINGS = ("dominant", "above", "level", "below", "dominated", "incomparable")
DIGITS = 9
"""Decimals that count: a difference of two printed accuracies carries binary noise far below their last digit."""


def frontier(points: Iterable[Point], *, to_the_bit: bool = False) -> list[Point]:
    """The points that no other dominates, each once, from left to right (so from high to low).

    Differences beyond DIGITS do not count, unless `to_the_bit`.

    >>> frontier([(2, 70), (4, 71), (4, 68), (8, 60)])
    [(4, 71), (8, 60)]
    """
    kept: list[Point] = []
    distinct = set(points) if to_the_bit else set(map(_rounded, points))
    for x, y in sorted(distinct, reverse=True):
        if not kept or y > kept[-1][1]:
            kept.append((x, y))
    return kept[::-1]


def _rounded(point: Point) -> Point:
    return round(point[0], DIGITS), round(point[1], DIGITS)


def upper_hull(vertices: list[Point]) -> list[Point]:
    """Vertices of a frontier (left to right) without those under a chord; the first and last always stay."""
    hull: list[Point] = []
    for point in vertices:
        while len(hull) > 1 and _slope(hull[-1], point) > _slope(hull[-2], hull[-1]):
            hull.pop()
        hull.append(point)
    return hull


def slipped_hull(vertices: list[Point]) -> list[Point]:
    """The hull as the 2020 analysis computed it, which can lose vertices that belong to it.

    After a deletion it goes on comparing slopes of the undeleted list at the positions of the shorter one.
    """
    slopes = [_slope(left, right) for left, right in pairwise(vertices)]
    hull = list(vertices)
    place = 1
    while place < len(hull) - 1:
        if slopes[place] > slopes[place - 1]:
            del hull[place]
            place = 1  # the search begins anew after each deletion
        else:
            place += 1
    return hull


def _slope(left: Point, right: Point) -> float:
    return (right[1] - left[1]) / (right[0] - left[0])


def height(hull: list[Point], x: float) -> float | None:
    """The hull's y at `x` by linear interpolation, or None outside its range."""
    place = bisect_left(hull, (x, float("-inf")))
    if place == len(hull) or (place == 0 and x < hull[0][0]):
        return None
    if hull[place][0] == x:
        return hull[place][1]
    left = hull[place - 1]
    return left[1] + _slope(left, hull[place]) * (x - left[0])


def standing(point: Point, hull: list[Point], *, to_the_bit: bool = False) -> str:
    """Which of STANDINGS a point has against another curve's hull.

    Dominated: a vertex is at least as good in both and better in one; dominant: the reverse. Otherwise above, below or
    level with the line between vertices, and incomparable outside their range.
    """
    x, y = point = point if to_the_bit else _rounded(point)
    others = [vertex for vertex in hull if vertex != point]
    if any(vertex[0] >= x and vertex[1] >= y for vertex in others):
        return "dominated"
    if any(vertex[0] <= x and vertex[1] <= y for vertex in others):
        return "dominant"
    line = height(hull, x)
    if line is None:
        return "incomparable"
    difference = round(y - line, DIGITS)
    if difference == 0:
        return "level"
    return "above" if difference > 0 else "below"


def head_to_head(
    points: Iterable[Point], others: Iterable[Point], *, slip: bool = False, to_the_bit: bool = False
) -> Counter[str]:
    """How many points of a curve's frontier have each standing against the other curve's hull.

    A point that both curves have is level, even where the other curve's hull passes above it. `slip` takes the hull of
    2020, see `slipped_hull`; `to_the_bit` compares as it did, without rounding.
    """
    theirs = frontier(others, to_the_bit=to_the_bit)
    hull = slipped_hull(theirs) if slip else upper_hull(theirs)
    standings: Counter[str] = Counter()
    for point in frontier(points, to_the_bit=to_the_bit):
        place = "level" if point in theirs else standing(point, hull, to_the_bit=to_the_bit)
        standings[place] += 1
    return standings
