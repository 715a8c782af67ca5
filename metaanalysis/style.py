"""How charts look: one typeface, colours that survive colour blindness and grey printing, shapes as well as colours."""

from __future__ import annotations

import altair as alt
import pandas as pd

INK, GREY, RULE = "#222222", "#6b6b6b", "#e3e3e3"
BLUE, ORANGE, GREEN, PURPLE, SKY = "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-left", "triangle-right")
FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
PANEL_WIDTH = 150


def styled(chart: alt.Chart) -> alt.Chart:
    """The chart with the project's typeface, grid and title placement."""
    return (
        chart.configure(font=FONT, background="white", padding=8)
        .configure_view(stroke="#cccccc")
        .configure_axis(
            labelColor=INK, titleColor=INK, gridColor=RULE, domainColor=GREY, tickColor=GREY, titleFontWeight="normal"
        )
        .configure_legend(labelColor=INK, titleColor=INK, titleFontWeight="normal", symbolStrokeWidth=1.5)
        .configure_title(
            color=INK, subtitleColor=GREY, anchor="start", frame="group", fontSize=14, subtitleFontSize=11, offset=10
        )
    )


def year_colours(years: list[int]) -> list[str]:
    """One colour per year, from dark violet (earliest) to yellow-green (latest), evenly spread in lightness."""
    ramp = ["#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#8fbc1e", "#c4a000"]
    if len(years) < 2:
        return ramp[: len(years)]
    steps = [round(position * (len(ramp) - 1) / (len(years) - 1)) for position in range(len(years))]
    return [ramp[step] for step in steps]


def stacked_histogram(data: pd.DataFrame, x: str, y: str, x_title: str, y_title: str) -> alt.Chart:
    """Bars over whole numbers `x` from 0, stacked by `peer_reviewed`, with the total written above each bar."""
    venue = alt.expr.if_(alt.datum.peer_reviewed, "Peer-reviewed", "Other")
    axis = alt.Axis(labelAngle=0, grid=False)
    domain = list(range(min(0, *data[x]) if len(data) else 0, (max(data[x]) if len(data) else 0) + 1))
    across = alt.X(f"{x}:O", title=x_title, axis=axis, scale=alt.Scale(domain=domain))
    bars = alt.Chart(data).transform_calculate(venue=venue).mark_bar(stroke="white", strokeWidth=0.6)
    stacked = bars.encode(
        x=across,
        y=alt.Y(f"sum({y}):Q", title=y_title, axis=alt.Axis(tickMinStep=1)),
        color=alt.Color(
            "venue:N",
            title=None,
            scale=alt.Scale(domain=["Peer-reviewed", "Other"], range=[BLUE, ORANGE]),
            legend=alt.Legend(orient="top-right", fillColor="white"),
        ),
        order=alt.Order("venue:N", sort="descending"),
        tooltip=[alt.Tooltip(f"{x}:O", title=x_title), alt.Tooltip("venue:N"), alt.Tooltip(f"sum({y}):Q", title=y_title)],
    )
    totals = (
        alt.Chart(data)
        .mark_text(dy=-6, color=INK, fontSize=9)
        .encode(x=across, y=alt.Y(f"sum({y}):Q"), text=alt.Text(f"sum({y}):Q"))
    )
    return alt.layer(stacked, totals).properties(width=420, height=170)
