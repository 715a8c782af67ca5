"""How far trials of one network lie apart: the deviation that is assumed where a paper prints none.

Pooled from every paper and every run of ours that gives one. A deviation without its number of trials counts with the
weight of two trials, the fewest that have one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import stdev

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.catalogue.own_runs import OwnRun
from corpus.catalogue.results import Paper
from corpus.numbers.derive import Derivation
from metaanalysis.evidence.question import Question

FARTHEST = 2.0
"""Networks pruned more than this many times as far as asked say nothing of the deviation at the amount asked for."""
SETTINGS_OF_RUNS = (
    *("arm", "plan", "round", "width", "depth", "training_images"),
    *("learning_rate", "fine_tuning", "fine_tuning_epochs"),
)
"""Columns of our runs that set experiments apart, beside the study, the initial network, the baseline and the ratio."""


@dataclass(frozen=True, slots=True)
class TrialDeviation:
    """Trials of one network that lie `deviation` points apart, with `degrees` of freedom, by `source`."""

    deviation: float
    degrees: int
    dataset: str
    architecture: str
    family: str
    amounts: tuple[tuple[str, float], ...]
    source: str
    is_rerun: bool


@dataclass(frozen=True, slots=True)
class AssumedDeviation:
    """The standard deviation between trials to assume, in points; `deviation` is None where nothing is known at all.

    `networks` deviations with `degrees` of freedom in all were pooled, of the papers and studies `sources`; `scope`
    says of what: this configuration, its dataset, or more.
    """

    deviation: float | None
    networks: int
    degrees: int
    sources: tuple[str, ...]
    scope: str

    @property
    def words(self) -> str:
        """Where the deviation comes from, in a sentence."""
        if self.deviation is None:
            return "no paper prints a deviation between trials: only the rounding of printed digits is allowed for"
        return (
            f"{self.deviation:.2f} points between trials, pooled from {_counted(self.networks, 'network')} "
            f"({_counted(self.degrees, 'degree')} of freedom) of {self.scope}: {', '.join(self.sources)}"
        )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def assumed_deviation(corpus: Corpus, question: Question) -> AssumedDeviation:
    """The pooled deviation of the question's configuration; else of its dataset; else of the whole corpus.

    Networks pruned more than FARTHEST times as far as asked are left out, since deviations grow with pruning. The
    question's scale is not applied.
    """
    known = trial_deviations(corpus, question.measure)
    stated = [one for one in known if _is_near(one, question)]
    for scope, belongs in _scopes(question):
        chosen = [one for one in stated if belongs(one)]
        if chosen:
            return _pooled(chosen, scope)
    if question.measure != "top1":
        stand_in = assumed_deviation(corpus, _of_top1(question))
        return AssumedDeviation(
            stand_in.deviation,
            stand_in.networks,
            stand_in.degrees,
            stand_in.sources,
            f"Top-1 ({stand_in.scope})",
        )
    return AssumedDeviation(None, 0, 0, (), "nothing")


def _of_top1(question: Question) -> Question:
    return Question(question.dataset, question.architecture, question.amount, question.ratio)


def _scopes(question: Question) -> list[tuple[str, Callable[[TrialDeviation], bool]]]:
    """From near to far: whose deviations may stand for the question's, with the words for them."""

    def of_configuration(one: TrialDeviation) -> bool:
        return one.dataset == question.dataset and question.architecture in (one.architecture, one.family)

    return [
        ("this configuration", of_configuration),
        (
            f"other networks on {question.dataset}, as this one has none",
            lambda one: one.dataset == question.dataset,
        ),
        (f"other datasets, as none is printed on {question.dataset}", lambda _: True),
    ]


def _is_near(known: TrialDeviation, question: Question) -> bool:
    ratios = dict(known.amounts)
    return ratios.get(question.amount, 1.0) <= FARTHEST * question.ratio


def _pooled(known: list[TrialDeviation], scope: str) -> AssumedDeviation:
    degrees = sum(one.degrees for one in known)
    variance = sum(one.degrees * one.deviation**2 for one in known) / degrees
    papers = sorted({one.source for one in known if not one.is_rerun})
    own = sorted({one.source for one in known if one.is_rerun})
    if own:
        papers.append(f"our own runs ({', '.join(own)})")
    return AssumedDeviation(sqrt(variance), len(known), degrees, tuple(papers), scope)


@lru_cache(maxsize=8)
def trial_deviations(corpus: Corpus, measure: str) -> tuple[TrialDeviation, ...]:
    """Every deviation between trials that the corpus knows, of pruned and unpruned networks, each once."""
    known: list[TrialDeviation] = []
    for paper in corpus.papers.values():
        known += _printed(corpus, paper, measure)
    known += _run(corpus, measure)
    return tuple(known)


def _printed(corpus: Corpus, paper: Paper, measure: str) -> Iterator[TrialDeviation]:
    networks: set[tuple[object, ...]] = set()
    for point in paper.points:
        for name in (f"unpruned_{measure}", measure):
            derivation = point.values.get(name)
            if derivation is None or point.same_as is not None:
                continue
            printed = derivation.quantity.std
            if printed is None:
                continue
            leaf = next(derivation.leaves())
            network: tuple[object, ...] = (leaf.file, leaf.line, leaf.column)
            if name != measure:  # tables share an unpruned network
                network = (point.dataset, point.architecture, leaf.quantity.printed)
            if network in networks:
                continue
            networks.add(network)
            amounts = () if name != measure else _amounts(point)
            yield _deviation_of(corpus, point, printed, _degrees(point, leaf), amounts)


def _degrees(point: OperatingPoint, leaf: Derivation) -> int:
    runs = leaf.quantity.printed.count(",") + 1  # repeated runs are printed one after another
    trials = max(runs, point.trials or 2)
    return max(trials - 1, 1)


def _amounts(point: OperatingPoint) -> tuple[tuple[str, float], ...]:
    names = ("compression_ratio", "theoretical_speedup")
    return tuple((name, point.number(name)) for name in names if name in point.values)


def _deviation_of(
    corpus: Corpus,
    point: OperatingPoint,
    deviation: float,
    degrees: int,
    amounts: tuple[tuple[str, float], ...],
) -> TrialDeviation:
    return TrialDeviation(
        deviation=deviation,
        degrees=degrees,
        dataset=point.dataset,
        architecture=point.architecture,
        family=corpus.names.family(point.architecture),
        amounts=amounts,
        source=point.paper,
        is_rerun=point.attribution == "rerun",
    )


def _run(corpus: Corpus, measure: str) -> Iterator[TrialDeviation]:
    """The deviation over seeds of every experiment of our own that has several."""
    experiments: dict[tuple[object, ...], list[OwnRun]] = {}
    for run in corpus.reruns.runs:
        if run.point.value(measure) is not None:
            experiments.setdefault(experiment_of(run), []).append(run)
    for runs in experiments.values():
        if len({run.seed for run in runs}) == len(runs) > 1:
            point = runs[0].point
            deviation = stdev(run.point.number(measure) for run in runs)
            yield _deviation_of(corpus, point, deviation, len(runs) - 1, _amounts(point))


def experiment_of(run: OwnRun) -> tuple[object, ...]:
    """Everything that sets a run apart from others but for its seed."""
    settings = tuple((name, run.noted.get(name)) for name in SETTINGS_OF_RUNS)
    return (run.point.paper, run.initial, run.baseline, round(run.ratio, 6), settings)
