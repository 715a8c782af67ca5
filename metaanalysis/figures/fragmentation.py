"""Fragmentation of results: self-reported tradeoffs on the most common configurations.

Rebuilds Figure 3 of Blalock et al. (2020): columns are the four most common (dataset, architecture) pairs outside
MNIST, rows are pairs of a compression metric and an accuracy metric, each line is one method; up and to the right is
better. Panels without a point are left out, and so are results of other papers' methods that a paper ran again. Error
bars are the standard deviations that papers report. As published, the sheet's values alone are drawn; by default
corrected values and the authors' own additional numbers, and rows whose architecture is corrected move. Exclusions of
the published analysis stay (densities that cannot be compared, re-implementations, changed architectures, accuracies
under its floor), each recorded in the paper's file.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from corpus.catalogue.results import REPRODUCED
from corpus.schema.purposes import Purpose
from metaanalysis.drawing.panels import (
    X_TITLES,
    Y_TITLES,
    at_the_edge,
    by_metrics,
    hover,
    row_of_panels,
    value_at_the_edge,
    x_of_tradeoffs,
)
from metaanalysis.style import GREY, INK, method_styles, source_page
from metaanalysis.survey.its_papers import Papers, limited_to
from metaanalysis.tradeoffs.curves import POINT, panels

COLUMNS = (
    "dataset",
    "architecture",
    "x_metric",
    "y_metric",
    "label",
    "paper",
    "year",
    "x",
    "y",
    "y_std",
    "survey_row",
)
IDENTITY = POINT
VALUES = ("x", "y")
SHOWN = [
    "configuration",
    "x_metric",
    "y_title",
    "y_metric",
    "label",
    "x",
    "y",
    "shown",
    "cut",
    "y_std",
    "colour",
    "fill",
    "shape",
    "about",
    "url",
]
LEGEND_ROWS = 9
ONE_BAND, COLUMNS_OF_A_BAND = 10, 6
"""Columns that fit beside each other under short names, and columns of a band where there are more."""


def data(corpus: Corpus, *, papers: Papers = "survey") -> pd.DataFrame:
    """One row per panel and operating point; x is the plain ratio, y percentage points."""
    corpus = limited_to(papers, corpus)
    shown = panels(corpus, Purpose.BESIDE_PAPERS)
    reproduced = {point.point_id for point in corpus.points if point.attribution == REPRODUCED}
    return shown[~shown["point_id"].isin(reproduced)].reset_index(drop=True)


def chart(data: pd.DataFrame) -> ChartType:
    """A grid of small tradeoff plots over one legend by year; a lone far-off point stands at the panel's edge."""
    styles = method_styles(data)
    drawn = _described(at_the_edge(data).merge(styles, on=["year", "label"]))
    rows = [_panels_of(points, x_metric, y_metric) for x_metric, y_metric, points in by_metrics(drawn)]
    return alt.vconcat(*rows, _legend(styles), spacing=14)


def _panels_of(points: pd.DataFrame, x_metric: str, y_metric: str) -> ChartType:
    """One row of panels: the configurations that have a point for this pair of metrics."""
    x = x_of_tradeoffs(x_metric)
    up: dict[str, Any] = {
        "title": Y_TITLES[y_metric],
        "scale": alt.Scale(zero=False, nice=True),
        "axis": alt.Axis(tickCount=5),
    }
    y = alt.Y("shown:Q", **up)
    colour = alt.Stroke("colour:N", scale=None)
    base = alt.Chart()
    zero = base.mark_rule(color=GREY, strokeWidth=0.6, strokeDash=[3, 3]).encode(y=alt.YDatum(0, **up))
    lines = base.mark_line(strokeWidth=1, opacity=1, strokeOpacity=0.75)
    # deviations are reported of the accuracy itself, and of Top-1 alone
    spread = base.transform_filter(f"datum.y_std > 0 && {str(y_metric == 'top1_change').lower()}")
    spread = spread.transform_calculate(low="datum.y - datum.y_std", high="datum.y + datum.y_std")
    bars = spread.mark_rule(strokeWidth=1.2)
    marks = base.mark_point(size=34, opacity=1, strokeWidth=1.1).encode(
        x=x,
        y=y,
        stroke=colour,
        fill=alt.Fill("fill:N", scale=None),
        shape=alt.Shape("shape:N", scale=None),
        **hover(),
    )
    layers = [
        zero,
        bars.encode(x=x, y=alt.Y("low:Q", **up), y2=alt.Y2("high:Q"), stroke=colour),
        lines.encode(x=x, y=y, detail=alt.Detail("label:N"), stroke=colour),
        marks,
        value_at_the_edge(x, y),
    ]
    return row_of_panels(layers, points)


def _described(points: pd.DataFrame) -> pd.DataFrame:
    """Points with what hovering says, the page of the line they came from, and the names of their panel."""
    about, urls = [], []
    for row in points.to_dict("records"):
        x_title, y_title = X_TITLES[row["x_metric"]].lower(), Y_TITLES[row["y_metric"]].lower()
        about.append(
            f"{row['label']}: {x_title} {row['x']:.3g}, {y_title} {row['y']:+.2f}. "
            f"Printed: {row['printed']} ({row['location']}). {row['file']}:{row['line']}"
        )
        urls.append(source_page(row["file"], row["line"]))
    described = points.assign(
        about=about,
        url=urls,
        configuration=points["architecture"] + " on " + points["dataset"],
        y_title=points["y_metric"].map(Y_TITLES),
    )
    return described[SHOWN]


def _legend(styles: pd.DataFrame) -> ChartType:
    """Methods under their year; a year with many takes several columns, and many columns stand in several bands."""
    place = styles.groupby("year").cumcount()
    columns = styles["year"].astype(str) + "/" + (place // LEGEND_ROWS).astype(str)
    order = {name: number for number, name in enumerate(columns.unique())}
    across = len(order) if len(order) <= ONE_BAND else COLUMNS_OF_A_BAND
    bands = -(-len(order) // max(across, 1))
    column, height = columns.map(order).astype(int), LEGEND_ROWS + 1.4
    cells = styles.assign(
        column=column % max(across, 1) * 1.0,
        row=place % LEGEND_ROWS + 1 + column // max(across, 1) * height,
        head=place == 0,
    )
    heads = cells[cells["head"]].assign(row=cells["row"] - 1)
    lowest = LEGEND_ROWS + 0.6 + max(bands - 1, 0) * height
    x = alt.X("column:Q", axis=None, scale=alt.Scale(domain=[0, max(across, 6)], nice=False))
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.6, lowest], reverse=True, nice=False))
    colour = alt.Color("colour:N", scale=None)
    symbols = (
        alt.Chart(cells)
        .mark_point(size=40, strokeWidth=1.1, opacity=1)
        .encode(
            x=x,
            y=y,
            stroke=alt.Stroke("colour:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
        )
    )
    names = (
        alt.Chart(cells)
        .mark_text(
            align="left", dx=8, fontSize=9.5, color=INK, limit=720 / max(across, 6) if bands > 1 else 0
        )
        .encode(x=x, y=y, text=alt.Text("name:N"))
    )
    names = names.transform_calculate(name="replace(datum.label, ' ' + datum.year, '')")
    years = (
        alt.Chart(heads)
        .mark_text(align="left", dx=-4, fontSize=11, fontWeight="bold")
        .encode(x=x, y=y, text=alt.Text("year:N"), color=colour)
    )
    return alt.layer(symbols, names, years).properties(
        width=820, height=135 * max(bands, 1), view=alt.ViewConfig(stroke=None)
    )
