"""The invented corpus worked by hand: which route to a number wins, its interval, and what contradicts.

Every number expected here is computed in the comment beside it.
"""

from __future__ import annotations

import pytest

from corpus.catalogue.corpus import Corpus, OperatingPoint


def point(corpus: Corpus, row: int) -> OperatingPoint:
    """The operating point of a row of the invented sheet."""
    [found] = [point for point in corpus.points if point.survey_row == row]
    return found


def interval(point: OperatingPoint, measure: str) -> tuple[float, float, float]:
    """Low end, value and high end."""
    quantity = point.values[measure].quantity
    return quantity.low, quantity.value, quantity.high


def test_quotients_and_differences_with_their_corners(toy):
    """Row 1 prints accuracies and sizes only; change, compression and speedup follow with the corners' interval."""
    first = point(toy, 1)
    # 69.0 ± 0.05 minus 70.0 ± 0.05: -1.0, from 68.95 - 70.05 to 69.05 - 69.95
    assert interval(first, "top1_change") == pytest.approx((-1.1, -1.0, -0.9))
    # 4.0M ± 0.05M over 1.0M ± 0.05M: 4, from 3.95 / 1.05 to 4.05 / 0.95
    assert interval(first, "compression_ratio") == pytest.approx((3.95 / 1.05, 4.0, 4.05 / 0.95))
    # 2.0G ± 0.05G over 0.5G ± 0.05G: 4, from 1.95 / 0.55 to 2.05 / 0.45
    assert interval(first, "theoretical_speedup") == pytest.approx((1.95 / 0.55, 4.0, 2.05 / 0.45))
    # 1 - 1.0 / 4.0, from 1 - 1.05 / 3.95 to 1 - 0.95 / 4.05
    assert interval(first, "params_pruned") == pytest.approx((1 - 1.05 / 3.95, 0.75, 1 - 0.95 / 4.05))


def test_computed_change_and_quotient_win_over_printed_ones(toy):
    """Row 2 prints a change and a fraction pruned that its accuracies and sizes contradict; those win."""
    second = point(toy, 2)
    assert second.value("top1") == 68.0  # 100 - 32.0
    # 68.0 ± 0.05 minus 70.0 ± 0.05, not the printed +2.0
    assert interval(second, "top1_change") == pytest.approx((-2.1, -2.0, -1.9))
    # 4.0 / 0.5 = 8, not 1 / (1 - 0.125) = 1.142857; from 3.95 / 0.55 to 4.05 / 0.45
    assert interval(second, "compression_ratio") == pytest.approx((3.95 / 0.55, 8.0, 9.0))
    assert (
        second.value("params_pruned") == 0.125
    )  # as printed: a printed number stands unless a route wins over it


def test_printed_ratio_wins_over_kept_fraction(toy):
    """Row 3 prints a speedup of 8.0 beside FLOPs that give 2.0 / 0.5 = 4: the printed ratio wins."""
    third = point(toy, 3)
    assert interval(third, "theoretical_speedup") == pytest.approx((7.95, 8.0, 8.05))
    assert third.value("flops_kept") == 0.25
    assert interval(third, "top1_change") == (-3.5, -3.0, -2.5)  # -3% has no decimal: ± 0.5
    # 90% ± 0.5 points pruned: kept 0.1, ratio 10 from 1 / 0.105 to 1 / 0.095
    assert interval(third, "compression_ratio") == pytest.approx((1 / 0.105, 10.0, 1 / 0.095))


def test_a_pruned_accuracy_is_never_made_from_a_change(toy):
    """Row 3 has the unpruned accuracy and a change; the pruned accuracy stays unknown, as in the survey."""
    assert "top1" not in point(toy, 3).values


def test_sizes_follow_from_fractions_in_the_corrected_view_only(toy, toy_published):
    """Row 3: 4.0M x 0.1 = 0.4M pruned parameters; the survey did not compute them."""
    assert point(toy, 3).value("params") == pytest.approx(4.0e5)
    assert "params" not in point(toy_published, 3).values


def test_the_sign_slip_stays_in_the_published_view(toy, toy_published):
    """Row 4 prints 50.0 % after a change of -4.0: the unpruned accuracy is 54; the survey's script made it 46."""
    # both numbers are read off a figure, each give or take one point
    assert interval(point(toy, 4), "unpruned_top1") == pytest.approx((52.0, 54.0, 56.0))
    assert point(toy_published, 4).value("unpruned_top1") == 46.0
    assert point(toy, 4).value("unpruned_params") == pytest.approx(6.0e6)  # 2.0M x 3.0


def test_repeated_runs_give_mean_and_sample_deviation(toy):
    """Row 14 prints 80.0, 81.0 and 82.0: mean 81, deviation sqrt((1 + 0 + 1) / 2) = 1, mean rounding ± 0.05."""
    runs = point(toy, 14)
    assert interval(runs, "top1") == pytest.approx((80.95, 81.0, 81.05))
    assert runs.std("top1") == 1.0
    assert runs.values["top1"].quantity.printed == "80.0%, 81.0%, 82.0%"
    assert runs.trials == 3


def test_contradictions_come_with_both_routes_and_a_hint(toy):
    """Three slips: a sign, pruned for kept, and FLOPs for multiply-adds; nothing else contradicts."""
    found = toy.sql("SELECT * FROM contradictions ORDER BY line, measure").to_numpy().tolist()
    file = "toy/papers/birch2016first.yaml"
    assert [row[:3] + row[4:5] + row[6:] for row in found] == [
        [
            "birch2016first/2",
            "compression_ratio",
            "1 / (params / unpruned_params)",
            "1 / (1 - params_pruned)",
            file,
            24,
        ],
        ["birch2016first/2", "top1_change", "printed", "(100 - top1_error) - unpruned_top1", file, 24],
        ["birch2016first/3", "theoretical_speedup", "printed", "1 / (flops / unpruned_flops)", file, 25],
    ]
    assert [row[3] for row in found] == pytest.approx([8.0, 2.0, 8.0])
    assert [row[5] for row in found] == pytest.approx([1 / 0.875, -2.0, 4.0])
    assert sorted(slip.hint for _, slip in toy.contradictions) == [
        "pruned and kept may be swapped",
        "the sign may be swapped",
        "x2: multiply-adds against FLOPs",
    ]
