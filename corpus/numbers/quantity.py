"""Numbers that remember how they were printed, and the interval that their printed digits allow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from statistics import fmean, stdev

from corpus.numbers.measures import (  # noqa: F401 (some are imported from here until their users move on)
    ACCURACY,
    BELOW,
    CHANGE,
    COUNT,
    DIGITS,
    FRACTION,
    KINDS,
    MEASURES,
    PARTS_OF_ONE,
    RATIO,
    UNPRUNED_MEASURES,
    Measure,
    measure_of,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the interval its printed digits allow: percent 0-100, counts, fractions 0-1 or ratios.

    `unit` is given where a measure has units that cannot be turned into one another (images and tokens per second).
    """

    value: float
    low: float
    high: float
    printed: str = ""
    std: float | None = None
    unit: str = ""

    def overlaps(self, other: Quantity, slack: float = 1e-9) -> bool:
        """Whether both intervals share a number (`slack` is relative, for binary rounding)."""
        margin = slack * max(abs(self.value), abs(other.value), 1.0)
        return self.low <= other.high + margin and other.low <= self.high + margin


_COMPILED = {name: re.compile(measure.pattern + r"\Z", re.ASCII) for name, measure in MEASURES.items()}
_SUFFIX = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9}
_WRITTEN_IN_PERCENT = tuple(kind.name for kind in KINDS.values() if kind.mark.endswith("%"))


@lru_cache(maxsize=65536)
def parse(measure: str, text: str) -> Quantity:
    """The quantity that `text` prints for `measure`; ValueError says what was expected instead.

    The interval is plus or minus half a unit of the last printed digit: 93.04% is 93.035 to 93.045.
    """
    entry = measure_of(measure)
    match = _COMPILED[entry.name].match(text)
    if match is None:
        raise ValueError(_expected(entry, text))
    number = Decimal(match["number"])
    exponent = int(number.as_tuple().exponent)  # no pattern lets NaN through, whose exponent is a letter
    half = Decimal(5).scaleb(exponent - 1)
    scale = _scale(entry, match.groupdict(), "")
    value, margin = number * scale, half * scale
    _refuse_impossible(entry, float(value), text)
    low, high = _clip(entry, float(value - margin), float(value + margin))
    return Quantity(float(value), low, high, text, _deviation(entry, match, text), _own_unit(entry, match))


def _scale(entry: Measure, groups: Mapping[str, str | None], prefix: str) -> Decimal:
    """What one of the printed unit is, in the unit that values are kept in."""
    if entry.kind in PARTS_OF_ONE:
        return Decimal("0.01")
    if entry.units:
        return Decimal(str(entry.units[groups[f"{prefix}unit"] or ""].factor))
    return Decimal(_SUFFIX[groups.get(f"{prefix}suffix") or ""])


def _own_unit(entry: Measure, match: re.Match[str]) -> str:
    """The unit that the value is kept in, where that is not the measure's own."""
    name = entry.units[match["unit"]].name if entry.units else entry.unit
    return "" if name == entry.unit else name


def _deviation(entry: Measure, match: re.Match[str], text: str) -> float | None:
    """The standard deviation that is printed behind the number; None if there is none."""
    spread = match["std"]
    if not spread:
        return None
    if entry.kind in _WRITTEN_IN_PERCENT and float(spread) > 100:
        raise ValueError(f"{entry.name} {text} is impossible; expected a standard deviation of at most 100")
    return float(Decimal(spread) * _scale(entry, match.groupdict(), "std_"))


def mean_of_runs(measure: str, texts: tuple[str, ...]) -> Quantity:
    """Mean of repeated runs with their sample standard deviation (n - 1); None for a single run."""
    runs = [parse(measure, text) for text in texts]
    spread = stdev(run.value for run in runs) if len(runs) > 1 else None
    low, high = fmean(run.low for run in runs), fmean(run.high for run in runs)
    return Quantity(fmean(run.value for run in runs), low, high, ", ".join(texts), spread)


def with_printed(quantity: Quantity, printed: str) -> Quantity:
    """The same number under the string that the paper itself prints."""
    return replace(quantity, printed=printed)


def _expected(entry: Measure, text: str) -> str:
    message = f"'{text}' is not a number for {entry.name}; expected {entry.unit}, such as {entry.example}"
    if entry.kind in _WRITTEN_IN_PERCENT and re.fullmatch(DIGITS, text, re.ASCII):
        shown = Decimal(text)
        is_fraction = abs(shown) <= 1 and entry.kind != CHANGE  # -0.06 is a usual change in points
        percent = shown * 100 if is_fraction else shown
        message += f"; did you mean {percent.normalize():f}%?"
    elif re.fullmatch(r"\d+,\d{1,2}(\s*%)?", text, re.ASCII):
        message += f"; did you mean {text.replace(',', '.')}?"
    elif entry.kind == RATIO and entry.amount_of and text.endswith("%"):
        message += f"; did you mean {entry.amount_of}_pruned: {text} (or {entry.amount_of}_kept)?"
    return message


def _refuse_impossible(entry: Measure, value: float, text: str) -> None:
    kind = KINDS[entry.kind]
    if not kind.low <= value <= kind.high or (kind.above_zero and not 0 < value < entry.below):
        shown_as = (
            100 if entry.kind in PARTS_OF_ONE else 1
        )  # fractions are kept as parts of 1 and written in percent
        bounds = f"{kind.low:g} to {kind.high * shown_as:g}"
        if kind.above_zero:
            bounds = f"more than 0 and less than {entry.below:.0e}".replace("+", "")
        message = f"{entry.name} {text} is impossible; expected {bounds} ({entry.unit})"
        if entry.kind in _WRITTEN_IN_PERCENT and value > 2 * kind.high:
            message += "; it may be another measure, such as a perplexity or a time"
        raise ValueError(message)


def _clip(entry: Measure, low: float, high: float) -> tuple[float, float]:
    kind = KINDS[entry.kind]
    return max(low, kind.low), min(high, kind.high)
