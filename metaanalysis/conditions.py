"""What two results have in common, condition by condition: held, differs, or a fact is missing that would tell.

The conditions are those of the comparison setups of Wang et al. (2023, arXiv 2301.05219).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from corpus.catalogue import OperatingPoint, Paper
from corpus.quantities import Quantity
from corpus.recipe import STAGES, accuracies
from corpus.training import Training, training_of
from metaanalysis.lengths import Length, length_of, lengths_agree, total_epochs, total_training
from metaanalysis.rates import compared_rates

State = Literal["held", "differs", "missing"]
HELD, DIFFERS, MISSING = "held", "differs", "missing"
RATIOS = ("compression_ratio", "theoretical_speedup")
SAME_BASE = ("accuracy", "named")
ROUGH = 0.1
DIGITS_THAT_IDENTIFY = 0.01001
"""Percent: an accuracy printed to two decimals tells trained networks apart; a rounder one does not."""


@dataclass(frozen=True, slots=True)
class Result:
    """An operating point and what is known of its training."""

    point: OperatingPoint
    training: Training
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
    missing: tuple[tuple[str, str], ...] = ()


Pair = tuple[Result, Result]


def may_be_equal(one: Quantity, other: Quantity) -> bool:
    """Whether two printed numbers may stand for one: their intervals share more than an edge."""
    return one.overlaps(other, slack=-1e-9)


def dataset(pair: Pair) -> Finding:
    """Whether both are on one dataset."""
    return _same("dataset", *(result.point.dataset for result in pair))


def network(pair: Pair) -> Finding:
    """Whether both prune one architecture."""
    return _same("network", *(result.point.architecture for result in pair))


def _same(condition: str, mine: str, theirs: str) -> Finding:
    if mine == theirs:
        return Finding(condition, HELD, mine)
    return Finding(condition, DIFFERS, f"{mine} and {theirs}")


def ratio(pair: Pair) -> Finding:
    """Whether both stand at one compression ratio or one theoretical speedup, as far as the printed digits tell."""
    known = {name: tuple(result.ratios.get(name) for result in pair) for name in RATIOS}
    both = {name: numbers for name, numbers in known.items() if None not in numbers}
    if not both:
        return _without("ratio", ((name, pair, numbers) for name, numbers in known.items()))
    met = {name: numbers for name, numbers in both.items() if may_be_equal(*numbers)}
    told = (f"{_words(name)} {_and(map(_times, numbers))}" for name, numbers in (met or both).items())
    return Finding("ratio", HELD if met else DIFFERS, "; ".join(told))


def _times(quantity: Quantity) -> str:
    """A ratio, with what its printed digits leave open where that is much."""
    is_rough = quantity.high - quantity.low > ROUGH * quantity.value
    return f"{quantity.value:.3g}x" + (f" ({quantity.low:.3g} to {quantity.high:.3g})" if is_rough else "")


def _without(condition: str, facts: Iterable[tuple[str, Pair, tuple]]) -> Finding:
    missing = tuple(
        (result.point.paper, name)
        for name, pair, values in facts
        for result, value in zip(pair, values, strict=True)
        if value is None
    )
    return _missing(condition, missing)


def _missing(condition: str, missing: Iterable[tuple[str, str]]) -> Finding:
    missing = tuple(dict.fromkeys(missing))
    by_paper: dict[str, list[str]] = {}
    for paper, name in missing:
        by_paper.setdefault(paper, []).append(name)
    joined = " or " if condition == "ratio" else " and "
    told = "; ".join(f"{paper} lacks {joined.join(names)}" for paper, names in by_paper.items())
    return Finding(condition, MISSING, told, missing)


def base_model(pair: Pair, same_base: str = "accuracy") -> Finding:
    """Whether both start from one trained network: by its name, else by its accuracy to two decimals."""
    names = [result.training.base.model if result.training.base else None for result in pair]
    papers = [result.point.paper for result in pair]
    if None in names and "none" in names:
        return _missing(
            "base_model", ((paper, "base.model") for paper, name in zip(papers, names, strict=True) if not name)
        )
    if None in names or (names == ["own", "own"] and papers[0] == papers[1]):
        return _base_by_accuracy(pair, names, same_base)
    if names[0] != names[1] or (names[0].startswith("own") and papers[0] != papers[1]):
        told = (_origin(name, paper) for name, paper in zip(names, papers, strict=True))
        return Finding("base_model", DIFFERS, _and(told))
    return Finding("base_model", HELD, "none: both start from random weights" if names[0] == "none" else names[0])


def _origin(name: str, paper: str) -> str:
    if name.startswith("own"):
        return f"one that {paper} trained{name.removeprefix('own')}"
    return "none (random weights)" if name == "none" else name


def _base_by_accuracy(pair: Pair, names: list[str | None], same_base: str) -> Finding:
    trained = [length_of(result, "pretraining") for result in pair]
    if None not in trained and lengths_agree(*trained) is False:
        return Finding("base_model", DIFFERS, f"trained for {_and(map(str, trained))}")
    mine, theirs = (_bases(result) for result in pair)
    shared = {name: (mine[name], theirs[name]) for name in mine if name in theirs}
    told = "; ".join(
        f"unpruned {_words(name)} {_and(f'{q.value:.2f}%' for q in both)}" for name, both in shared.items()
    )
    if not all(may_be_equal(*both) for both in shared.values()):
        return Finding("base_model", DIFFERS, told)
    if _one_network(pair):
        return Finding("base_model", HELD, f"the same unpruned network of {pair[0].point.paper}")
    identified = shared and all(_is_sharp(quantity) for both in shared.values() for quantity in both)
    if identified and same_base == "accuracy":
        return Finding("base_model", HELD, f"{told}, so taken as one network")
    unnamed = [result for result, name in zip(pair, names, strict=True) if name is None]
    return _missing("base_model", ((result.point.paper, "base.model") for result in unnamed or pair))


def _bases(result: Result) -> dict[str, Quantity]:
    """The accuracies of the unpruned network: those of the results, else those of the recipe."""
    found = accuracies(result.training.base)
    return found | {name: q for name in ("top1", "top5") if (q := result.quantity(f"unpruned_{name}")) is not None}


def _one_network(pair: Pair) -> bool:
    """Whether both are set against the very same line of one paper."""
    lines = [_unpruned_lines(result.point) for result in pair]
    return pair[0].point.paper == pair[1].point.paper and lines[0] == lines[1] != frozenset()


def _unpruned_lines(point: OperatingPoint) -> frozenset[tuple[str, int]]:
    return frozenset((leaf.file, leaf.line) for name, leaf in point.leaves.items() if name.startswith("unpruned_top"))


def _is_sharp(quantity: Quantity) -> bool:
    return quantity.high - quantity.low <= DIGITS_THAT_IDENTIFY


def stage_epochs(pair: Pair, stage: str) -> Finding:
    """Whether a stage lasts equally long in both."""
    condition = f"{stage}_epochs"
    lengths = [length_of(result, stage) for result in pair]
    if None not in lengths and (agree := lengths_agree(*lengths)) is not None:
        return Finding(condition, HELD if agree else DIFFERS, _and(map(str, lengths)))
    return _missing(condition, _lacking(pair, stage, lengths))


def _lacking(pair: Pair, stage: str, lengths: list[Length | None]) -> Iterator[tuple[str, str]]:
    for result, length in zip(pair, lengths, strict=True):
        if length is None:
            scaled = (found := getattr(result.training, stage)) is not None and found.epochs_per_speedup is not None
            yield result.point.paper, "theoretical_speedup" if scaled else f"{stage}.epochs"
        elif None not in lengths and length.unit == "iterations":
            yield result.point.paper, f"{stage}.epochs" if length.images is not None else f"{stage}.batch_size"


def stage_schedule(pair: Pair, stage: str) -> Finding:
    """Whether the learning rate takes the same course in a stage of both."""
    condition = f"{stage}_schedule"
    lengths = [length_of(result, stage) for result in pair]
    nothing = [length is not None and length.is_nothing for length in lengths]
    if all(nothing):
        return Finding(condition, HELD, f"neither trains in {_words(stage)}")
    if any(nothing) and None not in lengths:
        return Finding(condition, DIFFERS, _and(map(str, lengths)))
    found = compared_rates([getattr(result.training, stage) for result in pair], lengths)
    if found.differing:
        return Finding(condition, DIFFERS, "; ".join(found.differing))
    if any(found.missing):
        facts = ((r.point.paper, f"{stage}.{key}") for r, keys in zip(pair, found.missing, strict=True) for key in keys)
        return _missing(condition, facts)
    return Finding(condition, HELD, "; ".join(found.equal))


def in_total(pair: Pair, held: Mapping[str, Finding], by: Literal["epochs", "flops"]) -> Finding:
    """Whether all stages together take as many epochs, or as many FLOPs."""
    condition = f"total_{by}"
    needed = ("base_model", "pruning_epochs", "fine_tuning_epochs", *(("ratio",) if by == "flops" else ()))
    if all(held[name].state == HELD for name in needed) and (by == "epochs" or _equal_speedup(pair)):
        return Finding(condition, HELD, "each stage is equally long")
    counted = total_epochs if by == "epochs" else total_training
    totals = [counted(result) for result in pair]
    if any(total.missing for total in totals):
        facts = ((r.point.paper, fact) for r, total in zip(pair, totals, strict=True) for fact in total.missing)
        return _missing(condition, facts)
    mine, theirs = totals
    agree = mine.low <= theirs.high and theirs.low <= mine.high
    unit = "epochs" if by == "epochs" else "epochs of the unpruned network"
    return Finding(condition, HELD if agree else DIFFERS, f"{_and(f'{total.value:.4g}' for total in totals)} {unit}")


def _equal_speedup(pair: Pair) -> bool:
    speedups = [result.quantity("theoretical_speedup") for result in pair]
    return None not in speedups and may_be_equal(*speedups)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _and(values: Iterable[str]) -> str:
    first, second = values
    return first if first == second else f"{first} and {second}"


def findings(pair: Pair, same_base: str = "accuracy") -> Iterator[Finding]:
    """Every condition on two results, in the order in which the setups ask for them."""
    yield dataset(pair)
    yield network(pair)
    yield (at := ratio(pair))
    found = {"ratio": at, "base_model": base_model(pair, same_base)}
    for stage in reversed(STAGES[1:]):
        for finding in (stage_epochs(pair, stage), stage_schedule(pair, stage)):
            found[finding.condition] = finding
    yield from (finding for name, finding in found.items() if name != "ratio")
    yield in_total(pair, found, "epochs")
    yield in_total(pair, found, "flops")
