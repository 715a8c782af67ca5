"""Accuracies that cannot be meant: Top-5 below Top-1, errors and fractions among accuracies, parts of images."""

from __future__ import annotations

import math
from collections.abc import Iterator

from corpus.checks.printed_numbers import as_printed
from corpus.checks.row import AGREES, Row, Slip, Verdict
from corpus.checks.tolerances import tolerance
from corpus.numbers.derive import Derivation
from corpus.numbers.measures import ACCURACY, measure_of
from corpus.schema.vocabulary import Dataset, Names, Reference

TOPS = ("top1", "top5")
UNPRUNED_THEN_PRUNED = ("unpruned_", "")


def top5_below_top1(row: Row, names: Names) -> Iterator[Verdict]:  # noqa: ARG001
    """Whoever is right at the first guess is right within five."""
    for prefix in UNPRUNED_THEN_PRUNED:
        top1, top5 = (row.values.get(prefix + top) for top in TOPS)
        if top1 is None or top5 is None:
            continue
        if top5.quantity.high >= top1.quantity.low:
            yield AGREES
            continue
        leaf = next(top5.leaves())
        is_error = 100 - top5.quantity.value >= top1.quantity.value and top5.quantity.value < 50
        remedy = "the columns for Top-1 and Top-5 may be swapped"
        if is_error:
            remedy = f"it may be an error in the top5 column; did you mean top5_error: {as_printed(leaf)}?"
        said = f"top5 is {top5.quantity.value:g}%, below top1, {top1.quantity.value:g}%"
        yield Slip(leaf, f"{said}, which cannot be; {remedy}", certain=True)


def errors_for_accuracies(row: Row, names: Names) -> Iterator[Verdict]:
    """A pruned accuracy near 100 minus the unpruned one, and far from that one itself."""
    dataset = _dataset(row, names)
    for top in TOPS:
        pruned, unpruned = row.values.get(top), row.values.get(f"unpruned_{top}")
        if pruned is None or unpruned is None:
            continue
        low, high = sorted((pruned, unpruned), key=lambda value: value.quantity.value)
        apart = high.quantity.value - low.quantity.value
        sum_is_100 = abs(100 - low.quantity.value - high.quantity.value) <= tolerance("same accuracy")
        if apart <= tolerance("other accuracy") or not sum_is_100 or _is_chance(low, top, dataset):
            continue
        leaf = next(low.leaves())
        measure = leaf.measure.removeprefix("unpruned_")
        what = (
            "accuracy in the error column" if measure.endswith("_error") else "error in the accuracy column"
        )
        said = (
            f"{measure} {as_printed(leaf)} beside a {top} of {high.quantity.value:g}%: it may be an {what}"
        )
        yield Slip(leaf, f"{said}; did you mean {complement(measure)}: {as_printed(leaf)}?")


def _is_chance(accuracy: Derivation, top: str, dataset: Dataset | None) -> bool:
    """Whether the accuracy is that of a guess."""
    if dataset is None or not dataset.classes:
        return False
    guess = (100 if top == "top1" else 500) / dataset.classes
    return abs(accuracy.quantity.value / guess - 1) <= tolerance("chance")


def complement(measure: str) -> str:
    """The error of an accuracy, the accuracy of an error: `top1` <-> `top1_error`."""
    return measure.removesuffix("_error") if measure.endswith("_error") else f"{measure}_error"


def fractions_for_percents(row: Row, names: Names) -> Iterator[Verdict]:  # noqa: ARG001
    """Accuracies of at most 1 % beside one of at least 20 %."""
    for name, leaf in row.leaves.items():
        top = name.removeprefix("unpruned_")
        if top not in TOPS or leaf.quantity.value > 1:
            continue
        other = row.values.get(top if name != top else f"unpruned_{top}")
        if other and other.quantity.value >= tolerance("other accuracy"):
            said = f"{top} {as_printed(leaf)} beside {other.quantity.value:g}%: a fraction may stand for a percent"
            yield Slip(leaf, f"{said} (x100); did you mean {leaf.quantity.value * 100:g}%?", "unit")


def below_guessing(row: Row, names: Names) -> Iterator[Verdict]:
    """Top-1 accuracies that are lower than a guess among the dataset's classes."""
    dataset = _dataset(row, names)
    if dataset is None or not dataset.classes:
        return
    guess = 100 / dataset.classes
    for prefix in UNPRUNED_THEN_PRUNED:
        leaf = row.leaves.get(f"{prefix}top1")
        if leaf is None or leaf.quantity.high >= guess * (1 - tolerance("chance")):
            continue
        said = f"top1 {as_printed(leaf)} is below guessing ({guess:g} % for {dataset.classes} classes)"
        if leaf.quantity.value <= 1:
            hint = (
                f"a fraction may stand for a percent (x100); did you mean {leaf.quantity.value * 100:g}%?"
            )
            yield Slip(leaf, f"{said}; {hint}", "unit")
        else:
            yield Slip(leaf, f"{said}; {_may_be_an_error(leaf)}")
        return  # the other one says no more


def _may_be_an_error(leaf: Derivation) -> str:
    accuracy = f"accuracy {100 - leaf.quantity.value:.4g} %"
    return f"it may be an error in the accuracy column ({accuracy}); did you mean top1_error: {as_printed(leaf)}?"


def between_images(row: Row, names: Names) -> Iterator[Verdict]:
    """Accuracies that no whole number of right answers gives; a mean says so by its runs or its deviation."""
    dataset = _dataset(row, names)
    if dataset is None or not dataset.test_size:
        return
    images = dataset.test_size * (row.trials or 1)
    for leaf in row.leaves.values():
        quantity = leaf.quantity
        if measure_of(leaf.measure).kind != ACCURACY or quantity.std is not None:
            continue
        below = math.floor(quantity.high * images / 100 + tolerance("whole image"))
        if below >= quantity.low * images / 100 - tolerance("whole image"):
            continue
        nearest = " and ".join(f"{100 * right / images:.6g} %" for right in (below, below + 1))
        said = (
            f"{leaf.measure} {as_printed(leaf)} is no share of {images:,} test images (nearest: {nearest})"
        )
        yield Slip(
            leaf,
            f"{said}; a mean of several runs (say how many under `trials`), another test set or a slip",
        )


def unlike_reference(row: Row, names: Names) -> Iterator[Verdict]:
    """An unpruned Top-1 that the reference network has as its error or as its Top-5."""
    leaf = row.leaves.get("unpruned_top1")
    if leaf is None or row.architecture is None or row.dataset not in (None, "ImageNet"):
        return
    for reference in names.architectures[row.architecture].references[:1]:
        if reference.top1 is None or reference.top5 is None:
            continue
        slip = _instead_of_top1(leaf, reference, row.dataset is None)
        if slip:
            said = f"{leaf.measure} {as_printed(leaf)}, but {reference.name} has {reference.top1.value:g} %"
            yield Slip(leaf, f"{said} ({reference.source}); {slip}")
        elif row.dataset is not None or abs(leaf.quantity.value - reference.top1.value) <= tolerance(
            "same accuracy"
        ):
            yield AGREES


def _instead_of_top1(leaf: Derivation, reference: Reference, guessed_dataset: bool) -> str:
    """What the number may be instead of Top-1; nothing where it is none of these."""
    value, margin = leaf.quantity.value, tolerance("same accuracy")
    top1, top5 = reference.top1, reference.top5
    if top1 is None or top5 is None or guessed_dataset or abs(value - top1.value) <= margin:
        return ""
    if abs(100 - value - top1.value) < margin:
        return _may_be_an_error(leaf)
    return "the column may hold Top-5" if abs(value - top5.value) < margin / 2 else ""


def _dataset(row: Row, names: Names) -> Dataset | None:
    return names.datasets.entries.get(row.dataset) if row.dataset else None
