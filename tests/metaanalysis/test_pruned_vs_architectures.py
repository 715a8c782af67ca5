"""Figure 1: pruned networks against other architectures."""

from __future__ import annotations

import pytest

from metaanalysis.figures.pruned_vs_architectures import START
from metaanalysis.normalize import PAPERS, TABLES, baselines
from metaanalysis.registry import figures

FIGURE = "pruned_vs_architectures"
PANELS = [("params", "top1"), ("params", "top5"), ("flops", "top1"), ("flops", "top5")]
COLUMNS = ["family", "series", "architecture", "label", "x_metric", "x", "y_metric", "y"]


@pytest.fixture(scope="module")
def as_published(published):
    return figures()[FIGURE].data(published)


@pytest.fixture(scope="module")
def by_default(corrected):
    return figures()[FIGURE].data(corrected)


def sizes(data, family, series) -> list[int]:
    """Numbers of points of a family in the four panels."""
    of = data[(data["family"] == family) & (data["series"] == series)]
    return [int(((of["x_metric"] == x) & (of["y_metric"] == y)).sum()) for x, y in PANELS]


def has(data, label, architecture, x_metric, x, y_metric, y) -> bool:
    """Whether one point of a panel has these coordinates, to a millionth (they are products of printed numbers)."""
    panel = data[
        (data["x_metric"] == x_metric)
        & (data["y_metric"] == y_metric)
        & (data["architecture"] == architecture)
    ]
    near = ((panel["x"] / x - 1).abs() < 1e-6) & ((panel["y"] / y - 1).abs() < 1e-6)
    return int((near & panel["label"].str.startswith(label)).sum()) == 1


@pytest.mark.parametrize(
    ("family", "expected"),
    [("VGG", [23, 15, 15, 33]), ("ResNet", [36, 19, 30, 31]), ("MobileNet-v2", [1, 0, 0, 0])],
)
def test_as_published_the_pruned_points_of_2020(as_published, family, expected):
    """As many pruned points in each panel as the 2020 figure has."""
    assert sizes(as_published, family, "pruned") == expected


@pytest.mark.parametrize(
    ("family", "points"), [("ResNet", 9), ("VGG", 4), ("MobileNet-v2", 1), ("EfficientNet", 8)]
)
def test_as_published_the_unpruned_curves_of_2020(as_published, family, points):
    """ResNet-50 and -152 twice among nine ResNets; VGG without batch normalization."""
    assert sizes(as_published, family, "unpruned") == [points] * 4


def test_series_are_those_of_the_printed_legend(as_published, printed):
    """Four unpruned families and three pruned ones, as the legend of Figure 1 lists them."""
    found = {
        f"{row.family} Pruned" if row.series == "pruned" else row.family
        for row in as_published[["family", "series"]].drop_duplicates().itertuples()
    }
    assert found == {name.partition(" (")[0] for name in printed["figure_1"]["legend"]}


# Each from one row of the survey's sheet and the table rows of its network, by hand.
WORKED = [
    # row 145, li2016pruning: 19.9 of 21.6 M kept, error 27.44 against 73.23%; from 21,797,672 and 73.27%
    ("Li 2017", "ResNet-34", "params", 21797672 * 19.9 / 21.6, "top1", 73.27 + (100 - 27.44 - 73.23)),
    # row 382, huang2018data: 2.329 of 4.089 G, 90.79 against 92.68%; from (4.1 + 4.09) / 2 G and (93 + 92.93) / 2%
    ("Huang 2018", "ResNet-50", "flops", 4.095e9 * 2.329 / 4.089, "top5", 92.965 - 1.89),
    # row 135, luo2017thinet: 9.58 of 30.94 G, 69.80 against 68.34%; from 15.35 G and 71.63%
    ("Luo 2017", "VGG-16", "flops", 15.35e9 * 9.58 / 30.94, "top1", 71.63 + 1.46),
    # row 331, he2018amc: half of the parameters, one point down; from 3,505,960 and 71.81%
    ("He, Yihui 2018", "MobileNet-v2", "params", 3505960 / 2, "top1", 70.81),
    # row 446, frankle2019lottery: 90% pruned, 73.66 against 76.14%; from (26 M + 25,557,032) / 2 and 76.005%
    ("Frankle 2019", "ResNet-50", "params", 2577851.6, "top1", 73.525),
    # row 50, gale2019state: 80% pruned, 76.52 against 76.69%; from the same network
    ("Gale 2019, Magnitude-v2", "ResNet-50", "params", 5155703.2, "top1", 75.835),
    # the two tables' own ResNet-152
    ("ResNet-152 (Tan", "ResNet-152", "params", 60e6, "top1", 77.8),
    ("ResNet-152 (Bianco", "ResNet-152", "flops", 11.51e9, "top5", 93.98),
]


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: f"{worked[0]}, {worked[1]}")
def test_as_published_points_worked_by_hand(as_published, worked):
    """A point of the sheet stands where its change and its fraction kept put it from the tables' network."""
    assert has(as_published, *worked)


def test_by_default_sizes_start_from_the_papers_median(by_default):
    """ThiNet's VGG-16 keeps 9.58 of 30.94 G, two per multiply-add; the papers' median is 15.47225 G multiply-adds."""
    assert has(by_default, "Luo 2017", "VGG-16", "flops", 15.47225e9 * 9.58 / 30.94, "top1", 71.63 + 1.46)


def test_the_option_overrides_the_view(published, corrected, as_published):
    """`baseline` tables is what published means, papers moves the same points by 30.94 / 15.35."""
    figure = figures()[FIGURE]
    assert figure.data(published, baseline="tables").equals(as_published)
    moved = figure.data(published, baseline="papers")
    assert has(moved, "Luo 2017", "VGG-16", "flops", 9.58e9, "top1", 71.63 + 1.46)
    tables = figure.data(corrected, baseline="tables")
    assert has(tables, "Luo 2017", "VGG-16", "flops", 15.35e9 * 9.58 / 30.94, "top1", 71.63 + 1.46)


def test_by_default_a_network_of_two_tables_is_one_point_and_no_line_turns_back(by_default):
    """Each unpruned architecture is on its curve once."""
    unpruned = by_default[by_default["series"] == "unpruned"]
    assert not unpruned.duplicated(["architecture", "x_metric", "y_metric"]).any()
    assert sizes(by_default, "ResNet", "unpruned") == [7] * 4


def test_the_baselines_of_the_default_view_lie_close(corrected):
    """Papers and tables start parameters within 1 % and multiply-adds within 6 % of each other, but for two networks.

    The multiply-adds of ResNet-18 are one paper's alone (x1.3, warned of), and VGG-16-BN has no row of its own drawn.
    """
    papers, tables = baselines(corrected, PAPERS), baselines(corrected, TABLES)
    drawn = figures()[FIGURE].data(corrected)
    for name in sorted(set(drawn.loc[drawn["series"] == "pruned", "architecture"]) & set(tables)):
        assert abs(papers[name]["params"].value / tables[name]["params"].value - 1) < 0.01
        if name != "ResNet-18":
            assert abs(papers[name]["flops"].value / tables[name]["flops"].value - 1) < 0.06


def test_starts_off_the_curve_are_marked_by_default_only(as_published, by_default):
    """The legend names the start of pruned networks where the view moves it, which the published one does not."""
    figure = figures()[FIGURE]
    for data, expected in ((as_published, False), (by_default, True)):
        panel = figure.chart(data).to_dict(validate=False)["concat"][0]
        domains = [
            layer["encoding"]["shape"]["scale"]["domain"]
            for layer in panel["layer"]
            if "shape" in layer["encoding"]
        ]
        assert domains
        assert all((START in domain) == expected for domain in domains)


def test_public_columns_in_order(as_published):
    """The export has the public columns, plain counts and percent."""
    public = figures()[FIGURE].public(as_published)
    assert list(public.columns) == COLUMNS
    assert public.loc[public["x_metric"] == "params", "x"].between(1e5, 2e8).all()
    assert public["y"].between(50, 100).all()


def test_a_corpus_without_these_networks_draws_an_empty_figure(toy):
    """The invented corpus has no ImageNet: no rows and still a chart."""
    figure = figures()[FIGURE]
    data = figure.data(toy)
    assert data.empty
    assert figure.chart(data).to_dict(validate=False)["concat"]
