"""The error of numbers read off a figure, which are not known to their last digit.

Where the file does not state it (`reading_error`), it is 1 % of the axis. A percentage's axis is taken as 0 to 100;
that of a count or a ratio, as 0 to the largest value read off the same figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corpus.numbers.derive import Derivation
from corpus.numbers.measures import ACCURACY, CHANGE, FRACTION, KINDS, measure_of
from corpus.numbers.quantity import Quantity, parse
from corpus.schema.paper import Block, PrunedRow

USUAL_ERROR = "1%"
"""Share of an axis by which a careful reading is off, where the source does not say."""
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
PERCENTAGES = (ACCURACY, CHANGE, FRACTION)


@dataclass(frozen=True, slots=True)
class FigureReading:
    """How far the numbers of one block's figure may be off.

    `stated` is the share or amount as written; None for the usual one. `largest` has the largest value of each measure.
    """

    stated: str | None
    largest: Mapping[str, float]

    def applied(self, leaf: Derivation) -> Derivation:
        """The number with the interval and the route of a reading; ValueError if what is stated is no error of it."""
        amount, words = self._error(leaf.measure)
        quantity, kind = leaf.quantity, KINDS[measure_of(leaf.measure).kind]
        low, high = max(quantity.low, kind.low), min(quantity.high, kind.high)
        low = max(min(low, quantity.value - amount), kind.low)
        high = min(max(high, quantity.value + amount), kind.high)
        route = f"read off a figure, give or take {words}"
        return replace(leaf, quantity=replace(quantity, low=low, high=high), route=route)

    def _error(self, measure: str) -> tuple[float, str]:
        """The error in the unit values are kept in, and what it is."""
        share = _SHARE.fullmatch(self.stated or USUAL_ERROR)
        if share is None:
            return parse(measure, self.stated or "").value, self.stated or ""
        source = "" if self.stated else ", as none is stated"
        part = float(share[1]) / 100
        kind = measure_of(measure).kind
        if kind in PERCENTAGES:
            axis = 1.0 if kind == FRACTION else 100.0
            return part * axis, f"{share[1]} % of an axis of 0 to 100 %{source}"
        largest = self.largest[measure]
        return part * largest, f"{share[1]} % of an axis of 0 to {largest:g}{source}"


def figure_reading(block: Block, row: PrunedRow) -> FigureReading | None:
    """The reading of the figure that a row's numbers were taken from; None for numbers that were printed."""
    if (row.read_from or block.read_from) != "figure":
        return None
    return FigureReading(block.reading_error, _largest(block.pruned or ()))


def _largest(rows: Iterable[PrunedRow]) -> dict[str, float]:
    largest: dict[str, float] = {}
    for row in rows:
        for measure in row.model_fields_set:
            quantity = getattr(row, measure)
            if isinstance(quantity, Quantity):
                largest[measure] = max(largest.get(measure, 0.0), abs(quantity.value))
    return largest
