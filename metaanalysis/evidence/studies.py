"""The studies of the corpus: each paper on one unpruned network, with what each of its treatments changes.

A study is one paper with one unpruned network; a treatment is a method, or a class of methods, at the amount that is
asked for. Every treatment of a study is set against its unpruned network, which all studies share as a comparator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import sqrt
from statistics import fmean, geometric_mean, stdev

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.quantity import Quantity
from metaanalysis.evidence.amounts import CurvePoint, CurveReading, range_of, read_at
from metaanalysis.evidence.deviation import AssumedDeviation, assumed_deviation, experiment_of
from metaanalysis.evidence.question import AMOUNTS, Question
from metaanalysis.network import COLUMNS

UNPRUNED = "unpruned"
REPORTED, DERIVED, ASSUMED = "reported", "derived", "assumed"
"""Where a standard error comes from: a deviation and trials as printed (or measured by us), arithmetic on such, or the
assumed deviation between trials."""
UNIFORM = sqrt(12)
"""Width of a uniform distribution in its standard deviations: what rounding leaves open."""
SMALLEST = 1e-3
"""The least standard deviation of any accuracy, in points: no network is weighed as if it were known exactly."""
ARM_COLUMNS = (
    *(
        "study",
        "paper",
        "treatment",
        "methods",
        "change",
        "standard_error",
        "error_source",
        "read",
        "rerun",
    ),
)


@dataclass(frozen=True, slots=True)
class StudyArm:
    """A treatment in a study: its accuracy minus that of the unpruned network (points), with the variance of its own
    accuracy, where that comes from, and where the value was read."""

    treatment: str
    methods: tuple[str, ...]
    change: float
    variance: float
    error_source: str
    read: str
    point_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperStudy:
    """One paper with one unpruned network; the first of `arms` is the unpruned network itself."""

    name: str
    paper: str
    is_rerun: bool
    arms: tuple[StudyArm, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A curve that says nothing at the amount asked for, and why."""

    paper: str
    label: str
    because: str


@dataclass(frozen=True, slots=True)
class Studies:
    """All studies of a question, what was left out, and the deviation assumed (before scaling)."""

    question: Question
    studies: tuple[PaperStudy, ...]
    left_out: tuple[LeftOut, ...]
    assumed: AssumedDeviation

    @property
    def contrasts(self) -> pd.DataFrame:
        """The table of contrasts, with the columns of `metaanalysis.network` and `error_source`."""
        rows = []
        for study in self.studies:
            for one, other in combinations(study.arms, 2):
                rows.append(_contrast(study, one, other))
        return pd.DataFrame(rows, columns=[*COLUMNS, "error_source"])

    @property
    def arms(self) -> pd.DataFrame:
        """One row for each treatment of each study, with the columns ARM_COLUMNS; unpruned networks are left out.

        standard_error is that of the change, so that of the unpruned network is in it.
        """
        rows = []
        for study in self.studies:
            unpruned, *pruned = study.arms
            for arm in pruned:
                row = {
                    "study": study.name,
                    "paper": study.paper,
                    "treatment": arm.treatment,
                    "methods": ", ".join(arm.methods),
                    "change": arm.change,
                    "standard_error": sqrt(arm.variance + unpruned.variance),
                    "error_source": _joint_source(arm, unpruned),
                    "read": arm.read,
                    "rerun": study.is_rerun,
                }
                rows.append(row)
        return pd.DataFrame(rows, columns=list(ARM_COLUMNS))


def studies_of(corpus: Corpus, question: Question) -> Studies:
    """The studies that answer a question.

    Left out are results that may not stand beside those of other papers, rows entered twice, numbers quoted from
    others, and curves that do not reach the amount; our own runs come in where the question asks for them.
    """
    assumed = assumed_deviation(corpus, question)
    reader = _StudyReader(corpus, question, assumed)
    by_study: dict[tuple[str, str], list[OperatingPoint]] = {}
    for point in _points(corpus, question):
        if f"{question.measure}_change" not in point.values:
            continue
        by_study.setdefault((point.paper, reader.network_of(point)), []).append(point)
    by_study = _joined(by_study)
    studies = []
    for (paper, network), points in by_study.items():
        is_alone = sum(key == paper for key, _ in by_study) == 1
        name = paper if is_alone else f"{paper} ({network or 'unpruned network not stated'})"
        study = reader.study(name, points)
        if study is not None:
            studies.append(study)
    return Studies(question, tuple(studies), tuple(reader.left_out), assumed)


def _points(corpus: Corpus, question: Question) -> Iterator[OperatingPoint]:
    points: Iterable[OperatingPoint] = _papers_points(corpus).get(question.dataset, ())
    if question.reruns:
        points = (*points, *corpus.reruns.points)
    for point in points:
        if not question.concerns(corpus, point) or point.same_as is not None:
            continue
        if point.stands_beside_papers and point.attribution != "quoted":
            yield point


@lru_cache(maxsize=8)
def _papers_points(corpus: Corpus) -> dict[str, list[OperatingPoint]]:
    """The points that papers print themselves, by dataset."""
    points: dict[str, list[OperatingPoint]] = {}
    for point in corpus.points:
        if not point.released:
            points.setdefault(point.dataset, []).append(point)
    return points


def _joined(
    by_study: dict[tuple[str, str], list[OperatingPoint]],
) -> dict[tuple[str, str], list[OperatingPoint]]:
    """Results without a stated unpruned network go to their paper's only one, if it has just one."""
    joined = dict(by_study)
    for paper in {paper for paper, network in by_study if not network}:
        named = [key for key in by_study if key[0] == paper and key[1]]
        if len(named) == 1:
            joined[named[0]] = [*joined[named[0]], *joined.pop((paper, ""))]
    return joined


class _StudyReader:
    """Reads the studies of one question; what says nothing goes to `left_out`."""

    def __init__(self, corpus: Corpus, question: Question, assumed: AssumedDeviation):
        self.corpus, self.question, self.assumed = corpus, question, assumed
        self.left_out: list[LeftOut] = []
        self._runs = {run.point.point_id: run for run in corpus.reruns.runs} if question.reruns else {}

    def network_of(self, point: OperatingPoint) -> str:
        """What tells the unpruned networks of a paper apart: their accuracy; empty where it is not stated."""
        for measure in (self.question.measure, "top1", "top5"):
            value = point.value(f"unpruned_{measure}")
            if value is not None:
                return f"{point.architecture}, {value:.6g}%"
        return ""

    def study(self, name: str, points: Sequence[OperatingPoint]) -> PaperStudy | None:
        """The study of points that share an unpruned network; None if nothing can be read."""
        by_curve: dict[str, list[OperatingPoint]] = {}
        for point in points:
            by_curve.setdefault(self._curve_of(point), []).append(point)
        readings: dict[str, list[tuple[str, CurveReading]]] = {}
        for label, own in by_curve.items():
            reading = self._reading(label, own)
            treatment = self._treatment(own[0])
            if reading is not None and treatment is not None:
                readings.setdefault(treatment, []).append((label, reading))
        if not readings:
            return None
        arms = [self._unpruned(points)]
        for treatment, of_curves in sorted(readings.items()):
            arms.append(_arm(treatment, of_curves))
        is_rerun = points[0].attribution == "rerun"
        return PaperStudy(name, points[0].paper, is_rerun, tuple(arms))

    def _curve_of(self, point: OperatingPoint) -> str:
        run = self._runs.get(point.point_id)
        arm = run.noted.get("arm") if run is not None else None
        return f"{point.label} ({arm})" if arm else point.label

    def _reading(self, label: str, points: Sequence[OperatingPoint]) -> CurveReading | None:
        amount = self.question.amount
        curve = self._curve([point for point in points if amount in point.values])
        reading = read_at(curve, self.question.ratio)
        if reading is None:
            asked = f"{self.question.ratio:.3g}x {AMOUNTS[amount]}"
            reason = f"gives no {AMOUNTS[amount]}"
            if curve:
                reason = f"covers {range_of(curve)}, and {asked} lies outside"
            self.left_out.append(LeftOut(points[0].paper, label, reason))
        return reading

    def _curve(self, points: Sequence[OperatingPoint]) -> list[CurvePoint]:
        """The points of a curve; runs of ours that differ by their seed alone make one, with a measured variance."""
        by_network: dict[object, list[OperatingPoint]] = {}
        for point in points:
            run = self._runs.get(point.point_id)
            network = experiment_of(run) if run is not None else point.point_id
            by_network.setdefault(network, []).append(point)
        curve = []
        for trials in by_network.values():
            curve.append(self._curve_point(trials[0]) if len(trials) == 1 else self._mean(trials))
        return curve

    def _mean(self, trials: Sequence[OperatingPoint]) -> CurvePoint:
        """The mean over the seeds of one experiment of ours; the rounding of its digits is below its deviation."""
        changes = [point.number(f"{self.question.measure}_change") for point in trials]
        rounding = self._rounding(trials[0].values[self.question.measure].quantity)
        return CurvePoint(
            ratio=geometric_mean(point.number(self.question.amount) for point in trials),
            change=fmean(changes),
            variance=max(stdev(changes) ** 2 / len(trials), rounding**2),
            is_measured=True,
            place=f"{trials[0].point_id}, mean of {len(trials)} seeds",
        )

    def _curve_point(self, point: OperatingPoint) -> CurvePoint:
        measure = self.question.measure
        change = point.values[f"{measure}_change"].quantity
        own = point.values.get(measure)
        printed = own.quantity if own is not None else change
        variance, is_measured = self._variance(printed, point.trials)
        return CurvePoint(
            point.number(self.question.amount), change.value, variance, is_measured, point.point_id
        )

    def _variance(self, printed: Quantity, trials: int | None) -> tuple[float, bool]:
        """The variance of a printed mean, and whether it was measured; never below what its rounding leaves open."""
        rounding = self._rounding(printed)
        trials_known = trials or (printed.printed.count(",") + 1)
        if printed.std is not None and trials_known > 1:
            return max(printed.std**2 / trials_known, rounding**2), True
        assumed = self.question.assumed_scale * (self.assumed.deviation or 0.0)
        return max(assumed**2 / trials_known, rounding**2), False

    @staticmethod
    def _rounding(printed: Quantity) -> float:
        """The standard deviation that rounding leaves open; a number printed exactly, as few are, leaves SMALLEST."""
        return max((printed.high - printed.low) / UNIFORM, SMALLEST)

    def _unpruned(self, points: Sequence[OperatingPoint]) -> StudyArm:
        """The unpruned network of a study, its accuracy as the point that knows its deviation prints it."""
        name = f"unpruned_{self.question.measure}"
        variances = []
        for point in points:
            derivation = point.values.get(name)
            if derivation is not None:
                variances.append(self._variance(derivation.quantity, point.trials))
        if not variances:
            variances = [self._variance(points[0].values[f"{self.question.measure}_change"].quantity, None)]
        variance, is_measured = max(variances, key=lambda known: known[1])
        return StudyArm(
            UNPRUNED, (UNPRUNED,), 0.0, variance, REPORTED if is_measured else ASSUMED, "as printed"
        )

    def _treatment(self, point: OperatingPoint) -> str | None:
        """The treatment that a point's method is; None, and a line in `left_out`, if its class is not known."""
        if self.question.by == "method":
            return self._method_of(point)
        source = self.corpus.papers if point.paper in self.corpus.papers else self.corpus.reruns.papers
        method = source[point.paper].methods.get(point.method or "")
        belongs_to = getattr(method, self.question.by, None)
        if belongs_to in (None, "unknown"):
            self.left_out.append(
                LeftOut(point.paper, point.label, f"its {self.question.by} is not in its file")
            )
            return None
        return str(belongs_to)

    def _method_of(self, point: OperatingPoint) -> str:
        """The name of a method: that of its origin where it is another paper's, so that both are one treatment."""
        label = self._curve_of(point)
        paper = self.corpus.papers.get(point.paper)
        seen: set[str] = set()
        reference = same_method(paper.methods.get(point.method or "")) if paper else None
        while reference is not None and reference not in seen:
            seen.add(reference)
            key, _, slug = reference.partition("/")
            origin = self.corpus.papers.get(key)
            if origin is None or slug not in origin.methods:
                break
            method = origin.methods[slug]
            label = origin.label
            if method.name and method.own_curve:
                label = f"{origin.label}, {method.name}"
            reference = same_method(method)
        return label


def same_method(method: object) -> str | None:
    """The method of another paper that a method is, as `key/short-name`."""
    return getattr(method, "same_method", None)


def _arm(treatment: str, of_curves: Sequence[tuple[str, CurveReading]]) -> StudyArm:
    """A treatment of a study; several methods of one class stand with their mean."""
    count = len(of_curves)
    readings = [reading for _, reading in of_curves]
    is_measured = all(reading.is_measured for reading in readings)
    is_derived = count > 1 or any(reading.is_derived for reading in readings)
    source = ASSUMED
    if is_measured:
        source = DERIVED if is_derived else REPORTED
    point_ids: list[str] = []
    for reading in readings:
        point_ids += [point.place for point in reading.points]
    return StudyArm(
        treatment=treatment,
        methods=tuple(label for label, _ in of_curves),
        change=sum(reading.change for reading in readings) / count,
        variance=sum(reading.variance for reading in readings) / count**2,
        error_source=source,
        read="; ".join(reading.between for reading in readings),
        point_ids=tuple(point_ids),
    )


def _contrast(study: PaperStudy, one: StudyArm, other: StudyArm) -> dict[str, object]:
    """The row of `one` minus `other`; the unpruned network comes second."""
    if one.treatment == UNPRUNED:
        one, other = other, one
    return {
        "study": study.name,
        "treatment_a": one.treatment,
        "treatment_b": other.treatment,
        "effect": one.change - other.change,
        "standard_error": sqrt(one.variance + other.variance),
        "error_source": _joint_source(one, other),
    }


def _joint_source(one: StudyArm, other: StudyArm) -> str:
    return weakest((one.error_source, other.error_source))


def weakest(sources: Iterable[str]) -> str:
    """The weakest of several sources: an error is reported only if all are."""
    weakest_first = (ASSUMED, DERIVED, REPORTED)
    return min(sources, key=weakest_first.index)
