"""What the corrections change on the tradeoff grid.

The grid of Figure 3 of Blalock et al. (2020) with the points of the survey's sheet and those of the corrected corpus
on top of each other, both under the same rules: a line's hollow end is where the sheet has a point and its full end
where the point holds, triangles appear because a number was added or corrected, crosses leave, and small grey circles
stay. The same in both views; the numbers and reasons are in sheet_corrections.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.figures.fragmentation import HEADER, PANEL_HEIGHT, X_TITLES, Y_TITLES, at_the_edge
from metaanalysis.style import BLUE, GREEN, INK, ORANGE, PANEL_WIDTH, source_page
from metaanalysis.survey.moved_points import APPEARS, LEAVES, MOVES, STAYS, Move, followed
from metaanalysis.survey.readings import views
from metaanalysis.tradeoffs.curves import COMMON_CONFIGURATIONS, X_METRICS, Y_METRICS

COLUMNS = (
    *("dataset", "architecture", "x_metric", "y_metric", "label", "paper", "survey_row", "change"),
    *("sheet_x", "sheet_y", "x", "y"),
)
WAS = "moves from"
LOOKS = {
    STAYS: ("circle", "#8f8f8f", "#ffffff", 12),
    WAS: ("circle", BLUE, "#ffffff", 30),
    MOVES: ("circle", BLUE, BLUE, 34),
    APPEARS: ("triangle-up", GREEN, GREEN, 34),
    LEAVES: ("cross", ORANGE, ORANGE, 34),
}
"""Shape, stroke, fill and size by what becomes of a point."""


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per panel and point of either reading; x are plain ratios, y percentage points, empty where absent."""
    rows = [_row(move) for move in followed("fragmentation", views(corpus))]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "file", "line", "location"])
    floats = ("sheet_x", "sheet_y", "x", "y")
    return frame.astype(dict.fromkeys(floats, float) | {"survey_row": "Int64"})


def _row(move: Move) -> tuple:
    panel = [
        move.row[name] for name in ("dataset", "architecture", "x_metric", "y_metric", "label", "paper")
    ]
    numbers = (*(move.before or (None, None)), *(move.after or (None, None)))
    place = (move.row["file"], move.row["line"], move.row["location"])
    return (*panel, move.row["survey_row"], move.kind, *numbers, *place)


def chart(data: pd.DataFrame) -> alt.Chart:
    """The grid, one row of panels per pair of metrics; a lone far-off point stands at the panel's edge."""
    panels_of = ["dataset", "architecture", "x_metric", "y_metric"]
    placed = data.assign(
        old_x=data["sheet_x"], old_y=data["sheet_y"], url=list(map(source_page, data["file"], data["line"]))
    )
    placed["x"], placed["y"] = data["x"].fillna(data["sheet_x"]), data["y"].fillna(data["sheet_y"])
    drawn = pd.concat(
        [at_the_edge(panel) for _, panel in placed.groupby(panels_of, sort=False)] or [placed]
    )
    drawn = _told(drawn.assign(configuration=drawn["architecture"] + " on " + drawn["dataset"]))
    rows = [
        _metrics(
            drawn[(drawn["x_metric"] == x_metric) & (drawn["y_metric"] == y_metric)], x_metric, y_metric
        )
        for x_metric in X_METRICS
        for y_metric in Y_METRICS
    ]
    return alt.vconcat(*rows, spacing=14)


def _told(points: pd.DataFrame) -> pd.DataFrame:
    """Points with what hovering says and how they look, and one more for the place that each moved one left."""
    told = [
        f"{row.label} {row.change}: {row.x:.3g}, {row.y:+.2f}"
        + (f"; the sheet has {row.old_x:.3g}, {row.old_y:+.2f}" if row.change == MOVES else "")
        + f" ({row.location}). {row.file}:{row.line}"
        for row in points.itertuples()
    ]
    points = points.assign(about=told)
    left = points[points["change"] == MOVES]
    left = left.assign(
        change=WAS,
        to_x=left["x"],
        to_y=left["shown"],
        x=left["old_x"],
        y=left["old_y"],
        shown=left["old_y"],
    )
    both = pd.concat([points, left], ignore_index=True)
    return both.assign(size=[LOOKS[change][3] for change in both["change"]])[[*SHOWN]]


SHOWN = (
    *("configuration", "x_metric", "y_metric", "change", "size", "x", "y", "shown", "cut", "to_x", "to_y"),
    *("about", "url"),
)
LEGEND = alt.Legend(orient="bottom", direction="horizontal", symbolSize=60)


def _metrics(points: pd.DataFrame, x_metric: str, y_metric: str) -> alt.Chart:
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
    y = alt.Y("shown:Q", title=Y_TITLES[y_metric], scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    base = alt.Chart()
    moved = base.transform_filter(alt.datum.change == WAS).mark_rule(color=BLUE, strokeWidth=1.2)
    paths = moved.encode(x=x, y=y, x2=alt.X2("to_x:Q"), y2=alt.Y2("to_y:Q"))
    marks = base.mark_point(opacity=1, strokeWidth=1).encode(
        x=x,
        y=y,
        shape=alt.Shape("change:N", scale=_scale(0), title=None, legend=LEGEND),
        stroke=alt.Stroke("change:N", scale=_scale(1), title=None, legend=LEGEND),
        fill=alt.Fill("change:N", scale=_scale(2), title=None, legend=LEGEND),
        size=alt.Size("size:Q", scale=None),
        description=alt.Description("about:N"),
        tooltip=alt.Tooltip("about:N", title=" "),
        href=alt.Href("url:N"),
    )
    edge = base.transform_filter("datum.cut").mark_text(align="left", dx=6, fontSize=9, color=INK)
    cut = edge.encode(x=x, y=y, text=alt.Text("y:Q", format="+.1f"))
    panel = alt.layer(paths, marks, cut, data=points, width=PANEL_WIDTH, height=PANEL_HEIGHT)
    order = [f"{name} on {dataset}" for dataset, name in COMMON_CONFIGURATIONS]
    column = alt.Column("configuration:N", sort=order, header=HEADER)
    row = panel.facet(column=column, spacing=16)
    row.resolve = alt.Resolve(
        scale=alt.ScaleResolveMap(x="independent", y="independent")
    )  # in place: copies are slow
    return row


def _scale(part: int) -> alt.Scale:
    return alt.Scale(domain=list(LOOKS), range=[look[part] for look in LOOKS.values()])
