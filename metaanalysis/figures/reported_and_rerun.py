"""Reported and re-run: what papers claim beside what we measured.

The panels of Figure 3 of Blalock et al. (2020), for every configuration that has both: grey hollow circles and thin
lines are what papers report, one line per method; coloured marks with thick lines are our own runs, means over seeds
with bars of one sample standard deviation, from the most accurate initial model of each study. Columns are (dataset,
architecture) pairs, rows pairs of a compression metric and an accuracy metric; up and to the right is better. A
reported number without a ratio stands as a grey line across the panel: it can be compared in height only. Our curves
start at the unpruned network; one that falls far below all that is reported leaves the panel. Different methods,
recipes and unpruned networks stand side by side here; rerun_verdicts says which may be compared. Released tables and
exclusions from Figure 3 are left out. As published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2
from statistics import fmean
from typing import Any

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus, OperatingPoint
from metaanalysis.drawing.baseline_look import Look, channels, title
from metaanalysis.drawing.panels import HEADER, X_TITLES, Y_TITLES, hover, nothing, with_own_axes
from metaanalysis.own_runs.beside_papers import REPORTED, best_experiments, reported_points
from metaanalysis.own_runs.experiments import NOTHING_YET, Experiment, spread
from metaanalysis.style import GREY, INK, source_page
from metaanalysis.tradeoffs.curves import X_METRICS, Y_METRICS

COLUMNS = (
    "dataset",
    "architecture",
    "x_metric",
    "y_metric",
    "source",
    "label",
    "paper",
    "initial",
    "ratio",
    "x",
    "y",
    "y_std",
    "n",
)
IDENTITY = ("dataset", "architecture", "x_metric", "y_metric", "url")
VALUES = ("x", "y")
ONLY = ("source", REPORTED)
RERUN = "rerun"
IN_PAPERS = "reported in papers"
PANELS_IN_A_ROW = 5
PANEL_WIDTH, PANEL_HEIGHT = 165, 150
NAMES_APART = 0.08
"""Lines across a panel closer than this share of its height get one name together."""
LEAST_DEPTH = 2.0
"""Points of accuracy that a panel shows below the lowest reported number, at the least."""
SHOWN = [
    "configuration",
    "source",
    "name",
    "label",
    "curve",
    "ratio",
    "x",
    "y",
    "low",
    "high",
    "about",
    "url",
]


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per panel and reported point or baseline at a ratio; x is a plain ratio (missing if not reported)."""
    rows = []
    for (dataset, architecture), experiments in best_experiments(corpus).items():
        points = reported_points(corpus, dataset, architecture)
        for x_metric in X_METRICS:
            for y_metric in Y_METRICS:
                panel = {"dataset": dataset, "architecture": architecture}
                panel |= {"x_metric": x_metric, "y_metric": y_metric}
                reported = [{**panel, **row} for row in _reported(points, x_metric, y_metric)]
                rerun = []
                for experiment in experiments:
                    rerun += [{**panel, **row} for row in _rerun(experiment, x_metric, y_metric)]
                if reported and rerun:
                    rows += reported + rerun
    return pd.DataFrame(rows, columns=[*COLUMNS, "about", "url"])


def _reported(points: list[OperatingPoint], x_metric: str, y_metric: str) -> Iterator[dict[str, object]]:
    """Points with both metrics, and points with an accuracy but no ratio of either kind."""
    for point in points:
        has_a_ratio = any(name in point.values for name in X_METRICS)
        if y_metric not in point.values or (x_metric not in point.values and has_a_ratio):
            continue
        x, y = point.value(x_metric), point.value(y_metric)
        where = f"{x:.3g}x" if x is not None else "no ratio given"
        yield {
            "source": REPORTED,
            "label": point.label,
            "paper": point.paper,
            "initial": None,
            "ratio": x,
            "x": x,
            "y": y,
            "y_std": point.std(y_metric.removesuffix("_change")),
            "n": point.trials,
            "about": (
                f"reported: {point.label}, {where}, {y:+.2f} points ({point.location}). {point.file}:{point.line}"
            ),
            "url": source_page(point.file, point.line),
        }


def _rerun(experiment: Experiment, x_metric: str, y_metric: str) -> Iterator[dict[str, object]]:
    """The mean over seeds of each baseline at each ratio."""
    for baseline in experiment.baselines:
        for ratio in experiment.ratios:
            points = []
            for run in experiment.of(baseline, ratio):
                if x_metric in run.point.values and y_metric in run.point.values:
                    points.append(run.point)
            if not points:
                continue
            changes = [point.number(y_metric) for point in points]
            x, first = fmean(point.number(x_metric) for point in points), points[0]
            yield {
                "source": RERUN,
                "label": baseline,
                "paper": first.paper,
                "initial": experiment.initial,
                "ratio": ratio,
                "x": x,
                "y": fmean(changes),
                "y_std": spread(changes),
                "n": len(changes),
                "about": (
                    f"re-run: {title(baseline)}, {x:.3g}x, {fmean(changes):+.2f} points over {len(changes)} seeds "
                    f"(study {experiment.study}, initial model {experiment.initial}). {first.file}:{first.line}"
                ),
                "url": source_page(first.file, first.line),
            }


def chart(data: pd.DataFrame) -> ChartType:
    """A row of panels for each pair of metrics, five panels wide at most; says so where there is nothing to draw."""
    if data.empty:
        return nothing(f"{NOTHING_YET} on a configuration with reported numbers")
    ours = data.loc[data["source"] == RERUN, "label"].unique()
    look = channels(ours, {IN_PAPERS: Look(GREY, "white", "circle")})
    rows = []
    for (x_metric, y_metric), panels in data.groupby(["x_metric", "y_metric"], sort=False):
        cut = {}
        for name, panel in _described(panels).groupby("configuration", sort=False):
            cut[str(name)] = _with_names(leaving(panel))
        for first in range(0, len(cut), PANELS_IN_A_ROW):
            names = list(cut)[first : first + PANELS_IN_A_ROW]
            points = pd.concat([cut[name] for name in names], ignore_index=True)
            rows.append(_panels_of(points, names, str(x_metric), str(y_metric), look))
    return alt.vconcat(*rows, spacing=14)


def _panels_of(
    points: pd.DataFrame, order: list[str], x_metric: str, y_metric: str, look: dict[str, Any]
) -> ChartType:
    x_scale = alt.Scale(type="log", base=2, nice=False, padding=12)
    x = alt.X("x:Q", title=X_TITLES[x_metric], scale=x_scale, axis=alt.Axis(tickCount=5, format="~r"))
    up: dict[str, Any] = {
        "title": Y_TITLES[y_metric],
        "scale": alt.Scale(zero=False, padding=14),
        "axis": alt.Axis(tickCount=6),
    }
    y, low = alt.Y("y:Q", **up), alt.Y("low:Q", **up)
    base = alt.Chart()
    theirs = base.transform_filter("datum.source == 'reported' && isValid(datum.x)")
    ours = base.transform_filter("datum.source == 'rerun'")
    spreads = base.transform_filter("datum.high > datum.low && isValid(datum.x)")
    their_bars = spreads.transform_filter("datum.source == 'reported'").mark_rule(color=GREY, strokeWidth=1)
    our_bars = spreads.transform_filter("datum.source == 'rerun'").mark_rule(strokeWidth=2)
    our_marks = ours.transform_filter("datum.ratio > 1").mark_point(size=60, strokeWidth=1.6, opacity=1)
    layers = [
        base.mark_rule(color=GREY, strokeWidth=0.6, strokeDash=[3, 3]).encode(y=alt.YDatum(0, **up)),
        *_without_ratio(base, y),
        theirs.mark_line(color=GREY, strokeWidth=0.8, opacity=1).encode(x=x, y=y, detail="curve:N"),
        their_bars.encode(x=x, y=low, y2="high:Q"),
        theirs.mark_point(size=26, strokeWidth=1, opacity=1).encode(x=x, y=y, **look, **hover()),
        ours.mark_line(strokeWidth=2.2, opacity=1).encode(
            x=x, y=y, stroke=look["stroke"], detail="curve:N"
        ),
        our_bars.encode(x=x, y=low, y2="high:Q", stroke=look["stroke"]),
        our_marks.encode(x=x, y=y, **look, **hover()),
    ]
    panel = alt.layer(*layers, data=points, width=PANEL_WIDTH, height=PANEL_HEIGHT)
    column = alt.Column("configuration:N", sort=order, header=HEADER)
    return with_own_axes(panel.facet(column=column, spacing=16))


def _without_ratio(base: alt.Chart, y: alt.Y) -> tuple[alt.Chart, alt.Chart]:
    """A line across the panel, and whose it is, for every reported number without a ratio."""
    points = base.transform_filter("datum.source == 'reported' && !isValid(datum.x)")
    lines = points.mark_rule(color=GREY, strokeWidth=1).encode(
        y=y, tooltip=alt.Tooltip("about:N", title=" ")
    )
    named = points.transform_filter("isValid(datum.said)")
    texts = named.mark_text(align="right", dx=-4, dy=-6, fontSize=9, color=INK, limit=PANEL_WIDTH - 8)
    return lines, texts.encode(x=alt.value(PANEL_WIDTH), y=y, text="said:N")


def _with_names(panel: pd.DataFrame) -> pd.DataFrame:
    """The panel with `said`, what stands at a line across it; lines too close to each other are counted together."""
    panel = panel.reset_index(drop=True)
    across = panel[(panel["source"] == REPORTED) & panel["x"].isna()].sort_values("y")
    apart = NAMES_APART * (panel["y"].max() - panel["y"].min())
    said: list[str | None] = [None] * len(panel)
    groups: list[list[int]] = []
    height = float("-inf")  # of the first line of the last group
    for place in map(int, across.index):
        at = float(panel["y"][place])
        if groups and at - height < apart:
            groups[-1].append(place)
        else:
            groups.append([place])
            height = at
    for group in groups:
        labels = [str(panel.at[place, "label"]) for place in group]
        what = labels[0]
        if len(group) > 1:
            names = {label.partition(", ")[0] for label in labels}
            whose = f" of {names.pop()}" if len(names) == 1 else ""
            what = f"{len(group)} results{whose}"
        said[group[0]] = f"{what}, no ratio given"
    return panel.assign(said=pd.Series(said, dtype=object))


def _described(data: pd.DataFrame) -> pd.DataFrame:
    """Points with the name of their panel and of the curve they belong to; our curves start at 1x, unchanged."""
    names = data["label"].map(title).mask(data["source"] == REPORTED, IN_PAPERS)
    curve = data["label"] + "/" + data["paper"] + "/" + data["initial"].fillna("")
    configuration = data["architecture"] + " on " + data["dataset"]
    points = data.assign(name=names, curve=curve, configuration=configuration)
    points = points.assign(low=points["y"] - points["y_std"], high=points["y"] + points["y_std"])
    starts = points[points["source"] == RERUN].drop_duplicates(["configuration", "curve"])
    starts = starts.assign(x=1.0, y=0.0, ratio=1.0, low=float("nan"), high=float("nan"))
    return pd.concat([starts, points], ignore_index=True)[SHOWN]


def leaving(panel: pd.DataFrame) -> pd.DataFrame:
    """The panel down to a floor below all that is reported; curves of ours that go deeper end on the floor.

    The floor is half the reported span below the lowest reported number, or LEAST_DEPTH if that is more.
    """
    reported = panel[panel["source"] == REPORTED]
    lowest = reported["low"].fillna(reported["y"]).min()
    highest = reported["high"].fillna(reported["y"]).max()
    floor = min(lowest, 0.0) - max(LEAST_DEPTH, (max(highest, 0.0) - lowest) / 2)
    kept = [reported]
    for _, curve in panel[panel["source"] == RERUN].sort_values("x").groupby("curve", sort=False):
        below = (curve["y"] < floor).to_numpy()
        first = below.argmax() if below.any() else len(curve)
        kept.append(curve.iloc[:first])
        if 0 < first < len(curve):
            kept.append(_crossing(curve.iloc[first - 1], curve.iloc[first], floor))
    cut = pd.concat(kept, ignore_index=True)
    return cut.assign(low=cut["low"].clip(lower=floor))


def _crossing(above: pd.Series, below: pd.Series, floor: float) -> pd.DataFrame:
    """Where the line between two points meets the floor, along log2 x; a place without a mark."""
    share = (above["y"] - floor) / (above["y"] - below["y"])
    x = 2 ** (log2(above["x"]) + share * (log2(below["x"]) - log2(above["x"])))
    place = {**below.to_dict(), "x": x, "y": floor, "ratio": 1.0, "low": float("nan"), "high": float("nan")}
    return pd.DataFrame([place])
