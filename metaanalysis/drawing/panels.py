"""Parts that several figures share: titles of axes, headers, what hovering shows, facets with axes of their own."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
from altair.typing import ChartType

from metaanalysis.style import GREY, INK, PANEL_WIDTH
from metaanalysis.tradeoffs.curves import COMMON_CONFIGURATIONS, PANEL, X_METRICS, Y_METRICS

X_TITLES = {"compression_ratio": "Compression ratio", "theoretical_speedup": "Theoretical speedup"}
Y_TITLES = {"top1_change": "Change in Top-1 (points)", "top5_change": "Change in Top-5 (points)"}
HEADER = alt.Header(title=None, labelFontSize=11, labelFontWeight="bold", labelColor=INK, labelPadding=4)
PANEL_HEIGHT = 105
FAR_OFF = 1.5
"""A lone lowest point is far off where it lies further below the next one than this times what the others span."""
EDGE = 0.15
"""Share of that span by which it is shown below the next one."""


def hover(href: bool = True) -> dict[str, Any]:
    """Channels that show the field `about` where the pointer rests, and lead to the page of the field `url`."""
    channels: dict[str, Any] = {
        "description": alt.Description("about:N"),
        "tooltip": alt.Tooltip("about:N", title=" "),
    }
    if href:
        channels["href"] = alt.Href("url:N")
    return channels


def with_own_axes(grid: Any, *axes: str) -> ChartType:
    """The grid, each panel of it with `axes` (by default x and y) of its own."""
    # set in place: Altair's methods copy the whole chart with its data
    apart: dict[str, Any] = dict.fromkeys(axes or ("x", "y"), "independent")
    grid.resolve = alt.Resolve(scale=alt.ScaleResolveMap(**apart))
    return grid


def nothing(sentence: str) -> ChartType:
    """A picture that says in a frame of its own why there is no other."""
    frame = alt.Chart(alt.Data(values=[{"said": sentence}]))
    text = frame.mark_text(fontSize=14, color=GREY).encode(text="said:N")
    return text.properties(width=420, height=120)


def x_of_tradeoffs(x_metric: str) -> alt.X:
    """The x axis of a tradeoff panel: logarithmic for compression ratios, which double, plain for speedups."""
    if x_metric == "compression_ratio":
        scale = alt.Scale(type="log", base=2, nice=False, padding=10)
    else:
        scale = alt.Scale(zero=False, padding=10)
    axis = alt.Axis(tickCount=4, format="~r", titlePadding=2)
    return alt.X("x:Q", title=X_TITLES[x_metric], scale=scale, axis=axis)


def by_metrics(points: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """The points of each pair of metrics, in the order of the grid: x_metric, y_metric, points."""
    parts = []
    for x_metric in X_METRICS:
        for y_metric in Y_METRICS:
            of_pair = (points["x_metric"] == x_metric) & (points["y_metric"] == y_metric)
            parts.append((x_metric, y_metric, points[of_pair]))
    return parts


def row_of_panels(layers: list[Any], points: pd.DataFrame) -> ChartType:
    """The layers over the points, one panel for each common configuration that has some."""
    panel = alt.layer(*layers, data=points, width=PANEL_WIDTH, height=PANEL_HEIGHT)
    order = [f"{name} on {dataset}" for dataset, name in COMMON_CONFIGURATIONS]
    column = alt.Column("configuration:N", sort=order, header=HEADER)
    return with_own_axes(panel.facet(column=column, spacing=16))


def value_at_the_edge(x: alt.X, y: alt.Y) -> alt.Chart:
    """The y of points that stand at a panel's edge (`cut`), in digits beside them."""
    text = alt.Chart().transform_filter("datum.cut").mark_text(align="left", dx=6, fontSize=9, color=INK)
    return text.encode(x=x, y=y, text=alt.Text("y:Q", format="+.1f"))


def at_the_edge(points: pd.DataFrame) -> pd.DataFrame:
    """The points of all panels with `shown`: y, except for a lone lowest point that would flatten all the others.

    Such a point (`cut`) is shown just below the next one, see FAR_OFF.
    """
    if points.empty:
        return points.assign(shown=points["y"], cut=False)
    return pd.concat([_panel_with_edge(panel) for _, panel in points.groupby(list(PANEL), sort=False)])


def _panel_with_edge(points: pd.DataFrame) -> pd.DataFrame:
    lowest = points["y"].idxmin()
    rest = points["y"].drop(lowest)
    span = rest.max() - rest.min()
    alone = (points["label"] == points.at[lowest, "label"]).sum() == 1
    if len(rest) < 3 or not alone or rest.min() - points.at[lowest, "y"] <= FAR_OFF * span:
        return points.assign(shown=points["y"], cut=False)
    edge = rest.min() - EDGE * span
    return points.assign(shown=points["y"].clip(lower=edge), cut=points.index == lowest)
