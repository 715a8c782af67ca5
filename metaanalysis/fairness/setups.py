"""How fair a comparison of two results is: the strictest comparison setup that they satisfy, or what is in the way.

The setups are those of Wang et al. (2023, arXiv 2301.05219). A gain is a pruning method's own only as far as everything
else was held equal; S3.2 is the least they recommend.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from corpus.schema.suggest import did_you_mean
from metaanalysis.fairness.base_models import SAME_BASE
from metaanalysis.fairness.conditions import findings
from metaanalysis.fairness.result import (
    DIFFERS,
    HELD,
    MISSING,
    Finding,
    Pair,
    Result,
    may_be_equal,
    result_of,
)

GROUND = ("dataset", "network", "ratio")
CHAIN: dict[str, tuple[str, ...]] = {
    "S1": GROUND,
    "S2": (*GROUND, "base_model"),
    "S3.1": (*GROUND, "base_model", "fine_tuning_epochs"),
    "S3.2": (*GROUND, "base_model", "fine_tuning_epochs", "fine_tuning_schedule"),
    "S4.1": (*GROUND, "base_model", "fine_tuning_epochs", "fine_tuning_schedule", "pruning_epochs"),
    "S4.2": (
        *(*GROUND, "base_model", "fine_tuning_epochs", "fine_tuning_schedule", "pruning_epochs"),
        "pruning_schedule",
    ),
}
"""What each setup holds equal; each is stricter than the one before."""
BESIDE = {"SX-A": (*GROUND, "total_epochs"), "SX-B": (*GROUND, "total_flops")}
"""Setups for networks trained in different ways, such as from scratch; neither stricter nor weaker than S2 to S4.2."""
NONE = "none"
MEANING = {
    "S1": "the same dataset, network, and compression or speedup",
    "S2": "also the base model",
    "S3.1": "also the epochs of fine-tuning",
    "S3.2": "also its whole schedule of learning rates",
    "S4.1": "also the epochs of pruning",
    "S4.2": "also the schedule of learning rates while pruning",
    "SX-A": "S1 and the epochs of all training together",
    "SX-B": "S1 and the computation of all training together",
}


@dataclass(frozen=True, slots=True)
class FairnessVerdict:
    """Two results and every condition on them."""

    one: Result
    other: Result
    findings: Mapping[str, Finding]

    def satisfies(self, setup: str) -> bool:
        """Whether everything that the setup holds equal is held."""
        return all(self.findings[name].state == HELD for name in (CHAIN | BESIDE)[setup])

    @property
    def setup(self) -> str | None:
        """The strictest of S1 to S4.2 that is satisfied."""
        satisfied = [name for name in CHAIN if self.satisfies(name)]
        return satisfied[-1] if satisfied else None

    @property
    def beside(self) -> tuple[str, ...]:
        """Those of SX-A and SX-B that are satisfied."""
        return tuple(name for name in BESIDE if self.satisfies(name))

    @property
    def label(self) -> str:
        """The setups in a cell of a table: `S2`, `S1 and SX-A`, or `none`."""
        return label_of(self.setup, self.beside)

    @property
    def next_setup(self) -> str | None:
        """The weakest of S1 to S4.2 that is not satisfied."""
        for name in CHAIN:
            if not self.satisfies(name):
                return name
        return None

    @property
    def obstacle(self) -> Finding | None:
        """What stands between these results and the next setup: a condition that differs before one that is unknown."""
        if self.next_setup is None:
            return None
        needed = [self.findings[name] for name in CHAIN[self.next_setup]]
        for state in (DIFFERS, MISSING):
            for finding in needed:
                if finding.state == state:
                    return finding
        return None

    @property
    def rank(self) -> tuple[int, int, bool]:
        """Larger for a stricter setup; of two alike, the one that only lacks a fact comes before one that differs."""
        place = list(CHAIN).index(self.setup) + 1 if self.setup else 0
        return place, len(self.beside), self.obstacle is None or self.obstacle.state == MISSING


def label_of(setup: str | None, beside: Iterable[str]) -> str:
    """Setups as one cell: a setup within S1 to S4.2 says that of training in total where it stops short of S4.1."""
    shown = [] if setup in ("S4.1", "S4.2") else list(beside)
    return " and ".join([*([setup] if setup else []), *shown]) or NONE


def verdict(one: Result, other: Result, same_base: str = "accuracy") -> FairnessVerdict:
    """Every condition on two results; `same_base` says what makes base models the same: accuracy, or named alone."""
    if same_base not in SAME_BASE:
        expected = ", ".join(SAME_BASE)
        raise ValueError(
            f"same_base: '{same_base}' is unknown{did_you_mean(same_base, SAME_BASE)}; expected {expected}"
        )
    by_condition = {finding.condition: finding for finding in findings((one, other), same_base)}
    return FairnessVerdict(one, other, by_condition)


def on_common_ground(pair: Pair) -> bool:
    """Whether two results are at least on the same dataset, network, and ratio or speedup (S1)."""
    one, other = pair
    if not _same_network(one.point, other.point):
        return False
    shared = one.ratios.keys() & other.ratios.keys()
    return any(may_be_equal(one.ratios[name], other.ratios[name]) for name in shared)


@dataclass(frozen=True)
class Fairness:
    """What can be said of the results of `one` beside those of `other` (keys of papers, or ids of results)."""

    one: str
    other: str
    verdicts: tuple[FairnessVerdict, ...]
    """Pairs of results on the same dataset and network, the strictest setup first."""

    @property
    def placed(self) -> tuple[FairnessVerdict, ...]:
        """The pairs that satisfy S1 at least."""
        return tuple(verdict for verdict in self.verdicts if verdict.setup)

    @property
    def strictest(self) -> FairnessVerdict | None:
        """A pair of the strictest setup; None if the two have no results on the same dataset and network."""
        return self.verdicts[0] if self.verdicts else None


def fair(corpus: Corpus, one: str, other: str, *, same_base: str = "accuracy") -> Fairness:
    """Every pair of results of two papers (or of two results alone) on one dataset and network, with its setup.

    `one` and `other` are keys of papers or ids of results; `same_base` says what makes base models the same, see
    `verdict`. ValueError for what is neither a paper nor a result.

    >>> fair(corpus, "he2017channel", "li2016pruning").strictest.label
    'none'
    """
    mine, theirs = results(corpus, one), results(corpus, other)
    verdicts = []
    if len(mine) == len(theirs) == 1:  # two results that were named are compared whatever they are
        verdicts.append(verdict(mine[0], theirs[0], same_base))
    else:
        for left, right in combinations(mine, 2) if one == other else product(mine, theirs):
            if _same_network(left.point, right.point):
                verdicts.append(verdict(left, right, same_base))
    verdicts.sort(key=lambda pair: pair.rank, reverse=True)
    return Fairness(one, other, tuple(verdicts))


def _same_network(one: OperatingPoint, other: OperatingPoint) -> bool:
    return (one.dataset, one.architecture) == (other.dataset, other.architecture)


def results(corpus: Corpus, name: str) -> list[Result]:
    """The results of a paper (or study of ours) by its key, or the one result of that id."""
    paper = _paper(corpus, name.partition("/")[0])
    points = list(paper.points)
    if "/" not in name:
        if not points:
            raise ValueError(f"'{name}' has no results with numbers")
        return [result_of(paper, point) for point in points]
    by_id = {point.point_id: point for point in points}
    if name not in by_id:
        expected = f"; expected one of {', '.join(list(by_id)[:6])} ..."
        raise ValueError(f"no result '{name}'{did_you_mean(name, by_id) or expected}")
    return [result_of(paper, by_id[name])]


def _paper(corpus: Corpus, key: str) -> Paper:
    paper = corpus.papers.get(key) or corpus.reruns.papers.get(key)
    if paper is None:
        known = [*corpus.papers, *corpus.reruns.papers]
        raise ValueError(
            f"no paper '{key}'{did_you_mean(key, known) or '; expected a key such as li2016pruning'}"
        )
    return paper


class SetupsOfPairs:
    """The strictest setup of pairs of results of a corpus, each pair judged once."""

    def __init__(self, corpus: Corpus, same_base: str = "accuracy"):
        self.corpus, self.same_base = corpus, same_base
        self._points: dict[str, tuple[Paper, OperatingPoint]] = {}
        for paper in corpus.papers.values():
            for point in paper.points:
                self._points[point.point_id] = (paper, point)
        self._results: dict[str, Result] = {}
        self._verdicts: dict[frozenset[str], FairnessVerdict | None] = {}

    def strictest(self, mine: Iterable[str], theirs: Iterable[str]) -> FairnessVerdict | None:
        """The verdict on the pair of the strictest setup, by the results' ids; None where no pair satisfies S1."""
        strictest = None
        for one, other in product(mine, theirs):
            candidate = self._verdict(one, other)
            if candidate is not None and (strictest is None or candidate.rank > strictest.rank):
                strictest = candidate
        return strictest

    def setup(self, mine: Iterable[str], theirs: Iterable[str]) -> str:
        """The strictest setup as one cell: `S2`, `S1 and SX-A`, or `none`."""
        strictest = self.strictest(mine, theirs)
        return NONE if strictest is None else strictest.label

    def _verdict(self, one: str, other: str) -> FairnessVerdict | None:
        key = frozenset((one, other))
        if key not in self._verdicts:
            pair = (self.result(one), self.result(other))
            judged = verdict(*pair, self.same_base) if on_common_ground(pair) else None
            self._verdicts[key] = judged
        return self._verdicts[key]

    def result(self, point_id: str) -> Result:
        """The result of that id."""
        if point_id not in self._results:
            self._results[point_id] = result_of(*self._points[point_id])
        return self._results[point_id]
