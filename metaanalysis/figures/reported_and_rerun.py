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

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from metaanalysis.figures.fragmentation import HEADER, X_TITLES, Y_TITLES
from metaanalysis.own_runs.baseline_look import channels, nothing, title
from metaanalysis.own_runs.experiments import NOTHING_YET, Experiment, distinct, experiments, spread
from metaanalysis.style import GREY, INK, source_page
from metaanalysis.tradeoffs.curves import X_METRICS, Y_METRICS

COLUMNS = (
    *("dataset", "architecture", "x_metric", "y_metric", "source", "label", "paper"),
    *("initial", "ratio", "x", "y", "y_std", "n"),
)
REPORTED, RERUN = "reported", "rerun"
IN_PAPERS = "reported in papers"
PANELS_IN_A_ROW = 5
PANEL_WIDTH, PANEL_HEIGHT = 165, 150
LEAST_DEPTH = 2.0
"""Points of accuracy that a panel shows below the lowest reported number, at the least."""
SHOWN = (
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
)


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per panel and reported point or baseline at a ratio; x is a plain ratio (missing if not reported)."""
    measured = drawn_experiments(corpus)
    rows = []
    for pair, ours in measured.items():
        theirs = [
            point
            for point in corpus.points
            if (point.dataset, point.architecture) == pair and is_drawn(point)
        ]
        for x_metric in X_METRICS:
            for y_metric in Y_METRICS:
                reported = list(_reported(theirs, x_metric, y_metric))
                rerun = [row for experiment in ours for row in _rerun(experiment, x_metric, y_metric)]
                if reported and rerun:
                    rows += [(*pair, x_metric, y_metric, *row) for row in (*reported, *rerun)]
    return pd.DataFrame.from_records(rows, columns=[*COLUMNS, "about", "url"])


def drawn_experiments(corpus: Corpus) -> dict[tuple[str, str], list[Experiment]]:
    """By dataset and architecture, each study's experiment from its most accurate unpruned network."""
    best: dict[tuple, Experiment] = {}
    for experiment in experiments(corpus):
        key = (experiment.dataset, experiment.architecture, experiment.study)
        if experiment.stands_beside_papers and experiment.unpruned("top1") is not None:
            best[key] = max(best.get(key, experiment), experiment, key=lambda one: one.unpruned("top1"))
    measured: dict[tuple[str, str], list[Experiment]] = {}
    for (dataset, architecture, _), experiment in best.items():
        if experiment in distinct(corpus):
            measured.setdefault((dataset, architecture), []).append(experiment)
    return measured


def is_drawn(point: OperatingPoint) -> bool:
    """Whether a point is a row of a paper's own tables that Figure 3 does not leave out."""
    return point.attribution == REPORTED and not point.released and point.stands_beside_papers


def _reported(points: list[OperatingPoint], x_metric: str, y_metric: str) -> Iterator[tuple]:
    """Points with both metrics, and points with an accuracy but no ratio of either kind."""
    for point in points:
        nowhere = not any(name in point.values for name in X_METRICS)
        if y_metric not in point.values or (x_metric not in point.values and not nowhere):
            continue
        x, y = point.value(x_metric), point.value(y_metric)
        where = f"{x:.3g}x" if x is not None else "no ratio given"
        about = f"reported: {point.label}, {where}, {y:+.2f} points ({point.location}). {point.file}:{point.line}"
        y_std = point.std(y_metric.removesuffix("_change"))
        numbers = (x, x, y, y_std, point.trials)
        yield (
            REPORTED,
            point.label,
            point.paper,
            None,
            *numbers,
            about,
            source_page(point.file, point.line),
        )


def _rerun(experiment: Experiment, x_metric: str, y_metric: str) -> Iterator[tuple]:
    for baseline in experiment.baselines:
        for ratio in experiment.ratios:
            points = [run.point for run in experiment.of(baseline, ratio)]
            points = [point for point in points if {x_metric, y_metric} <= point.values.keys()]
            if not points:
                continue
            values = [point.value(y_metric) for point in points]
            x = fmean(point.value(x_metric) for point in points)
            about = (
                f"re-run: {title(baseline)}, {x:.3g}x, {fmean(values):+.2f} points over {len(values)} seeds "
                f"(study {experiment.study}, initial model {experiment.initial}). {points[0].file}:{points[0].line}"
            )
            numbers = (ratio, x, fmean(values), spread(values), len(values))
            url = source_page(points[0].file, points[0].line)
            yield (RERUN, baseline, points[0].paper, experiment.initial, *numbers, about, url)


def chart(data: pd.DataFrame) -> alt.Chart:
    """A row of panels for each pair of metrics, five panels wide at most; says so where there is nothing to draw."""
    if data.empty:
        return nothing(f"{NOTHING_YET} on a configuration with reported numbers")
    look = channels(
        data.loc[data["source"] == RERUN, "label"].unique(), {IN_PAPERS: (GREY, "white", "circle")}
    )
    rows = []
    for (x_metric, y_metric), panels in data.groupby(["x_metric", "y_metric"], sort=False):
        told = _told(panels)
        cut = {name: leaving(panel) for name, panel in told.groupby("configuration", sort=False)}
        for some in in_rows(list(cut)):
            points = pd.concat([cut[name] for name in some], ignore_index=True)
            rows.append(_row(points, some, x_metric, y_metric, look))
    return alt.vconcat(*rows, spacing=14)


def in_rows(names: list[str]) -> Iterator[list[str]]:
    """The names in groups of PANELS_IN_A_ROW at most."""
    for first in range(0, len(names), PANELS_IN_A_ROW):
        yield names[first : first + PANELS_IN_A_ROW]


def _row(points: pd.DataFrame, order: list[str], x_metric: str, y_metric: str, look: dict) -> alt.Chart:
    x_scale = alt.Scale(type="log", base=2, nice=False, padding=12)
    x = alt.X("x:Q", title=X_TITLES[x_metric], scale=x_scale, axis=alt.Axis(tickCount=5, format="~r"))
    up = {
        "title": Y_TITLES[y_metric],
        "scale": alt.Scale(zero=False, padding=14),
        "axis": alt.Axis(tickCount=6),
    }
    y, low = alt.Y("y:Q", **up), alt.Y("low:Q", **up)
    base = alt.Chart()
    theirs = base.transform_filter("datum.source == 'reported' && isValid(datum.x)")
    ours = base.transform_filter("datum.source == 'rerun'")
    spreads = base.transform_filter("datum.high > datum.low && isValid(datum.x)")
    told = {
        "description": "about:N",
        "tooltip": alt.Tooltip("about:N", title=" "),
        "href": alt.Href("url:N"),
    }
    layers = [
        base.mark_rule(color=GREY, strokeWidth=0.6, strokeDash=[3, 3]).encode(y=alt.YDatum(0, **up)),
        *_without_ratio(base, y),
        theirs.mark_line(color=GREY, strokeWidth=0.8, opacity=1).encode(x=x, y=y, detail="curve:N"),
        _of(spreads, "reported").mark_rule(color=GREY, strokeWidth=1).encode(x=x, y=low, y2="high:Q"),
        theirs.mark_point(size=26, strokeWidth=1, opacity=1).encode(x=x, y=y, **look, **told),
        ours.mark_line(strokeWidth=2.2, opacity=1).encode(
            x=x, y=y, stroke=look["stroke"], detail="curve:N"
        ),
        _of(spreads, "rerun")
        .mark_rule(strokeWidth=2)
        .encode(x=x, y=low, y2="high:Q", stroke=look["stroke"]),
        ours.transform_filter("datum.ratio > 1")
        .mark_point(size=60, strokeWidth=1.6, opacity=1)
        .encode(x=x, y=y, **look, **told),
    ]
    column = alt.Column("configuration:N", sort=order, header=HEADER)
    row = alt.layer(*layers, data=points, width=PANEL_WIDTH, height=PANEL_HEIGHT).facet(
        column=column, spacing=16
    )
    row.resolve = alt.Resolve(scale=alt.ScaleResolveMap(x="independent", y="independent"))
    return row


def _of(points: alt.Chart, source: str) -> alt.Chart:
    return points.transform_filter(f"datum.source == '{source}'")


def _without_ratio(base: alt.Chart, y: alt.Y) -> tuple[alt.Chart, alt.Chart]:
    """A line across the panel, and whose it is, for every reported number without a ratio."""
    points = base.transform_filter("datum.source == 'reported' && !isValid(datum.x)")
    lines = points.mark_rule(color=GREY, strokeWidth=1).encode(
        y=y, tooltip=alt.Tooltip("about:N", title=" ")
    )
    words = points.transform_calculate(said="datum.label + ', no ratio given'")
    texts = words.mark_text(align="right", dx=-4, dy=-6, fontSize=9, color=INK).encode(
        x=alt.value(PANEL_WIDTH), y=y, text="said:N"
    )
    return lines, texts


def _told(data: pd.DataFrame) -> pd.DataFrame:
    """Points with the name of their panel and of the curve they belong to; our curves start at 1x, unchanged."""
    names = data["label"].map(title).mask(data["source"] == REPORTED, IN_PAPERS)
    curve = data["label"] + "/" + data["paper"] + "/" + data["initial"].fillna("")
    configuration = data["architecture"] + " on " + data["dataset"]
    points = data.assign(name=names, curve=curve, configuration=configuration)
    points = points.assign(low=points["y"] - points["y_std"], high=points["y"] + points["y_std"])
    starts = points[points["source"] == RERUN].drop_duplicates(["configuration", "curve"])
    starts = starts.assign(x=1.0, y=0.0, ratio=1.0, low=float("nan"), high=float("nan"))
    return pd.concat([starts, points], ignore_index=True)[list(SHOWN)]


def leaving(panel: pd.DataFrame) -> pd.DataFrame:
    """The panel down to a floor below all that is reported; curves of ours that go deeper end on the floor.

    The floor is half the reported span below the lowest reported number, or LEAST_DEPTH if that is more.
    """
    reported = panel[panel["source"] == REPORTED]
    lowest, highest = (
        reported["low"].fillna(reported["y"]).min(),
        reported["high"].fillna(reported["y"]).max(),
    )
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
