"""Fragmentation of results: self-reported tradeoffs on the most common configurations.

Rebuilds Figure 3 of Blalock et al. (2020): columns are the four most common (dataset, architecture) pairs outside
MNIST, rows are pairs of a compression metric and an accuracy metric, each line is one method; up and to the right is
better. Panels without a point are left out. Error bars are the standard deviations that papers report. As published,
the sheet's values alone are drawn; by default corrected values and the authors' own additional numbers, and rows whose
architecture is corrected move. Exclusions of the published analysis stay (densities that cannot be compared,
re-implementations, changed architectures, accuracies under its floor), each recorded in the paper's file.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from corpus.catalogue import Corpus
from metaanalysis.curves import COMMON_CONFIGURATIONS, X_METRICS, Y_METRICS, panels
from metaanalysis.style import GREY, INK, PANEL_WIDTH, SHAPES, year_colours

COLUMNS = (
    *("dataset", "architecture", "x_metric", "y_metric", "label", "paper", "year", "x", "y", "y_std", "survey_row"),
)
X_TITLES = {"compression_ratio": "Compression ratio", "theoretical_speedup": "Theoretical speedup"}
Y_TITLES = {"top1_change": "Change in Top-1 (points)", "top5_change": "Change in Top-5 (points)"}
LEGEND_COLUMNS = 5


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per panel and operating point; x is the plain ratio, y percentage points."""
    return panels(corpus, "fragmentation")


def chart(data: pd.DataFrame) -> alt.Chart:
    """A grid of small tradeoff plots over one legend."""
    encoding = _encoding(data)
    drawn = []
    for x_metric in X_METRICS:
        for y_metric in Y_METRICS:
            row = data[(data["x_metric"] == x_metric) & (data["y_metric"] == y_metric)]
            drawn += [_panel(row, pair, x_metric, y_metric, encoding) for pair in COMMON_CONFIGURATIONS]
    rows = _rows(drawn)
    grid = alt.vconcat(*[alt.hconcat(*row, spacing=14) for row in rows], spacing=10)
    return grid.resolve_scale(color="shared", shape="shared")


def _rows(drawn: list[alt.Chart | None]) -> list[list[alt.Chart]]:
    size = len(COMMON_CONFIGURATIONS)
    rows = [[panel for panel in drawn[start : start + size] if panel] for start in range(0, len(drawn), size)]
    return [row for row in rows if row]


def _encoding(data: pd.DataFrame) -> dict[str, alt.Color | alt.Shape]:
    """Colour by year and shape within the year, both spelled out by label so that one legend serves all panels."""
    labels = data[["year", "label"]].drop_duplicates().sort_values(["year", "label"])
    years = sorted(labels["year"].unique())
    colour_of = dict(zip(years, year_colours(years), strict=True))
    within_year = labels.groupby("year").cumcount()
    domain = labels["label"].tolist()
    legend = alt.Legend(
        orient="bottom", columns=LEGEND_COLUMNS, title=None, symbolLimit=0, labelLimit=220, columnPadding=12
    )
    return {
        "color": alt.Color(
            "label:N",
            scale=alt.Scale(domain=domain, range=[colour_of[year] for year in labels["year"]]),
            legend=legend,
        ),
        "shape": alt.Shape(
            "label:N",
            scale=alt.Scale(domain=domain, range=[SHAPES[place % len(SHAPES)] for place in within_year]),
            legend=legend,
        ),
    }


def _panel(
    row: pd.DataFrame, pair: tuple[str, str], x_metric: str, y_metric: str, encoding: dict
) -> alt.Chart | None:
    points = row[(row["dataset"] == pair[0]) & (row["architecture"] == pair[1])]
    if points.empty:
        return None
    x = alt.X("x:Q", title=X_TITLES[x_metric], scale=_x_scale(points, x_metric), axis=alt.Axis(tickCount=4, format="~r"))
    y = alt.Y("y:Q", title=Y_TITLES[y_metric], scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(tickCount=5))
    base = alt.Chart(points)
    lines = base.mark_line(strokeWidth=1, opacity=0.75).encode(x=x, y=y, color=encoding["color"])
    marks = base.mark_point(filled=True, size=34, opacity=0.9, stroke="white", strokeWidth=0.3).encode(
        x=x, y=y, **encoding, tooltip=_tooltip(x_metric, y_metric), href="url:N"
    )
    layers = [lines, marks.transform_calculate(url="'../../' + datum.file + '#L' + datum.line")]
    if y_metric == "top1_change" and (points["y_std"] > 0).any():
        layers.insert(0, _error_bars(points, x, encoding))
    zero = alt.Chart(pd.DataFrame({"y": [0]})).mark_rule(color=GREY, strokeWidth=0.6, strokeDash=[3, 3]).encode(y="y:Q")
    title = alt.TitleParams(f"{pair[1]} on {pair[0]}", fontSize=11, color=INK, anchor="middle", offset=4)
    return alt.layer(zero, *layers).properties(width=PANEL_WIDTH, height=105, title=title)


def _x_scale(points: pd.DataFrame, x_metric: str) -> alt.Scale:
    if x_metric == "compression_ratio":
        return alt.Scale(type="log", base=2, nice=False, padding=10)
    return alt.Scale(zero=False, nice=False, padding=10)


def _error_bars(points: pd.DataFrame, x: alt.X, encoding: dict) -> alt.Chart:
    spread = points[points["y_std"] > 0]
    return (
        alt.Chart(spread)
        .transform_calculate(low="datum.y - datum.y_std", high="datum.y + datum.y_std")
        .mark_rule(strokeWidth=1.2)
        .encode(x=x, y="low:Q", y2="high:Q", color=encoding["color"])
    )


def _tooltip(x_metric: str, y_metric: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title="Method"),
        alt.Tooltip("x:Q", title=X_TITLES[x_metric], format=".3f"),
        alt.Tooltip("y:Q", title=Y_TITLES[y_metric], format="+.2f"),
        alt.Tooltip("printed:N", title="As printed"),
        alt.Tooltip("location:N", title="In the paper"),
        alt.Tooltip("file:N", title="File"),
        alt.Tooltip("line:Q", title="Line"),
    ]
