"""Intervals that are true: a paper's own digits, and the error of numbers read off a figure."""

from __future__ import annotations

import pytest

from corpus.catalogue.figure_readings import FigureReading
from corpus.checks.check import check_corpus
from corpus.numbers.derive import Derivation
from corpus.numbers.printed_digits import with_printed_digits
from corpus.numbers.quantity import parse


def by_row(corpus_, paper: str) -> dict:
    return {point.survey_row: point for point in corpus_.papers[paper].points}


@pytest.mark.parametrize(
    ("measure", "written", "printed", "low", "high"),
    [
        ("top1", "93.8%", "error 6.20%", 93.795, 93.805),
        ("top5_change", "-1%", "1.0 (increase of error)", -1.05, -0.95),
        ("top5_change", "0%", "0.0 (increase of error)", -0.05, 0.05),
        ("top1_change", "+0.58%", "Err. gap -0.58", 0.575, 0.585),
        ("flops_pruned", "80%", "5x", 1 - 1 / 4.5, 1 - 1 / 5.5),
        ("flops_pruned", "70%", "30% kept", 0.695, 0.705),
        ("top1", "93.8%", "read elsewhere: 71.20%", 93.75, 93.85),
        ("params", "0.43M", "1720 KB", 425e3, 435e3),
    ],
)
def test_the_paper_s_own_digits_say_how_well_a_number_is_known(measure, written, printed, low, high):
    """Each way of printing a number gives its interval; a string that leads elsewhere changes nothing."""
    exact = with_printed_digits(measure, parse(measure, written), printed)
    assert exact.value == parse(measure, written).value
    assert (exact.low, exact.high) == pytest.approx((low, high), rel=1e-12)


def test_digits_known_are_used_by_default(everything, published):
    """DCP's unpruned ResNet-56 (error 6.20 %) and channel pruning's 1.0 and 0.0; the published view has the sheet's."""
    unpruned = by_row(everything, "zhuang2018discrimination")[362].leaves["unpruned_top1"].quantity
    assert (unpruned.low, unpruned.high) == pytest.approx((93.795, 93.805))
    changes = by_row(everything, "he2017channel")
    for row, low, high in ((393, -1.05, -0.95), (395, -0.05, 0.05)):
        quantity = changes[row].leaves["top5_change"].quantity
        assert (quantity.low, quantity.high) == pytest.approx((low, high))
    sheet = by_row(published, "zhuang2018discrimination")[362].leaves["unpruned_top1"].quantity
    assert (sheet.low, sheet.high) == pytest.approx((93.75, 93.85))


def test_a_number_read_off_a_figure_contains_the_plotted_one(everything):
    """The FLOPs that the authors' vector graphic has lie inside all five intervals, which `explain` accounts for."""
    plotted = {155: 0.0411, 482: 0.1633, 483: 0.3851, 484: 0.5604, 485: 0.6507}
    points = by_row(everything, "wen2016learning")
    in_figure = {row: point for row, point in points.items() if point.location == "Figure 7a" and row}
    for row, value in plotted.items():
        if row in in_figure:
            quantity = in_figure[row].leaves["flops_pruned"].quantity
            assert quantity.low <= value <= quantity.high, row
    assert len(plotted.keys() & in_figure.keys()) >= 4
    said = everything.explain("wen2016learning", "flops_pruned")
    assert "read off a figure, give or take 1 % of an axis of 0 to 100 %, as none is stated" in said


def test_a_stated_reading_error_wins():
    """A share is of the axis, an amount is in the unit of the value; the axis of counts ends at the largest one."""
    leaf = Derivation("params", parse("params", "2.00M"), "printed")
    for stated, half in ((None, 40e3), ("2%", 80e3), ("0.5M", 500e3)):
        quantity = FigureReading(stated, {"params": 4e6}).applied(leaf).quantity
        assert (quantity.low, quantity.high) == pytest.approx((2e6 - half, 2e6 + half))


def test_a_reading_error_that_is_none_is_an_error(small_corpus):
    """It must be a share or an amount of the measure."""
    paper = (
        "title: A paper\nauthors: [Ada Birch]\nvenue: ConfA\ndate: 2016\nresults:\n  - where: Figure 1\n"
        "    read_from: figure\n    reading_error: a little\n    dataset: Scenes\n    architecture: TinyNet\n"
        "    pruned: [{top1: 50%}]\n"
    )
    report = check_corpus(small_corpus({"papers/birch2016first.yaml": paper}))
    assert ["reading_error: 'a little' is not a number" in error.message for error in report.errors] == [
        True
    ]


def test_measurements_say_which_route_won(everything):
    """Each pair of point and measure is in normal form once; the others are printed numbers that a route overrode."""
    rows = everything.sql(
        "SELECT point_id, measure, count(*) AS rows, sum(in_normal_form::int) AS won FROM measurements GROUP BY ALL"
    )
    assert (rows["won"] == 1).all()
    assert (rows["rows"] == 2).sum() >= 32
    assert rows["rows"].max() == 2
