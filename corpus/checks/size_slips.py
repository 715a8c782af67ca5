"""Sizes that cannot be meant: broken counts, fewer multiply-adds than weights, unlike every reference network."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from corpus.checks.arithmetic_slips import CROSSED_SIZES
from corpus.checks.printed_numbers import as_printed, in_short
from corpus.checks.row import AGREES, Row, Slip, Verdict
from corpus.checks.tolerances import near, tolerance
from corpus.numbers.derive import routes
from corpus.schema.vocabulary import Names, Reference

REFERENCE_DATASET = "ImageNet"
SIZES = ("params", "flops")
COUNTED = {"params": "parameters", "flops": "multiply-adds"}


def broken_counts(row: Row, names: Names) -> Iterator[Verdict]:  # noqa: ARG001
    """Counts small enough to be exact that are no whole number: the unit was left out."""
    for name, leaf in row.leaves.items():
        size = name.removeprefix("unpruned_")
        if size in SIZES and size not in row.unsure_units and is_broken(leaf.quantity.value):
            said = f"{size} {as_printed(leaf)} is no count; expected a whole number"
            yield Slip(leaf, f"{said}; did you mean {as_printed(leaf)}M?", "unit", certain=True)


def is_broken(count: float) -> bool:
    """Whether a count small enough to be exact is no whole number."""
    return count < 1000 and count != int(count)


def almost_nothing_pruned(row: Row, names: Names) -> Iterator[Verdict]:  # noqa: ARG001
    """Shares pruned of at most 1 %, which are fractions written as percentages."""
    for name in ("params_pruned", "flops_pruned"):
        leaf = row.leaves.get(name)
        ratio = "compression_ratio" if name == "params_pruned" else "theoretical_speedup"
        if leaf and sum(1 for _ in routes(row.leaves, ratio)) > 1:
            continue  # arithmetic knows better
        if leaf and 0 < leaf.quantity.value <= tolerance("almost nothing"):
            hint = f"almost nothing is pruned; did you mean {leaf.quantity.value * 1e4:g}%?"
            yield Slip(leaf, f"{name} {as_printed(leaf)}: {hint}", "unit")


def fewer_flops_than_params(row: Row, names: Names) -> Iterator[Verdict]:  # noqa: ARG001
    """Each weight of a convolution or linear layer costs at least one multiply-add; biases and norms are few."""
    if row.unsure_units:
        return
    for prefix in ("unpruned_", ""):
        params, flops = row.leaves.get(f"{prefix}params"), row.leaves.get(f"{prefix}flops")
        if params is None or flops is None:
            continue
        if flops.quantity.high * (1 + tolerance("same size")) >= params.quantity.low:
            yield AGREES
            continue
        said = f"flops {as_printed(flops)} is below params {as_printed(params)}, but a weight is used at least once"
        yield Slip(flops, f"{said}; {CROSSED_SIZES}, or a unit (K, M, G) is wrong")
        return  # the other row of the same columns says no more


def unlike_reference(row: Row, names: Names) -> Iterator[Verdict]:
    """Sizes of the unpruned network that are unlike those of every reference network of that name."""
    if any(fewer_flops_than_params(row, names)):
        return  # crossed columns, told already
    for size in SIZES:
        leaf = row.leaves.get(f"unpruned_{size}")
        known = [one for one in references_of(row, names) if getattr(one, size)]
        if not known or size in row.unsure_units:
            continue
        if leaf is None:
            yield from _implied_unlike(row, size, known)
            continue
        if is_broken(leaf.quantity.value):
            continue
        value = leaf.quantity.value
        nearest = min(known, key=lambda one: abs(math.log(value / getattr(one, size).value)))
        kind, slip = _against(size, value, nearest)
        if not slip:
            yield AGREES
            continue
        known_size = f"{in_short(getattr(nearest, size).value)} {COUNTED[size]} ({nearest.source})"
        yield Slip(leaf, f"{size} {as_printed(leaf)}: {nearest.name} has {known_size}; {slip}", kind)


def _implied_unlike(row: Row, size: str, known: Sequence[Reference]) -> Iterator[Verdict]:
    """The unpruned size that a pruned size and a share imply, beside the reference networks.

    Speaks only where no size that the printed digits allow comes near: a share such as 90 % leaves much open.
    """
    implied = row.values.get(f"unpruned_{size}")
    if implied is None or is_broken(implied.quantity.value):
        return
    quantity = implied.quantity
    nearest = min(known, key=lambda one: abs(math.log(quantity.value / getattr(one, size).value)))
    reference = getattr(nearest, size).value
    margin = tolerance("same size")
    if quantity.low <= reference * (1 + margin) and quantity.high >= reference * (1 - margin):
        yield AGREES
        return
    kind, slip = _against(size, quantity.value, nearest)
    if not slip:
        yield AGREES
        return
    leaves = list(implied.leaves())
    leaf = next((part for part in leaves if part.measure == size), leaves[0])
    printed = " with ".join(f"{part.measure} {as_printed(part)}" for part in leaves)
    known_size = f"{in_short(reference)} {COUNTED[size]} ({nearest.source})"
    said = f"{printed} implies {in_short(quantity.value)} before pruning: {nearest.name} has {known_size}; {slip}"
    yield Slip(leaf, said, kind)


def references_of(row: Row, names: Names) -> tuple[Reference, ...]:
    """The reference networks of the row's name.

    Names mean other networks on other datasets (VGG-16 on CIFAR-10), so without a named dataset the unpruned accuracy
    must be that of the reference.
    """
    if row.architecture is None or row.dataset not in (None, REFERENCE_DATASET):
        return ()
    entry = names.architectures.entries.get(row.architecture)
    references = entry.references if entry else ()
    if row.dataset is not None:
        return references
    top1 = row.values.get("unpruned_top1")
    if top1 is None:
        return ()
    margin = tolerance("same accuracy")
    return tuple(
        one for one in references if one.top1 and abs(one.top1.value - top1.quantity.value) <= margin
    )


def _against(size: str, value: float, reference: Reference) -> tuple[str, str]:
    """The kind of slip and its remedy where a size is not the reference network's; empty where it may be."""
    factor = value / getattr(reference, size).value
    if abs(factor - 1) <= tolerance("same size"):
        return "", ""
    other_size = "flops" if size == "params" else "params"
    other = getattr(reference, other_size)
    if other and near(value, other.value, "same size"):
        return "slip", CROSSED_SIZES
    if slip := usual_slip(size, factor):
        return "unit", slip
    return (
        "unit" if size == "flops" else "slip",
        f"x{factor:.3g}: another network than the one named, or a slip; check the name and the table",
    )


def usual_slip(size: str, ratio: float) -> str:
    """The usual slip behind a size that is `ratio` times what it should be, and its remedy; nothing if none fits.

    >>> usual_slip("params", 1000.0)
    'a factor of 10^3: K, M or G may be missing or wrong'
    """
    margin = tolerance("same size")
    if size == "flops" and abs(ratio / 2 - 1) <= margin:
        return (
            "twice that (x2): if the paper counts two FLOPs for each multiply-add, "
            "write `flops_counts: flops` in the block"
        )
    if size == "flops" and abs(ratio * 2 - 1) <= margin:
        return "half of that: if the paper counts multiply-adds, write `flops_counts: multiply-adds` in the block"
    if size == "params" and (abs(ratio / 2 - 1) <= margin or abs(ratio * 2 - 1) <= margin):
        times = "twice" if ratio > 1 else "half of"
        return f"{times} that: another network, or another unit; check the name and the table"
    for power in (2, 3, 6, 9):
        if abs(ratio / 10**power - 1) <= margin or abs(ratio * 10**power - 1) <= margin:
            return f"a factor of 10^{power}: K, M or G may be missing or wrong"
    return ""
