"""Slips that break no rule of a paper's file: numbers that cannot be, or that what others know speaks against.

Certain ones are errors. The others are warnings of kind `contradiction`; a `doubt` on the row or block answers them.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.catalogue.corpus import OperatingPoint, Paper
from corpus.numbers.derive import Derivation
from corpus.schema.reader import Problem
from corpus.schema.vocabulary import Names, Reference

NEAR = 0.1
"""Counters of one network differ by less (ResNet-50: 3.86 to 4.13 billion multiply-adds, depending on what counts)."""
REFERENCE_DATASET = "ImageNet"
ERROR_MARGIN = 4.0
"""Percentage points within which 100 minus a pruned accuracy must meet the unpruned one to look like an error rate."""
BY_CHANCE = 0.02
"""A network that has lost everything is right as often as a guess, give or take this share of it."""


def slips(paper: Paper, names: Names) -> Iterator[Problem]:
    """What cannot be meant in one paper's own numbers, or against the vocabulary's reference networks."""
    told: set[tuple[str, int, int]] = set()
    for point in paper.points:
        if point.released or point.doubt:
            continue
        for problem in _slips(point, names):
            if (problem.message, problem.line, problem.column) not in told:  # once for all rows of a block
                told.add((problem.message, problem.line, problem.column))
                yield problem


def _slips(point: OperatingPoint, names: Names) -> Iterator[Problem]:
    yield from _top5_below_top1(point)
    yield from _broken_counts(point)
    yield from _error_for_accuracy(point, names)
    yield from _fraction_for_percent(point)
    yield from _more_weights_than_work(point)
    yield from _unlike_reference(point, names)


def _problem(leaf: Derivation, message: str, kind: str = "contradiction") -> Problem:
    stands = next(leaf.leaves())
    return Problem(stands.file, stands.line, stands.column, message, kind)


def printed_in(leaf: Derivation) -> str:
    return next(leaf.leaves()).quantity.printed


def _top5_below_top1(point: OperatingPoint) -> Iterator[Problem]:
    """Whoever is right at the first guess is right within five."""
    for prefix in ("unpruned_", ""):
        top1, top5 = (point.values.get(f"{prefix}{top}") for top in ("top1", "top5"))
        if top1 and top5 and top5.quantity.high < top1.quantity.low:
            told = f"top5 is {top5.quantity.value:g}%, below top1, {top1.quantity.value:g}%"
            yield _problem(top5, f"{told}, which cannot be; the columns may be swapped", "error")


def _broken_counts(point: OperatingPoint) -> Iterator[Problem]:
    for name, leaf in point.leaves.items():
        if name.removeprefix("unpruned_") in ("params", "flops") and is_broken(leaf.quantity.value):
            said = name.removeprefix("unpruned_")
            hint = f"did you mean {printed_in(leaf)}M?"
            yield _problem(
                leaf, f"{said} {printed_in(leaf)} is no count; expected a whole number; {hint}", "error"
            )


def is_broken(count: float) -> bool:
    """Whether a count small enough to be exact is no whole number."""
    return count < 1000 and count != int(count)


def _error_for_accuracy(point: OperatingPoint, names: Names) -> Iterator[Problem]:
    """A pruned accuracy near 100 minus the unpruned one, and far from that one itself."""
    dataset = names.datasets.entries.get(point.dataset)
    classes = dataset.classes if dataset else None
    for top in ("top1", "top5"):
        pruned, unpruned = point.values.get(top), point.values.get(f"unpruned_{top}")
        if pruned is None or unpruned is None:
            continue
        a, b = pruned.quantity.value, unpruned.quantity.value
        by_chance = classes and abs(min(a, b) * classes / (100 if top == "top1" else 500) - 1) <= BY_CHANCE
        if abs(a - b) > 5 * ERROR_MARGIN and abs(100 - a - b) <= ERROR_MARGIN and not by_chance:
            low, high = sorted((pruned, unpruned), key=lambda value: value.quantity.value)
            leaf = next(low.leaves())
            measure = leaf.measure.removeprefix("unpruned_")
            what = (
                "accuracy in the error column"
                if measure.endswith("_error")
                else "error in the accuracy column"
            )
            told = f"{measure} {leaf.quantity.printed} beside a {top} of {high.quantity.value:g}%: it may be an {what}"
            yield _problem(leaf, f"{told}; did you mean {complement(measure)}: {leaf.quantity.printed}?")


def complement(measure: str) -> str:
    """The error of an accuracy, the accuracy of an error: `top1` <-> `top1_error`."""
    return measure.removesuffix("_error") if measure.endswith("_error") else f"{measure}_error"


def _fraction_for_percent(point: OperatingPoint) -> Iterator[Problem]:
    for name, leaf in point.leaves.items():
        printed, value = leaf.quantity.printed, leaf.quantity.value
        if name in ("params_pruned", "flops_pruned") and 0 < value <= 0.01:
            yield _problem(
                leaf, f"{name} {printed}: almost nothing is pruned; did you mean {value * 1e4:g}%?"
            )
        elif name in ("top1", "top5", "unpruned_top1", "unpruned_top5"):
            other = point.values.get(
                name.removeprefix("unpruned_") if "unpruned" in name else f"unpruned_{name}"
            )
            if value <= 1 and other and other.quantity.value >= 20:
                said = f"{name.removeprefix('unpruned_')} {printed} beside {other.quantity.value:g}%"
                yield _problem(
                    leaf, f"{said}: a fraction may stand for a percent; did you mean {value * 100:g}%?"
                )


def _more_weights_than_work(point: OperatingPoint) -> Iterator[Problem]:
    """Each weight of a convolution or linear layer costs at least one multiply-add; biases and norms are few."""
    for prefix in ("unpruned_", ""):
        params, flops = point.leaves.get(f"{prefix}params"), point.leaves.get(f"{prefix}flops")
        if params and flops and flops.quantity.high * (1 + NEAR) < params.quantity.low:
            told = f"flops {printed_in(flops)} is below params {printed_in(params)}, but a weight is used at least once"
            yield _problem(flops, f"{told}; the columns may be swapped")
            return  # rows of the same table say no more


def _unlike_reference(point: OperatingPoint, names: Names) -> Iterator[Problem]:
    """Sizes of the unpruned network that are off by a usual factor from the vocabulary's reference network."""
    for reference in references_of(point, names):
        for measure in ("params", "flops"):
            leaf, known = point.leaves.get(f"unpruned_{measure}"), getattr(reference, measure)
            if leaf and known and (slip := usual_slip(measure, leaf.quantity.value / known.value)):
                kind = "multiply-adds" if measure == "flops" else "parameters"
                told = f"{measure} {printed_in(leaf)}: {point.architecture} has {known.value:.4g} {kind}"
                yield _problem(leaf, f"{told} ({reference.source}); {slip}")


def references_of(point: OperatingPoint, names: Names) -> tuple[Reference, ...]:
    architecture = names.architectures.entries.get(point.architecture)
    return architecture.references[:1] if architecture and point.dataset == REFERENCE_DATASET else ()


def usual_slip(measure: str, ratio: float) -> str:
    """The usual slip behind a size that is `ratio` times what it should be, and its remedy; nothing if none fits."""
    if measure == "flops" and abs(ratio / 2 - 1) <= NEAR:
        return (
            "twice that: if the paper counts two per multiply-add, write `flops_counts: flops` in the block"
        )
    if measure == "flops" and abs(ratio * 2 - 1) <= NEAR:
        return "half of that: if the paper counts multiply-adds, write `flops_counts: multiply-adds` in the block"
    if measure == "params" and (abs(ratio / 2 - 1) <= NEAR or abs(ratio * 2 - 1) <= NEAR):
        times = "twice" if ratio > 1 else "half of"
        return f"{times} that: another network, or another unit; check the name and the table"
    for power in (2, 3, 6, 9):
        if abs(ratio / 10**power - 1) <= NEAR or abs(ratio * 10**power - 1) <= NEAR:
            return f"a factor of 10^{power}: K, M or G may be missing or wrong"
    return ""
