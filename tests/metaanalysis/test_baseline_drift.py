"""How far reported unpruned networks lie apart, and the flags on counts of two per multiply-add."""

from __future__ import annotations

import pytest

from metaanalysis.registry import figures, statistics
from metaanalysis.tradeoffs.unpruned import COUNTS, TOLERANCE

ALEXNET = ("ImageNet", "Alex/CaffeNet", "flops")


def setting(data, dataset, architecture, measure):
    return data[
        (data["dataset"] == dataset) & (data["architecture"] == architecture) & (data["measure"] == measure)
    ]


@pytest.fixture(scope="module")
def reports(corrected):
    return figures()["baseline_drift"].data(corrected)


@pytest.fixture(scope="module")
def spreads(corrected):
    return statistics()["baselines"].data(corrected)


def test_alexnet_flops_run_from_371_to_1500_million(reports, spreads, published, printed_value):
    """The survey's example (Section 5.2), as printed; half of the spread is that one paper counts two."""
    found = setting(spreads, *ALEXNET).iloc[0]
    assert (found["lowest"], found["highest"]) == (371e6, 750e6)
    assert (found["lowest_in"], found["highest_in"]) == ("yang2017designing", "han2015learning")
    values = setting(reports, *ALEXNET)["value"]
    assert sorted(values) == [371e6, 500e6, 724e6, 725e6, 750e6]
    as_printed = setting(figures()["baseline_drift"].data(published), *ALEXNET)["value"]
    assert {371e6, 1500e6} <= set(as_printed)
    assert round(1500e6 / 371e6) == printed_value("flops_spread")


def test_as_published_the_lowest_count_is_the_one_that_was_corrected(published):
    """The sheet has 0.33 G for a Winograd baseline, below the survey's own example."""
    found = setting(statistics()["baselines"].data(published), *ALEXNET).iloc[0]
    assert (found["lowest"], found["lowest_in"]) == (330e6, "choi2019jointly")


@pytest.mark.parametrize(
    ("architecture", "papers"),
    [
        (
            "VGG-16",
            {
                "han2015learning",
                "luo2017thinet",
                "luo2018autopruner",
                "huang2018data",
                "suzuki2018spectral",
            },
        ),
        ("ResNet-50", {"luo2017thinet", "luo2018autopruner"}),
    ],
)
def test_papers_that_count_two_per_multiply_add_are_flagged(published, reports, architecture, papers):
    """30.9 G for VGG-16 (15.35 G in the tables) and 7.7 G for ResNet-50 (4.1 G) are about twice; halved by default."""
    spreads = statistics()["baselines"].data(published)
    flagged = setting(spreads, "ImageNet", architecture, "flops").iloc[0]["about_twice"]
    assert papers <= set(flagged.split(", "))
    halved = setting(reports, "ImageNet", architecture, "flops")
    halved = halved[halved["paper"].isin(papers)]
    assert set(halved["paper"]) == papers
    assert set(halved["flag"]) == {"counts two, halved"}
    assert halved["ratio"].between(0.9, 1.1).all()


def test_a_flag_says_what_the_ratio_says(reports):
    """About twice or half stands beside exactly the multiply-adds within the tolerance, and beside nothing else."""
    for row in reports.itertuples():
        twice = row.measure == "flops" and abs(row.ratio / 2 - 1) <= TOLERANCE
        half = row.measure == "flops" and abs(row.ratio * 2 - 1) <= TOLERANCE
        assert (row.flag == "about twice", row.flag == "about half") == (twice, half)


def test_the_canonical_count_is_the_tables_or_the_papers_median(reports):
    """VGG-16 is set against the one table that has it, ResNet-50 against two tables, ResNet-56 against its papers."""
    assert set(setting(reports, "ImageNet", "VGG-16", "flops")["canonical"]) == {15.35e9}
    assert setting(reports, "ImageNet", "ResNet-50", "top1")["canonical"].unique() == pytest.approx(
        [(76.0 + 76.01) / 2]
    )
    own = setting(reports, "CIFAR-10", "ResNet-56", "params")
    by_paper = own.groupby("paper")["value"].median()
    assert set(own["canonical"]) == {by_paper.median()}
    assert own["canonical_from"].str.startswith("median of").all()


def test_counts_are_ratios_and_accuracies_are_points(reports):
    """Each row has exactly one of the two, and it is the value against the canonical one."""
    counts = reports[reports["measure"].isin(COUNTS)]
    accuracies = reports[~reports["measure"].isin(COUNTS)]
    assert (counts["ratio"] == counts["value"] / counts["canonical"]).all()
    of_several_views = accuracies["flag"].str.endswith("views")
    assert accuracies[of_several_views]["points"].isna().all()
    alike = accuracies[~of_several_views]
    assert (alike["points"] == alike["value"] - alike["canonical"]).all()
    assert counts["points"].isna().all()
    assert accuracies["ratio"].isna().all()


def test_only_what_stands_in_a_paper_is_reported(reports, corrected):
    """A size worked out from a pruned network is no report: every row has a printed string and a line."""
    assert reports["printed"].ne("").all()
    assert (reports["line"] > 0).all()
    derived = [
        point
        for point in corrected.points
        if "unpruned_params" in point.values
        and point.values["unpruned_params"].inputs
        and not point.released
    ]
    assert derived
    papers = {(row.paper, row.value) for row in reports.itertuples() if row.measure == "params"}
    assert not any(
        (point.paper, point.value("unpruned_params")) in papers
        for point in derived
        if not any("unpruned_params" in other.leaves for other in corrected.papers[point.paper].points)
    )
