"""Baselines re-run under one protocol: accuracy against size and against speedup.

Rebuilds Figures 6, 7 and 9 to 18 of Blalock et al. (2020) from our own runs, one row per dataset and architecture: on
the left accuracy against compression ratio, on the right against theoretical speedup. Marks are means over seeds, bars
one sample standard deviation, the dashed line and the start of every curve the unpruned network; up and to the right
is better. Each study's recipe, device and code stand in its document in rerun/results. Results of the survey itself are
not drawn: it prints these figures without numbers. As published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from statistics import fmean
from typing import Any, Literal

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.baseline_look import channels, title
from metaanalysis.drawing.panels import HEADER, hover, nothing, with_own_axes
from metaanalysis.own_runs.experiments import NOTHING_YET, SIZE, SPEEDUP, Experiment, spread, titled
from metaanalysis.style import GREY

COLUMNS = (
    "study",
    "dataset",
    "architecture",
    "initial",
    "baseline",
    "ratio",
    "seeds",
    "compression_ratio",
    "theoretical_speedup",
    "accuracy",
    "accuracy_std",
    "unpruned_accuracy",
)
NOT_FOLLOWED = "it draws our own runs, which no correction of the sheet changes"
X_TITLES = {SIZE: "against compression ratio", SPEEDUP: "against theoretical speedup"}
PANEL_WIDTH, PANEL_HEIGHT = 285, 190


def data(corpus: Corpus, *, measure: Literal["top1", "top5"] = "top1") -> pd.DataFrame:
    """One row per study, initial model, baseline and ratio: plain ratios, accuracies in percent."""
    rows: list[dict] = []
    for experiment, heading in titled(corpus):
        rows += _means_over_seeds(experiment, heading, measure)
    return pd.DataFrame(rows, columns=[*COLUMNS, "heading", "about"])


def _means_over_seeds(experiment: Experiment, heading: str, measure: str) -> Iterator[dict[str, object]]:
    unpruned = experiment.unpruned(measure)
    if unpruned is None:
        return
    for baseline in experiment.baselines:
        for ratio in experiment.ratios:
            runs = experiment.of(baseline, ratio)
            points = [run.point for run in runs if measure in run.point.values]
            if not points:
                continue
            values = [point.number(measure) for point in points]
            size = fmean(point.value(SIZE) or nan for point in points)
            speedup = fmean(point.value(SPEEDUP) or nan for point in points)
            yield {
                "study": experiment.study,
                "dataset": experiment.dataset,
                "architecture": experiment.architecture,
                "initial": experiment.initial,
                "baseline": baseline,
                "ratio": ratio,
                "seeds": len(values),
                "compression_ratio": size,
                "theoretical_speedup": speedup,
                "accuracy": fmean(values),
                "accuracy_std": spread(values),
                "unpruned_accuracy": unpruned,
                "heading": heading,
                "about": (
                    f"{title(baseline)}, {size:.3g}x smaller, {speedup:.3g}x fewer multiply-adds: "
                    f"{fmean(values):.2f} % over {len(values)} seeds (unpruned {unpruned:.2f} %). "
                    f"{points[0].file}:{points[0].line}"
                ),
            }


def chart(data: pd.DataFrame) -> ChartType:
    """Two panels per unpruned network over one legend; says so where there is nothing to draw."""
    if data.empty:
        return nothing(NOTHING_YET)
    panels = pd.concat([_panels(data, axis) for axis in X_TITLES], ignore_index=True)
    log = alt.Scale(type="log", base=2, nice=False, padding=12)
    x = alt.X("x:Q", title=None, scale=log, axis=alt.Axis(format="~r", tickCount=6))
    y = alt.Y(
        "accuracy:Q",
        title="Accuracy (%)",
        scale=alt.Scale(zero=False, padding=8),
        axis=alt.Axis(tickCount=6),
    )
    look = channels(data["baseline"].unique())
    base = alt.Chart()
    lines = base.mark_line(strokeWidth=1.4, opacity=1)
    spreads = base.transform_filter("datum.accuracy_std > 0").transform_calculate(
        low="datum.accuracy - datum.accuracy_std", high="datum.accuracy + datum.accuracy_std"
    )
    low = alt.Y("low:Q", title="Accuracy (%)")
    marks = base.transform_filter("datum.ratio > 1").mark_point(size=46, strokeWidth=1.3, opacity=1)
    layers = [
        *_unpruned(base, y),
        spreads.mark_rule(strokeWidth=1.3).encode(x=x, y=low, y2="high:Q", stroke=look["stroke"]),
        lines.encode(x=x, y=y, stroke=look["stroke"], detail="name:N"),
        marks.encode(x=x, y=y, **look, **hover(href=False)),
    ]
    panel = alt.layer(*layers, data=panels, width=PANEL_WIDTH, height=PANEL_HEIGHT)
    return _grid(panel, headings=list(dict.fromkeys(data["heading"])))


def _unpruned(base: alt.Chart, y: alt.Y) -> tuple[alt.Chart, alt.Chart]:
    """The dashed line of the unpruned accuracy and its number, panel by panel."""
    starts = base.transform_filter("datum.ratio == 1").transform_aggregate(
        groupby=["heading", "axis"], accuracy="min(accuracy)"
    )
    dashes = starts.mark_rule(strokeDash=[4, 3], color=GREY).encode(y=y)
    words = starts.transform_calculate(said="'unpruned ' + format(datum.accuracy, '.2f') + ' %'")
    words = words.mark_text(align="right", dx=-3, dy=-6, fontSize=9, color=GREY)
    return dashes, words.encode(x=alt.value(PANEL_WIDTH), y=y, text="said:N")


def _grid(panel: Any, headings: list[str]) -> ChartType:
    head = alt.Header(title=None, labelOrient="top", labelAnchor="start")
    grid = panel.facet(
        row=alt.Row("heading:N", sort=headings, header=head),
        column=alt.Column("axis:N", sort=list(X_TITLES.values()), header=HEADER),
        spacing={"row": 18, "column": 18},
    )
    return with_own_axes(grid)


def _panels(data: pd.DataFrame, axis: str) -> pd.DataFrame:
    """The points of one column of panels, every curve with its start at the unpruned network."""
    points = data.assign(x=data[axis], name=data["baseline"].map(title), axis=X_TITLES[axis])
    points = points.dropna(subset=["x"])
    starts = points.drop_duplicates(["heading", "name"])
    starts = starts.assign(
        x=1.0, ratio=1.0, accuracy=starts["unpruned_accuracy"], accuracy_std=float("nan")
    )
    shown = ["heading", "axis", "name", "ratio", "x", "accuracy", "accuracy_std", "about"]
    return pd.concat([starts, points], ignore_index=True)[shown]
