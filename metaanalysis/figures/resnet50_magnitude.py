"""Unstructured magnitude pruning against all other methods, ResNet-50 on ImageNet.

Rebuilds Figure 5 of Blalock et al. (2020): how far variants of one method, pruning the weights of least magnitude,
lie apart (top), against the spread of everything else (bottom); up and to the left is better. Beside the papers'
tables it draws the released runs of Gale et al. (2019) and Frankle et al. (2019) and re-implementations in Liu et al.
(2019). A curve is in the upper panel if its method's axes say unstructured and magnitude. There, runs of equal size
are averaged; bars are their sample standard deviation, or the reported one where every point of a curve has one.
Below, every run is a point. All start from one unpruned network: as published the median of two reference tables
(25.78 M parameters, one of them rounded; the exact count, 25.56 M, with `baseline` tables by default), by default, or
with `baseline` papers, the median that the survey's papers report (25.55 M); Top-1 starts from the tables' median
(76.0%) in both. What falls to 65% or 0.99 M parameters is left out before averaging, as in 2020. As published, the
bars of Frankle et al. are the released deviations; by default they have none, since those are the largest, not the
standard, deviations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.schema.purposes import Purpose
from metaanalysis.drawing.panels import hover
from metaanalysis.normalize import DATASET, baselines, default_source, normalized
from metaanalysis.style import BLUE, GREEN, INK, ORANGE, PURPLE, SHAPES, SKY, source_page
from metaanalysis.survey.its_papers import Papers, limited_to

COLUMNS = ("panel", "label", "params", "top1", "top1_std")
IDENTITY = ("panel", "label", "url")
VALUES = ("params", "top1")
ARCHITECTURE = "ResNet-50"
LOWEST_TOP1 = 65.0
"""Percent; what is not above it is left out, as in 2020: the printed axis starts above it, and no L0 run reaches it."""
FEWEST_PARAMS = 0.99e6
"""What is not above it is left out, as in 2020: the printed axis starts at a million."""
PANELS = {"magnitude": "Unstructured magnitude pruning", "other": "All other methods"}
COLOURS = (
    BLUE,
    ORANGE,
    GREEN,
    PURPLE,
    "#d55e00",
    SKY,
    "#7a5195",
    "#4d4d4d",
    "#8c6d31",
    "#1b7837",
    "#b2182b",
)
TICKS = (10**6, 2 * 10**6, 3 * 10**6, 5 * 10**6, 10**7, 2 * 10**7, 3 * 10**7, 5 * 10**7)
LEGEND_ROWS = 24
MANY = 40
"""Points from which on a curve's marks are drawn small."""
PANEL_WIDTH, PANEL_HEIGHT = 400, 210


def data(
    corpus: Corpus,
    *,
    baseline: Literal["auto", "papers", "tables"] = "auto",
    papers: Papers = "survey",
) -> pd.DataFrame:
    """Points of both panels: params a plain count, top1 percent, top1_std points (empty for a single run)."""
    corpus = limited_to(papers, corpus)
    source = default_source(corpus) if baseline == "auto" else baseline
    start = baselines(corpus, source).get(ARCHITECTURE)
    rows = []
    for point in corpus.points:
        if (point.dataset, point.architecture) != (DATASET, ARCHITECTURE):
            continue
        if not point.serves(Purpose.MAGNITUDE_VARIANTS):
            continue
        moved = normalized(point, start)
        params, top1 = moved.get("params"), moved.get("top1")
        if params is None or top1 is None:
            continue
        if params.value > FEWEST_PARAMS and top1.value > LOWEST_TOP1:
            rows.append(
                {
                    "panel": _panel(corpus, point),
                    "label": point.label,
                    "params": params.value,
                    "top1": top1.value,
                    "top1_std": point.std("top1"),
                    "about": f"{params.route}; {top1.route} ({point.location}). {point.file}:{point.line}",
                    "url": source_page(point.file, point.line),
                }
            )
    runs = pd.DataFrame(rows, columns=[*COLUMNS, "about", "url"]).astype({"top1_std": float})
    curves = [_averaged(curve) for _, curve in runs[runs["panel"] == "magnitude"].groupby("label")]
    both = pd.concat([*curves, runs[runs["panel"] == "other"].assign(runs=1)])
    return both.sort_values(["panel", "label", "params"], kind="stable", ignore_index=True)


def _panel(corpus: Corpus, point: OperatingPoint) -> str:
    method = corpus.papers[point.paper].method_of(point)
    if method and (method.structure, method.scoring) == ("unstructured", "magnitude"):
        return "magnitude"
    return "other"


def _averaged(curve: pd.DataFrame) -> pd.DataFrame:
    """One row per size of a curve: mean, standard deviation over runs or as reported, and the number of runs."""
    sizes = curve.groupby("params", as_index=False)
    means = sizes.agg(
        panel=("panel", "first"),
        label=("label", "first"),
        top1=("top1", "mean"),
        top1_std=("top1", "std"),
        about=("about", "first"),
        url=("url", "first"),
        runs=("top1", "size"),
    )
    if curve["top1_std"].notna().all():
        means["top1_std"] = sizes["top1_std"].max()["top1_std"]
    return means


def chart(data: pd.DataFrame) -> ChartType:
    """The two panels one above the other, on the same axes, each with its own legend."""
    crowded = data.groupby("label")["label"].transform("size") > MANY
    drawn = data.assign(
        about=list(_about(data)),
        low=data["top1"] - data["top1_std"],
        high=data["top1"] + data["top1_std"],
        size=crowded.map({True: 14, False: 38}),
    )
    limits = [data["params"].min() / 1.06, data["params"].max() * 1.06] if len(data) else [1e6, 3e7]
    panels = [_panel_chart(drawn[drawn["panel"] == name], name, limits) for name in PANELS]
    return alt.vconcat(*panels, spacing=14).resolve_scale(stroke="independent", shape="independent")


def _about(data: pd.DataFrame) -> Iterator[str]:
    """What hovering says of each point."""
    for row in data.to_dict("records"):
        mean = f"mean of {row['runs']} runs, the first: " if row["runs"] > 1 else ""
        yield f"{row['label']}: {row['params']:.3g} parameters, Top-1 {row['top1']:.2f}%; {mean}{row['about']}"


def _panel_chart(points: pd.DataFrame, panel: str, limits: list[float]) -> ChartType:
    labels = sorted(points["label"].unique())
    columns = 1 + (len(labels) - 1) // LEGEND_ROWS
    legend = alt.Legend(
        title=None, orient="right", symbolSize=60, rowPadding=3, symbolLimit=0, columns=max(columns, 1)
    )
    colours = [COLOURS[place % len(COLOURS)] for place in range(len(labels))]
    stroke = alt.Stroke("label:N", scale=alt.Scale(domain=labels, range=colours), legend=legend)
    shapes = [SHAPES[place % len(SHAPES)] for place in range(len(labels))]
    shape = alt.Shape("label:N", scale=alt.Scale(domain=labels, range=shapes), legend=legend)
    axis = alt.Axis(values=list(TICKS), format="~s", grid=True)
    x = alt.X(
        "params:Q", title="Parameters", axis=axis, scale=alt.Scale(type="log", domain=limits, nice=False)
    )
    across: dict[str, Any] = {"title": "Top-1 accuracy (%)", "scale": alt.Scale(zero=False, nice=True)}
    y = alt.Y("top1:Q", **across)
    base = alt.Chart(points)
    dash = [1, 0] if panel == "magnitude" else [2, 3]
    lines = base.mark_line(strokeWidth=1.1, strokeDash=dash, opacity=1, strokeOpacity=0.8)
    lines = lines.encode(x=x, y=y, stroke=stroke)
    bars = base.transform_filter("isValid(datum.low) && datum.high > datum.low").mark_rule(strokeWidth=1.2)
    bars = bars.encode(x=x, y=alt.Y("low:Q", **across), y2=alt.Y2("high:Q"), stroke=stroke)
    marks = base.mark_point(strokeWidth=1.2, opacity=1, fill="white", fillOpacity=0.7).encode(
        x=x,
        y=y,
        stroke=stroke,
        shape=shape,
        size=alt.Size("size:Q", scale=None),
        **hover(),
    )
    heading = alt.TitleParams(
        PANELS[panel], anchor="start", frame="group", fontSize=11, color=INK, offset=4
    )
    return alt.layer(lines, bars, marks).properties(width=PANEL_WIDTH, height=PANEL_HEIGHT, title=heading)
