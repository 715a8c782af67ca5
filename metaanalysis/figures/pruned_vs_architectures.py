"""Pruned networks against other architectures, on ImageNet.

Rebuilds Figure 1 of Blalock et al. (2020): lines are families of unpruned networks, stars are pruned ones, each moved
onto one unpruned network per architecture; up and to the left is better. As published, that network is the median of
the tables the unpruned points come from (Tan and Le 2019, Bianco et al. 2018), and a network in both tables is drawn
twice. By default, or with `baseline` papers, sizes and FLOPs start from what footnote 1 of the survey describes, the
median that its papers report (from the tables where none does). That moves parameters by less than 1% but doubles FLOPs
where most papers count two per multiply-add and the tables one: VGG-16 starts at 30.94 G, not 15.35 G, and ResNet-50 at
7.72 G, not 4.095 G. Circles show starts that are off the curve by more than 2%, joined to it by dashes; that distance
is a way of counting, not a slower network. Accuracies start from the tables in both views (the footnote has no rule for
them), and unpruned networks are always the tables'.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from corpus.schema.purposes import Purpose
from corpus.schema.vocabulary import Reference
from metaanalysis.normalize import (
    ACCURACIES,
    DATASET,
    MEASURES,
    SIZES,
    TABLES,
    baselines,
    default_source,
    normalized,
    reference_value,
    references,
)
from metaanalysis.style import BLUE, GREEN, INK, ORANGE, PURPLE, STAR, source_page
from metaanalysis.survey.its_papers import Papers, limited_to

COLUMNS = ("family", "series", "architecture", "label", "x_metric", "x", "y_metric", "y")
FAMILIES = {"EfficientNet": 2019, "MobileNet-v2": 2018, "ResNet": 2016, "VGG": 2014}
"""Families drawn in 2020, with the year their papers appeared."""
PRUNED = ("MobileNet-v2", "ResNet", "VGG")
"""Families whose pruned members are drawn; when the survey was written no paper had pruned an EfficientNet."""
COLOURS = dict(zip(FAMILIES, (GREEN, PURPLE, BLUE, ORANGE), strict=True))
SHAPES = dict(zip(FAMILIES, ("diamond", "triangle-up", "circle", "square"), strict=True))
SOURCES = {"tan2019": "Tan and Le 2019", "bianco2018": "Bianco et al. 2018"}
TITLES = {
    "params": "Parameters",
    "flops": "FLOPs",
    "top1": "Top-1 accuracy (%)",
    "top5": "Top-5 accuracy (%)",
}
OFF_THE_CURVE = 0.02
START = "start of pruned networks"
SHOWN = (
    *("name", "family", "series", "architecture", "x_metric", "x", "y_metric", "y"),
    *("start_x", "start", "on_the_curve", "off", "about", "url"),
)
PANEL_WIDTH, PANEL_HEIGHT = 300, 210


def data(
    corpus: Corpus,
    *,
    baseline: Literal["auto", "papers", "tables"] = "auto",
    papers: Papers = "survey",
) -> pd.DataFrame:
    """One row per panel and network; x is a plain count, y percent.

    `start` and `start_x` are, for pruned networks, the accuracy and the count that their unpruned network has.
    """
    corpus = limited_to(papers, corpus)
    points = [
        *_unpruned(corpus),
        *_pruned(corpus, default_source(corpus) if baseline == "auto" else baseline),
    ]
    points.sort(key=lambda point: (point["family"], point["series"]))
    rows = [
        {**point, "x_metric": x_metric, "x": point[x_metric], "y_metric": y_metric, "y": point[y_metric]}
        | {"start_x": point["starts"].get(x_metric), "start": point["starts"].get(y_metric)}
        for x_metric in SIZES
        for y_metric in ACCURACIES
        for point in points
        if point.get(x_metric) is not None and point.get(y_metric) is not None
    ]
    return pd.DataFrame.from_records(rows, columns=[*COLUMNS, "start_x", "start", "about", "url"])


def _unpruned(corpus: Corpus) -> Iterator[dict]:
    """Networks of the tables that the 2020 analysis could name; by default one per name, at the median of its rows."""
    medians = baselines(corpus, TABLES)
    for name, architecture in corpus.names.architectures.entries.items():
        rows = [row for row in references(corpus, name) if row.published_reference]
        if architecture.family not in FAMILIES or not rows:
            continue
        about = {"family": architecture.family, "series": "unpruned", "architecture": name, "starts": {}}
        about["url"] = source_page("vocabulary/architectures.yaml", 1)
        if corpus.as_published:
            drawn = [
                ({m: reference_value(corpus, row, m) for m in MEASURES}, _told(name, [row])) for row in rows
            ]
        else:
            drawn = [({m: medians[name][m].value for m in medians[name]}, _told(name, rows))]
        for values, label in drawn:
            yield {**about, **values, "label": label, "about": f"{label}: unpruned"}


def _told(name: str, rows: list[Reference]) -> str:
    return f"{name} ({', '.join(SOURCES[row.source] for row in rows)})"


def _pruned(corpus: Corpus, source: str) -> Iterator[dict]:
    """Operating points on ImageNet, moved onto the baseline of their architecture."""
    starts = baselines(corpus, source)
    for point in corpus.points:
        family = corpus.names.family(point.architecture)
        if (
            point.dataset != DATASET
            or family not in PRUNED
            or not point.serves(Purpose.BESIDE_ARCHITECTURES)
        ):
            continue
        start = starts.get(point.architecture, {})
        moved = normalized(point, start)
        routes = "; ".join(value.route for value in moved.values())
        yield {
            "family": family,
            "series": "pruned",
            "architecture": point.architecture,
            "label": point.label,
            **{measure: value.value for measure, value in moved.items()},
            "starts": {measure: median.value for measure, median in start.items()},
            "about": f"{point.label}, {point.architecture}: {routes} ({point.location}). {point.file}:{point.line}",
            "url": source_page(point.file, point.line),
        }


def chart(data: pd.DataFrame) -> alt.Chart:
    """Four panels, sizes across and accuracies down, under one legend."""
    drawn = data.assign(name=_names(data), on_the_curve=_on_the_curve(data))
    drawn["off"] = (drawn["start_x"] / drawn["on_the_curve"] - 1).abs() > OFF_THE_CURVE
    across = {x_metric: _across(drawn[drawn["x_metric"] == x_metric], x_metric) for x_metric in SIZES}
    up = {y_metric: _up(drawn[drawn["y_metric"] == y_metric], y_metric) for y_metric in ACCURACIES}
    legend = _legend(with_starts=drawn["off"].any())
    panels = [
        _panel(x_metric, y_metric, x, y, legend)
        for y_metric, y in up.items()
        for x_metric, x in across.items()
    ]
    return alt.concat(*panels, columns=2, spacing={"row": 14, "column": 24}, data=drawn[list(SHOWN)])


def _across(points: pd.DataFrame, x_metric: str) -> alt.X:
    """The x axis of both panels of a size, over all they show."""
    shown = pd.concat([points["x"], points["start_x"][points["off"]]])
    limits = [shown.min() / 1.15, shown.max() * 1.15] if len(shown) else [1e6, 1e9]
    scale = alt.Scale(type="log", domain=limits, nice=False)
    return alt.X("x:Q", title=TITLES[x_metric], scale=scale, axis=alt.Axis(format="~s", tickCount=5))


def _up(points: pd.DataFrame, y_metric: str) -> alt.Y:
    """The y axis of both panels of an accuracy, over all they show."""
    limits = [points["y"].min() - 1, points["y"].max() + 1] if len(points) else [0, 100]
    scale = alt.Scale(domain=limits, nice=False, zero=False)
    return alt.Y("y:Q", title=TITLES[y_metric], scale=scale, axis=alt.Axis(tickCount=6))


def _names(data: pd.DataFrame) -> pd.Series:
    """What the legend calls each row: `ResNet (2016)` unpruned, `ResNet, pruned`."""
    unpruned = data["family"] + " (" + data["family"].map(FAMILIES).astype(str) + ")"
    return unpruned.where(data["series"] == "unpruned", data["family"] + ", pruned")


def _on_the_curve(data: pd.DataFrame) -> pd.Series:
    """The x that the unpruned network of each row has on its family's curve; missing if it is not drawn."""
    drawn = data[data["series"] == "unpruned"].groupby(["architecture", "x_metric"])["x"].median()
    keys = pd.MultiIndex.from_frame(data[["architecture", "x_metric"]])
    return pd.Series(drawn.reindex(keys).to_numpy(), index=data.index, dtype=float)


def _panel(x_metric: str, y_metric: str, x: alt.X, y: alt.Y, legend: dict) -> alt.LayerChart:
    """One panel; it takes its rows from the data of the whole chart, which is given once because copies are slow."""
    base = alt.Chart().transform_filter(f"datum.x_metric == '{x_metric}' && datum.y_metric == '{y_metric}'")
    lines = base.transform_filter("datum.series == 'unpruned'").mark_line(strokeWidth=1.6)
    marks = base.mark_point(size=46, strokeWidth=1, opacity=1).encode(
        x=x,
        y=y,
        **legend,
        description=alt.Description("about:N"),
        tooltip=alt.Tooltip("about:N", title=" "),
        href=alt.Href("url:N"),
    )
    starts = base.transform_filter("datum.off").transform_calculate(name=f"'{START}'")
    starts = starts.transform_aggregate(
        groupby=["name", "architecture", "on_the_curve", "start_x", "start"]
    )
    starts = starts.encode(x=alt.X("start_x:Q"), y=alt.Y("start:Q"), tooltip=alt.Tooltip("architecture:N"))
    shifts = starts.mark_rule(strokeWidth=1.2, strokeDash=[3, 2], color=INK).encode(
        x2=alt.X2("on_the_curve:Q")
    )
    circles = starts.mark_point(size=70, strokeWidth=1.2, opacity=1).encode(**legend)
    lines = lines.encode(x=x, y=y, stroke=legend["stroke"], detail=alt.Detail("family:N"))
    return alt.layer(lines, marks, shifts, circles).properties(width=PANEL_WIDTH, height=PANEL_HEIGHT)


def _legend(with_starts: bool) -> dict[str, alt.Stroke | alt.Fill | alt.Shape]:
    """Colour by family, marks of the unpruned by family, stars for the pruned: full, but hollow for VGG."""
    entries = {
        f"{family} ({year})": (COLOURS[family], COLOURS[family], SHAPES[family])
        for family, year in FAMILIES.items()
    }
    entries |= {f"{family}, pruned": (COLOURS[family], COLOURS[family], STAR) for family in PRUNED}
    entries["VGG, pruned"] = (COLOURS["VGG"], "#ffffff", STAR)
    if with_starts:
        entries[START] = (INK, "transparent", "circle")
    strokes, fills, shapes = (list(part) for part in zip(*entries.values(), strict=True))
    legend, names = alt.Legend(title=None, orient="bottom", columns=4, symbolSize=70), list(entries)
    return {
        "stroke": alt.Stroke("name:N", scale=alt.Scale(domain=names, range=strokes), legend=legend),
        "fill": alt.Fill("name:N", scale=alt.Scale(domain=names, range=fills), legend=legend),
        "shape": alt.Shape("name:N", scale=alt.Scale(domain=names, range=shapes), legend=legend),
    }
