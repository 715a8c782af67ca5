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
from statistics import fmean
from typing import Any

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.baseline_look import looks, title
from metaanalysis.drawing.panels import HEADER, hover, nothing, with_own_axes
from metaanalysis.own_runs.experiments import NOTHING_YET, SIZE, Experiment, by_initial_model, spread
from metaanalysis.style import BLUE, GREEN, INK, ORANGE, PURPLE

COLUMNS = (
    "study",
    "dataset",
    "architecture",
    "initial",
    "baseline",
    "panel",
    "ratio",
    "seeds",
    "compression_ratio",
    "value",
    "std",
    "unpruned_accuracy",
)
NOT_FOLLOWED = "it draws our own runs, which no correction of the sheet changes"
PANELS = {"absolute": "Accuracy (%)", "relative": "Change from the initial model (points)"}
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, INK)
DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [1, 3])
PANEL_WIDTH, PANEL_HEIGHT = 285, 200


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per panel, initial model, baseline and ratio; `value` is percent, or points for the relative panel."""
    rows: list[dict] = []
    for experiments in by_initial_model(corpus):
        for experiment in experiments:
            for panel in PANELS:
                rows += _means_over_seeds(experiment, panel)
    return pd.DataFrame(rows, columns=[*COLUMNS, "about"])


def _means_over_seeds(experiment: Experiment, panel: str) -> Iterator[dict[str, object]]:
    unpruned = experiment.unpruned("top1")
    if unpruned is None:
        return
    start = unpruned if panel == "relative" else 0
    for baseline in experiment.baselines:
        for ratio in experiment.ratios:
            points = [run.point for run in experiment.of(baseline, ratio)]
            if not points:
                continue
            values = [point.number("top1") - start for point in points]
            size = fmean(point.number(SIZE) for point in points)
            yield {
                "study": experiment.study,
                "dataset": experiment.dataset,
                "architecture": experiment.architecture,
                "initial": experiment.initial,
                "baseline": baseline,
                "panel": panel,
                "ratio": ratio,
                "seeds": len(values),
                "compression_ratio": size,
                "value": fmean(values),
                "std": spread(values),
                "unpruned_accuracy": unpruned,
                "about": (
                    f"{title(baseline)} from initial model {experiment.initial}, {size:.3g}x: {fmean(values):.2f} "
                    f"over {len(values)} seeds (unpruned {unpruned:.2f} %). {points[0].file}:{points[0].line}"
                ),
            }


def chart(data: pd.DataFrame) -> ChartType:
    """Two panels per study over one legend of initial models and one of baselines."""
    if data.empty:
        return nothing(f"{NOTHING_YET} with two initial models")
    shown = _shown(data)
    log = alt.Scale(type="log", base=2, nice=False, padding=12)
    x = alt.X("x:Q", title="Compression ratio", scale=log, axis=alt.Axis(format="~r", tickCount=6))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, padding=8), axis=alt.Axis(tickCount=6))
    models = list(dict.fromkeys(shown["model"]))
    colours = [COLOURS[place % len(COLOURS)] for place in range(len(models))]
    colour = alt.Stroke(
        "model:N",
        scale=alt.Scale(domain=models, range=colours),
        legend=alt.Legend(title="Initial model", orient="bottom", symbolType="stroke"),
    )
    dashes = [DASHES[place % len(DASHES)] for place in range(len(models))]
    dash = alt.StrokeDash("model:N", scale=alt.Scale(domain=models, range=dashes))
    base = alt.Chart()
    spreads = base.transform_filter("datum.std > 0")
    spreads = spreads.transform_calculate(low="datum.value - datum.std", high="datum.value + datum.std")
    lines = base.mark_line(strokeWidth=1.4, opacity=1)
    marks = base.transform_filter("datum.ratio > 1").mark_point(size=52, strokeWidth=1.4, opacity=1)
    layers = [
        lines.encode(x=x, y=y, stroke=colour, strokeDash=dash, detail="name:N"),
        spreads.mark_rule(strokeWidth=1.3).encode(
            x=x, y=alt.Y("low:Q", title=None), y2="high:Q", stroke=colour
        ),
        marks.encode(x=x, y=y, stroke=colour, shape=_shapes(data["baseline"]), **hover(href=False)),
    ]
    return _grid(alt.layer(*layers, data=shown, width=PANEL_WIDTH, height=PANEL_HEIGHT), shown)


def _shapes(baselines: pd.Series) -> alt.Shape:
    """Each baseline's shape; colours are those of initial models here."""
    known = looks(baselines.unique())
    scale = alt.Scale(domain=list(known), range=[look.shape for look in known.values()])
    return alt.Shape("name:N", scale=scale, legend=alt.Legend(title="Baseline", orient="bottom"))


def _grid(layers: Any, shown: pd.DataFrame) -> ChartType:
    head = alt.Header(title=None, labelOrient="top", labelAnchor="start")
    grid = layers.facet(
        row=alt.Row("heading:N", sort=list(dict.fromkeys(shown["heading"])), header=head),
        column=alt.Column("panel:N", sort=list(PANELS.values()), header=HEADER),
        spacing={"row": 18, "column": 18},
    )
    return with_own_axes(grid)


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
