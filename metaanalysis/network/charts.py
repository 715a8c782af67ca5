"""Pictures of a network meta-analysis: the forest plot against a reference, and the network itself.

Each is drawn for the width at which it will be printed, in inches, with no type below 6 points there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt

import altair as alt
import networkx as nx
import numpy as np
import pandas as pd
from scipy.stats import norm

from metaanalysis.network.components import LEVEL, Component
from metaanalysis.network.result import NetworkResult
from metaanalysis.style import BLUE, CONFIG, GREY, INK, ORANGE, SKY

PIXELS_PER_INCH = 96
TYPE_SIZE = 9.5
"""In pixels: 7 points, so that rounding in a renderer leaves more than 6."""
LETTER = 0.56 * TYPE_SIZE
"""The usual width of a letter."""
ROW_HEIGHT = 17
EDGE = 8
LEGEND_HEIGHT = 34
ROOM_FOR_NAMES = 26
HIGHEST = 3.4
"""Inches that a ring may take from bottom to top."""
WIDE = 5.0
"""From this many inches on, numbers stand beside the forest plot."""
MOST_ON_A_RING = 30


def forest_data(result: NetworkResult, reference: str | None = None) -> pd.DataFrame:
    """One row for each treatment connected to the reference, the highest effect first.

    Columns: treatment, reference, effect, low, high (random effects), low_common, high_common (common effects),
    p_score, studies (that hold the treatment), label (the effect and its interval, written out).
    """
    reference = reference or result.reference
    part = result.component_of(reference)
    league = result.league[result.league["treatment_b"] == reference]
    league = league[league["effect_random"].notna()]
    common_half = norm.ppf(0.5 + LEVEL / 2) * league["se_common"]
    scores = result.ranking.set_index("treatment")["p_score_random"]
    table = pd.DataFrame(
        {
            "treatment": league["treatment_a"],
            "reference": reference,
            "effect": league["effect_random"],
            "low": league["low_random"],
            "high": league["high_random"],
            "low_common": league["effect_common"] - common_half,
            "high_common": league["effect_common"] + common_half,
            "p_score": league["treatment_a"].map(scores),
            "studies": league["treatment_a"].map(part.studies_by_treatment),
        }
    )
    table["label"] = [
        f"{_signed(row.effect)} ({_signed(row.low)} to {_signed(row.high)})" for row in table.itertuples()
    ]
    return table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)


def forest(result: NetworkResult, reference: str | None = None, inches: float = 7.0) -> alt.Chart:
    """The forest plot of all treatments connected to the reference, `inches` wide.

    Thin lines are 95 % intervals of the random effects, thick ones of the common effects: sampling error alone.

    >>> forest(result, "Placebo", inches=3.3).save("forest.svg")  # doctest: +SKIP
    """
    data = forest_data(result, reference)
    numbers = inches >= WIDE
    names = int(LETTER * data["treatment"].str.len().max()) + 12
    order = alt.EncodingSortField(field="effect", order="descending")
    axis = alt.Axis(labelLimit=names, ticks=False, domain=False, labelPadding=6)
    rows = alt.Y("treatment:N", sort=order, title=None, axis=axis)
    values = alt.Axis(tickCount=8 if numbers else 4, grid=True)
    title = f"Difference from {data['reference'][0]}"
    across = alt.X("low:Q", title=title, scale=alt.Scale(zero=False, nice=True), axis=values)
    base = alt.Chart(data).encode(y=rows)
    zero = (
        alt.Chart(pd.DataFrame({"effect": [0.0]})).mark_rule(color=GREY, strokeWidth=1).encode(x="effect:Q")
    )
    shown = ["treatment", "effect", "low", "high", "low_common", "high_common", "p_score", "studies"]
    tooltip = [
        alt.Tooltip(name, format=".3f") if name not in ("treatment", "studies") else name for name in shown
    ]
    common = base.mark_rule(color=SKY, strokeWidth=6).encode(x="low_common:Q", x2="high_common:Q")
    random = base.mark_rule(color=BLUE, strokeWidth=1.4).encode(x=across, x2="high:Q", tooltip=tooltip)
    points = base.mark_circle(color=BLUE, stroke="white", strokeWidth=0.8, size=46, opacity=1)
    layers = [zero, common, random, points.encode(x="effect:Q", tooltip=tooltip)]
    if numbers:
        written = base.mark_text(align="left", color=INK, fontSize=TYPE_SIZE, dx=10)
        layers.append(written.encode(x=alt.value("width"), text="label:N"))
    chart = alt.layer(*layers).properties(
        width=int(inches * PIXELS_PER_INCH), height=ROW_HEIGHT * len(data)
    )
    return _styled(chart.properties(padding=EDGE), alt.AutoSizeParams(type="fit-x", contains="padding"))


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
        places = _layout(part)
        radius = max(1.0, sqrt(len(part.treatments) / 6))
        if left > 0 and left + 2 * radius > across:
            left, top = 0.0, lowest - 1.1
        for treatment, studies in part.studies_by_treatment.items():
            x, y = places[treatment]
            at = {"x": left + radius * (1 + x), "y": top + radius * (y - 1)}
            nodes.append({"treatment": treatment, "component": number, "studies": studies} | at)
        left += 2 * radius + gap
        lowest = min(lowest, top - 2 * radius)
        edges += _edges(part)
    treatments = pd.DataFrame(nodes)
    pairs = pd.DataFrame(edges)
    at = treatments.set_index("treatment")
    for end, suffix in (("treatment_a", ""), ("treatment_b", "2")):
        pairs[f"x{suffix}"] = pairs[end].map(at["x"])
        pairs[f"y{suffix}"] = pairs[end].map(at["y"])
    return treatments, pairs


def network(result: NetworkResult, inches: float = 7.0) -> alt.Chart:
    """The network, `inches` wide: a node for each treatment, as large as its studies are many; a line for each pair
    that studies compare directly, as wide as its weight.
    """
    treatments, pairs = network_data(result, across=6.5 if inches >= WIDE else 2.5)
    frame = _frame(treatments, inches)
    largest = 260 if inches >= WIDE else 150
    names = _names(treatments, frame, largest)
    x, y = alt.X("x:Q", scale=frame.across, axis=None), alt.Y("y:Q", scale=frame.up, axis=None)
    weights = alt.Legend(
        values=_round_numbers(float(pairs["weight"].max())),
        format=",.2~r",
        symbolType="stroke",
        symbolSize=400,
    )
    thickness = alt.StrokeWidth(
        "weight:Q", title="Weight", scale=alt.Scale(range=[0.6, 8], zero=True), legend=weights
    )
    edges = alt.Chart(pairs).mark_rule(color=GREY, opacity=0.55, strokeCap="round")
    seen = ["treatment_a", "treatment_b", "studies", alt.Tooltip("weight", format=".3g")]
    lines = edges.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", strokeWidth=thickness, tooltip=seen)
    numbers = _whole_numbers(int(treatments["studies"].max()))
    counts = alt.Legend(values=numbers, format="d", orient="bottom" if inches >= WIDE else "top")
    size = alt.Size(
        "studies:Q", title="Studies", scale=alt.Scale(range=[12, largest], zero=True), legend=counts
    )
    nodes = alt.Chart(treatments).mark_circle(color=ORANGE, stroke=INK, strokeWidth=0.8, opacity=1)
    dots = nodes.encode(x=x, y=y, size=size, tooltip=["treatment", "studies"])
    written = []
    for align, placed in names.groupby("align"):
        text = alt.Chart(placed).mark_text(align=align, baseline="middle", fontSize=TYPE_SIZE, color=INK)
        written.append(text.encode(x=x, y=y, text="treatment:N"))
    chart = alt.layer(lines, dots, *written).properties(width=frame.width, height=frame.height)
    room = {"left": frame.margin, "right": frame.margin, "top": EDGE, "bottom": EDGE + LEGEND_HEIGHT}
    if inches < WIDE:
        room["top"] += LEGEND_HEIGHT
    return _styled(chart.properties(padding=room), alt.AutoSizeParams(type="none"))


@dataclass(frozen=True, slots=True)
class _Frame:
    """A plot `width` by `height` pixels with `margin` at either side, `unit` pixels to a ring's radius."""

    width: int
    height: int
    margin: int
    unit: float
    across: alt.Scale
    up: alt.Scale


def _frame(treatments: pd.DataFrame, inches: float) -> _Frame:
    """Where everything fits: names at the sides, rings round."""
    margin = int(LETTER * treatments["treatment"].str.len().max()) + 16
    width = int(inches * PIXELS_PER_INCH) - 2 * margin
    left, right = treatments["x"].min(), treatments["x"].max()
    down, up = treatments["y"].min(), treatments["y"].max()
    largest = treatments.groupby("component")["y"].agg(np.ptp).max()
    unit = min((width - 16) / max(right - left, 0.5), HIGHEST * PIXELS_PER_INCH / max(largest, 2.0))
    half_width, half_height = width / unit / 2, (up - down) / 2 + ROOM_FOR_NAMES / unit
    middle_x, middle_y = (left + right) / 2, (down + up) / 2
    across = alt.Scale(domain=[middle_x - half_width, middle_x + half_width], nice=False, zero=False)
    upward = alt.Scale(domain=[middle_y - half_height, middle_y + half_height], nice=False, zero=False)
    return _Frame(width, int(2 * half_height * unit), margin, unit, across, upward)


def _names(treatments: pd.DataFrame, frame: _Frame, largest: int) -> pd.DataFrame:
    """Each treatment's name outside its node: treatment, x, y, align."""
    middle = treatments.groupby("component")[["x", "y"]].transform("mean")
    across, up = treatments["x"] - middle["x"], treatments["y"] - middle["y"]
    distance = np.hypot(across, up).replace(0, 1)
    across, up = across / distance, up / distance
    area = 12 + (largest - 12) * treatments["studies"] / treatments["studies"].max()
    away = (np.sqrt(area / pi) + 4) / frame.unit
    steep = across.abs() < 0.3
    lift = np.where(steep, np.sign(up) * 6 / frame.unit, 0)
    align = np.where(steep, "center", np.where(across < 0, "right", "left"))
    places = {"x": treatments["x"] + away * across, "y": treatments["y"] + away * up + lift, "align": align}
    return pd.DataFrame({"treatment": treatments["treatment"], **places})


def _layout(part: Component) -> dict[str, tuple[float, float]]:
    """Places of a component's treatments within a radius of 1: on a ring, in an order that crosses few lines.

    Too many for a ring are laid out freely by their distances (Kamada & Kawai 1989).
    """
    graph = nx.Graph()
    graph.add_nodes_from(part.treatments)
    graph.add_edges_from((edge["treatment_a"], edge["treatment_b"]) for edge in _edges(part))
    free = nx.kamada_kawai_layout(graph) if len(graph) > 2 else nx.circular_layout(graph)
    if len(graph) > MOST_ON_A_RING:
        return {treatment: (float(x), float(y)) for treatment, (x, y) in free.items()}
    middle = np.mean(list(free.values()), axis=0)
    ring = sorted(graph, key=lambda treatment: np.arctan2(*(free[treatment] - middle)[::-1]))
    turns = [pi / 2 - 2 * pi * place / len(ring) for place in range(len(ring))]
    if len(ring) == 2:
        turns = [pi, 0.0]
    return {treatment: (cos(turn), sin(turn)) for treatment, turn in zip(ring, turns, strict=True)}


def _edges(part: Component) -> list[dict[str, object]]:
    """Pairs of a component that studies compare directly, with their number and weight."""
    behind = part.evidence("random")
    rows = []
    for first, second in np.argwhere(np.triu(behind.studies)):
        ends = {"treatment_a": part.treatments[first], "treatment_b": part.treatments[second]}
        weight = part.direct_precision[first, second]
        rows.append(ends | {"studies": int(behind.studies[first, second]), "weight": float(weight)})
    return rows


def _whole_numbers(highest: int) -> list[int]:
    """At most three whole numbers up to the highest, for a legend."""
    return sorted({1, max(1, round(highest / 2)), highest})


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _round_numbers(highest: float) -> list[float]:
    """The highest and a tenth of it, each to one digit, for a legend."""
    return [float(f"{highest * part:.0e}") for part in (0.1, 1.0)]


def _styled(chart: alt.LayerChart, autosize: alt.AutoSizeParams) -> alt.LayerChart:
    """The chart with the project's colours, and type no smaller than TYPE_SIZE."""
    type_sizes = {"labelFontSize": TYPE_SIZE, "titleFontSize": TYPE_SIZE}
    legend = (
        CONFIG["legend"]
        | type_sizes
        | {"orient": "bottom", "direction": "horizontal", "titleOrient": "left"}
    )
    return chart.configure(
        font=CONFIG["font"],
        background="white",
        autosize=autosize,
        axis=alt.AxisConfig(**CONFIG["axis"] | type_sizes),
        legend=alt.LegendConfig(**legend),
        view=alt.ViewConfig(stroke=None),
    )
