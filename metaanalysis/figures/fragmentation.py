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

from corpus.catalogue.corpus import Corpus
from corpus.schema.purposes import Purpose
from metaanalysis.style import GREY, INK, PANEL_WIDTH, method_styles, source_page
from metaanalysis.survey.its_papers import Papers, limited_to
from metaanalysis.tradeoffs.curves import COMMON_CONFIGURATIONS, X_METRICS, Y_METRICS, panels

COLUMNS = (
    *(
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
    ),
)
X_TITLES = {"compression_ratio": "Compression ratio", "theoretical_speedup": "Theoretical speedup"}
Y_TITLES = {"top1_change": "Change in Top-1 (points)", "top5_change": "Change in Top-5 (points)"}
HEADER = alt.Header(title=None, labelFontSize=11, labelFontWeight="bold", labelColor=INK, labelPadding=4)
SHOWN = (
    *("configuration", "x_metric", "y_title", "y_metric", "label", "x", "y", "shown", "cut", "y_std"),
    *("colour", "fill", "shape", "about", "url"),
)
LEGEND_ROWS = 9
PANEL_HEIGHT = 105


def data(corpus: Corpus, *, papers: Papers = "survey") -> pd.DataFrame:
    """One row per panel and operating point; x is the plain ratio, y percentage points."""
    corpus = limited_to(papers, corpus)
    return panels(corpus, Purpose.BESIDE_PAPERS)


def chart(data: pd.DataFrame) -> alt.Chart:
    """A grid of small tradeoff plots over one legend by year; a lone far-off point stands at the panel's edge."""
    styles = method_styles(data)
    panels_of = ["dataset", "architecture", "x_metric", "y_metric"]
    drawn = pd.concat([at_the_edge(panel) for _, panel in data.groupby(panels_of, sort=False)] or [data])
    drawn = _told(drawn.merge(styles, on=["year", "label"]))
    rows = [
        _row(drawn[(drawn["x_metric"] == x_metric) & (drawn["y_metric"] == y_metric)], x_metric, y_metric)
        for x_metric in X_METRICS
        for y_metric in Y_METRICS
    ]
    return alt.vconcat(*rows, _legend(styles), spacing=14)


def _row(points: pd.DataFrame, x_metric: str, y_metric: str) -> alt.Chart:
    """One row of panels: the configurations that have a point for this pair of metrics."""
    compression = x_metric == "compression_ratio"
    scale = (
        alt.Scale(type="log", base=2, nice=False, padding=10)
        if compression
        else alt.Scale(zero=False, padding=10)
    )
    x = alt.X(
        "x:Q",
        title=X_TITLES[x_metric],
        scale=scale,
        axis=alt.Axis(tickCount=4, format="~r", titlePadding=2),
    )
    across = {
        "title": Y_TITLES[y_metric],
        "scale": alt.Scale(zero=False, nice=True),
        "axis": alt.Axis(tickCount=5),
    }
    y = alt.Y("shown:Q", **across)
    colour = alt.Stroke("colour:N", scale=None)
    base = alt.Chart()
    zero = base.mark_rule(color=GREY, strokeWidth=0.6, strokeDash=[3, 3]).encode(y=alt.YDatum(0, **across))
    lines = base.mark_line(strokeWidth=1, opacity=1, strokeOpacity=0.75).encode(
        x=x, y=y, detail=alt.Detail("label:N"), stroke=colour
    )
    spread = base.transform_filter(f"datum.y_std > 0 && {str(y_metric == 'top1_change').lower()}")
    spread = spread.transform_calculate(low="datum.y - datum.y_std", high="datum.y + datum.y_std")
    bars = spread.mark_rule(strokeWidth=1.2).encode(
        x=x, y=alt.Y("low:Q", **across), y2=alt.Y2("high:Q"), stroke=colour
    )
    marks = base.mark_point(size=34, opacity=1, strokeWidth=1.1).encode(
        x=x,
        y=y,
        stroke=colour,
        fill=alt.Fill("fill:N", scale=None),
        shape=alt.Shape("shape:N", scale=None),
        description=alt.Description("about:N"),
        tooltip=alt.Tooltip("about:N", title=" "),
        href=alt.Href("url:N"),
    )
    edge = base.transform_filter("datum.cut").mark_text(align="left", dx=6, fontSize=9, color=INK)
    cut = edge.encode(x=x, y=y, text=alt.Text("y:Q", format="+.1f"))
    column = alt.Column(
        "configuration:N",
        sort=[f"{name} on {dataset}" for dataset, name in COMMON_CONFIGURATIONS],
        header=HEADER,
    )
    panel = alt.layer(zero, bars, lines, marks, cut, data=points, width=PANEL_WIDTH, height=PANEL_HEIGHT)
    row = panel.facet(column=column, spacing=16)
    row.resolve = alt.Resolve(
        scale=alt.ScaleResolveMap(x="independent", y="independent")
    )  # in place: copies are slow
    return row


def _told(points: pd.DataFrame) -> pd.DataFrame:
    """Points with what hovering says, the page of the line they came from, and the names of their panel."""
    about = [
        f"{row.label}: {X_TITLES[row.x_metric].lower()} {row.x:.3g}, {Y_TITLES[row.y_metric].lower()} {row.y:+.2f}. "
        f"Printed: {row.printed} ({row.location}). {row.file}:{row.line}"
        for row in points.itertuples()
    ]
    return points.assign(
        about=about,
        url=[source_page(row.file, row.line) for row in points.itertuples()],
        configuration=points["architecture"] + " on " + points["dataset"],
        y_title=points["y_metric"].map(Y_TITLES),
    )[[*SHOWN]]


def at_the_edge(points: pd.DataFrame) -> pd.DataFrame:
    """Points with `shown`: y, except for a lone lowest point so far off that it would flatten all the others.

    Far off: further below the next one than 1.5 times what the others span. It is shown just below them.
    """
    lowest = points["y"].idxmin()
    rest = points["y"].drop(lowest)
    span = rest.max() - rest.min()
    alone = (points["label"] == points.at[lowest, "label"]).sum() == 1
    if len(rest) < 3 or not alone or rest.min() - points.at[lowest, "y"] <= 1.5 * span:
        return points.assign(shown=points["y"], cut=False)
    edge = rest.min() - 0.15 * span
    return points.assign(shown=points["y"].clip(lower=edge), cut=points.index == lowest)


def _legend(styles: pd.DataFrame) -> alt.Chart:
    """Methods under their year; a year with many takes two columns."""
    place = styles.groupby("year").cumcount()
    columns = styles["year"].astype(str) + "/" + (place // LEGEND_ROWS).astype(str)
    order = {name: number for number, name in enumerate(columns.unique())}
    cells = styles.assign(column=columns.map(order) * 1.0, row=place % LEGEND_ROWS + 1)
    heads = cells[cells["row"] == 1].drop_duplicates("year").assign(row=0)
    x = alt.X("column:Q", axis=None, scale=alt.Scale(domain=[0, max(len(order), 6)], nice=False))
    y = alt.Y(
        "row:Q", axis=None, scale=alt.Scale(domain=[-0.6, LEGEND_ROWS + 0.6], reverse=True, nice=False)
    )
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
        .mark_text(align="left", dx=8, fontSize=9.5, color=INK)
        .encode(x=x, y=y, text=alt.Text("name:N"))
    )
    names = names.transform_calculate(name="replace(datum.label, ' ' + datum.year, '')")
    years = (
        alt.Chart(heads)
        .mark_text(align="left", dx=-4, fontSize=11, fontWeight="bold")
        .encode(x=x, y=y, text=alt.Text("year:N"), color=colour)
    )
    return alt.layer(symbols, names, years).properties(
        width=820, height=135, view=alt.ViewConfig(stroke=None)
    )
