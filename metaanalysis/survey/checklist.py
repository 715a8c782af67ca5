"""What the survey asks of a paper, as far as the corpus can answer it by machine.

The recommendations are those of Section 6 and Appendix B of Blalock et al. (2020). A criterion reads the columns it
names and nothing else; `no` means that the corpus has no sign of it, for the survey's sheet did not take everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from corpus.catalogue.corpus import Corpus, OperatingPoint
from metaanalysis.survey.paper_under_review import RATIOS, Asked, has

YES, PARTLY, NO, UNKNOWN, DOES_NOT_APPLY = "yes", "partly", "no", "unknown", "does not apply"
ANSWERS = (YES, PARTLY, NO, UNKNOWN, DOES_NOT_APPLY)
PAIRS, POINTS, SPAN = 3, 5, 16
"""Section 6: at least three pairs, at least five points; its set {2, 4, 8, 16, 32} spans a factor of 16."""
TOP1, TOP5 = ("top1", "top1_change"), ("top5", "top5_change")
MANY_CLASSES = 1000
"""Classes from which Top-5 is asked for beside Top-1: those of ImageNet, the one many-class dataset that is named."""
NOT_MODERN = ("AlexNet", "CaffeNet", "LeNet-5", "LeNet-5-Caffe")
MODERN_SINCE = 2010
"""Section 4.1 sets methods from 2010 on against those before."""


@dataclass(frozen=True)
class Criterion:
    """A recommendation: what it asks, where it stands, the columns it reads, and the answer for one paper."""

    name: str
    asks: str
    place: str
    reads: tuple[str, ...]
    answer: Callable[[Asked], str]


CRITERIA: list[Criterion] = []


def criterion(asks: str, place: str, *reads: str) -> Callable:
    """Registers a function under its own name; `reads` are table.column names of the public tables."""

    def register(function: Callable[[Asked], str]) -> Callable[[Asked], str]:
        CRITERIA.append(Criterion(function.__name__, asks, place, reads, function))
        return function

    return register


@lru_cache(maxsize=4)
def answers(corpus: Corpus) -> dict[str, dict[str, str]]:
    """The answer to each criterion by paper and by the criterion's name; not to be changed."""
    asked = {paper.key: Asked(corpus, paper) for paper in corpus.papers.values()}
    return {key: {entry.name: entry.answer(one) for entry in CRITERIA} for key, one in asked.items()}


def _for_all(
    points: Iterable[OperatingPoint], holds: Callable[[OperatingPoint], bool], none: str = UNKNOWN
) -> str:
    """yes if it holds for every operating point, partly if for some; `none` if there is no point."""
    found = [holds(point) for point in points]
    if not found:
        return none
    return YES if all(found) else PARTLY if any(found) else NO


@criterion(
    "Both compression ratio and theoretical speedup for every pruned network",
    "Section 6",
    "points.compression_ratio",
    "points.theoretical_speedup",
)
def compression_and_speedup(asked: Asked) -> str:
    return _for_all(
        asked.points, lambda point: has(point, "compression_ratio") and has(point, "theoretical_speedup")
    )


@criterion(
    "Both Top-1 and Top-5 (accuracy or its change) on ImageNet",
    "Section 6",
    *("points.dataset", "points.top1", "points.top1_change", "points.top5", "points.top5_change"),
)
def top1_and_top5(asked: Asked) -> str:
    datasets = asked.corpus.names.datasets
    points = [point for point in asked.points if (datasets[point.dataset].classes or 0) >= MANY_CLASSES]
    none = DOES_NOT_APPLY if asked.points else UNKNOWN
    return _for_all(points, lambda point: has(point, *TOP1) and has(point, *TOP5), none)


CONTROLS = {
    "unpruned_top1": TOP1,
    "unpruned_top5": TOP5,
    "unpruned_params": ("params", "compression_ratio"),
    "unpruned_flops": ("flops", "theoretical_speedup"),
}


@criterion(
    "The unpruned network's value of every metric that is reported of the pruned one",
    "Section 6",
    *(f"points.{name}" for control, metrics in CONTROLS.items() for name in (control, *metrics)),
)
def control_reported(asked: Asked) -> str:
    def holds(point: OperatingPoint) -> bool:
        controls = [control for control, metrics in CONTROLS.items() if has(point, *metrics)]
        return all(has(point, control) for control in controls)

    return _for_all(asked.points, holds)


@criterion(
    "At least three pairs of dataset and architecture, MNIST not counted",
    "Section 6",
    *("settings.dataset", "settings.architecture"),
)
def three_pairs(asked: Asked) -> str:
    return YES if len(asked.pairs) >= PAIRS else NO


@criterion(
    "A large, modern pair among them: ImageNet with a network later than AlexNet and CaffeNet",
    "Section 6",
    *("settings.dataset", "settings.architecture", "papers.year"),
)
def modern_pair(asked: Asked) -> str:
    if asked.paper.year < MODERN_SINCE:
        return DOES_NOT_APPLY
    modern = {dataset for dataset, architecture in asked.pairs if architecture not in NOT_MODERN}
    return YES if "ImageNet" in modern else NO


@criterion(
    "At least five operating points in every tradeoff curve",
    "Section 6",
    *("points.dataset", "points.architecture", "points.method", "points.compression_ratio"),
    "points.theoretical_speedup",
)
def five_points_per_curve(asked: Asked) -> str:
    curves = [
        len({(point.value("compression_ratio"), point.value("theoretical_speedup")) for point in curve})
        for curve in asked.curves
    ]
    if not curves:
        return UNKNOWN
    enough = [size >= POINTS for size in curves]
    return YES if all(enough) else PARTLY if any(enough) else NO


@criterion(
    "A range of ratios: some curve spans a factor of 16, as 2 to 32 does",
    "Section 6",
    *("points.dataset", "points.architecture", "points.method", "points.compression_ratio"),
    "points.theoretical_speedup",
)
def wide_range_of_ratios(asked: Asked) -> str:
    if not asked.curves:
        return UNKNOWN
    return YES if max(_span(curve, x) for curve in asked.curves for x in RATIOS) >= SPAN else NO


def _span(curve: list[OperatingPoint], measure: str) -> float:
    values = [value for point in curve if (value := point.value(measure)) is not None]
    return max(values) / min(values) if values else 0.0


@criterion("The raw accuracy of the network at every point", "Appendix B", "points.top1", "points.top5")
def raw_accuracy(asked: Asked) -> str:
    return _for_all(asked.points, lambda point: has(point, "top1", "top5"))


@criterion("Standard deviations with the means", "Section 6", "points.top1_std")
def standard_deviations(asked: Asked) -> str:
    return _for_all(asked.points, lambda point: point.std("top1") is not None)


@criterion(
    "FLOP counts, where a speedup is claimed",
    "Appendix B",
    *("points.theoretical_speedup", "points.flops"),
)
def flop_counts(asked: Asked) -> str:
    points = [point for point in asked.points if has(point, "theoretical_speedup")]
    none = DOES_NOT_APPLY if asked.points else UNKNOWN
    return _for_all(points, lambda point: has(point, "flops"), none)


@criterion("Several runs with different random seeds", "Appendix B", "points.trials")
def repeated_runs(asked: Asked) -> str:
    trials = [point.trials for point in asked.points if point.trials is not None]
    if not trials:
        return UNKNOWN
    several = [number > 1 for number in trials]
    return YES if all(several) and len(several) == len(asked.points) else PARTLY if any(several) else NO


AXES = "methods.scoring in the papers' files"


@criterion(
    "Set beside magnitude pruning, its own or that of a paper it compares to",
    "Appendix B",
    *("comparisons.paper", "comparisons.compares_to", AXES),
)
def compares_to_magnitude(asked: Asked) -> str:
    scorings = {
        method.scoring for paper in (asked.paper, *asked.compared) for method in paper.methods.values()
    }
    if "magnitude" in scorings:
        return YES
    return UNKNOWN if "unknown" in scorings and asked.compared else NO


@criterion(
    "Set beside a method from 2010 on",
    "Appendix B",
    *("comparisons.paper", "comparisons.compares_to", "papers.year"),
)
def compares_to_recent(asked: Asked) -> str:
    if asked.paper.year < MODERN_SINCE:
        return DOES_NOT_APPLY
    return YES if any(other.year >= MODERN_SINCE for other in asked.compared) else NO


@criterion(
    "Set beside a method from before 2010",
    "Appendix B",
    *("comparisons.paper", "comparisons.compares_to", "papers.year"),
)
def compares_to_pre_2010(asked: Asked) -> str:
    if not any(
        other.year < MODERN_SINCE and other.date < asked.paper.date
        for other in asked.corpus.papers.values()
    ):
        return DOES_NOT_APPLY
    return YES if any(other.year < MODERN_SINCE for other in asked.compared) else NO
