"""What two results have in common, condition by condition: held, differs, or a fact is missing that would tell.

The conditions are those of the comparison setups of Wang et al. (2023, arXiv 2301.05219).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    MissingFact,
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
    met: list[str] = []
    apart: list[str] = []
    missing: list[MissingFact] = []
    for name in RATIOS:
        mine, theirs = pair[0].ratios.get(name), pair[1].ratios.get(name)
        missing += _without(name, pair, (mine, theirs))
        if mine is not None and theirs is not None:
            said = f"{in_words(name)} {both_of([_times(mine), _times(theirs)])}"
            (met if may_be_equal(mine, theirs) else apart).append(said)
    if met:
        return Finding("ratio", HELD, "; ".join(met))
    if apart:
        return Finding("ratio", DIFFERS, "; ".join(apart))
    return lacking("ratio", missing)


def _times(quantity: Quantity) -> str:
    """A ratio, with what its printed digits leave open where that is much: `2x (1.5 to 2.5)`."""
    said = f"{quantity.value:.3g}x"
    if quantity.high - quantity.low > ROUGH * quantity.value:
        said += f" ({quantity.low:.3g} to {quantity.high:.3g})"
    return said


def _without(fact: str, pair: Pair, values: tuple[object, object]) -> list[MissingFact]:
    """Which of the two papers lack a fact, whose values are None there."""
    missing = []
    for result, value in zip(pair, values, strict=True):
        if value is None:
            missing.append((result.point.paper, fact))
    return missing


def stage_epochs(pair: Pair, stage: str) -> Finding:
    """Whether a stage (`pruning` or `fine_tuning`) lasts equally long in both."""
    condition = f"{stage}_epochs"
    mine, theirs = length_of(pair[0], stage), length_of(pair[1], stage)
    if mine is not None and theirs is not None:
        agree = lengths_agree(mine, theirs)
        if agree is not None:
            return Finding(condition, HELD if agree else DIFFERS, both_of([str(mine), str(theirs)]))
        return lacking(condition, _without_common_unit(pair, stage, (mine, theirs)))
    missing = []
    for result, length in zip(pair, (mine, theirs), strict=True):
        if length is None:
            part = getattr(result.training, stage)
            scaled = part is not None and part.epochs_per_speedup is not None
            missing.append((result.point.paper, "theoretical_speedup" if scaled else f"{stage}.epochs"))
    return lacking(condition, missing)


def _without_common_unit(pair: Pair, stage: str, lengths: tuple[Length, Length]) -> list[MissingFact]:
    """What would turn lengths in iterations into epochs, or into images."""
    missing = []
    for result, length in zip(pair, lengths, strict=True):
        if length.unit == "iterations":
            fact = f"{stage}.epochs" if length.images is not None else f"{stage}.batch_size"
            missing.append((result.point.paper, fact))
    return missing


def stage_schedule(pair: Pair, stage: str) -> Finding:
    """Whether the learning rate takes the same course in a stage (`pruning` or `fine_tuning`) of both."""
    condition = f"{stage}_schedule"
    lengths = [length_of(result, stage) for result in pair]
    absent = [length is not None and length.is_nothing for length in lengths]
    if all(absent):
        return Finding(condition, HELD, f"neither trains in {in_words(stage)}")
    if any(absent) and None not in lengths:
        return Finding(condition, DIFFERS, both_of(map(str, lengths)))
    stages = [getattr(result.training, stage) for result in pair]
    rates = compared_rates(stages, lengths)
    if rates.differing:
        return Finding(condition, DIFFERS, "; ".join(rates.differing))
    if any(rates.missing):
        missing = []
        for result, keys in zip(pair, rates.missing, strict=True):
            missing += [(result.point.paper, f"{stage}.{key}") for key in keys]
        return lacking(condition, missing)
    return Finding(condition, HELD, "; ".join(rates.equal))


def in_total(pair: Pair, held: Mapping[str, Finding], by: Literal["epochs", "flops"]) -> Finding:
    """Whether all stages together take as many epochs, or as many FLOPs; `held` are the findings on each stage."""
    condition = f"total_{by}"
    needed = ["base_model", "pruning_epochs", "fine_tuning_epochs"]
    if by == "flops":
        needed.append("ratio")
    stages_agree = all(held[name].state == HELD for name in needed)
    if stages_agree and (by == "epochs" or _equal_speedup(pair)):
        return Finding(condition, HELD, "each stage is equally long")
    count = total_epochs if by == "epochs" else total_training
    mine, theirs = count(pair[0]), count(pair[1])
    if mine.missing or theirs.missing:
        missing = [(pair[0].point.paper, fact) for fact in mine.missing]
        missing += [(pair[1].point.paper, fact) for fact in theirs.missing]
        return lacking(condition, missing)
    agree = mine.low <= theirs.high and theirs.low <= mine.high
    unit = "epochs" if by == "epochs" else "epochs of the unpruned network"
    values = both_of([f"{mine.value:.4g}", f"{theirs.value:.4g}"])
    return Finding(condition, HELD if agree else DIFFERS, f"{values} {unit}")


def _equal_speedup(pair: Pair) -> bool:
    mine, theirs = (result.quantity("theoretical_speedup") for result in pair)
    return mine is not None and theirs is not None and may_be_equal(mine, theirs)


def findings(pair: Pair, same_base: str = "accuracy") -> Iterator[Finding]:
    """Every condition on two results, in the order in which the setups ask for them."""
    yield dataset(pair)
    yield network(pair)
    by_condition = {"ratio": ratio(pair), "base_model": base_model(pair, same_base)}
    for stage in reversed(STAGES[1:]):  # fine-tuning before pruning; pretraining makes the base model
        for finding in (stage_epochs(pair, stage), stage_schedule(pair, stage)):
            by_condition[finding.condition] = finding
    yield from by_condition.values()
    yield in_total(pair, by_condition, "epochs")
    yield in_total(pair, by_condition, "flops")
