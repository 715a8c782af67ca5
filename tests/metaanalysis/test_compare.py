"""Frontiers, hulls, and the standing of points against another curve."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metaanalysis.tradeoffs.compare import (
    frontier,
    head_to_head,
    height,
    slipped_hull,
    standing,
    upper_hull,
)

POINTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12)
REVERSED = {"dominant": "loses", "above": "loses", "dominated": "wins", "below": "wins", "level": "level"}
OUTCOME = {"dominant": "wins", "above": "wins", "dominated": "loses", "below": "loses", "level": "level"}


def hull_of(points):
    return upper_hull(frontier(points))


def dominates(point, other):
    return point != other and point[0] >= other[0] and point[1] >= other[1]


@given(POINTS)
def test_the_frontier_is_what_no_point_dominates(points):
    """A point is on the frontier exactly if no other of the set dominates it."""
    assert frontier(points) == sorted(
        {p for p in points if not any(dominates(other, p) for other in points)}
    )


@given(POINTS)
def test_a_hull_bends_down_and_has_the_frontier_under_it(points):
    """The hull keeps both ends of the frontier, its slopes never rise, and no point of the frontier is above it."""
    vertices, hull = frontier(points), hull_of(points)
    assert set(hull) <= set(vertices)
    assert (hull[0], hull[-1]) == (vertices[0], vertices[-1])
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(hull)]
    assert slopes == sorted(slopes, reverse=True)
    # heights are interpolated in binary, so a vertex may miss its own by a last bit
    assert all(y <= height(hull, x) + 1e-9 for x, y in vertices)


@given(POINTS)
def test_no_curve_beats_or_loses_to_itself(points):
    """Every point of a curve is level with the curve, even one under the chord of its neighbours."""
    assert head_to_head(points, points) == {"level": len(frontier(points))}
    assert head_to_head(points, points, slip=True) == {"level": len(frontier(points))}


@given(POINTS, POINTS, st.integers(0, 40))
def test_reversing_a_pair_reverses_the_verdict_where_both_overlap(points, others, x):
    """At any x that both hulls cover, one wins exactly if the other loses, and both are level or neither is."""
    mine, theirs = hull_of(points), hull_of(others)
    heights = height(mine, x), height(theirs, x)
    if None in heights:
        return
    forth = standing((x, heights[0]), theirs)
    back = standing((x, heights[1]), mine)
    assert OUTCOME[forth] == REVERSED[back]


@given(POINTS, POINTS)
def test_who_dominates_a_curve_is_not_dominated_back_unanswered(points, others):
    """If a point of one curve dominates the other, some point of the other is dominated by or below the one."""
    if head_to_head(points, others)["dominant"]:
        back = head_to_head(others, points)
        assert back["dominated"] + back["below"] > 0


@given(POINTS, st.integers(1, 5), st.integers(1, 5))
def test_a_curve_beats_its_own_copy_moved_down_and_left(points, left, down):
    """Of two hulls of one shape, all points of the better dominate and all points of the worse are dominated."""
    hull = hull_of(points)
    worse = [(x - left, y - down) for x, y in hull]
    assert head_to_head(hull, worse) == {"dominant": len(hull)}
    assert head_to_head(worse, hull) == {"dominated": len(hull)}


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((2, 8), "dominated"),  # (2, 9) has the same x and more y
        ((3, 9), "dominant"),  # over (2, 9), same y and more x
        ((4, 6.5), "above"),  # the line from (2, 9) to (6, 3) is at 6
        ((4, 6), "level"),
        ((4, 5), "below"),
        ((1, 9.5), "incomparable"),  # left of the hull and higher than all of it
        ((7, 2), "incomparable"),
    ],
)
def test_standings_worked_by_hand(point, expected):
    """Each standing against the hull (2, 9), (6, 3)."""
    assert standing(point, [(2, 9), (6, 3)]) == expected


def test_the_slip_loses_a_vertex_that_belongs_to_the_hull():
    """Slopes are -4, -0.1, -2.95: (1, 6) goes. Mended, the new slopes -2.05, -2.95 keep (2, 5.9); the slip drops it."""
    vertices = [(0, 10), (1, 6), (2, 5.9), (4, 0)]
    assert upper_hull(vertices) == [(0, 10), (2, 5.9), (4, 0)]
    assert slipped_hull(vertices) == [(0, 10), (4, 0)]


def test_binary_noise_is_no_difference():
    """70.1 - 70 and 60.1 - 60 differ in the fourteenth decimal and count as the same change of accuracy."""
    assert 70.1 - 70 != 60.1 - 60
    assert head_to_head([(2.0, 70.1 - 70)], [(2.0, 60.1 - 60)]) == {"level": 1}
