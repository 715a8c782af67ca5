"""How messages show numbers: as they are printed; what follows from others in the same unit and digits."""

from __future__ import annotations

import re
from decimal import Decimal

from corpus.numbers.derive import Derivation
from corpus.numbers.measures import ACCURACY, CHANGE, FRACTION, RATIO, measure_of
from corpus.numbers.quantity import Quantity

_DIGITS = re.compile(r"[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def as_printed(leaf: Derivation) -> str:
    """A printed number with its unit, which tables often leave to the head: `93.04%`, `-0.4`, `2.19B`."""
    printed = next(leaf.leaves()).quantity.printed
    if measure_of(leaf.measure).kind not in (ACCURACY, FRACTION) or "%" in printed:
        return printed
    digits = _DIGITS.search(printed)
    scale = 100 if measure_of(leaf.measure).kind == FRACTION else 1
    in_percent = digits and abs(float(digits[0].replace(",", "")) - scale * leaf.quantity.value) < 1e-9
    return f"{printed}%" if in_percent else printed


def decimals(quantity: Quantity) -> int:
    """How many decimals a number was printed with: 2 for `93.04%`, none for `60%`."""
    digits = _DIGITS.search(quantity.printed)
    if digits is None:
        return 2
    exponent = Decimal(digits[0].replace(",", "")).as_tuple().exponent
    return max(0, -int(exponent))


def in_words(measure: str, value: float, places: int) -> str:
    """A value with its unit to so many decimals.

    >>> in_words("flops_pruned", 0.46715, 1)
    '46.7 %'
    """
    kind = measure_of(measure).kind
    if kind == FRACTION:
        return f"{100 * value:.{places}f} %"
    if kind == ACCURACY:
        return f"{value:.{places}f} %"
    if kind == CHANGE:
        return f"{value:+.{places}f} points"
    return f"{value:.{places}f}x" if kind == RATIO else f"{value:,.0f}"


def in_short(count: float) -> str:
    """A count to four digits: `4.1e+09` as `4.1 billion`, `850,000`.

    >>> in_short(25557032)
    '25.56 million'
    """
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if count >= size:
            return f"{count / size:.4g} {word}"
    return f"{count:,.0f}"
