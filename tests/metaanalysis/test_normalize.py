"""Baselines and the moving of results onto them."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

import pytest

from metaanalysis.normalize import (
    PAPERS,
    TABLES,
    baselines,
    default_source,
    normalized,
    references,
    reported_by_papers,
)


def point_of(corpus, row):
    return next(point for point in corpus.points if point.survey_row == row)


def test_as_published_the_tables_are_the_default_and_otherwise_the_papers(published, corrected):
    """What was drawn in 2020 as published, what footnote 1 describes otherwise."""
    assert (default_source(published), default_source(corrected)) == (TABLES, PAPERS)


def test_a_network_in_both_tables_starts_from_the_median_of_its_two_rows(published):
    """ResNet-50: 26 M and 25,557,032 parameters, 4.1 G and 4.09 G FLOPs, 76.0 and 76.01%, 93.0 and 92.93%."""
    start = baselines(published, TABLES)["ResNet-50"]
    assert {measure: found.value for measure, found in start.items()} == pytest.approx(
        {"params": 25_778_516, "flops": 4.095e9, "top1": 76.005, "top5": 92.965}
    )
    assert {found.of for found in start.values()} == {2}


def test_as_published_a_table_row_under_another_name_is_no_reference(published, corrected):
    """VGG-16_BN and MobileNet-v1 could not be joined by name; by default their canonical names find them."""
    assert "VGG-16-BN" not in baselines(published, TABLES)
    assert "MobileNet" not in baselines(published, TABLES)
    assert baselines(corrected, TABLES)["VGG-16-BN"]["top1"].value == pytest.approx(73.48)
    assert [row.name for row in references(corrected, "MobileNet")] == ["MobileNet-v1"]


def test_a_corrected_table_row_gives_its_corrected_number(corrected):
    """DenseNet-161 has 7.73 G FLOPs; the table printed those of another DenseNet, 4.29 G."""
    assert baselines(corrected, TABLES)["DenseNet-161"]["flops"].value == pytest.approx(7.73e9)


def test_multiply_adds_of_papers_and_tables_agree_by_default(corrected):
    """Where the papers that count two are halved, both medians of one network lie within 6 %."""
    papers, tables = baselines(corrected, PAPERS), baselines(corrected, TABLES)
    for name in ("VGG-16", "ResNet-50"):
        assert papers[name]["flops"].value == pytest.approx(tables[name]["flops"].value, rel=0.06)


def test_the_published_median_of_flops_is_about_twice_the_tables(published):
    """VGG-16 30.94 G against 15.35 G, ResNet-50 7.72 G against 4.095 G: most papers count two per multiply-add."""
    corpus = published
    papers, tables = baselines(corpus, PAPERS), baselines(corpus, TABLES)
    for name, by_papers, by_tables in (("VGG-16", 30.94e9, 15.35e9), ("ResNet-50", 7.72e9, 4.095e9)):
        # half a unit of the last digit that is quoted
        assert papers[name]["flops"].value == pytest.approx(by_papers, abs=0.005e9)
        assert tables[name]["flops"].value == pytest.approx(by_tables)
        counts = reported_by_papers(corpus)[name]["flops"]
        assert sum(count > 1.5 * by_tables for count in counts) > len(counts) / 2


def test_vgg_16_flops_over_the_papers_worked_by_hand(published):
    """15 and 30.9 G (figurnov, han), 30.97, 15.484, 30.94, 30.949, 30.94 G (huang, kim, luo twice, suzuki).

    yamamoto gives pruned counts and fractions only, whose quotients 31.01, 30.95, 30.90 G count once, as their median.
    """
    found = [round(count / 1e9, 3) for count in reported_by_papers(published)["VGG-16"]["flops"]]
    assert sorted(found) == [15.0, 15.484, 30.9, 30.94, 30.94, 30.949, 30.95, 30.97]
    assert median(found) == 30.94


def test_only_the_survey_s_rows_move_the_baseline(everything, corrected):
    """Later papers leave all baselines as they are, and so do numbers added from other papers.

    Row 440 of liu2018rethinking has 7.72 G FLOPs, two per multiply-add, added from luo2017thinet; without that paper
    nothing changes.
    """
    assert baselines(everything, PAPERS) == baselines(corrected, PAPERS)
    row_440 = point_of(corrected, 440)
    assert row_440.value("unpruned_flops") == pytest.approx(7.72e9 / 2)
    others = {key: paper for key, paper in corrected.papers.items() if key != row_440.paper}
    without = reported_by_papers(replace(corrected, papers=others))
    assert reported_by_papers(corrected)["ResNet-50"]["flops"] == without["ResNet-50"]["flops"]


def test_where_no_paper_reports_a_size_the_table_stands_in(published):
    """No paper gives the parameters of ResNet-18, so both baselines have 11,689,512; its FLOPs are of a paper."""
    assert "params" not in reported_by_papers(published)["ResNet-18"]
    start = baselines(published, PAPERS)["ResNet-18"]
    assert (start["params"].value, start["params"].source) == (11_689_512, TABLES)
    assert start["flops"].source == PAPERS


def test_accuracies_start_from_the_tables_in_both(corrected):
    """Footnote 1 has no rule for accuracies, so both baselines agree on them for every network of the tables."""
    papers = baselines(corrected, PAPERS)
    for name, start in baselines(corrected, TABLES).items():
        for measure in {"top1", "top5"} & start.keys():
            assert papers[name][measure] == start[measure]


def test_a_result_is_moved_by_its_change_and_its_fraction_kept(published):
    """Row 135, ThiNet on VGG-16: 69.80 - 68.34 = +1.46 points and 131.44 of 138.34 M parameters kept."""
    start = baselines(published, TABLES)["VGG-16"]
    moved = normalized(point_of(published, 135), start)
    assert moved["top1"].value == pytest.approx(71.63 + 1.46)
    assert moved["params"].value == pytest.approx(138_357_544 * 131.44 / 138.34)
    assert moved["params"].route == "params 1.384e+08 (median of 1 from tables) x 0.9501 kept"


def test_an_absolute_value_without_a_change_is_not_normalized(published):
    """Row 24 has 131.44 M parameters and no unpruned count in the sheet: left out, but kept without a baseline."""
    point = point_of(published, 24)
    assert point.value("params") == pytest.approx(131.44e6)
    assert "params" not in normalized(point, baselines(published, TABLES)["VGG-16"])
    assert normalized(point, None)["params"].value == pytest.approx(131.44e6)


def test_a_network_kept_whole_stays_where_it_starts(published):
    """Normalizing moves no accuracy by more than the paper's own change and no size by more than its own fraction."""
    starts = baselines(published, TABLES)
    seen = 0
    for point in published.points:
        start = starts.get(point.architecture)
        if start is None or point.dataset != "ImageNet":
            continue
        moved = normalized(point, start)
        for measure in {"top1", "top5"} & moved.keys():
            assert moved[measure].value - start[measure].value == pytest.approx(
                point.value(f"{measure}_change")
            )
            seen += 1
        for measure in {"params", "flops"} & moved.keys():
            assert moved[measure].value / start[measure].value == pytest.approx(
                point.value(f"{measure}_kept")
            )
    assert seen > 100
