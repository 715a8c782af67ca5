"""Pruned networks against other architectures, on ImageNet.

Rebuilds Figure 1 of Blalock et al. (2020): lines are families of unpruned networks, stars are pruned ones, each moved
onto one unpruned network per architecture; up and to the left is better. As published, that network is the median of
the tables the unpruned points come from (Tan and Le 2019, Bianco et al. 2018), and a network in both tables is drawn
twice. By default, or with `baseline` papers, sizes and FLOPs start from what footnote 1 of the survey describes, the
median that its papers report (from the tables where none does). FLOPs are multiply-adds in both: a paper that counts
two for each is halved when it is read, except as published. Circles show starts that are off the curve by more than 2%,
joined to it by dashes; that distance is a way of counting, not another network. Sizes of the tables are by default the
counts with most digits, not their mean with rounded ones. Accuracies start from the tables in both views (the footnote
has no rule for them), and unpruned networks are always the tables'.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from corpus.schema.purposes import Purpose
from corpus.schema.vocabulary import Reference
from metaanalysis.drawing.baseline_look import Look
from metaanalysis.drawing.panels import hover
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
IDENTITY = ("x_metric", "y_metric", "url")
VALUES = ("x", "y")
ONLY = ("series", "pruned")
FAMILIES = {"EfficientNet": 2019, "MobileNet-v2": 2018, "ResNet": 2016, "VGG": 2014}
"""Families drawn in 2020, with the year their papers appeared."""
PRUNED = ("MobileNet-v2", "ResNet", "VGG")
"""Families whose pruned members are drawn; when the survey was written no paper had pruned an EfficientNet."""
COLOURS = {"EfficientNet": GREEN, "MobileNet-v2": PURPLE, "ResNet": BLUE, "VGG": ORANGE}
SHAPES = {"EfficientNet": "diamond", "MobileNet-v2": "triangle-up", "ResNet": "circle", "VGG": "square"}
SOURCES = {"tan2019": "Tan and Le 2019", "bianco2018": "Bianco et al. 2018"}
TITLES = {
    "params": "Parameters",
    "flops": "FLOPs",
    "top1": "Top-1 accuracy (%)",
    "top5": "Top-5 accuracy (%)",
}
OFF_THE_CURVE = 0.02
"""Share of its size by which a start must lie off its family's curve to be drawn."""
START = "start of pruned networks"
HIDDEN = ["name", "start_x", "start", "about", "url"]
"""Columns beside the public ones that `data` gives."""
SHOWN = [
    "name",
    "family",
    "series",
    "architecture",
    "x_metric",
    "x",
    "y_metric",
    "y",
    "start_x",
    "start",
    "on_the_curve",
    "off",
    "about",
    "url",
]
PANEL_WIDTH, PANEL_HEIGHT = 300, 210


def data(
    corpus: Corpus,
    *,
    baseline: Literal["auto", "papers", "tables"] = "auto",
    papers: Papers = "survey",
) -> pd.DataFrame:
    """One row per panel and network; x is a plain count, y percent, `name` what the legend calls it.

    `start` and `start_x` are, for pruned networks, the accuracy and the count that their unpruned network has.
    """
    corpus = limited_to(papers, corpus)
    source = default_source(corpus) if baseline == "auto" else baseline
    networks = [*_unpruned(corpus), *_pruned(corpus, source)]
    networks.sort(key=lambda network: (network["family"], network["series"]))
    rows = []
    for x_metric in SIZES:
        for y_metric in ACCURACIES:
            for network in networks:
                values, starts = network["values"], network["starts"]
                if values.get(x_metric) is None or values.get(y_metric) is None:
                    continue
                place = {
                    "x_metric": x_metric,
                    "x": values[x_metric],
                    "y_metric": y_metric,
                    "y": values[y_metric],
                }
                start = {"start_x": starts.get(x_metric), "start": starts.get(y_metric)}
                rows.append({**network, **place, **start})
    return pd.DataFrame(rows, columns=[*COLUMNS, *HIDDEN])


def _unpruned(corpus: Corpus) -> Iterator[dict[str, Any]]:
    """Networks of the tables that the 2020 analysis could name; by default one per name, at the median of its rows."""
    medians = baselines(corpus, TABLES)
    for name, architecture in corpus.names.architectures.entries.items():
        rows = [row for row in references(corpus, name) if row.published_reference]
        if architecture.family not in FAMILIES or not rows:
            continue
        if corpus.as_published:
            for row in rows:
                values = {measure: reference_value(corpus, row, measure) for measure in MEASURES}
                yield _unpruned_network(architecture.family, name, [row], values)
        else:
            values = {measure: median.value for measure, median in medians[name].items()}
            yield _unpruned_network(architecture.family, name, rows, values)


def _unpruned_network(
    family: str, architecture: str, rows: list[Reference], values: dict[str, float | None]
) -> dict[str, Any]:
    """One unpruned network, from these rows of the tables."""
    label = f"{architecture} ({', '.join(SOURCES[row.source] for row in rows)})"
    return {
        "family": family,
        "series": "unpruned",
        "architecture": architecture,
        "label": label,
        "values": values,
        "starts": {},
        "name": f"{family} ({FAMILIES[family]})",
        "about": f"{label}: unpruned",
        "url": source_page("vocabulary/architectures.yaml", 1),
    }


def _pruned(corpus: Corpus, source: str) -> Iterator[dict[str, Any]]:
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
        routes = "; ".join(number.route for number in moved.values())
        yield {
            "family": family,
            "series": "pruned",
            "architecture": point.architecture,
            "label": point.label,
            "values": {measure: number.value for measure, number in moved.items()},
            "starts": {measure: median.value for measure, median in start.items()},
            "name": f"{family}, pruned",
            "about": f"{point.label}, {point.architecture}: {routes} ({point.location}). {point.file}:{point.line}",
            "url": source_page(point.file, point.line),
        }


def chart(data: pd.DataFrame) -> ChartType:
    """Four panels, sizes across and accuracies down, under one legend."""
    drawn = data.assign(on_the_curve=_on_the_curve(data))
    drawn["off"] = (drawn["start_x"] / drawn["on_the_curve"] - 1).abs() > OFF_THE_CURVE
    across = {x_metric: _across(drawn[drawn["x_metric"] == x_metric], x_metric) for x_metric in SIZES}
    legend = _legend(with_starts=bool(drawn["off"].any()))
    panels = []
    for y_metric in ACCURACIES:
        y = _up(drawn[drawn["y_metric"] == y_metric], y_metric)
        for x_metric, x in across.items():
            panels.append(_panel(x_metric, y_metric, x, y, legend))
    return alt.concat(*panels, columns=2, spacing={"row": 14, "column": 24}, data=drawn[SHOWN])


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


def _on_the_curve(data: pd.DataFrame) -> pd.Series:
    """The x that the unpruned network of each row has on its family's curve; missing if it is not drawn."""
    drawn = data[data["series"] == "unpruned"].groupby(["architecture", "x_metric"])["x"].median()
    keys = pd.MultiIndex.from_frame(data[["architecture", "x_metric"]])
    return pd.Series(drawn.reindex(keys).to_numpy(), index=data.index, dtype=float)


def _panel(x_metric: str, y_metric: str, x: alt.X, y: alt.Y, legend: dict[str, Any]) -> ChartType:
    """One panel; it takes its rows from the data of the whole chart, which is given once because copies are slow."""
    base = alt.Chart().transform_filter(f"datum.x_metric == '{x_metric}' && datum.y_metric == '{y_metric}'")
    lines = base.transform_filter("datum.series == 'unpruned'").mark_line(strokeWidth=1.6)
    marks = base.mark_point(size=46, strokeWidth=1, opacity=1)
    starts = base.transform_filter("datum.off").transform_calculate(name=f"'{START}'")
    starts = starts.transform_aggregate(
        groupby=["name", "architecture", "on_the_curve", "start_x", "start"]
    )
    starts = starts.encode(x=alt.X("start_x:Q"), y=alt.Y("start:Q"), tooltip=alt.Tooltip("architecture:N"))
    shifts = starts.mark_rule(strokeWidth=1.2, strokeDash=[3, 2], color=INK)
    layers = [
        lines.encode(x=x, y=y, stroke=legend["stroke"], detail=alt.Detail("family:N")),
        marks.encode(x=x, y=y, **legend, **hover()),
        shifts.encode(x2=alt.X2("on_the_curve:Q")),
        starts.mark_point(size=70, strokeWidth=1.2, opacity=1).encode(**legend),
    ]
    return alt.layer(*layers).properties(width=PANEL_WIDTH, height=PANEL_HEIGHT)


def _legend(with_starts: bool) -> dict[str, Any]:
    """Colour by family, marks of the unpruned by family, stars for the pruned: full, but hollow for VGG."""
    looks = {}
    for family, year in FAMILIES.items():
        looks[f"{family} ({year})"] = Look(COLOURS[family], COLOURS[family], SHAPES[family])
    for family in PRUNED:
        fill = "#ffffff" if family == "VGG" else COLOURS[family]
        looks[f"{family}, pruned"] = Look(COLOURS[family], fill, STAR)
    if with_starts:
        looks[START] = Look(INK, "transparent", "circle")
    legend, names = alt.Legend(title=None, orient="bottom", columns=4, symbolSize=70), list(looks)
    strokes = alt.Scale(domain=names, range=[look.stroke for look in looks.values()])
    fills = alt.Scale(domain=names, range=[look.fill for look in looks.values()])
    shapes = alt.Scale(domain=names, range=[look.shape for look in looks.values()])
    return {
        "stroke": alt.Stroke("name:N", scale=strokes, legend=legend),
        "fill": alt.Fill("name:N", scale=fills, legend=legend),
        "shape": alt.Shape("name:N", scale=shapes, legend=legend),
    }
