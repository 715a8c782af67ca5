"""Reading a curve at an amount: worked by hand, and the properties that hold for any curve."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metaanalysis.evidence.amounts import NEAR, CurvePoint, range_of, read_at


def point(ratio: float, change: float = -1.0, place: str = "p") -> CurvePoint:
    return CurvePoint(ratio, change, 0.04, False, place)


curves = st.lists(
    st.builds(point, st.floats(1.0, 100.0), st.floats(-20.0, 2.0)),
    min_size=1,
    max_size=6,
)


def test_a_value_between_two_points_is_linear_in_the_logarithm_of_the_ratio():
    """Halfway from 2x to 8x is 4x: weights of a half each, and a quarter of the summed variances."""
    reading = read_at([point(8, -3, "b"), point(2, -1, "a")], 4)
    assert reading.change == pytest.approx(-2)
    assert reading.weights == pytest.approx((0.5, 0.5))
    assert reading.variance == pytest.approx(0.02)
    assert reading.is_derived
    assert reading.between == "between 2x (a) and 8x (b)"


def test_only_the_two_neighbours_count():
    """A third point changes nothing where the two around the ratio stay."""
    near = [point(2, -1, "a"), point(8, -3, "b")]
    assert read_at([*near, point(16, -9, "c")], 4).points == read_at(near, 4).points


def test_a_point_at_the_ratio_stands_for_itself():
    """Neighbours do not come in, and nothing is derived."""
    reading = read_at([point(2, -1, "a"), point(4, -5, "b"), point(8, -3, "c")], 4)
    assert (reading.change, reading.is_derived, reading.between) == (-5, False, "at 4x (b)")


def test_points_at_one_ratio_are_averaged():
    """Two of them halve the variance."""
    reading = read_at([point(4, -1, "a"), point(4, -2, "b")], 4)
    assert reading.change == pytest.approx(-1.5)
    assert reading.variance == pytest.approx(0.02)
    assert "1 more" in reading.between


@pytest.mark.parametrize(("ratio", "counts"), [(1.81, False), (1.9, True), (2.1, True), (2.3, False)])
def test_a_single_point_counts_within_a_tenth(ratio, counts):
    """A point at 2x is read from 1.82x to 2.22x."""
    reading = read_at([point(2)], ratio)
    assert (reading is not None) == counts


@given(curves, st.floats(1.0, 200.0))
def test_nothing_is_extrapolated(curve, ratio):
    """A value lies within those of the points it rests on, and the ratio within a tenth of the curve's range."""
    reading = read_at(curve, ratio)
    lowest, highest = min(one.ratio for one in curve), max(one.ratio for one in curve)
    if not lowest * (1 - NEAR) <= ratio * (1 + 1e-9) or not ratio <= highest / (1 - NEAR) * (1 + 1e-9):
        assert reading is None
    if lowest * 1.01 <= ratio <= highest / 1.01:
        assert reading is not None
    if reading is not None:
        changes = [one.change for one in reading.points]
        assert min(changes) - 1e-9 <= reading.change <= max(changes) + 1e-9
        assert sum(reading.weights) == pytest.approx(1)
        assert min(reading.weights) >= 0


def test_an_empty_curve_says_nothing():
    """Neither a reading nor a range."""
    assert read_at([], 2) is None
    assert range_of([]) == "no amount"
    assert range_of([point(2), point(8)]) == "2x to 8x"
