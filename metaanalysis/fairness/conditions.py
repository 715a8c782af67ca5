"""What two results have in common, condition by condition: held, differs, or a fact is missing that would tell.

The conditions are those of the comparison setups of Wang et al. (2023, arXiv 2301.05219).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from corpus.numbers.quantity import Quantity
from corpus.schema.recipe import STAGES
from metaanalysis.fairness.base_models import base_model
from metaanalysis.fairness.lengths import Length, length_of, lengths_agree, total_epochs, total_training
from metaanalysis.fairness.result import (
    DIFFERS,
    HELD,
    RATIOS,
    Finding,
    Pair,
    both_of,
    in_words,
    lacking,
    may_be_equal,
)
from metaanalysis.fairness.schedules import compared_rates

ROUGH = 0.1
"""Share of a ratio; a wider interval is told with it."""


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
    told = (f"{in_words(name)} {both_of(map(_times, numbers))}" for name, numbers in (met or both).items())
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
    return lacking(condition, missing)


def stage_epochs(pair: Pair, stage: str) -> Finding:
    """Whether a stage lasts equally long in both."""
    condition = f"{stage}_epochs"
    lengths = [length_of(result, stage) for result in pair]
    if None not in lengths and (agree := lengths_agree(*lengths)) is not None:
        return Finding(condition, HELD if agree else DIFFERS, both_of(map(str, lengths)))
    return lacking(condition, _lacking(pair, stage, lengths))


def _lacking(pair: Pair, stage: str, lengths: list[Length | None]) -> Iterator[tuple[str, str]]:
    for result, length in zip(pair, lengths, strict=True):
        if length is None:
            scaled = (
                found := getattr(result.training, stage)
            ) is not None and found.epochs_per_speedup is not None
            yield result.point.paper, "theoretical_speedup" if scaled else f"{stage}.epochs"
        elif None not in lengths and length.unit == "iterations":
            yield (
                result.point.paper,
                f"{stage}.epochs" if length.images is not None else f"{stage}.batch_size",
            )


def stage_schedule(pair: Pair, stage: str) -> Finding:
    """Whether the learning rate takes the same course in a stage of both."""
    condition = f"{stage}_schedule"
    lengths = [length_of(result, stage) for result in pair]
    nothing = [length is not None and length.is_nothing for length in lengths]
    if all(nothing):
        return Finding(condition, HELD, f"neither trains in {in_words(stage)}")
    if any(nothing) and None not in lengths:
        return Finding(condition, DIFFERS, both_of(map(str, lengths)))
    found = compared_rates([getattr(result.training, stage) for result in pair], lengths)
    if found.differing:
        return Finding(condition, DIFFERS, "; ".join(found.differing))
    if any(found.missing):
        facts = (
            (r.point.paper, f"{stage}.{key}")
            for r, keys in zip(pair, found.missing, strict=True)
            for key in keys
        )
        return lacking(condition, facts)
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
        facts = (
            (r.point.paper, fact) for r, total in zip(pair, totals, strict=True) for fact in total.missing
        )
        return lacking(condition, facts)
    mine, theirs = totals
    agree = mine.low <= theirs.high and theirs.low <= mine.high
    unit = "epochs" if by == "epochs" else "epochs of the unpruned network"
    return Finding(
        condition, HELD if agree else DIFFERS, f"{both_of(f'{total.value:.4g}' for total in totals)} {unit}"
    )


def _equal_speedup(pair: Pair) -> bool:
    speedups = [result.quantity("theoretical_speedup") for result in pair]
    return None not in speedups and may_be_equal(*speedups)


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
