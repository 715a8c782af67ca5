"""Rows of one network that give no unpruned size still imply it, and must imply the same one.

`9.1M (64.38 % pruned)` implies 25.5M; a row of the same network that implies another size has a slip in one of its two
numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from corpus.checks.printed_numbers import as_printed, in_short
from corpus.checks.row import AGREES, Row, Slip, Verdict
from corpus.checks.tolerances import near, tolerance
from corpus.numbers.derive import Derivation
from corpus.numbers.quantity import Quantity

PAIRS = {
    ("params", "compression_ratio"): "parameters",
    ("flops", "theoretical_speedup"): "multiply-adds",
}
FEWEST_ROWS = 3
"""With two rows that disagree nobody can say which is wrong."""


@dataclass(frozen=True, slots=True)
class Implied:
    """An unpruned number that a row implies, and the printed number that is told if it is at odds with the others."""

    leaf: Derivation
    beside: Derivation
    quantity: Quantity

    @property
    def is_sharp(self) -> bool:
        """Whether the digits say enough to tell another number: a share of 0.8 does not, it may be 0.75 or 0.85."""
        return self.quantity.high - self.quantity.low <= tolerance("sharp") * abs(self.quantity.value)


def across_rows(rows: Sequence[Row], fewest: int = FEWEST_ROWS) -> Iterator[Verdict]:
    """For every row of one network that implies an unpruned size or accuracy, whether the others imply the same."""
    for (size, ratio), counted in PAIRS.items():
        implied = [one for row in rows if (one := _implied_size(row, size, ratio))]
        yield from _judged(implied, counted, fewest)
    for top in ("top1", "top5"):
        implied = [one for row in rows if (one := _implied_accuracy(row, top))]
        yield from _judged(implied, f"unpruned {top}", fewest)


def _implied_size(row: Row, size: str, ratio: str) -> Implied | None:
    pruned, share = row.leaves.get(size), row.values.get(ratio)
    if pruned is None or share is None or f"unpruned_{size}" in row.leaves:
        return None
    if share.quantity.low <= 0 or f"unpruned_{size}" in {leaf.measure for leaf in share.leaves()}:
        return None
    quantity = Quantity(
        pruned.quantity.value * share.quantity.value,
        pruned.quantity.low * share.quantity.low,
        pruned.quantity.high * share.quantity.high,
    )
    return Implied(next(share.leaves()), pruned, quantity)


def _implied_accuracy(row: Row, top: str) -> Implied | None:
    pruned, change = row.leaves.get(top), row.leaves.get(f"{top}_change")
    if pruned is None or change is None or f"unpruned_{top}" in row.values.keys() - {f"unpruned_{top}"}:
        return None
    if f"unpruned_{top}" in row.leaves or f"unpruned_{top}_error" in row.leaves:
        return None
    quantity = Quantity(
        pruned.quantity.value - change.quantity.value,
        pruned.quantity.low - change.quantity.high,
        pruned.quantity.high - change.quantity.low,
    )
    return Implied(change, pruned, quantity)


def _judged(implied: Sequence[Implied], what: str, fewest: int) -> Iterator[Verdict]:
    implied = [one for one in implied if one.is_sharp]
    if len(implied) == 2 and _holds(implied[0].quantity, implied[1].quantity.value):
        yield AGREES
    if len(implied) < fewest:
        return
    middle = median(one.quantity.value for one in implied)
    agreeing = [one for one in implied if _holds(one.quantity, middle)]
    if len(agreeing) < tolerance("rows agree") * len(implied):
        return  # several networks, or several unpruned ones: nothing can be said
    yield from [AGREES] * (len(agreeing) - 1)
    for one in implied:
        if _holds(one.quantity, middle):
            continue
        is_count = middle > 100
        size, usual = (
            (in_short(one.quantity.value), in_short(middle))
            if is_count
            else (
                f"{one.quantity.value:.2f} %",
                f"{middle:.2f} %",
            )
        )
        said = f"{one.leaf.measure} {as_printed(one.leaf)} beside {as_printed(one.beside)} implies {size} {what}"
        message = (
            f"{said} before pruning; {len(agreeing)} other rows imply {usual}; one of the two is a slip"
        )
        yield Slip(one.leaf, message)


def _holds(quantity: Quantity, value: float) -> bool:
    """Whether a row's implied number may be `value`, with one unit of the last digit to spare on both sides."""
    room = quantity.high - quantity.low
    return quantity.low - room <= value <= quantity.high + room or (
        near(quantity.value, value, "hint") and value > 100
    )
