"""How charts look: one typeface, colours that survive colour blindness and grey printing, shapes as well as colours."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
from altair.typing import ChartType

INK, GREY, RULE = "#222222", "#6b6b6b", "#e3e3e3"
BLUE, ORANGE, GREEN, PURPLE, SKY = "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9"
STAR = (
    "M0,-1L0.24,-0.32L0.95,-0.31L0.38,0.12L0.59,0.81L0,0.4L-0.59,0.81L-0.38,0.12L-0.95,-0.31L-0.24,-0.32Z"
)
HEXAGON = "M0.87,0.5L0,1L-0.87,0.5L-0.87,-0.5L0,-1L0.87,-0.5Z"
SHAPES = (
    *("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", STAR, "triangle-left"),
    *("triangle-right", HEXAGON),
)
FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
PANEL_WIDTH = 150


CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "white",
    "padding": 8,
    "view": {"stroke": "#cccccc"},
    "axis": {
        **dict.fromkeys(("labelColor", "titleColor"), INK),
        **dict.fromkeys(("domainColor", "tickColor"), GREY),
        "gridColor": RULE,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": INK, "titleColor": INK, "titleFontWeight": "normal", "symbolStrokeWidth": 1.5},
    "title": {
        "color": INK,
        "subtitleColor": GREY,
        "anchor": "start",
        "frame": "group",
        "fontSize": 14,
        "subtitleFontSize": 11,
        "offset": 10,
    },
}


def styled(chart: ChartType, title: str, subtitle: str = "") -> ChartType:
    """The chart under a title, with the project's typeface and grid (set in place: copies of a grid are slow)."""
    chart.title = alt.TitleParams(title, subtitle=[subtitle] if subtitle else [])
    chart.config = alt.Config(**CONFIG)
    return chart


YEAR_RAMP = ("#440154", "#3b528b", "#1f8f8a", "#3f9f45", "#d18b00", "#c0392b", "#7a1f5c", "#4d4d4d")


def method_styles(labels: pd.DataFrame) -> pd.DataFrame:
    """`labels` (columns year, label) with colour by year and, within the year, shape and filled or hollow.

    Columns added: colour, shape, fill. Twenty methods of one year are told apart without colour.
    """
    styles = labels[["year", "label"]].drop_duplicates().sort_values(["year", "label"], ignore_index=True)
    years = {year: place for place, year in enumerate(sorted(styles["year"].unique()))}
    place = styles.groupby("year").cumcount()
    styles["colour"] = [YEAR_RAMP[years[year] % len(YEAR_RAMP)] for year in styles["year"]]
    styles["shape"] = [SHAPES[number % len(SHAPES)] for number in place]
    hollow = place // len(SHAPES) % 2 == 1
    styles["fill"] = styles["colour"].mask(hollow, "#ffffff")
    return styles


MOST_LABELS = 40
"""More bars than these have a number under every fifth."""


def stacked_histogram(data: pd.DataFrame, x: str, y: str, x_title: str, y_title: str) -> ChartType:
    """Bars over whole numbers `x` from 0, stacked by `peer_reviewed`, with the total written above each bar."""
    venue = alt.expr.if_(alt.datum.peer_reviewed, "Peer-reviewed", "Other")
    domain = list(range(min(0, *data[x]) if len(data) else 0, (max(data[x]) if len(data) else 0) + 1))
    labelled = domain if len(domain) <= MOST_LABELS else domain[::5]
    axis = alt.Axis(labelAngle=0, grid=False, values=labelled)
    across = alt.X(f"{x}:O", title=x_title, axis=axis, scale=alt.Scale(domain=domain))
    highest = data.groupby(x)[y].sum().max() if len(data) else 1
    headroom = alt.Scale(domain=[0, 1.12 * highest], nice=False)
    bars = alt.Chart(data).transform_calculate(venue=venue).mark_bar(stroke="white", strokeWidth=0.6)
    stacked = bars.encode(
        x=across,
        y=alt.Y(f"sum({y}):Q", title=y_title, axis=alt.Axis(tickMinStep=1), scale=headroom),
        color=alt.Color(
            "venue:N",
            title=None,
            scale=alt.Scale(domain=["Peer-reviewed", "Other"], range=[BLUE, ORANGE]),
            legend=alt.Legend(orient="top-right", fillColor="white"),
        ),
        order=alt.Order("venue:N", sort="descending"),
        tooltip=[
            alt.Tooltip(f"{x}:O", title=x_title),
            alt.Tooltip("venue:N"),
            alt.Tooltip(f"sum({y}):Q", title=y_title),
        ],
    )
    totals = (
        alt.Chart(data)
        .mark_text(dy=-6, color=INK, fontSize=9)
        .encode(x=across, y=alt.Y(f"sum({y}):Q", scale=headroom), text=alt.Text(f"sum({y}):Q"))
    )
    return alt.layer(stacked, totals).properties(width=420, height=170)


def source_page(file: str, line: int) -> str:
    """The report's page for a line of the corpus: `sources/li2016pruning.yaml.html#L17`."""
    return f"sources/{file.rpartition('/')[2]}.html#L{line}"
