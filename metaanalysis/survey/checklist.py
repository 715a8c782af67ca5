"""What the survey asks of a paper, as far as the corpus can answer it by machine.

The recommendations are those of Section 6 and Appendix B of Blalock et al. (2020). A criterion reads the columns it
names and nothing else. That the corpus has no sign of a number is a `no` only where the paper was transcribed whole;
elsewhere it is `not transcribed`, for the survey's sheet did not take everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from corpus.catalogue.corpus import Corpus, OperatingPoint
from metaanalysis.survey.paper_under_review import RATIOS, PaperUnderReview, has

YES, PARTLY, NO = "yes", "partly", "no"
NOT_TRANSCRIBED, NOT_APPLICABLE = "not transcribed", "not applicable"
ANSWERS = (YES, PARTLY, NO, NOT_TRANSCRIBED, NOT_APPLICABLE)
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
    answer: Callable[[PaperUnderReview], str]


CRITERIA: list[Criterion] = []


def criterion(asks: str, place: str, *reads: str) -> Callable:
    """Registers a function under its own name; `reads` are table.column names of the public tables."""

    def register(function: Callable[[PaperUnderReview], str]) -> Callable[[PaperUnderReview], str]:
        CRITERIA.append(Criterion(function.__name__, asks, place, reads, function))
        return function

    return register


@lru_cache(maxsize=4)
def answers(corpus: Corpus) -> dict[str, dict[str, str]]:
    """The answer to each criterion by paper and by the criterion's name; not to be changed."""
    by_paper: dict[str, dict[str, str]] = {}
    for paper in corpus.papers.values():
        review = PaperUnderReview(corpus, paper)
        by_paper[paper.key] = {criterion.name: criterion.answer(review) for criterion in CRITERIA}
    return by_paper


def _for_all(
    review: PaperUnderReview,
    points: Iterable[OperatingPoint],
    holds: Callable[[OperatingPoint], bool],
    none: str = NOT_TRANSCRIBED,
) -> str:
    """yes if it holds for every operating point, partly if for some; `none` if there is no point."""
    return _as_transcribed(review, _summed_up([holds(point) for point in points], none))


def _as_transcribed(review: PaperUnderReview, answer: str) -> str:
    """The answer, a `no` only where the paper's numbers were transcribed whole."""
    return NOT_TRANSCRIBED if answer == NO and not review.is_transcribed_whole else answer


def _summed_up(answers: list[bool], none: str) -> str:
    """yes if all answers are yes, partly if some are, no if none is; `none` if there is no answer."""
    if not answers:
        return none
    if all(answers):
        return YES
    return PARTLY if any(answers) else NO


@criterion(
    "Both compression ratio and theoretical speedup for every pruned network",
    "Section 6",
    "points.compression_ratio",
    "points.theoretical_speedup",
)
def compression_and_speedup(review: PaperUnderReview) -> str:
    return _for_all(
        review,
        review.points,
        lambda point: has(point, "compression_ratio") and has(point, "theoretical_speedup"),
    )


@criterion(
    "Both Top-1 and Top-5 (accuracy or its change) on ImageNet",
    "Section 6",
    *("points.dataset", "points.top1", "points.top1_change", "points.top5", "points.top5_change"),
)
def top1_and_top5(review: PaperUnderReview) -> str:
    datasets = review.corpus.names.datasets
    points = [point for point in review.points if (datasets[point.dataset].classes or 0) >= MANY_CLASSES]
    none = NOT_APPLICABLE if review.points else NOT_TRANSCRIBED
    return _for_all(review, points, lambda point: has(point, *TOP1) and has(point, *TOP5), none)


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
def control_reported(review: PaperUnderReview) -> str:
    def holds(point: OperatingPoint) -> bool:
        controls = [control for control, metrics in CONTROLS.items() if has(point, *metrics)]
        return all(has(point, control) for control in controls)

    return _for_all(review, review.points, holds)


@criterion(
    "At least three pairs of dataset and architecture, MNIST not counted",
    "Section 6",
    *("settings.dataset", "settings.architecture"),
)
def three_pairs(review: PaperUnderReview) -> str:
    return YES if len(review.pairs) >= PAIRS else NO


@criterion(
    "A large, modern pair among them: ImageNet with a network later than AlexNet and CaffeNet",
    "Section 6",
    *("settings.dataset", "settings.architecture", "papers.year"),
)
def modern_pair(review: PaperUnderReview) -> str:
    if review.paper.year < MODERN_SINCE:
        return NOT_APPLICABLE
    modern = {dataset for dataset, architecture in review.pairs if architecture not in NOT_MODERN}
    return YES if "ImageNet" in modern else NO


@criterion(
    "At least five operating points in every tradeoff curve",
    "Section 6",
    *("points.dataset", "points.architecture", "points.method", "points.compression_ratio"),
    "points.theoretical_speedup",
)
def five_points_per_curve(review: PaperUnderReview) -> str:
    enough = []
    for curve in review.curves:
        places = {tuple(map(point.value, RATIOS)) for point in curve}
        enough.append(len(places) >= POINTS)
    if not review.is_transcribed_whole:
        enough = [long for long in enough if long]  # a short curve may go on in the paper
    return _summed_up(enough, NOT_TRANSCRIBED)


@criterion(
    "A range of ratios: some curve spans a factor of 16, as 2 to 32 does",
    "Section 6",
    *("points.dataset", "points.architecture", "points.method", "points.compression_ratio"),
    "points.theoretical_speedup",
)
def wide_range_of_ratios(review: PaperUnderReview) -> str:
    if not review.curves:
        return NOT_TRANSCRIBED
    for curve in review.curves:
        if any(_span(curve, ratio) >= SPAN for ratio in RATIOS):
            return YES
    return _as_transcribed(review, NO)


def _span(curve: list[OperatingPoint], measure: str) -> float:
    """The largest over the smallest value of `measure` on a curve, 0 without any."""
    values = [point.number(measure) for point in curve if has(point, measure)]
    return max(values) / min(values) if values else 0.0


@criterion("The raw accuracy of the network at every point", "Appendix B", "points.top1", "points.top5")
def raw_accuracy(review: PaperUnderReview) -> str:
    return _for_all(review, review.points, lambda point: has(point, "top1", "top5"))


@criterion("Standard deviations with the means", "Section 6", "points.top1_std", "points.trials")
def standard_deviations(review: PaperUnderReview) -> str:
    """yes if every result of several runs has one; a single run, as on ImageNet, has none to give."""
    deviates = [point.std("top1") is not None for point in review.points]
    repeated = [
        given for given, point in zip(deviates, review.points, strict=True) if (point.trials or 0) > 1
    ]
    if any(deviates):
        return YES if all(repeated) else PARTLY
    return _as_transcribed(review, _summed_up(deviates, NOT_TRANSCRIBED))


@criterion(
    "FLOP counts, where a speedup is claimed",
    "Appendix B",
    *("points.theoretical_speedup", "points.flops"),
)
def flop_counts(review: PaperUnderReview) -> str:
    points = [point for point in review.points if has(point, "theoretical_speedup")]
    none = NOT_APPLICABLE if review.points else NOT_TRANSCRIBED
    return _for_all(review, points, lambda point: has(point, "flops"), none)


@criterion("Several runs with different random seeds", "Appendix B", "points.trials")
def repeated_runs(review: PaperUnderReview) -> str:
    trials = [point.trials for point in review.points if point.trials is not None]
    if not trials:
        return NOT_TRANSCRIBED
    if min(trials) > 1 and len(trials) == len(review.points):
        return YES
    return PARTLY if max(trials) > 1 else NO


AXES = "methods.scoring in the papers' files"


@criterion(
    "Set beside magnitude pruning, its own or that of a paper it compares to",
    "Appendix B",
    *("comparisons.paper", "comparisons.compares_to", AXES),
)
def compares_to_magnitude(review: PaperUnderReview) -> str:
    scorings = set()
    for paper in (review.paper, *review.compared):
        scorings |= {method.scoring for method in paper.methods.values()}
    if "magnitude" in scorings:
        return YES
    return NOT_TRANSCRIBED if "unknown" in scorings and review.compared else NO


@criterion(
    "Set beside a method from 2010 on",
    "Appendix B",
    *("comparisons.paper", "comparisons.compares_to", "papers.year"),
)
def compares_to_recent(review: PaperUnderReview) -> str:
    if review.paper.year < MODERN_SINCE:
        return NOT_APPLICABLE
    return YES if any(other.year >= MODERN_SINCE for other in review.compared) else NO


@criterion(
    "Set beside a method from before 2010",
    "Appendix B",
    *("comparisons.paper", "comparisons.compares_to", "papers.year"),
)
def compares_to_pre_2010(review: PaperUnderReview) -> str:
    classics = [paper for paper in review.corpus.papers.values() if paper.year < MODERN_SINCE]
    if not any(classic.date < review.paper.date for classic in classics):
        return NOT_APPLICABLE
    return YES if any(other.year < MODERN_SINCE for other in review.compared) else NO
