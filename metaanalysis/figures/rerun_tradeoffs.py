"""Baselines re-run under one protocol: accuracy against size and against speedup.

Rebuilds Figures 6, 7 and 9 to 18 of Blalock et al. (2020) from our own runs, one row per dataset and architecture: on
the left accuracy against compression ratio, on the right against theoretical speedup. Marks are means over seeds, bars
one sample standard deviation, the dashed line and the start of every curve the unpruned network; up and to the right
is better. Each study's recipe, device and code stand in its document in rerun/results. Results of the survey itself are
not drawn: it prints these figures without numbers. As published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean
from typing import Literal

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.own_runs.baseline_look import channels, nothing, title
from metaanalysis.own_runs.experiments import NOTHING_YET, SIZE, SPEEDUP, Experiment, spread, titled
from metaanalysis.style import GREY, INK

COLUMNS = (
    *("study", "dataset", "architecture", "initial", "baseline", "ratio", "seeds"),
    *("compression_ratio", "theoretical_speedup", "accuracy", "accuracy_std", "unpruned_accuracy"),
)
X_TITLES = {SIZE: "against compression ratio", SPEEDUP: "against theoretical speedup"}
PANEL_WIDTH, PANEL_HEIGHT = 285, 190
HEADER = alt.Header(title=None, labelFontSize=11, labelFontWeight="bold", labelColor=INK, labelPadding=4)


def data(corpus: Corpus, *, measure: Literal["top1", "top5"] = "top1") -> pd.DataFrame:
    """One row per study, initial model, baseline and ratio: plain ratios, accuracies in percent."""
    rows = [row for experiment, heading in titled(corpus) for row in _rows(experiment, heading, measure)]
    return pd.DataFrame.from_records(rows, columns=[*COLUMNS, "heading", "about"])


def _rows(experiment: Experiment, heading: str, measure: str) -> Iterator[tuple]:
    unpruned = experiment.unpruned(measure)
    for baseline in experiment.baselines:
        for ratio in experiment.ratios:
            points = [
                run.point for run in experiment.of(baseline, ratio) if run.point.value(measure) is not None
            ]
            if not points or unpruned is None:
                continue
            values = [point.value(measure) for point in points]
            size, speedup = (
                fmean(point.value(axis) or float("nan") for point in points) for axis in (SIZE, SPEEDUP)
            )
            about = (
                f"{title(baseline)}, {size:.3g}x smaller, {speedup:.3g}x fewer multiply-adds: "
                f"{fmean(values):.2f} % over {len(values)} seeds (unpruned {unpruned:.2f} %). "
                f"{points[0].file}:{points[0].line}"
            )
            yield (
                *(
                    experiment.study,
                    experiment.dataset,
                    experiment.architecture,
                    experiment.initial,
                    baseline,
                    ratio,
                ),
                *(len(values), size, speedup, fmean(values), spread(values), unpruned, heading, about),
            )


def chart(data: pd.DataFrame) -> alt.Chart:
    """Two panels per unpruned network over one legend; says so where there is nothing to draw."""
    if data.empty:
        return nothing(NOTHING_YET)
    panels = pd.concat([_panels(data, axis) for axis in X_TITLES], ignore_index=True)
    order = {"row": list(dict.fromkeys(data["heading"])), "column": list(X_TITLES.values())}
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
    lines = base.mark_line(strokeWidth=1.4, opacity=1).encode(
        x=x, y=y, stroke=look["stroke"], detail="name:N"
    )
    bars = (
        base.transform_filter("datum.accuracy_std > 0")
        .transform_calculate(
            low="datum.accuracy - datum.accuracy_std", high="datum.accuracy + datum.accuracy_std"
        )
        .mark_rule(strokeWidth=1.3)
        .encode(x=x, y=alt.Y("low:Q", title="Accuracy (%)"), y2="high:Q", stroke=look["stroke"])
    )
    marks = (
        base.transform_filter("datum.ratio > 1")
        .mark_point(size=46, strokeWidth=1.3, opacity=1)
        .encode(x=x, y=y, **look, description="about:N", tooltip=alt.Tooltip("about:N", title=" "))
    )
    return _with_unpruned(base, y, lines, bars, marks, panels, order)


def _with_unpruned(
    base: alt.Chart,
    y: alt.Y,
    lines: alt.Chart,
    bars: alt.Chart,
    marks: alt.Chart,
    panels: pd.DataFrame,
    order: dict,
) -> alt.Chart:
    """The layers under the dashed line of the unpruned accuracy, panel by panel."""
    starts = base.transform_filter("datum.ratio == 1").transform_aggregate(
        groupby=["heading", "axis"], accuracy="min(accuracy)"
    )
    dashes = starts.mark_rule(strokeDash=[4, 3], color=GREY).encode(y=y)
    words = starts.transform_calculate(said="'unpruned ' + format(datum.accuracy, '.2f') + ' %'")
    words = words.mark_text(align="right", dx=-3, dy=-6, fontSize=9, color=GREY).encode(
        x=alt.value(PANEL_WIDTH), y=y, text="said:N"
    )
    layers = alt.layer(
        dashes, words, bars, lines, marks, data=panels, width=PANEL_WIDTH, height=PANEL_HEIGHT
    )
    grid = layers.facet(
        row=alt.Row(
            "heading:N",
            sort=order["row"],
            header=alt.Header(title=None, labelOrient="top", labelAnchor="start"),
        ),
        column=alt.Column("axis:N", sort=order["column"], header=HEADER),
        spacing={"row": 18, "column": 18},
    )
    grid.resolve = alt.Resolve(scale=alt.ScaleResolveMap(x="independent", y="independent"))
    return grid


def _panels(data: pd.DataFrame, axis: str) -> pd.DataFrame:
    """The points of one column of panels, every curve with its start at the unpruned network."""
    points = data.assign(x=data[axis], name=data["baseline"].map(title), axis=X_TITLES[axis]).dropna(
        subset=["x"]
    )
    starts = points.drop_duplicates(["heading", "name"])
    starts = starts.assign(
        x=1.0, ratio=1.0, accuracy=starts["unpruned_accuracy"], accuracy_std=float("nan")
    )
    shown = ["heading", "axis", "name", "ratio", "x", "accuracy", "accuracy_std", "about"]
    return pd.concat([starts, points], ignore_index=True)[shown]
