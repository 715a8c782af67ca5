"""The interval that a paper's own string allows, where the file writes the number in another form.

`93.8%` written for `error 6.20%` is known to two decimals: 93.795 to 93.805. A string is only used if it leads to the
number written, by one of the ways in which papers print the same: as an error, with the other sign, as what is kept, as
a factor, or with fewer or more digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from corpus.numbers.measures import ACCURACY, CHANGE, FRACTION, KINDS, measure_of
from corpus.numbers.quantity import Quantity

_NUMBER = re.compile(r"(?<![\w.])[+-]?\d+(?:\.\d+)?(?=\s*(?:%|x\b|×|$|[^\w.]))")
_FACTOR = re.compile(r"\s*[x×]")
SLACK = 1e-9
"""Share by which binary rounding moves a number."""


def with_printed_digits(measure: str, quantity: Quantity, printed: str) -> Quantity:
    """The quantity with the interval of the digits in `printed`; unchanged if no reading of it gives the number.

    >>> from corpus.numbers.quantity import parse
    >>> exact = with_printed_digits("top1", parse("top1", "93.8%"), "error 6.20%")
    >>> round(exact.low, 3), round(exact.high, 3)
    (93.795, 93.805)
    """
    kind = KINDS[measure_of(measure).kind]
    for low, value, high in _readings(kind.name, printed):
        margin = SLACK * max(abs(value), 1.0)
        if quantity.low - margin <= value <= quantity.high + margin:
            shifted = quantity.value - value if abs(quantity.value - value) < margin else 0.0
            ends = (max(low + shifted, kind.low), min(high + shifted, kind.high))
            return replace(quantity, low=ends[0], high=ends[1])
    return quantity


def _readings(kind: str, printed: str) -> Iterator[tuple[float, float, float]]:
    """Lowest, middle and highest value of each way to read the first number of a string as one of that kind."""
    match = _NUMBER.search(printed)
    if match is None or kind not in (ACCURACY, CHANGE, FRACTION):
        return
    number = Decimal(match[0])
    half = Decimal(5).scaleb(int(number.as_tuple().exponent) - 1)
    low, middle, high = float(number - half), float(number), float(number + half)
    if kind == FRACTION and _FACTOR.match(printed, match.end()):
        if low > 0:
            yield 1 - 1 / low, 1 - 1 / middle, 1 - 1 / high
        return
    scale = 0.01 if kind == FRACTION else 1.0
    low, middle, high = low * scale, middle * scale, high * scale
    yield low, middle, high
    if kind == CHANGE:
        yield -high, -middle, -low
    else:
        whole = 100 * scale
        yield whole - high, whole - middle, whole - low
