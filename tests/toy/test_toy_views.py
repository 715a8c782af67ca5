"""The invented corpus worked by hand: corrections, additions, released runs and labels in both views.

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


def test_a_correction_applies_in_the_corrected_view_only(toy, toy_published):
    """The unpruned Top-5 of rows 10 to 11 is 90.0, not 10.0: 88.0 is 2 points below it, or 78 above."""
    assert point(toy, 10).value("top5_change") == -2.0
    assert point(toy_published, 10).value("top5_change") == 78.0
    assert point(toy, 10).leaves["unpruned_top5"].route == "corrected"


def test_flops_of_two_per_multiply_add_are_halved_in_the_corrected_view(toy, toy_published):
    """The paper counts FLOPs: 8.0e6 and 2.0e6 are 4.0e6 and 1.0e6 multiply-adds; their quotient stays 4."""
    corrected, published = point(toy, 10), point(toy_published, 10)
    assert interval(corrected, "flops") == pytest.approx((0.975e6, 1.0e6, 1.025e6))  # (2.0 ± 0.05)e6 / 2
    assert (corrected.value("unpruned_flops"), published.value("unpruned_flops")) == (4.0e6, 8.0e6)
    assert corrected.value("theoretical_speedup") == published.value("theoretical_speedup") == 4.0


def test_a_number_moves_to_the_measure_it_belongs_to(toy, toy_published):
    """Row 11's 75 % counts operations: a speedup of 1 / 0.25 = 4 and no compression; in the sheet the reverse."""
    assert point(toy, 11).value("theoretical_speedup") == 4.0
    assert "compression_ratio" not in point(toy, 11).values
    assert point(toy_published, 11).value("compression_ratio") == 4.0
    assert "theoretical_speedup" not in point(toy_published, 11).values


def test_a_withheld_number_is_there_only_when_corrected(toy, toy_published):
    """Row 12 is empty in the sheet: a point of -5.0 when corrected, a row without numbers as published."""
    assert interval(point(toy, 12), "top5_change") == pytest.approx((-5.05, -5.0, -4.95))
    [empty] = [entry for entry in toy_published.entries if entry.survey_row == 12]
    assert empty.point is None
    assert empty.reason == "numbers only in a correction"


def test_added_numbers_are_there_only_when_corrected(toy, toy_published):
    """Row 13 gains 82 ± 0.5 unpruned, 2x ± 0.5 and 3.0M: change -2, sizes 3.0M and 6.0M."""
    added, bare = point(toy, 13), point(toy_published, 13)
    assert interval(added, "top1_change") == pytest.approx(
        (-2.55, -2.0, -1.45)
    )  # 79.95 - 82.5 to 80.05 - 81.5
    assert interval(added, "compression_ratio") == (1.5, 2.0, 2.5)
    assert added.value("unpruned_params") == pytest.approx(6.0e6)
    assert {name: leaf.route for name, leaf in added.leaves.items()} == {
        "top1": "printed",
        "unpruned_top1": "added",
        "compression_ratio": "added",
        "params": "added",
    }
    assert set(bare.leaves) == {"top1"}
    assert set(bare.values) == {"top1", "top1_error"}


def test_names_venues_and_dates_are_corrected(toy, toy_published):
    """The misspelt architecture, the venue and the date change; the sheet's own spelling stays in `survey_rows`."""
    assert {point(toy, row).architecture for row in (13, 14, 15, 16, 17)} == {"TinyNet"}
    assert {point(toy_published, row).architecture for row in (13, 14, 15, 16, 17)} == {"tinny"}
    corrected, published = (corpus.papers["cato2017second"] for corpus in (toy, toy_published))
    assert (corrected.venue, corrected.peer_reviewed, corrected.label) == ("ConfA", True, "Cato, Bo 2016")
    assert (published.venue, published.peer_reviewed, published.label) == (
        "Preprints",
        False,
        "Cato, Bo 2017",
    )
    rows = toy.sql("SELECT dataset, architecture FROM survey_rows WHERE row IN (13, 20, 22) ORDER BY row")
    assert rows.to_numpy().tolist() == [
        ["Scenes (2015)", "tinny"],
        ["Scenes (2015)", "TinyNet"],
        ["Rare", "???"],
    ]


def test_the_published_view_holds_the_survey_alone(toy, toy_published):
    """The fourth paper is in no survey; the doubted comparison counts as published only."""
    assert list(toy.papers) == ["birch2016first", "cato2017second", "dunn2018third", "eck2019fourth"]
    assert list(toy_published.papers) == ["birch2016first", "cato2017second", "dunn2018third"]
    edges = [("cato2017second", "birch2016first"), ("dunn2018third", "birch2016first")]
    assert [(edge.paper, edge.compares_to) for edge in toy.comparisons] == [
        *edges,
        ("eck2019fourth", "dunn2018third"),
    ]
    doubted = ("dunn2018third", "cato2017second")
    assert [(edge.paper, edge.compares_to) for edge in toy_published.comparisons] == [*edges, doubted]


def test_each_view_leads_to_the_other(toy, toy_published):
    """A corpus knows the same files read the other way."""
    assert toy.other_view.as_published
    assert list(toy.other_view.papers) == list(toy_published.papers)
    assert toy.other_view.other_view is toy


def test_labels_are_surname_year_and_method(toy):
    """A method with a name makes its own curve unless its file says otherwise; accents are dropped from surnames."""
    labels = {row: point(toy, row).label for row in (1, 10, 20, 21)}
    assert labels == {1: "Birch 2016", 10: "Cato, Bo 2016", 20: "Dunn 2018, Gentle", 21: "Dunn 2018"}
    assert (point(toy, 21).method, point(toy, 21).location) == ("harsh", "Table 2")
    assert point(toy, 1).method == "magnitude"  # the paper's only method
    assert (point(toy, 20).std("top1"), point(toy, 20).std("unpruned_top1"), point(toy, 20).trials) == (
        0.3,
        0.5,
        5,
    )


def test_a_released_table_gives_one_point_a_line(toy, toy_published):
    """Three runs with their own lines, methods and deviations, derived with the block's unpruned accuracy."""
    for corpus in (toy, toy_published):
        runs = [point for point in corpus.points if point.released]
        assert [(run.point_id, run.line, run.label) for run in runs] == [
            ("dunn2018third/runs.1", 2, "Dunn 2018, Gentle"),
            ("dunn2018third/runs.2", 3, "Dunn 2018"),
            ("dunn2018third/runs.3", 4, "Dunn 2018, Gentle"),
        ]
        assert {run.file for run in runs} == {"toy/papers/dunn2018third.runs.csv"}
        # 69.0 - 70.0 and 65.0 - 70.0; 1 / (1 - 0.5), 1 / (1 - 0.9), 1 / (1 - 0.8)
        assert [run.value("top1_change") for run in runs] == [-1.0, -5.0, None]
        assert [run.value("compression_ratio") for run in runs] == pytest.approx([2.0, 10.0, 5.0])
        assert [run.std("top1") for run in runs] == [0.2, None, None]
        assert all(run.excluded_from == {"counts", "results_per_paper"} for run in runs)
        assert all(run.survey_row is None for run in runs)


def test_names_resolve_by_alias_and_family(toy):
    """`Tiny-Net` and `digits` are aliases; TinyNet and TinyNet-B are one family."""
    assert (point(toy, 20).architecture, point(toy, 10).dataset) == ("TinyNet", "Digits")
    assert [toy.names.family(name) for name in ("TinyNet", "TinyNet-B", "WideNet")] == [
        "Tiny",
        "Tiny",
        "WideNet",
    ]
