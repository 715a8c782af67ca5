"""Reported numbers held against our own runs, operating point by operating point.

One row per configuration, reported operating point and re-run baseline. Papers that report the same ratio (to 1 %) form
one reported range, from the lowest to the highest end of their printed digits; ours is the mean over seeds at that
ratio, on the line between runs (along log2 of the ratio; 1x is the unpruned network) where none stands there, with a
95 % interval: Student's t over seeds and the binomial spread of the test set. The compression ratio is used, or the
theoretical speedup where no ratio is reported. `same kind`: structure, score and scope as the baseline's, so that the
numbers ought to agree; any other method is set beside global magnitude pruning (or our first baseline) and agreement is
no test of either. Verdicts: agrees within rounding (our mean lies in the reported range), within sampling and seeds
(the interval and the range, widened by reported deviations, meet), outside, not attempted (no run of ours reaches the
ratio), no ratio reported. `gap` is the distance from our mean to the range, positive if papers report more. Listed are
the configurations we have run and those of Figures 6 to 18 of Blalock et al. (2020); released tables and what Figure 3
leaves out are not. As published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import nan
from statistics import fmean
from typing import Literal

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.schema.paper import Method
from metaanalysis.own_runs.beside_papers import reported_points
from metaanalysis.own_runs.experiments import SECOND_HALF, SIZE, SLACK, SPEEDUP, Experiment, distinct
from metaanalysis.own_runs.intervals import Interval

COLUMNS = (
    "dataset",
    "architecture",
    "x_metric",
    "ratio",
    "papers",
    "comparable",
    "reported_low",
    "reported_high",
    "study",
    "initial",
    "baseline",
    "measured_at",
    "measured",
    "measured_low",
    "measured_high",
    "seeds",
    "gap",
    "verdict",
)
ROUNDING, SAMPLING, OUTSIDE = "agrees within rounding", "within sampling and seeds", "outside"
NOT_ATTEMPTED, NO_RATIO = "not attempted", "no ratio reported"
SAME_KIND, FIRST = "same kind", "global-magnitude"
Measure = Literal["top1_change", "top1"]


@dataclass(frozen=True)
class ReportedRange:
    """What papers report at one ratio (None if they give none); `measure` in percent or points."""

    x_metric: str | None
    ratio: float | None
    points: tuple[OperatingPoint, ...]
    measure: str

    @property
    def low(self) -> float:
        """The lowest end of all printed digits."""
        return min(point.values[self.measure].quantity.low for point in self.points)

    @property
    def high(self) -> float:
        """The highest end of all printed digits."""
        return max(point.values[self.measure].quantity.high for point in self.points)

    @property
    def widened(self) -> tuple[float, float]:
        """The range with each number's reported standard deviation around it."""
        lows, highs = [], []
        for point in self.points:
            quantity, std = point.values[self.measure].quantity, point.std("top1") or 0.0
            lows.append(quantity.low - std)
            highs.append(quantity.high + std)
        return min(lows), max(highs)

    def only(self, points: list[OperatingPoint]) -> ReportedRange:
        """The same ratio with some of its points."""
        return replace(self, points=tuple(points))


def table(corpus: Corpus, *, measure: Measure = "top1_change") -> pd.DataFrame:
    """One row per reported operating point and baseline held against it; accuracies in percent, changes in points."""
    ours: dict[tuple[str, str], list[Experiment]] = {}
    for experiment in distinct(corpus):
        if experiment.stands_beside_papers:
            ours.setdefault((experiment.dataset, experiment.architecture), []).append(experiment)
    rows = []
    for dataset, architecture in dict.fromkeys((*ours, *SECOND_HALF)):
        points = reported_points(corpus, dataset, architecture)
        experiments = ours.get((dataset, architecture), [])
        for reported in ranges([point for point in points if measure in point.values], measure):
            for row in _beside_runs(corpus, reported, experiments):
                rows.append({"dataset": dataset, "architecture": architecture, **row})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def ranges(points: list[OperatingPoint], measure: str) -> Iterator[ReportedRange]:
    """Points by ratio, the smallest first: one range for all within SLACK of its first; those without a ratio last."""
    with_size = [point for point in points if SIZE in point.values]
    others = [point for point in points if SIZE not in point.values]
    yield from _along(SIZE, with_size, measure)
    yield from _along(SPEEDUP, [point for point in others if SPEEDUP in point.values], measure)
    nowhere = [point for point in others if SPEEDUP not in point.values]
    if nowhere:
        yield ReportedRange(None, None, tuple(nowhere), measure)


def _along(axis: str, points: list[OperatingPoint], measure: str) -> Iterator[ReportedRange]:
    """Ranges along one axis, that all the points have."""
    groups: list[list[OperatingPoint]] = []
    for point in sorted(points, key=lambda point: (point.number(axis), point.point_id)):
        if groups and point.number(axis) <= groups[-1][0].number(axis) * (1 + SLACK):
            groups[-1].append(point)
        else:
            groups.append([point])
    for group in groups:
        ratio = fmean(point.number(axis) for point in group)
        yield ReportedRange(axis, ratio, tuple(group), measure)


def _beside_runs(
    corpus: Corpus, reported: ReportedRange, experiments: list[Experiment]
) -> list[dict[str, object]]:
    """The range against each baseline it may be held against; one row if there is none."""
    rows: list[dict] = []
    if reported.ratio is not None:
        for experiment in experiments:
            rows += _against(corpus, reported, experiment)
    if rows:
        return rows
    verdict = NO_RATIO if reported.ratio is None else NOT_ATTEMPTED
    ours = dict.fromkeys(("study", "initial", "baseline", "measured_at"))
    numbers = dict.fromkeys(("measured", "measured_low", "measured_high", "gap"), nan)
    return [
        {**_reported(reported, _kinds(corpus, reported)), **ours, **numbers, "seeds": 0, "verdict": verdict}
    ]


def _against(
    corpus: Corpus, reported: ReportedRange, experiment: Experiment
) -> Iterator[dict[str, object]]:
    """Points of the same kind against each baseline; the others against one."""
    held: set[str] = set()
    for baseline in experiment.baselines:
        own = _own_method(corpus, experiment, baseline)
        alike = [point for point in reported.points if is_same_kind(_method(corpus, point), own)]
        held |= {point.point_id for point in alike}
        if alike:
            yield from _judged(reported.only(alike), SAME_KIND, experiment, baseline)
    others = reported.only([point for point in reported.points if point.point_id not in held])
    if others.points:
        baseline = FIRST if FIRST in experiment.baselines else experiment.baselines[0]
        yield from _judged(others, _kinds(corpus, others), experiment, baseline)


def _judged(
    reported: ReportedRange, kind: str, experiment: Experiment, baseline: str
) -> Iterator[dict[str, object]]:
    """The row of a range against a baseline, if its curve reaches the ratio."""
    look_up = experiment.change if reported.measure == "top1_change" else experiment.accuracy
    if reported.x_metric is None or reported.ratio is None:
        return
    measured = look_up(baseline, reported.x_metric, reported.ratio)
    if measured is None:
        return
    # positive if papers report more, negative if less, 0 inside the range
    gap = max(reported.low - measured.mean, 0.0) + min(reported.high - measured.mean, 0.0)
    yield {
        **_reported(reported, kind),
        "study": experiment.study,
        "initial": experiment.initial,
        "baseline": baseline,
        "measured_at": experiment.around(baseline, reported.x_metric, reported.ratio),
        "measured": measured.mean,
        "measured_low": measured.low,
        "measured_high": measured.high,
        "seeds": measured.seeds,
        "gap": gap,
        "verdict": verdict(reported, measured),
    }


def _reported(reported: ReportedRange, kind: str) -> dict[str, object]:
    papers = dict.fromkeys(point.paper for point in reported.points)
    return {
        "x_metric": reported.x_metric,
        "ratio": reported.ratio,
        "papers": ", ".join(papers),
        "comparable": kind,
        "reported_low": reported.low,
        "reported_high": reported.high,
    }


def verdict(reported: ReportedRange, measured: Interval) -> str:
    """How what was measured stands to what is reported."""
    if reported.low <= measured.mean <= reported.high:
        return ROUNDING
    low, high = reported.widened
    return SAMPLING if measured.low <= high and low <= measured.high else OUTSIDE


def is_same_kind(theirs: Method | None, ours: Method | None) -> bool:
    """Whether a paper's method prunes as ours does, as far as the axes say: structure, score and, if stated, scope."""
    if theirs is None or ours is None:
        return False
    if theirs.structure != ours.structure or theirs.scoring != ours.scoring:
        return False
    return theirs.scope in (ours.scope, "unknown")


def _kinds(corpus: Corpus, reported: ReportedRange) -> str:
    """What the points prune, in a few words."""
    kinds = set()
    for point in reported.points:
        method = _method(corpus, point)
        if method is not None and method.structure != "unknown":
            kinds.add(method.structure)
    return f"another kind: {', '.join(sorted(kinds))}" if kinds else "kind not stated"


def _method(corpus: Corpus, point: OperatingPoint) -> Method | None:
    return corpus.papers[point.paper].method_of(point)


def _own_method(corpus: Corpus, experiment: Experiment, baseline: str) -> Method | None:
    point = next(run.point for run in experiment.runs if run.baseline == baseline)
    return corpus.reruns.papers[point.paper].method_of(point)
