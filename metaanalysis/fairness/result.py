"""Results with their training, and what can be found when two of them are set side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from corpus.catalogue.corpus import OperatingPoint, Paper
from corpus.catalogue.training import KnownTraining, training_of
from corpus.numbers.quantity import Quantity

State = Literal["held", "differs", "missing"]
HELD: Literal["held"] = "held"
DIFFERS: Literal["differs"] = "differs"
MISSING: Literal["missing"] = "missing"
RATIOS = ("compression_ratio", "theoretical_speedup")
MissingFact = tuple[str, str]
"""A paper's key, and what its file does not say: a key of its recipe, or a measure."""


@dataclass(frozen=True, slots=True)
class Result:
    """An operating point and what is known of its training."""

    point: OperatingPoint
    training: KnownTraining
    ratios: Mapping[str, Quantity]

    def quantity(self, measure: str) -> Quantity | None:
        """The number for `measure` with its interval, or None."""
        derivation = self.point.values.get(measure)
        return None if derivation is None else derivation.quantity


def result_of(paper: Paper, point: OperatingPoint) -> Result:
    """The result of `paper` at `point`."""
    ratios = {name: point.values[name].quantity for name in RATIOS if name in point.values}
    return Result(point, training_of(paper, point), ratios)


@dataclass(frozen=True, slots=True)
class Finding:
    """How one condition stands between two results, in words; `missing` names each result's missing facts."""

    condition: str
    state: State
    said: str
    missing: tuple[MissingFact, ...] = ()


Pair = tuple[Result, Result]


def may_be_equal(one: Quantity, other: Quantity) -> bool:
    """Whether two printed numbers may stand for one: their intervals share more than an edge."""
    return one.overlaps(other, slack=-1e-9)


def lacking(condition: str, missing: Iterable[MissingFact]) -> Finding:
    """The finding that facts are missing."""
    distinct = tuple(dict.fromkeys(missing))
    by_paper: dict[str, list[str]] = {}
    for paper, name in distinct:
        by_paper.setdefault(paper, []).append(name)
    joined = " or " if condition == "ratio" else " and "
    sentences = [f"{paper} lacks {joined.join(names)}" for paper, names in by_paper.items()]
    return Finding(condition, MISSING, "; ".join(sentences), distinct)


def in_words(name: str) -> str:
    """A name as a person writes it."""
    return name.replace("_", " ")


def both_of(values: Iterable[str]) -> str:
    """Two values in words; one if they are alike."""
    first, second = values
    return first if first == second else f"{first} and {second}"
