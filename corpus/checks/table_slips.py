"""What cannot be right in one row of a compression table, and the slip that would explain it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.numbers.derive import Contradiction, Derivation, contradictions, normal_form, routes
from corpus.numbers.explain import formatted
from corpus.numbers.quantity import ACCURACY, COUNT, measure_of
from corpus.schema.vocabulary import Names, Reference

ALIKE = {"params": 0.12, "flops": 0.3}
"""How far a size may lie from every reference: variants differ by a layer, counters of FLOPs by what they leave out."""
ACCURACY_ALIKE = 5.0
"""Percentage points within which two trainings of one network usually lie."""
NOISE = 0.01
"""Images by which 57.8999996185 %, a number in single precision, may miss a whole number of them."""
UNITS = {1e3: "x1000", 1e6: "x1,000,000", 1e9: "x1,000,000,000"}


@dataclass(frozen=True, slots=True)
class TableRow:
    """The numbers of one row by measure (with `unpruned_`), each at its place, and the network they are of."""

    leaves: Mapping[str, Derivation]
    dataset: str | None = None
    architecture: str | None = None
    trials: int = 1
    unsure_units: frozenset[str] = frozenset()


Finding = tuple[Derivation, str]
"""The number at fault, and what is wrong with it."""


def findings(row: TableRow, names: Names) -> Iterator[Finding]:
    """Everything wrong in the row, once for each number at fault."""
    found = [*_arithmetic(row), *_grown(row), *_top5_below_top1(row), *_unlike_accuracies(row, names)]
    found += [*_unlike_references(row, names), *_between_images(row, names)]
    said: set[tuple[int, int]] = set()
    for leaf, message in found:
        if (leaf.line, leaf.column) not in said:
            said.add((leaf.line, leaf.column))
            yield leaf, message


def comparisons(row: TableRow) -> int:
    """How many pairs of numbers the arithmetic of the row connects."""
    measures = ("top1_change", "top5_change", "compression_ratio", "theoretical_speedup")
    ways = (sum(1 for _ in routes(row.leaves, measure)) for measure in measures)
    return sum(count * (count - 1) // 2 for count in ways)


def _arithmetic(row: TableRow) -> Iterator[Finding]:
    """One finding for each measure that two routes give differently: the one with a known slip, if there is one."""
    by_measure: dict[str, list[tuple[Contradiction, str]]] = {}
    for found in contradictions(row.leaves):
        by_measure.setdefault(found.measure, []).append((found, _slip(found, row)))
    for measure, options in by_measure.items():
        found, slip = next((option for option in options if option[1]), options[0])
        message = f"{measure}: {_said(found.a)} but {_said(found.b)}" + (f"; {slip}" if slip else "")
        yield next(found.a.leaves()), message


def _slip(found: Contradiction, row: TableRow) -> str:
    a, b = found.a.quantity.value, found.b.quantity.value
    kind = measure_of(found.measure).kind
    if kind == "change":
        return _slip_in_change(found, row, a, b)
    if kind == "ratio":
        other = {"compression_ratio": "theoretical_speedup", "theoretical_speedup": "compression_ratio"}[
            found.measure
        ]
        crossed = any(_near(a, route.quantity.value) for route in routes(row.leaves, other) if route.inputs)
        if crossed and not found.a.inputs:
            return "the columns for parameters and for FLOPs may be swapped"
        if _near(a, 1 / b):
            return "the columns before and after may be swapped"
        if any(_near(one, _as_percent(other)) for one, other in ((a, found.b), (b, found.a))):
            return "x100: a fraction may be written as a percentage"
    unit = next(
        (told for factor, told in UNITS.items() if _near(a, factor * b) or _near(b, factor * a)), ""
    )
    return f"{unit}: a unit (K, M, G) may be wrong" if unit else found.hint


def _as_percent(derivation: Derivation) -> float:
    """The ratio if the fraction under it were a hundred times as large; not a number if there is none."""
    fraction = next(derivation.leaves())
    value = 100 * fraction.quantity.value
    if fraction.measure.endswith("_pruned") and value < 1:
        return 1 / (1 - value)
    return 1 / value if fraction.measure.endswith("_kept") else math.nan


def _slip_in_change(found: Contradiction, row: TableRow, a: float, b: float) -> str:
    if _near(a, -b):
        return "the sign or the columns before and after may be swapped"
    other = "top5" if found.measure.startswith("top1") else "top1"
    if any(
        _near(a, route.quantity.value) for route in routes(row.leaves, f"{other}_change") if route.inputs
    ):
        return "the columns for Top-1 and Top-5 may be swapped"
    unpruned = normal_form(row.leaves).get("unpruned_" + found.measure.removesuffix("_change"))
    if unpruned and any(_near(x, 100 * y / unpruned.quantity.value, 0.03) for x, y in ((a, b), (b, a))):
        return "one may be relative to the unpruned accuracy"
    return found.hint


def _grown(row: TableRow) -> Iterator[Finding]:
    """Ratios below 1: the pruned network would be larger."""
    for measure in ("compression_ratio", "theoretical_speedup"):
        ratio = normal_form(row.leaves).get(measure)
        if ratio and ratio.quantity.high < 1:
            what = (
                "the columns before and after may be swapped"
                if ratio.inputs
                else "it may be the part that is kept"
            )
            yield (
                next(ratio.leaves()),
                f"{measure}: {_said(ratio)} is below 1, a larger pruned network; {what}",
            )


def _top5_below_top1(row: TableRow) -> Iterator[Finding]:
    values = normal_form(row.leaves)
    for prefix in ("", "unpruned_"):
        top1, top5 = values.get(f"{prefix}top1"), values.get(f"{prefix}top5")
        if top1 and top5 and top5.quantity.high < top1.quantity.low:
            an_error = 100 - top5.quantity.value >= top1.quantity.value and top5.quantity.value < 50
            slip = (
                f"an error in the {prefix}top5 column"
                if an_error
                else "the columns for Top-1 and Top-5 swapped"
            )
            yield (
                next(top5.leaves()),
                f"{prefix}top5 {_said(top5)} is below {prefix}top1 {_said(top1)}; likely {slip}",
            )


def _unlike_accuracies(row: TableRow, names: Names) -> Iterator[Finding]:
    """Accuracies that look like errors, or like fractions."""
    classes = names.datasets[row.dataset].classes if row.dataset else None
    for prefix in ("unpruned_", ""):
        leaf = row.leaves.get(f"{prefix}top1")
        if leaf is None or not classes or leaf.quantity.high >= 100 / classes:
            continue
        slip = (
            "x100: a fraction may be written as a percentage"
            if leaf.quantity.value <= 1
            else _an_error(leaf)
        )
        yield (
            leaf,
            f"{leaf.measure} {_said(leaf)} is below guessing ({100 / classes:g} % for {classes} classes); {slip}",
        )
        return
    before, after = row.leaves.get("unpruned_top1"), row.leaves.get("top1")
    if before and after and abs(before.quantity.value - after.quantity.value) > 30:
        low = min(before, after, key=lambda leaf: leaf.quantity.value)
        high = after if low is before else before
        if abs(100 - low.quantity.value - high.quantity.value) < 2 * ACCURACY_ALIKE:
            yield low, f"{low.measure} {_said(low)} beside {high.measure} {_said(high)}: {_an_error(low)}"


def _an_error(leaf: Derivation) -> str:
    return f"an error may stand in the {leaf.measure} column (accuracy {100 - leaf.quantity.value:.4g} %)"


def _unlike_references(row: TableRow, names: Names) -> Iterator[Finding]:
    """Unpruned numbers against those that reference tables give for the architecture on ImageNet."""
    if row.architecture is None or row.dataset not in (None, "ImageNet"):
        return
    references = names.architectures[row.architecture].references
    for measure in ("params", "flops"):
        leaf = row.leaves.get(f"unpruned_{measure}")
        known = [reference for reference in references if getattr(reference, measure)]
        if leaf and known and measure not in row.unsure_units:
            yield from _unlike_size(leaf, measure, known)
    leaf = row.leaves.get("unpruned_top1")
    for reference in references[:1]:
        if leaf and reference.top1 and reference.top5:
            yield from _unlike_top1(leaf, reference)


def _unlike_size(leaf: Derivation, measure: str, known: list[Reference]) -> Iterator[Finding]:
    value = leaf.quantity.value
    nearest = min(known, key=lambda one: abs(math.log(value / getattr(one, measure).value)))
    factor = value / getattr(nearest, measure).value
    if abs(factor - 1) <= ALIKE[measure]:
        return
    other = getattr(nearest, "flops" if measure == "params" else "params")
    if other and _near(value, other.value, 0.12):
        slip = "the columns for parameters and for FLOPs may be swapped"
    elif measure == "flops" and _near(factor, 2, 0.15):
        slip = "x2: the table may count two FLOPs for each multiply-add"
    elif unit := next(
        (told for size, told in UNITS.items() if _near(max(factor, 1 / factor), size, 0.3)), ""
    ):
        slip = f"{unit}: a unit (K, M, G) may be wrong"
    else:
        slip = f"x{factor:.3g}: another network than the one named, or a slip"
    reference = f"{formatted(leaf.measure, getattr(nearest, measure).value)} ({nearest.source})"
    yield leaf, f"{leaf.measure} {_said(leaf)}, but {nearest.name} has {reference}; {slip}"


def _unlike_top1(leaf: Derivation, reference: Reference) -> Iterator[Finding]:
    value, top1, top5 = leaf.quantity.value, reference.top1.value, reference.top5.value
    if abs(100 - value - top1) < ACCURACY_ALIKE < abs(value - top1):
        slip = _an_error(leaf)
    elif abs(value - top5) < ACCURACY_ALIKE / 2 and value - top1 > ACCURACY_ALIKE:
        slip = "the column may hold Top-5"
    else:
        return
    yield (
        leaf,
        f"{leaf.measure} {_said(leaf)}, but {reference.name} has {top1:g} % ({reference.source}); {slip}",
    )


def _between_images(row: TableRow, names: Names) -> Iterator[Finding]:
    """Accuracies that no whole number of right answers gives; a mean says so by its runs or its deviation."""
    images = names.datasets[row.dataset].test_size if row.dataset else None
    if not images:
        return
    images *= row.trials
    for leaf in row.leaves.values():
        quantity = leaf.quantity
        if measure_of(leaf.measure).kind != ACCURACY or quantity.std is not None:
            continue
        below = math.floor(quantity.high * images / 100 + NOISE)
        if below < quantity.low * images / 100 - NOISE:
            near = " and ".join(f"{100 * right / images:.6g} %" for right in (below, below + 1))
            message = (
                f"{leaf.measure} {_said(leaf)} is no share of {images:,} test images (nearest: {near})"
            )
            yield (
                leaf,
                f"{message}; a mean of several runs (say how many under `trials`), another test set or a slip",
            )


def _said(derivation: Derivation) -> str:
    value = formatted(derivation.measure, derivation.quantity.value)
    if derivation.inputs:
        return f"{value} ({derivation.formula})"
    printed = f"'{derivation.quantity.printed}'"
    return f"{printed} ({value})" if measure_of(derivation.measure).kind == COUNT else printed


def _near(a: float, b: float, tolerance: float = 0.02) -> bool:
    return abs(a - b) <= tolerance * max(abs(a), abs(b))
