"""The pictures: their numbers, and that they are legible at the width at which they will be printed."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import vl_convert

from metaanalysis.network import network_meta_analysis
from metaanalysis.network.charts import forest, forest_data, network, network_data

WIDTHS = (3.3, 7.0)
SMALLEST = 8.0
"""6 points in pixels: 96 pixels and 72 points make an inch."""


@pytest.fixture
def result(random_table):
    """Two components, one of them a ring of eight."""
    first, second = random_table(3, 14, 8), random_table(4, 5, 3)
    for name in ("treatment_a", "treatment_b", "study"):
        second[name] = "other " + second[name]
    return network_meta_analysis(pd.concat([first, second]))


@pytest.mark.parametrize("inches", WIDTHS)
@pytest.mark.parametrize("draw", [forest, network])
def test_pictures_fit_their_width_with_type_that_can_be_read(result, draw, inches: float):
    """The SVG is as wide as asked for, and no letter is below six points."""
    svg = vl_convert.vegalite_to_svg(draw(result, inches=inches).to_dict())
    width = float(re.search(r'width="([\d.]+)"', svg)[1])
    assert width == pytest.approx(96 * inches, abs=1)
    sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)}
    assert min(sizes) >= SMALLEST
    for treatment in result.components[0].treatments:
        assert f"{treatment}<" in svg  # the forest plot's reference stands in its axis title


def test_the_forest_plot_shows_the_league_table(result):
    """Every treatment of the reference's component but itself, with the league table's numbers."""
    reference = result.reference
    data = forest_data(result).set_index("treatment")
    part = result.component_of(reference)
    assert set(data.index) == set(part.treatments) - {reference}
    league = (
        result.league[result.league["treatment_b"] == reference].set_index("treatment_a").loc[data.index]
    )
    assert data["effect"].tolist() == league["effect_random"].tolist()
    assert data["low"].tolist() == league["low_random"].tolist()
    assert data["high"].tolist() == league["high_random"].tolist()
    assert data["effect"].is_monotonic_decreasing
    common = (data["high_common"] - data["low_common"]) / 2
    assert common.tolist() == pytest.approx((1.959964 * league["se_common"]).tolist(), rel=1e-6)
    assert forest_data(result, "other t0")["reference"].unique().tolist() == ["other t0"]


def test_the_network_picture_counts_studies_and_weighs_pairs(table):
    """Nodes count studies, lines the studies of a pair and the sum of their inverse variances."""
    data = table("1 A B 1 0.5\n2 A B 1 0.25\n3 B C 1 0.2\n3 C D 1 0.2\n3 B D 2 0.2")
    treatments, pairs = network_data(network_meta_analysis(data, tau2=0))
    assert dict(zip(treatments["treatment"], treatments["studies"], strict=True)) == {
        "A": 2,
        "B": 3,
        "C": 1,
        "D": 1,
    }
    weights = {(row.treatment_a, row.treatment_b): (row.studies, row.weight) for row in pairs.itertuples()}
    assert weights["A", "B"] == (2, pytest.approx(4 + 16, rel=1e-9))
    assert weights["B", "C"] == (1, pytest.approx(25, rel=1e-9))
    assert set(weights) == {("A", "B"), ("B", "C"), ("B", "D"), ("C", "D")}


def test_components_do_not_overlap(result):
    """No treatment of one component stands within the ring of another."""
    for across in (2.5, 6.5):
        treatments, _ = network_data(result, across)
        boxes = treatments.groupby("component")[["x", "y"]].agg(["min", "max"])
        first, second = boxes.iloc[0], boxes.iloc[1]
        beside = second["x", "min"] > first["x", "max"]
        below = second["y", "max"] < first["y", "min"]
        assert beside or below


def test_a_large_network_is_drawn(random_table):
    """More treatments than a ring holds are laid out freely."""
    picture = network(network_meta_analysis(random_table(6, 80, 45)))
    assert vl_convert.vegalite_to_svg(picture.to_dict()).startswith("<svg")
