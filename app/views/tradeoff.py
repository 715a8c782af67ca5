"""Operating points of one dataset and architecture as a tradeoff: the choice, the rows, the frontier, the chart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import altair as alt
import pandas as pd

from corpus.catalogue import Corpus, OperatingPoint
from metaanalysis.curves import X_METRICS
from metaanalysis.style import BLUE, GREY, INK, ORANGE, SHAPES, YEAR_RAMP

MEASURES = {
    "compression_ratio": "Compression ratio",
    "theoretical_speedup": "Theoretical speedup",
    "top1_change": "Change in Top-1 (points)",
    "top5_change": "Change in Top-5 (points)",
    "top1": "Top-1 accuracy (%)",
    "top5": "Top-5 accuracy (%)",
}
Y_METRICS = tuple(name for name in MEASURES if name not in X_METRICS)
SURVEY, TABLES, EVERYTHING = "survey", "tables", "everything"
SCOPES = (SURVEY, TABLES, EVERYTHING)
"""What Figure 3 of the survey draws; every row of the papers' tables; released runs as well."""
COLUMNS = (
    *("point_id", "paper", "label", "method", "structure", "year", "peer_reviewed", "dataset", "architecture"),
    *("x_metric", "x", "x_low", "x_high", "y_metric", "y", "y_low", "y_high", "y_std"),
    *("printed", "derivation", "location", "file", "line"),
)
HOVER = {
    "printed": "Printed",
    "derivation": "Derivation",
    "location": "In the paper",
    "architecture": "Architecture",
    "about": "Line",
}
NAMED_METHODS = 14


@dataclass(frozen=True)
class Choice:
    """What a tradeoff shows; an empty tuple leaves everything in."""

    dataset: str
    architecture: str
    merged: bool = False
    x_metric: str = "compression_ratio"
    y_metric: str = "top1_change"
    scope: str = SURVEY
    papers: tuple[str, ...] = ()
    structures: tuple[str, ...] = ()
    years: tuple[int, int] = (0, 9999)
    only_peer_reviewed: bool = False


def group_of(corpus: Corpus, architecture: str, merged: bool) -> str:
    """The name that an architecture goes by: its family's if families are merged."""
    return corpus.names.family(architecture) if merged else architecture


def configurations(corpus: Corpus, merged: bool) -> dict[str, dict[str, int]]:
    """Numbers of papers with an operating point, by dataset and architecture, the most used first."""
    papers: dict[str, dict[str, set[str]]] = {}
    for point in corpus.points:
        group = group_of(corpus, point.architecture, merged)
        papers.setdefault(point.dataset, {}).setdefault(group, set()).add(point.paper)
    most_used = sorted(papers, key=lambda name: (-len(set().union(*papers[name].values())), name))
    return {
        dataset: {
            name: len(used) for name, used in sorted(papers[dataset].items(), key=lambda pair: (-len(pair[1]), pair[0]))
        }
        for dataset in most_used
    }


def tradeoff_points(corpus: Corpus, choice: Choice) -> pd.DataFrame:
    """One row per operating point that has both measures, by year, label and x; columns COLUMNS.

    Ratios are plain, accuracies percent, changes percentage points; low and high are what the printed digits allow.
    """
    rows = [_row(corpus, point, choice) for point in corpus.points if _is_shown(corpus, point, choice)]
    frame = pd.DataFrame.from_records(rows, columns=list(COLUMNS))
    return frame.sort_values(["year", "label", "x"], kind="stable", ignore_index=True)


def papers_of(corpus: Corpus, choice: Choice) -> list[str]:
    """Keys of the papers that have a point under a choice."""
    return sorted({point.paper for point in corpus.points if _is_shown(corpus, point, choice)})


def _is_shown(corpus: Corpus, point: OperatingPoint, choice: Choice) -> bool:
    paper = corpus.papers[point.paper]
    return (
        point.dataset == choice.dataset
        and group_of(corpus, point.architecture, choice.merged) == choice.architecture
        and {choice.x_metric, choice.y_metric} <= point.values.keys()
        and not (choice.scope == SURVEY and "fragmentation" in point.excluded_from)
        and not (choice.scope != EVERYTHING and point.released)
        and (not choice.papers or point.paper in choice.papers)
        and (not choice.structures or structure_of(corpus, point) in choice.structures)
        and choice.years[0] <= paper.year <= choice.years[1]
        and (paper.peer_reviewed or not choice.only_peer_reviewed)
    )


def structure_of(corpus: Corpus, point: OperatingPoint) -> str:
    """What the point's method removes, `unknown` where nobody says."""
    method = corpus.papers[point.paper].methods.get(point.method)
    return method.structure if method else "unknown"


def _row(corpus: Corpus, point: OperatingPoint, choice: Choice) -> tuple:
    paper = corpus.papers[point.paper]
    x, y = point.values[choice.x_metric], point.values[choice.y_metric]
    leaves = {leaf.measure: leaf.quantity.printed for value in (x, y) for leaf in value.leaves()}
    return (
        *(point.point_id, point.paper, point.label, point.method, structure_of(corpus, point)),
        *(paper.year, paper.peer_reviewed, point.dataset, point.architecture),
        *(choice.x_metric, x.quantity.value, x.quantity.low, x.quantity.high),
        *(choice.y_metric, y.quantity.value, y.quantity.low, y.quantity.high),
        point.std(choice.y_metric.removesuffix("_change")),
        ", ".join(f"{name.replace('_', ' ')} {printed}" for name, printed in leaves.items()),
        "; ".join(f"{value.measure}: {value.formula}" for value in (x, y) if value.inputs) or "as printed",
        *(point.location, point.file, point.line),
    )


def frontier(points: pd.DataFrame) -> pd.DataFrame:
    """The points that no other shown point beats in both measures (higher is better), by rising x."""
    best, kept = float("-inf"), []
    for row in points.sort_values(["x", "y"], ascending=False).itertuples():
        if row.y > best:
            best = row.y
            kept.append(row.Index)
    return points.loc[kept[::-1]]


def picked_points(points: pd.DataFrame, selection: dict) -> list[str]:
    """Ids of the points clicked, or inside the region dragged over, in a chart's selection."""
    clicked = [pick["point_id"] for pick in selection.get("picked", ()) if "point_id" in pick]
    region = selection.get("region") or {}
    if region.get("x") and region.get("y"):
        inside = points["x"].between(*sorted(region["x"])) & points["y"].between(*sorted(region["y"]))
        clicked += list(points.loc[inside, "point_id"])
    return list(dict.fromkeys(clicked))


def tradeoff_chart(points: pd.DataFrame, choice: Choice, with_frontier: bool) -> alt.Chart:
    """The tradeoff: methods as lines, printed digits as thin bars, standard deviations as thick ones."""
    x, y = _axes(choice, points)
    colour, shape = _styles(points["year"].unique())
    base = alt.Chart()  # the rows stand once, above all layers
    layers = [
        base.mark_line(strokeWidth=1, opacity=1, strokeOpacity=0.55).encode(x=x, y=y, detail="label:N", stroke=colour),
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
        layers.insert(0, base.mark_rule(color=GREY, strokeDash=[3, 3]).encode(y=alt.YDatum(0, **_titled(y))))
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
    scale = alt.Scale(type="log", base=2, nice=False, padding=18) if log else alt.Scale(zero=False, padding=18)
    x = alt.X("x:Q", title=MEASURES[choice.x_metric], scale=scale, axis=alt.Axis(tickCount=6, format="~r"))
    y = alt.Y("y:Q", title=MEASURES[choice.y_metric], scale=alt.Scale(zero=False, padding=12))
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
    marks = base.transform_calculate(about="datum.file + ':' + datum.line").mark_point(size=70, strokeWidth=1.6)
    tooltip = [
        alt.Tooltip("label:N", title="Method"),
        alt.Tooltip("x:Q", title=_titled(x)["title"], format=".4~g"),
        alt.Tooltip("y:Q", title=_titled(y)["title"], format=".4~g"),
        *(alt.Tooltip(f"{name}:N", title=title) for name, title in HOVER.items()),
    ]
    encoded = marks.encode(x=x, y=y, stroke=colour, shape=shape, strokeOpacity=faded, tooltip=tooltip)
    return encoded.add_params(clicked, dragged)


def _names(points: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """The label of each method at its last point."""
    last = points.sort_values("x").drop_duplicates("label", keep="last")[["x", "y", "label"]]
    text = alt.Chart(last).mark_text(align="left", dx=8, dy=-6, fontSize=10, color=INK, limit=150)
    return text.encode(x=x, y=y, text="label:N")


def two_sources(points: pd.DataFrame, choice: Choice, sources: tuple[str, str]) -> alt.Chart:
    """Points with a column `source`: those of the first hollow blue circles, those of the second orange squares."""
    x, y = _axes(choice, points)
    look = {"legend": alt.Legend(orient="bottom", title=None)}
    stroke = alt.Stroke("source:N", scale=alt.Scale(domain=sources, range=[BLUE, ORANGE]), **look)
    fill = alt.Fill("source:N", scale=alt.Scale(domain=sources, range=["white", ORANGE]), **look)
    shape = alt.Shape("source:N", scale=alt.Scale(domain=sources, range=["circle", "square"]), **look)
    base = alt.Chart()
    lines = base.mark_line(opacity=1, strokeOpacity=0.5).encode(x=x, y=y, detail="label:N", stroke=stroke)
    tooltip = ["label:N", "x:Q", "y:Q", "printed:N", "location:N"]
    marks = base.mark_point(size=60, opacity=1).encode(x=x, y=y, stroke=stroke, fill=fill, shape=shape, tooltip=tooltip)
    return alt.layer(lines, _deviations(base, x, y, stroke), marks, data=points)
