"""What the corrections change on the tradeoff grid.

The grid of Figure 3 of Blalock et al. (2020) with the points of the survey's sheet and those of the corrected corpus
on top of each other, both under the same rules: a line's hollow end is where the sheet has a point and its full end
where the point holds, triangles appear because a number was added or corrected, crosses leave, and small grey circles
stay. The same in both views; the numbers and reasons are in sheet_corrections.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from corpus.schema.purposes import Purpose
from metaanalysis.drawing.panels import (
    Y_TITLES,
    at_the_edge,
    by_metrics,
    hover,
    row_of_panels,
    value_at_the_edge,
    x_of_tradeoffs,
)
from metaanalysis.registry import Following
from metaanalysis.style import BLUE, GREEN, ORANGE, source_page
from metaanalysis.survey.moved_points import APPEARS, LEAVES, MOVES, STAYS, Move, compared
from metaanalysis.survey.readings import views
from metaanalysis.tradeoffs.curves import POINT, panels

COLUMNS = (
    "dataset",
    "architecture",
    "x_metric",
    "y_metric",
    "label",
    "paper",
    "survey_row",
    "change",
    "sheet_x",
    "sheet_y",
    "x",
    "y",
)
NOT_FOLLOWED = "it draws what becomes of the grid's points itself"
WAS = "moves from"
CHANGES = (STAYS, WAS, MOVES, APPEARS, LEAVES)
"""What becomes of a point, in the order of the legend; shapes, strokes, fills and sizes below are in the same order."""
SHAPES = ("circle", "circle", "circle", "triangle-up", "cross")
STROKES = ("#8f8f8f", BLUE, BLUE, GREEN, ORANGE)
FILLS = ("#ffffff", "#ffffff", BLUE, GREEN, ORANGE)
SIZES = (12, 30, 34, 34, 34)
SHOWN = [
    "configuration",
    "x_metric",
    "y_metric",
    "change",
    "size",
    "x",
    "y",
    "shown",
    "cut",
    "to_x",
    "to_y",
    "about",
    "url",
]
LEGEND = alt.Legend(orient="bottom", direction="horizontal", symbolSize=60)


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per panel and point of either reading; x are plain ratios, y percentage points, empty where absent."""
    readings = views(corpus)
    before = panels(readings.sheet, Purpose.BESIDE_PAPERS)
    after = panels(readings.corrected, Purpose.BESIDE_PAPERS)
    following = Following(identity=POINT, values=("x", "y"))
    rows = [_move_row(move) for move in compared("", before, after, following)]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "file", "line", "location"])
    floats = dict.fromkeys(("sheet_x", "sheet_y", "x", "y"), float)
    return frame.astype({**floats, "survey_row": "Int64"})


def _move_row(move: Move) -> dict[str, object]:
    sheet_x, sheet_y = move.before or (None, None)
    x, y = move.after or (None, None)
    return {**move.row, "change": move.kind, "sheet_x": sheet_x, "sheet_y": sheet_y, "x": x, "y": y}


def chart(data: pd.DataFrame) -> ChartType:
    """The grid, one row of panels per pair of metrics; a lone far-off point stands at the panel's edge."""
    placed = data.assign(
        old_x=data["sheet_x"],
        old_y=data["sheet_y"],
        # a point that leaves stands where it was
        x=data["x"].fillna(data["sheet_x"]),
        y=data["y"].fillna(data["sheet_y"]),
        url=list(map(source_page, data["file"], data["line"])),
        configuration=data["architecture"] + " on " + data["dataset"],
    )
    drawn = _described(at_the_edge(placed))
    rows = [_panels_of(points, x_metric, y_metric) for x_metric, y_metric, points in by_metrics(drawn)]
    return alt.vconcat(*rows, spacing=14)


def _described(points: pd.DataFrame) -> pd.DataFrame:
    """Points with what hovering says and how they look, and one more for the place that each moved one left."""
    about = []
    for row in points.to_dict("records"):
        words = f"{row['label']} {row['change']}: {row['x']:.3g}, {row['y']:+.2f}"
        if row["change"] == MOVES:
            words += f"; the sheet has {row['old_x']:.3g}, {row['old_y']:+.2f}"
        about.append(f"{words} ({row['location']}). {row['file']}:{row['line']}")
    points = points.assign(about=about)
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
    sizes = dict(zip(CHANGES, SIZES, strict=True))
    return both.assign(size=both["change"].map(sizes))[SHOWN]


def _panels_of(points: pd.DataFrame, x_metric: str, y_metric: str) -> ChartType:
    x = x_of_tradeoffs(x_metric)
    y = alt.Y("shown:Q", title=Y_TITLES[y_metric], scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    base = alt.Chart()
    moved = base.transform_filter(alt.datum.change == WAS).mark_rule(color=BLUE, strokeWidth=1.2)
    marks = base.mark_point(opacity=1, strokeWidth=1)
    layers = [
        moved.encode(x=x, y=y, x2=alt.X2("to_x:Q"), y2=alt.Y2("to_y:Q")),
        marks.encode(x=x, y=y, size=alt.Size("size:Q", scale=None), **_by_change(), **hover()),
        value_at_the_edge(x, y),
    ]
    return row_of_panels(layers, points)


def _by_change() -> dict[str, Any]:
    """Shape, stroke and fill by what becomes of a point, under one legend."""
    shapes, strokes, fills = (
        alt.Scale(domain=list(CHANGES), range=list(looks)) for looks in (SHAPES, STROKES, FILLS)
    )
    return {
        "shape": alt.Shape("change:N", scale=shapes, title=None, legend=LEGEND),
        "stroke": alt.Stroke("change:N", scale=strokes, title=None, legend=LEGEND),
        "fill": alt.Fill("change:N", scale=fills, title=None, legend=LEGEND),
    }
