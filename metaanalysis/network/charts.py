"""Pictures of a network meta-analysis: the forest plot against a reference, and the network itself.

Each is drawn for the width at which it will be printed, in inches, with no type below 6 points there.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Any, Literal

import altair as alt
import networkx as nx
import numpy as np
import pandas as pd
from scipy.stats import norm

from metaanalysis.network.components import LEVEL, Component
from metaanalysis.network.result import NetworkResult
from metaanalysis.style import BLUE, CONFIG, GREY, INK, ORANGE, SKY

ALIGNMENTS: tuple[Literal["center", "left", "right"], ...] = ("center", "left", "right")
"""On which side of its node a name can stand."""
PIXELS_PER_INCH = 96
TYPE_SIZE = 9.5
"""In pixels: 7 points, so that rounding in a renderer leaves more than 6."""
LETTER = 0.56 * TYPE_SIZE
"""The usual width of a letter."""
WIDE = 5.0
"""From this many inches on, numbers stand beside the forest plot and components beside each other."""
EDGE = 8
ROW_HEIGHT = 17
LEGEND_HEIGHT = 34
ROOM_FOR_NAMES = 26
HIGHEST = 3.4
"""Inches that a ring may take from bottom to top."""
MOST_ON_A_RING = 30
SMALLEST_NODE = 12
"""Square pixels of a node that no study holds; a node grows with its studies."""


def forest_data(result: NetworkResult, reference: str | None = None) -> pd.DataFrame:
    """One row for each treatment connected to the reference, the highest effect first.

    Columns: treatment, reference, effect, low, high (random effects), low_common, high_common (common effects),
    p_score, studies (that hold the treatment), label (the effect and its interval, written out).
    """
    reference = reference or result.reference
    part = result.component_of(reference)
    league = result.league
    against = league[(league["treatment_b"] == reference) & league["effect_random"].notna()]
    common_half = norm.ppf(0.5 + LEVEL / 2) * against["se_common"]
    scores = result.ranking.set_index("treatment")["p_score_random"]
    table = pd.DataFrame(
        {
            "treatment": against["treatment_a"],
            "reference": reference,
            "effect": against["effect_random"],
            "low": against["low_random"],
            "high": against["high_random"],
            "low_common": against["effect_common"] - common_half,
            "high_common": against["effect_common"] + common_half,
            "p_score": against["treatment_a"].map(scores),
            "studies": against["treatment_a"].map(part.studies_by_treatment),
        }
    )
    table["label"] = [_written(row) for row in table.to_dict("records")]
    return table.sort_values(
        "effect",
        ascending=False,
        kind="stable",
        ignore_index=True,
    )


def forest(result: NetworkResult, reference: str | None = None, inches: float = 7.0) -> alt.LayerChart:
    """The forest plot of all treatments connected to the reference, `inches` wide.

    Thin lines are 95 % intervals of the random effects, thick ones of the common effects: sampling error alone.

    >>> forest(result, "Placebo", inches=3.3).save("forest.svg")  # doctest: +SKIP
    """
    data = forest_data(result, reference)
    is_wide = inches >= WIDE
    base = alt.Chart(data).encode(y=_rows_of(data))
    across = alt.X(
        "low:Q",
        title=f"Difference from {data['reference'][0]}",
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(tickCount=8 if is_wide else 4, grid=True),
    )
    tooltip = [
        "treatment",
        alt.Tooltip("effect", format=".3f"),
        alt.Tooltip("low", format=".3f"),
        alt.Tooltip("high", format=".3f"),
        alt.Tooltip("low_common", format=".3f"),
        alt.Tooltip("high_common", format=".3f"),
        alt.Tooltip("p_score", format=".2f"),
        "studies",
    ]
    no_difference = alt.Chart(pd.DataFrame({"effect": [0.0]}))
    layers = [
        no_difference.mark_rule(color=GREY, strokeWidth=1).encode(x="effect:Q"),
        base.mark_rule(color=SKY, strokeWidth=6).encode(x="low_common:Q", x2="high_common:Q"),
        base.mark_rule(color=BLUE, strokeWidth=1.4).encode(x=across, x2="high:Q", tooltip=tooltip),
        base.mark_circle(
            color=BLUE,
            stroke="white",
            strokeWidth=0.8,
            size=46,
            opacity=1,
        ).encode(x="effect:Q", tooltip=tooltip),
    ]
    if is_wide:
        beside = base.mark_text(align="left", color=INK, fontSize=TYPE_SIZE, dx=10)
        layers.append(beside.encode(x=alt.value("width"), text="label:N"))
    chart = alt.layer(*layers).properties(
        width=int(inches * PIXELS_PER_INCH),
        height=ROW_HEIGHT * len(data),
        padding=EDGE,
    )
    return _styled(chart, alt.AutoSizeParams(type="fit-x", contains="padding"))


def _rows_of(data: pd.DataFrame) -> alt.Y:
    """A row for each treatment, the highest effect on top."""
    return alt.Y(
        "treatment:N",
        sort=alt.EncodingSortField(field="effect", order="descending"),
        title=None,
        axis=alt.Axis(
            labelLimit=_width_of(data["treatment"]) + 12,
            ticks=False,
            domain=False,
            labelPadding=6,
        ),
    )


def _written(row: Mapping[Hashable, Any]) -> str:
    """The effect of a row with its interval, to two decimals."""
    effect, low, high = (f"{row[name]:.2f}".replace("-", "−") for name in ("effect", "low", "high"))
    return f"{effect} ({low} to {high})"


def network_data(result: NetworkResult, across: float = 6.5) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The treatments and the pairs that studies compare directly.

    Treatments: treatment, component (from 0), studies, x, y (in units of a small ring's radius; components stand side
    by side as far as `across` holds them, then below). Pairs: treatment_a, treatment_b, studies, weight (the sum of
    inverse variances, tau squared included), x, y, x2, y2.
    """
    gap = max(0.8, 0.1 * max(map(len, result.treatments)))  # room for the names between two rings
    nodes, edges = [], []
    left, top, lowest = 0.0, 0.0, 0.0
    for number, part in enumerate(result.components):
        radius = max(1.0, sqrt(len(part.treatments) / 6))
        if left > 0 and left + 2 * radius > across:
            left, top = 0.0, lowest - 1.1
        places = _layout(part)
        for treatment, studies in part.studies_by_treatment.items():
            place = places[treatment]
            node = {
                "treatment": treatment,
                "component": number,
                "studies": studies,
                "x": left + radius * (1 + place.x),
                "y": top + radius * (place.y - 1),
            }
            nodes.append(node)
        left += 2 * radius + gap
        lowest = min(lowest, top - 2 * radius)
        edges += _edges(part)
    treatments = pd.DataFrame(nodes)
    pairs = pd.DataFrame(edges)
    at = treatments.set_index("treatment")
    pairs["x"] = pairs["treatment_a"].map(at["x"])
    pairs["y"] = pairs["treatment_a"].map(at["y"])
    pairs["x2"] = pairs["treatment_b"].map(at["x"])
    pairs["y2"] = pairs["treatment_b"].map(at["y"])
    return treatments, pairs


def network(result: NetworkResult, inches: float = 7.0) -> alt.LayerChart:
    """The network, `inches` wide.

    A node for each treatment, as large as its studies are many; a line for each pair that studies compare directly, as
    wide as its weight.
    """
    is_wide = inches >= WIDE
    treatments, pairs = network_data(result, across=6.5 if is_wide else 2.5)
    frame = _frame(treatments, inches)
    largest_node = 260 if is_wide else 150
    thickness = alt.StrokeWidth(
        "weight:Q",
        title="Weight",
        scale=alt.Scale(range=[0.6, 8], zero=True),
        legend=alt.Legend(
            values=_round_numbers(pairs["weight"].max()),
            format=",.2~r",
            symbolType="stroke",
            symbolSize=400,
        ),
    )
    size = alt.Size(
        "studies:Q",
        title="Studies",
        scale=alt.Scale(range=[SMALLEST_NODE, largest_node], zero=True),
        legend=alt.Legend(
            values=_whole_numbers(treatments["studies"].max()),
            format="d",
            orient="bottom" if is_wide else "top",
        ),
    )
    lines = alt.Chart(pairs).mark_rule(color=GREY, opacity=0.55, strokeCap="round")
    nodes = alt.Chart(treatments).mark_circle(color=ORANGE, stroke=INK, strokeWidth=0.8, opacity=1)
    layers = [
        lines.encode(
            x=frame.x,
            y=frame.y,
            x2="x2:Q",
            y2="y2:Q",
            strokeWidth=thickness,
            tooltip=["treatment_a", "treatment_b", "studies", alt.Tooltip("weight", format=".3g")],
        ),
        nodes.encode(
            x=frame.x,
            y=frame.y,
            size=size,
            tooltip=["treatment", "studies"],
        ),
    ]
    names = _names(treatments, frame, largest_node)
    for align in ALIGNMENTS:
        placed = names[names["align"] == align]
        text = alt.Chart(placed).mark_text(align=align, baseline="middle", fontSize=TYPE_SIZE, color=INK)
        layers.append(text.encode(x=frame.x, y=frame.y, text="treatment:N"))
    room = {
        "left": frame.margin,
        "right": frame.margin,
        "top": EDGE if is_wide else EDGE + LEGEND_HEIGHT,
        "bottom": EDGE + LEGEND_HEIGHT,
    }
    chart = alt.layer(*layers).properties(
        width=frame.width,
        height=frame.height,
        padding=room,
    )
    return _styled(chart, alt.AutoSizeParams(type="none"))


@dataclass(frozen=True, slots=True)
class _Frame:
    """A plot `width` by `height` pixels with `margin` at either side, `unit` pixels to a ring's radius."""

    width: int
    height: int
    margin: int
    unit: float
    x: alt.X
    y: alt.Y


def _frame(treatments: pd.DataFrame, inches: float) -> _Frame:
    """Where everything fits: names at the sides, rings round."""
    margin = _width_of(treatments["treatment"]) + 16
    width = int(inches * PIXELS_PER_INCH) - 2 * margin
    left, right = treatments["x"].min(), treatments["x"].max()
    down, up = treatments["y"].min(), treatments["y"].max()
    tallest = treatments.groupby("component")["y"].agg(np.ptp).max()
    unit_across = (width - 16) / max(right - left, 0.5)
    unit_up = HIGHEST * PIXELS_PER_INCH / max(tallest, 2.0)
    unit = min(unit_across, unit_up)
    half_width = width / unit / 2
    half_height = (up - down) / 2 + ROOM_FOR_NAMES / unit
    return _Frame(
        width=width,
        height=int(2 * half_height * unit),
        margin=margin,
        unit=unit,
        x=alt.X("x:Q", scale=_around((left + right) / 2, half_width), axis=None),
        y=alt.Y("y:Q", scale=_around((down + up) / 2, half_height), axis=None),
    )


def _around(middle: float, half: float) -> alt.Scale:
    return alt.Scale(
        domain=[middle - half, middle + half],
        nice=False,
        zero=False,
    )


def _names(treatments: pd.DataFrame, frame: _Frame, largest_node: int) -> pd.DataFrame:
    """Each treatment's name outside its node: treatment, x, y, align."""
    middle = treatments.groupby("component")[["x", "y"]].transform("mean")
    across = treatments["x"] - middle["x"]
    up = treatments["y"] - middle["y"]
    distance = ((across**2 + up**2) ** 0.5).replace(0, 1)
    across, up = across / distance, up / distance
    share = treatments["studies"] / treatments["studies"].max()
    area = SMALLEST_NODE + (largest_node - SMALLEST_NODE) * share
    away = (np.sqrt(area / pi) + 4) / frame.unit
    steep = across.abs() < 0.3
    lift = np.where(steep, np.sign(up) * 6 / frame.unit, 0)  # half a line of type
    beside = np.where(across < 0, "right", "left")
    return pd.DataFrame(
        {
            "treatment": treatments["treatment"],
            "x": treatments["x"] + away * across,
            "y": treatments["y"] + away * up + lift,
            "align": np.where(steep, "center", beside),
        }
    )


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float


def _layout(part: Component) -> dict[str, _Place]:
    """Places of a component's treatments within a radius of 1: on a ring, in an order that crosses few lines.

    Too many for a ring are laid out freely by their distances (Kamada & Kawai 1989).
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(part.treatments)
    for edge in _edges(part):
        graph.add_edge(edge["treatment_a"], edge["treatment_b"])
    if len(graph) == 2:
        left, right = part.treatments
        return {left: _Place(-1.0, 0.0), right: _Place(1.0, 0.0)}
    free = {treatment: _Place(*map(float, at)) for treatment, at in nx.kamada_kawai_layout(graph).items()}
    if len(graph) > MOST_ON_A_RING:
        return free
    ring = sorted(graph, key=lambda treatment: _direction(free[treatment], list(free.values())))
    places = {}
    for number, treatment in enumerate(ring):
        turn = pi / 2 - 2 * pi * number / len(ring)
        places[treatment] = _Place(cos(turn), sin(turn))
    return places


def _direction(place: _Place, places: Sequence[_Place]) -> float:
    """The angle at which a place is seen from the middle of all."""
    middle_x = np.mean([other.x for other in places])
    middle_y = np.mean([other.y for other in places])
    return float(np.arctan2(place.y - middle_y, place.x - middle_x))


def _edges(part: Component) -> list[dict[str, Any]]:
    """Pairs of a component that studies compare directly, with their number and weight."""
    studies = part.evidence("random").studies
    weights = part.direct_precision
    rows = []
    for first, second in np.argwhere(np.triu(studies)):
        row = {
            "treatment_a": part.treatments[first],
            "treatment_b": part.treatments[second],
            "studies": int(studies[first, second]),
            "weight": float(weights[first, second]),
        }
        rows.append(row)
    return rows


def _width_of(names: pd.Series) -> int:
    """The width of the longest name in pixels."""
    return int(LETTER * names.str.len().max())


def _whole_numbers(highest: int) -> list[int]:
    """At most three whole numbers up to the highest, for a legend."""
    half = max(1, round(highest / 2))
    return sorted({1, half, int(highest)})


def _round_numbers(highest: float) -> list[float]:
    """The highest and a tenth of it, each to one digit, for a legend."""
    return [float(f"{0.1 * highest:.0e}"), float(f"{highest:.0e}")]


def _styled(chart: Any, autosize: alt.AutoSizeParams) -> alt.LayerChart:
    """The chart with the project's colours, and type no smaller than TYPE_SIZE."""
    type_sizes: dict[str, Any] = {"labelFontSize": TYPE_SIZE, "titleFontSize": TYPE_SIZE}
    legend = {
        **CONFIG["legend"],
        **type_sizes,
        "orient": "bottom",
        "direction": "horizontal",
        "titleOrient": "left",
    }
    return chart.configure(
        font=CONFIG["font"],
        background="white",
        autosize=autosize,
        axis=alt.AxisConfig(**CONFIG["axis"], **type_sizes),
        legend=alt.LegendConfig(**legend),
        view=alt.ViewConfig(stroke=None),
    )
