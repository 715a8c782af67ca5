"""The same baselines from two initial models: absolute and relative accuracy.

Rebuilds Figure 8 of Blalock et al. (2020) from our own runs: baselines pruned and fine-tuned alike from two or more
unpruned networks of one architecture, on the left their accuracy, on the right its change from the network they start
from. Colours are initial models, shapes baselines, bars one sample standard deviation over seeds. Where curves of one
baseline lie apart, or those of two baselines cross between colours, a comparison of methods that start from different
networks says nothing about the methods, and taking changes does not mend it. Every study with two initial models or
more has its row. As published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from statistics import fmean

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.own_runs.baseline_look import looks, nothing, title
from metaanalysis.own_runs.experiments import NOTHING_YET, SIZE, Experiment, experiments, spread
from metaanalysis.style import BLUE, GREEN, INK, ORANGE, PURPLE

COLUMNS = (
    *("study", "dataset", "architecture", "initial", "baseline", "panel", "ratio", "seeds"),
    *("compression_ratio", "value", "std", "unpruned_accuracy"),
)
PANELS = {"absolute": "Accuracy (%)", "relative": "Change from the initial model (points)"}
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, INK)
PANEL_WIDTH, PANEL_HEIGHT = 285, 200
HEADER = alt.Header(title=None, labelFontSize=11, labelFontWeight="bold", labelColor=INK, labelPadding=4)


def families(corpus: Corpus) -> list[list[Experiment]]:
    """Experiments of one study that differ in the initial model alone, two or more together."""

    def same(experiment: Experiment) -> tuple:
        size = experiment.runs[0].point.value("unpruned_params")
        return experiment.study, experiment.dataset, experiment.architecture, size

    ordered = sorted(experiments(corpus), key=same)
    groups = (list(found) for _, found in groupby(ordered, key=same))
    return [found for found in groups if len(found) > 1]


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per panel, initial model, baseline and ratio; `value` is percent, or points for the relative panel."""
    rows = [
        row
        for family in families(corpus)
        for experiment in family
        for panel in PANELS
        for row in _rows(experiment, panel)
    ]
    return pd.DataFrame.from_records(rows, columns=[*COLUMNS, "about"])


def _rows(experiment: Experiment, panel: str) -> Iterator[tuple]:
    unpruned = experiment.unpruned("top1")
    for baseline in experiment.baselines:
        for ratio in experiment.ratios:
            points = [run.point for run in experiment.of(baseline, ratio)]
            if not points or unpruned is None:
                continue
            values = [point.value("top1") - (unpruned if panel == "relative" else 0) for point in points]
            size = fmean(point.value(SIZE) for point in points)
            about = (
                f"{title(baseline)} from initial model {experiment.initial}, {size:.3g}x: {fmean(values):.2f} over "
                f"{len(values)} seeds (unpruned {unpruned:.2f} %). {points[0].file}:{points[0].line}"
            )
            yield (
                *(
                    experiment.study,
                    experiment.dataset,
                    experiment.architecture,
                    experiment.initial,
                    baseline,
                    panel,
                ),
                *(ratio, len(values), size, fmean(values), spread(values), unpruned, about),
            )


def chart(data: pd.DataFrame) -> alt.Chart:
    """Two panels per study over one legend of initial models and one of baselines."""
    if data.empty:
        return nothing(f"{NOTHING_YET} with two initial models")
    shown = _shown(data)
    x = alt.X("x:Q", title="Compression ratio", scale=alt.Scale(type="log", base=2, nice=False, padding=12))
    x.axis = alt.Axis(format="~r", tickCount=6)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, padding=8), axis=alt.Axis(tickCount=6))
    names = list(dict.fromkeys(shown["model"]))
    colour = alt.Stroke(
        "model:N",
        scale=alt.Scale(domain=names, range=[COLOURS[place % len(COLOURS)] for place in range(len(names))]),
        legend=alt.Legend(title="Initial model", orient="bottom", symbolType="stroke"),
    )
    dashes = [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [1, 3]]
    dash = alt.StrokeDash(
        "model:N",
        scale=alt.Scale(domain=names, range=[dashes[place % len(dashes)] for place in range(len(names))]),
    )
    shapes = {name: look[2] for name, look in looks(data["baseline"].unique()).items()}
    shape = alt.Shape(
        "name:N",
        scale=alt.Scale(domain=list(shapes), range=list(shapes.values())),
        legend=alt.Legend(title="Baseline", orient="bottom"),
    )
    base = alt.Chart()
    lines = base.mark_line(strokeWidth=1.4, opacity=1).encode(
        x=x, y=y, stroke=colour, strokeDash=dash, detail="name:N"
    )
    spreads = base.transform_filter("datum.std > 0")
    spreads = spreads.transform_calculate(low="datum.value - datum.std", high="datum.value + datum.std")
    bars = spreads.mark_rule(strokeWidth=1.3).encode(
        x=x, y=alt.Y("low:Q", title=None), y2="high:Q", stroke=colour
    )
    marks = base.transform_filter("datum.ratio > 1").mark_point(size=52, strokeWidth=1.4, opacity=1)
    marks = marks.encode(
        x=x,
        y=y,
        stroke=colour,
        shape=shape,
        description="about:N",
        tooltip=alt.Tooltip("about:N", title=" "),
    )
    return _grid(alt.layer(lines, bars, marks, data=shown, width=PANEL_WIDTH, height=PANEL_HEIGHT), shown)


def _grid(layers: alt.LayerChart, shown: pd.DataFrame) -> alt.Chart:
    head = alt.Header(title=None, labelOrient="top", labelAnchor="start")
    grid = layers.facet(
        row=alt.Row("heading:N", sort=list(dict.fromkeys(shown["heading"])), header=head),
        column=alt.Column("panel:N", sort=list(PANELS.values()), header=HEADER),
        spacing={"row": 18, "column": 18},
    )
    grid.resolve = alt.Resolve(scale=alt.ScaleResolveMap(x="independent", y="independent"))
    return grid


def _shown(data: pd.DataFrame) -> pd.DataFrame:
    """The points to draw, every curve with its start at the initial model."""
    points = data.assign(
        heading=data["architecture"] + " on " + data["dataset"] + " (study " + data["study"] + ")",
        model=data["initial"] + " (unpruned " + data["unpruned_accuracy"].map("{:.2f} %".format) + ")",
        name=data["baseline"].map(title),
        x=data["compression_ratio"],
    )
    starts = points.drop_duplicates(["heading", "panel", "model", "name"])
    at_one = starts["unpruned_accuracy"].where(starts["panel"] == "absolute", 0.0)
    starts = starts.assign(x=1.0, ratio=1.0, value=at_one, std=float("nan"))
    both = pd.concat([starts, points], ignore_index=True)
    both["panel"] = both["panel"].map(PANELS)
    return both[["heading", "panel", "model", "name", "ratio", "x", "value", "std", "about"]]
