"""The head-to-head statistic, as published and mended."""

from __future__ import annotations

import pytest

from metaanalysis.registry import statistics
from metaanalysis.tradeoffs.compare import STANDINGS

STATISTIC = "head_to_head"
PAIR = ["dataset", "architecture", "x_metric", "y_metric", "paper", "other"]


def counts(table) -> dict[str, int]:
    """Claimed comparisons with at least one point of each standing."""
    claimed = table[table["claims_comparison"]]
    return {name: int((claimed[name] > 0).sum()) for name in STANDINGS}


@pytest.fixture(scope="module")
def as_published(published):
    return statistics()[STATISTIC].data(published)


@pytest.fixture(scope="module")
def mended(published):
    return statistics()[STATISTIC].data(published, hull="mended")


def test_as_published_the_2020_counts(as_published):
    """798 rows, 139 claimed by 64 pairs of papers: 71 with a dominant point, 22 dominated, 8 above, 3 below."""
    found = counts(as_published)
    claimed = as_published[as_published["claims_comparison"]]
    assert (len(as_published), len(claimed), len(claimed[["paper", "other"]].drop_duplicates())) == (
        798,
        139,
        64,
    )
    assert (found["dominant"], found["dominated"], found["above"], found["below"]) == (71, 22, 8, 3)


def test_with_the_hull_mended_one_pair_is_dominated_and_no_longer_below(as_published, mended):
    """71 / 23 / 8 / 2, with eight of all rows changed."""
    found = counts(mended)
    assert (found["dominant"], found["dominated"], found["above"], found["below"]) == (71, 23, 8, 2)
    assert int((as_published != mended).any(axis=1).sum()) == 8


def test_mended_is_the_default_of_the_corrected_view(corrected):
    """Without --as-published and without an option the mended hull is used."""
    default, mended, slipped = (
        statistics()[STATISTIC].data(corrected, hull=hull) for hull in ("auto", "mended", "slipped")
    )
    assert default.equals(mended)
    assert not default.equals(slipped)


def test_columns_are_the_public_ones(as_published):
    """The table has exactly the public columns, papers as keys."""
    assert list(as_published.columns) == [*PAIR, "claims_comparison", *STANDINGS, "setup"]
    assert list(STANDINGS) == ["dominant", "above", "level", "below", "dominated", "incomparable"]


def test_every_pair_is_there_in_both_directions_and_none_with_itself(mended):
    """Each row has its reverse; a dominant point of one is answered by a dominated or lower point of the other."""
    rows = {tuple(row[name] for name in PAIR): row for row in mended.to_dict("records")}
    assert len(rows) == len(mended)
    for key, row in rows.items():
        *panel, paper, other = key
        assert paper != other
        reverse = rows[(*panel, other, paper)]
        if row["dominant"]:
            assert reverse["dominated"] + reverse["below"] > 0, key


def test_the_counts_of_a_row_are_the_points_of_its_paper(mended):
    """Whoever a paper is compared to, the six counts of a panel add up to the same number of points, at least one."""
    totals = mended[list(STANDINGS)].sum(axis=1)
    grouped = totals.groupby([mended[name] for name in PAIR[:-1]])
    assert (grouped.min() == grouped.max()).all()
    assert totals.min() >= 1


def test_huang_2018_against_luo_2017_worked_by_hand(as_published):
    """ResNet-50, speedup against change in Top-5.

    huang2018data: 4.089 G to 3.473, 2.818, 2.329 G is 1.18x, 1.45x, 1.76x; 92.68% to 92.61, 91.91, 90.79%.
    luo2017thinet: 7.72 G to 4.88, 3.41, 2.2 G is 1.58x, 2.26x, 3.51x; 91.14% to 90.67, 90.02, 88.3%.
    Huang's 1.18x is left of all of Luo's; 1.45x at -0.77 is dominated by 1.58x at -0.47 and 1.76x at -1.89 by 2.26x
    at -1.12. Luo's 3.51x at -2.84 is right of all of Huang's.
    """
    panel = as_published[
        (as_published["architecture"] == "ResNet-50")
        & (as_published["x_metric"] == "theoretical_speedup")
        & (as_published["y_metric"] == "top5_change")
    ].set_index(["paper", "other"])
    none = dict.fromkeys(STANDINGS, 0)
    forth = panel.loc[("huang2018data", "luo2017thinet"), list(STANDINGS)].to_dict()
    back = panel.loc[("luo2017thinet", "huang2018data"), list(STANDINGS)].to_dict()
    assert forth == none | {"dominated": 2, "incomparable": 1}
    assert back == none | {"dominant": 2, "incomparable": 1}


def test_as_published_both_rows_of_one_network_count(as_published):
    """Rows 526 and 527 of the sheet (same_as) are two points of zhuang2018discrimination wherever sizes are compared.

    Thirteen rows: eight other papers with Top-1 on ResNet-50, five with Top-5; four points each.
    """
    rows = as_published[
        (as_published["paper"] == "zhuang2018discrimination")
        & (as_published["architecture"] == "ResNet-50")
        & (as_published["x_metric"] == "compression_ratio")
    ]
    assert rows["y_metric"].value_counts().to_dict() == {"top1_change": 8, "top5_change": 5}
    assert rows[list(STANDINGS)].sum(axis=1).tolist() == [4] * 13
