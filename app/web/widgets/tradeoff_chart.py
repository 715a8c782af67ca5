"""Draws a tradeoff: points by year, rounding intervals, standard deviations, frontier, names."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import pandas as pd

from app.web.widgets.tradeoff import LABELS, Choice, frontier
from metaanalysis.style import BLUE, GREY, INK, ORANGE, SHAPES, YEAR_RAMP

HOVER = {
    "printed": "Printed",
    "derivation": "Derivation",
    "location": "In the paper",
    "architecture": "Architecture",
    "about": "Line",
}
NAMED_METHODS = 14


def tradeoff_chart(points: pd.DataFrame, choice: Choice, with_frontier: bool) -> alt.Chart:
    """The tradeoff: methods as lines, printed digits as thin bars, standard deviations as thick ones."""
    x, y = _axes(choice, points)
    colour, shape = _styles(points["year"].unique())
    base = alt.Chart()  # the rows stand once, above all layers
    layers = [
        base.mark_line(strokeWidth=1, opacity=1, strokeOpacity=0.55).encode(
            x=x, y=y, detail="label:N", stroke=colour
        ),
        base.mark_rule(strokeWidth=1, strokeOpacity=0.6).encode(
            x=alt.X("x_low:Q", **_titled(x)), x2="x_high:Q", y=y, stroke=colour
        ),
        base.mark_rule(strokeWidth=1, strokeOpacity=0.6).encode(
            x=x, y=alt.Y("y_low:Q", **_titled(y)), y2="y_high:Q", stroke=colour
        ),
        _deviations(base, x, y, colour),
        _marks(base, x, y, colour, shape),
    ]
    if choice.y_metric.endswith("_change"):
        layers.insert(
            0, base.mark_rule(color=GREY, strokeDash=[3, 3]).encode(y=alt.YDatum(0, **_titled(y)))
        )
    if with_frontier:
        edge = alt.Chart(frontier(points)[["x", "y"]]).mark_line(
            color=INK, strokeWidth=1.6, strokeDash=[6, 3], opacity=1
        )
        layers.insert(1, edge.encode(x=x, y=y, order="x:Q"))
    if points["label"].nunique() <= NAMED_METHODS:
        layers.append(_names(points, x, y))
    return alt.layer(*layers, data=points)


def _axes(choice: Choice, points: pd.DataFrame) -> tuple[alt.X, alt.Y]:
    log = choice.x_metric == "compression_ratio" and len(points) > 0 and points["x"].min() > 0
    scale = (
        alt.Scale(type="log", base=2, nice=False, padding=18) if log else alt.Scale(zero=False, padding=18)
    )
    x = alt.X("x:Q", title=LABELS[choice.x_metric], scale=scale, axis=alt.Axis(tickCount=6, format="~r"))
    y = alt.Y("y:Q", title=LABELS[choice.y_metric], scale=alt.Scale(zero=False, padding=12))
    return x, y


def _titled(channel: alt.X | alt.Y) -> dict:
    """Title, scale and axis of a channel, for the other ends of bars."""
    kept = channel.to_dict(context={"datasets": {}, "pre_transform": False})
    return {name: kept[name] for name in ("title", "scale", "axis") if name in kept}


def _styles(years: Iterable[int]) -> tuple[alt.Stroke, alt.Shape]:
    """Colour and shape by year: one legend, readable without colour."""
    domain = [int(year) for year in sorted(years)]
    legend = alt.Legend(orient="bottom", direction="horizontal", columns=5, title=None)
    colours = [YEAR_RAMP[place % len(YEAR_RAMP)] for place in range(len(domain))]
    shapes = [SHAPES[place % len(SHAPES)] for place in range(len(domain))]
    stroke = alt.Stroke("year:N", scale=alt.Scale(domain=domain, range=colours), legend=legend)
    return stroke, alt.Shape("year:N", scale=alt.Scale(domain=domain, range=shapes), legend=legend)


def _deviations(base: alt.Chart, x: alt.X, y: alt.Y, colour: alt.Stroke) -> alt.Chart:
    spread = base.transform_filter("datum.y_std > 0")
    spread = spread.transform_calculate(low="datum.y - datum.y_std", high="datum.y + datum.y_std")
    bars = spread.mark_rule(strokeWidth=3, strokeOpacity=0.45)
    return bars.encode(x=x, y=alt.Y("low:Q", **_titled(y)), y2="high:Q", stroke=colour)


def _marks(base: alt.Chart, x: alt.X, y: alt.Y, colour: alt.Stroke, shape: alt.Shape) -> alt.Chart:
    clicked = alt.selection_point(name="picked", fields=["point_id"])
    dragged = alt.selection_interval(name="region", encodings=["x", "y"])
    faded = alt.when(clicked & dragged).then(alt.value(1)).otherwise(alt.value(0.25))
    marks = base.transform_calculate(about="datum.file + ':' + datum.line").mark_point(
        size=70, strokeWidth=1.6
    )
    tooltip = [
        alt.Tooltip("label:N", title="Method"),
        alt.Tooltip("x:Q", title=_titled(x)["title"], format=".4~g"),
        alt.Tooltip("y:Q", title=_titled(y)["title"], format=".4~g"),
        *(alt.Tooltip(f"{name}:N", title=title) for name, title in HOVER.items()),
    ]
    encoded = marks.encode(x=x, y=y, stroke=colour, shape=shape, strokeOpacity=faded, tooltip=tooltip)
    return encoded.add_params(clicked, dragged)


def _names(
    points: pd.DataFrame, x: alt.X, y: alt.Y, align: str = "left", dx: int = 8, dy: int = -6
) -> alt.Chart:
    """The label of each method at its last point."""
    last = points.sort_values("x").drop_duplicates("label", keep="last")[["x", "y", "label"]]
    text = alt.Chart(last).mark_text(align=align, dx=dx, dy=dy, fontSize=10, color=INK, limit=150)
    return text.encode(x=x, y=y, text="label:N")


def two_sources(points: pd.DataFrame, choice: Choice, sources: tuple[str, str]) -> alt.Chart:
    """Points with a column `source`: those of the first hollow blue circles, those of the second orange squares.

    Lines of the second, which has a point for each seed, go through the means of points of one table that are close.
    """
    x, y = _axes(choice, points)
    look = {"legend": alt.Legend(orient="bottom", title=None)}
    stroke = alt.Stroke("source:N", scale=alt.Scale(domain=sources, range=[BLUE, ORANGE]), **look)
    fill = alt.Fill("source:N", scale=alt.Scale(domain=sources, range=["white", ORANGE]), **look)
    shape = alt.Shape("source:N", scale=alt.Scale(domain=sources, range=["circle", "square"]), **look)
    base = alt.Chart()
    steps = base.transform_calculate(
        step=f"datum.source == '{sources[1]}' ? round(8 * log(datum.x)) : datum.point_id"
    )
    means = steps.transform_aggregate(x="mean(x)", y="mean(y)", groupby=["source", "label", "file", "step"])
    lines = means.mark_line(opacity=1, strokeOpacity=0.5).encode(
        x=x, y=y, detail=["label:N", "file:N"], stroke=stroke
    )
    tooltip = ["label:N", "x:Q", "y:Q", "printed:N", "location:N"]
    marks = base.mark_point(size=60, opacity=1).encode(
        x=x, y=y, stroke=stroke, fill=fill, shape=shape, tooltip=tooltip
    )
    layers = [lines, _deviations(base, x, y, stroke), marks]
    measured = points[points["source"] == sources[1]]
    measured = measured.assign(label=measured["label"].str.rpartition(", ")[2])
    if measured["label"].nunique() <= NAMED_METHODS:
        layers.append(_names(measured, x, y, align="right", dx=-9, dy=-9))
    return alt.layer(*layers, data=points)
