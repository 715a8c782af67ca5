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
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.schema.paper import Method
from metaanalysis.figures.reported_and_rerun import is_drawn
from metaanalysis.own_runs.experiments import SECOND_HALF, SIZE, SLACK, SPEEDUP, Experiment, distinct
from metaanalysis.own_runs.intervals import Interval

COLUMNS = (
    *(
        "dataset",
        "architecture",
        "x_metric",
        "ratio",
        "papers",
        "comparable",
        "reported_low",
        "reported_high",
    ),
    *("study", "initial", "baseline", "measured_at", "measured", "measured_low", "measured_high", "seeds"),
    *("gap", "verdict"),
)
ROUNDING, SAMPLING, OUTSIDE = "agrees within rounding", "within sampling and seeds", "outside"
NOT_ATTEMPTED, NO_RATIO = "not attempted", "no ratio reported"
SAME_KIND, FIRST = "same kind", "global-magnitude"
Measure = Literal["top1_change", "top1"]


@dataclass(frozen=True)
class Reported:
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
        lows, highs = zip(*(self._ends(point) for point in self.points), strict=True)
        return min(lows), max(highs)

    def _ends(self, point: OperatingPoint) -> tuple[float, float]:
        quantity, std = point.values[self.measure].quantity, point.std("top1") or 0.0
        return quantity.low - std, quantity.high + std

    def only(self, points: list[OperatingPoint]) -> Reported:
        """The same ratio with some of its points."""
        return Reported(self.x_metric, self.ratio, tuple(points), self.measure)


def table(corpus: Corpus, *, measure: Measure = "top1_change") -> pd.DataFrame:
    """One row per reported operating point and baseline held against it; accuracies in percent, changes in points."""
    ours: dict[tuple[str, str], list[Experiment]] = {}
    for experiment in distinct(corpus):
        if experiment.stands_beside_papers:
            ours.setdefault((experiment.dataset, experiment.architecture), []).append(experiment)
    rows = []
    for pair in dict.fromkeys((*ours, *SECOND_HALF)):
        points = [point for point in corpus.points if (point.dataset, point.architecture) == pair]
        points = [point for point in points if is_drawn(point) and measure in point.values]
        for found in ranges(points, measure):
            rows += [(*pair, *row) for row in _rows(corpus, found, ours.get(pair, []))]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def ranges(points: list[OperatingPoint], measure: str) -> Iterator[Reported]:
    """Points by ratio, the smallest first: one range for all within SLACK of its first; those without a ratio last."""
    for axis, ruled_out in ((SIZE, ()), (SPEEDUP, (SIZE,))):
        placed = [
            point
            for point in points
            if axis in point.values and not any(m in point.values for m in ruled_out)
        ]
        group: list[OperatingPoint] = []
        for point in sorted(placed, key=lambda point: (point.value(axis), point.point_id)):
            if group and point.value(axis) > group[0].value(axis) * (1 + SLACK):
                yield Reported(axis, fmean(one.value(axis) for one in group), tuple(group), measure)
                group = []
            group.append(point)
        if group:
            yield Reported(axis, fmean(one.value(axis) for one in group), tuple(group), measure)
    nowhere = [point for point in points if SIZE not in point.values and SPEEDUP not in point.values]
    if nowhere:
        yield Reported(None, None, tuple(nowhere), measure)


def _rows(corpus: Corpus, found: Reported, ours: list[Experiment]) -> Iterator[tuple]:
    """The range against each baseline it may be held against; one row if there is none."""
    rows = (
        [row for experiment in ours for row in _against(corpus, found, experiment)] if found.ratio else []
    )
    verdict = NOT_ATTEMPTED if found.ratio else NO_RATIO
    yield from rows or [_row(found, _kinds(corpus, found), None, None, None, verdict)]


def _against(corpus: Corpus, found: Reported, experiment: Experiment) -> Iterator[tuple]:
    """Points of the same kind against each baseline; the others against one."""
    told = set()
    for baseline in experiment.baselines:
        alike = [
            point
            for point in found.points
            if is_same_kind(_method(corpus, point), _own(corpus, experiment, baseline))
        ]
        told |= {point.point_id for point in alike}
        if alike:
            yield from _judged(found.only(alike), SAME_KIND, experiment, baseline)
    others = found.only([point for point in found.points if point.point_id not in told])
    if others.points:
        baseline = FIRST if FIRST in experiment.baselines else experiment.baselines[0]
        yield from _judged(others, _kinds(corpus, others), experiment, baseline)


def _judged(found: Reported, kind: str, experiment: Experiment, baseline: str) -> Iterator[tuple]:
    look_up = experiment.change if found.measure == "top1_change" else experiment.accuracy
    measured = look_up(baseline, found.x_metric, found.ratio)
    if measured is not None:
        yield _row(found, kind, experiment, baseline, measured, verdict(found, measured))


def verdict(found: Reported, measured: Interval) -> str:
    """How what was measured stands to what is reported."""
    if found.low <= measured.mean <= found.high:
        return ROUNDING
    low, high = found.widened
    return SAMPLING if measured.low <= high and low <= measured.high else OUTSIDE


def _row(
    found: Reported,
    kind: str,
    experiment: Experiment | None,
    baseline: str | None,
    measured: Interval | None,
    said: str,
) -> tuple:
    papers = ", ".join(dict.fromkeys(point.paper for point in found.points))
    head = (found.x_metric, found.ratio, papers, kind, found.low, found.high)
    if experiment is None or measured is None:
        return (*head, None, None, None, None, *(float("nan"),) * 3, 0, float("nan"), said)
    gap = max(found.low - measured.mean, 0.0) + min(found.high - measured.mean, 0.0)
    where = experiment.around(baseline, found.x_metric, found.ratio)
    numbers = (measured.mean, measured.low, measured.high, measured.seeds, gap)
    return (*head, experiment.study, experiment.initial, baseline, where, *numbers, said)


def is_same_kind(theirs: Method | None, ours: Method | None) -> bool:
    """Whether a paper's method prunes as ours does, as far as the axes say: structure, score and, if stated, scope."""
    return (
        theirs is not None
        and ours is not None
        and (theirs.structure, theirs.scoring) == (ours.structure, ours.scoring)
        and theirs.scope in (ours.scope, "unknown")
    )


def _kinds(corpus: Corpus, found: Reported) -> str:
    """What the points prune, in a few words."""
    methods = [_method(corpus, point) for point in found.points]
    kinds = sorted({method.structure if method else "unknown" for method in methods} - {"unknown"})
    return f"another kind: {', '.join(kinds)}" if kinds else "kind not stated"


def _method(corpus: Corpus, point: OperatingPoint) -> Method | None:
    return corpus.papers[point.paper].methods.get(point.method)


def _own(corpus: Corpus, experiment: Experiment, baseline: str) -> Method | None:
    point = next(run.point for run in experiment.runs if run.baseline == baseline)
    return corpus.reruns.papers[point.paper].methods.get(point.method)
