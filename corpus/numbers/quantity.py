"""The measures a paper may report, and numbers that remember how they were printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from statistics import fmean, stdev

ACCURACY, CHANGE, COUNT, FRACTION, RATIO = "accuracy", "change", "count", "fraction", "ratio"


@dataclass(frozen=True, slots=True)
class Measure:
    """One entry of the closed list: what is measured, how it is written, which direction is better."""

    name: str
    kind: str
    unit: str
    definition: str
    better: str  # "higher" or "lower"
    example: str


def _accuracy(name: str, definition: str, better: str = "higher") -> Measure:
    return Measure(name, ACCURACY, "percent, 0 to 100", definition, better, "93.04%")


def _change(name: str, definition: str) -> Measure:
    return Measure(name, CHANGE, "percentage points", definition, "higher", "-0.4%")


def _count(name: str, definition: str) -> Measure:
    return Measure(name, COUNT, "count", definition, "lower", "8.5e5 (or 0.85M)")


def _fraction(name: str, definition: str, better: str) -> Measure:
    return Measure(name, FRACTION, "fraction, written as %", definition, better, "60%")


def _ratio(name: str, definition: str) -> Measure:
    return Measure(name, RATIO, "ratio", definition, "higher", "2.7x")


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        _accuracy("top1", "Top-1 accuracy"),
        _accuracy("top5", "Top-5 accuracy"),
        _accuracy("top1_error", "100 minus the Top-1 accuracy", "lower"),
        _accuracy("top5_error", "100 minus the Top-5 accuracy", "lower"),
        _change("top1_change", "Top-1 accuracy, pruned minus unpruned"),
        _change("top5_change", "Top-5 accuracy, pruned minus unpruned"),
        _count("params", "parameters of the network"),
        _count("flops", "multiply-adds of convolutions and linear layers, one input"),
        _fraction("params_pruned", "parameters removed, of the unpruned network's", "higher"),
        _fraction("params_kept", "parameters kept, of the unpruned network's", "lower"),
        _fraction("flops_pruned", "multiply-adds removed, of the unpruned network's", "higher"),
        _fraction("flops_kept", "multiply-adds kept, of the unpruned network's", "lower"),
        _ratio("compression_ratio", "unpruned parameters / pruned parameters"),
        _ratio("theoretical_speedup", "unpruned multiply-adds / pruned multiply-adds"),
    )
}
UNPRUNED_MEASURES = ("top1", "top5", "top1_error", "top5_error", "params", "flops")
"""Measures an unpruned network can have; `unpruned_` is put before them in derivations."""


def measure_of(name: str) -> Measure:
    """The measure called `name`, with or without the `unpruned_` prefix (KeyError if there is none)."""
    return MEASURES[name.removeprefix("unpruned_")]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the interval its printed digits allow: percent 0-100, counts, fractions 0-1 or ratios."""

    value: float
    low: float
    high: float
    printed: str = ""
    std: float | None = None

    @property
    def is_positive(self) -> bool:
        """Whether the whole interval lies above zero."""
        return self.low > 0

    def spanning(self, value: float, corners: Sequence[float], std: float | None) -> Quantity:
        """A number that follows from this one, with the interval that `corners` span."""
        return Quantity(value, min(corners), max(corners), "", std)

    def overlaps(self, other: Quantity, slack: float = 1e-9) -> bool:
        """Whether both intervals share a number (`slack` is relative, for binary rounding)."""
        margin = slack * max(abs(self.value), abs(other.value), 1.0)
        return self.low <= other.high + margin and other.low <= self.high + margin


_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
_SPREAD = r"(?:\s*(?:±|\+/-)\s*(?P<std>(?:\d+(?:\.\d*)?|\.\d+))\s*%)?"
PATTERNS = {
    ACCURACY: rf"(?P<number>{_NUMBER})\s*%{_SPREAD}",
    CHANGE: rf"(?P<number>{_NUMBER})\s*%{_SPREAD}",
    FRACTION: rf"(?P<number>{_NUMBER})\s*%",
    COUNT: rf"(?P<number>{_NUMBER})\s*(?P<suffix>[KMGB]?)",
    RATIO: rf"(?P<number>{_NUMBER})\s*[x×]?",
}
_COMPILED = {kind: re.compile(pattern + r"\Z", re.ASCII) for kind, pattern in PATTERNS.items()}
_SUFFIX = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9}
_LIMITS = {ACCURACY: (0, 100), CHANGE: (-100, 100), FRACTION: (0, 1)}


@lru_cache(maxsize=65536)
def parse(measure: str, text: str) -> Quantity:
    """The quantity that `text` prints for `measure`; ValueError says what was expected instead.

    The interval is plus or minus half a unit of the last printed digit: 93.04% is 93.035 to 93.045.
    """
    entry = measure_of(measure)
    match = _COMPILED[entry.kind].match(text)
    if match is None:
        raise ValueError(_expected(entry, text))
    scale = (
        Decimal("0.01")
        if entry.kind == FRACTION
        else Decimal(_SUFFIX[match.groupdict().get("suffix") or ""])
    )
    number = Decimal(match["number"])
    value = number * scale
    half = Decimal(5).scaleb(number.as_tuple().exponent - 1) * scale
    _refuse_impossible(entry, float(value), text)
    low, high = _clip(entry.kind, float(value - half), float(value + half))
    spread = match.groupdict().get("std")
    if spread and float(spread) > 100:
        raise ValueError(f"{entry.name} {text} is impossible; expected a standard deviation of at most 100")
    return Quantity(float(value), low, high, text, float(spread) if spread else None)


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
    if entry.kind in (ACCURACY, CHANGE, FRACTION) and re.fullmatch(_NUMBER, text, re.ASCII):
        shown = Decimal(text)
        percent = shown * 100 if abs(shown) <= 1 else shown
        message += f"; did you mean {percent.normalize():f}%?"
    elif re.fullmatch(r"\d+,\d{1,2}(\s*%)?", text, re.ASCII):
        message += f"; did you mean {text.replace(',', '.')}?"
    elif entry.kind == RATIO and text.endswith("%"):
        measured = {"compression_ratio": "params", "theoretical_speedup": "flops"}[entry.name]
        message += f"; did you mean {measured}_pruned: {text} (or {measured}_kept)?"
    return message


def _refuse_impossible(entry: Measure, value: float, text: str) -> None:
    low, high = _LIMITS.get(entry.kind, (0, float("inf")))
    if not low <= value <= high or (entry.kind in (COUNT, RATIO) and not 0 < value < 1e18):
        top = high * (100 if entry.kind == FRACTION else 1)
        bounds = f"{low:g} to {top:g}" if high < 1e9 else "more than 0 and less than 1e18"
        raise ValueError(f"{entry.name} {text} is impossible; expected {bounds} ({entry.unit})")


def _clip(kind: str, low: float, high: float) -> tuple[float, float]:
    floor, ceiling = _LIMITS.get(kind, (0.0, float("inf")))
    return max(low, floor), min(high, ceiling)
