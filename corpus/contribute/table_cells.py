"""Writes the cell of a paper's table as a measure of a paper's file, every printed digit kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from corpus.contribute.column_names import LEFT_OUT
from corpus.contribute.columns import MISSING, Column
from corpus.numbers.measures import (
    ACCURACY,
    CHANGE,
    COUNT,
    FRACTION,
    MEASURES,
    NUMBER,
    RATIO,
    RELATIVE,
    SCORE,
    SHARE,
)
from corpus.numbers.quantity import parse

_UNITS = sorted({unit for measure in MEASURES.values() for unit in measure.units}, key=len, reverse=True)
_NUMBER = re.compile(
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?)(?:e(?P<e>[+-]?\d{1,3}))?"
    r"(?:\s*[x×*·]?\s*10\s*\^?\s*(?P<power>-?\d{1,2}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?\s*"
    rf"(?P<mark>{'|'.join(map(re.escape, _UNITS))}|[%x×X]|[KMGB]?)"
    r"(?:\s*\(?\s*±\s*(?P<std>\d*\.?\d+)\s*%?\s*\)?)?\s*%?",
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def written(column: Column, text: str) -> tuple[str, bool]:
    """A cell as a paper's file writes it (with its unit, every printed digit kept), and whether that differs.

    A unit that the column's head gives is no difference: 0.73 under `Params (M)` is 0.73M.
    """
    entry = MEASURES[column.measure]
    match = _NUMBER.fullmatch(text)
    if match is None or not re.search(r"\d", match["number"]):
        hint = f"; did you mean {text.replace(',', '.')}?" if re.fullmatch(r"\d+,\d+%?", text) else ""
        raise ValueError(
            f"'{text}' is not a number for {entry.name}; expected {entry.unit}, such as {entry.example}{hint}"
        )
    digits = match["number"].replace(",", "")
    if column.negated:
        digits = digits.removeprefix("-") if digits.startswith("-") else f"-{digits.removeprefix('+')}"
    result = _WRITERS[entry.kind](column, digits, match)
    parse(entry.name, result)
    return result, match["number"] != digits or bool(match["power"]) or column.unit == "fraction"


def _percent(column: Column, digits: str, match: re.Match) -> str:
    spread = match["std"]
    if column.unit == "fraction" and match["mark"] != "%":
        digits, spread = _hundredfold(digits), _hundredfold(spread) if spread else None
    return f"{digits}%" + (f" ± {spread}%" if spread else "")


def _hundredfold(digits: str) -> str:
    """0.931 -> 93.1; 0.9 -> 9e1, which keeps that only one digit was printed."""
    return str(Decimal(digits).scaleb(2)).replace("E+", "e")


def _count(column: Column, digits: str, match: re.Match) -> str:
    power = (match["power"] or "").translate(_RAISED) or match["e"]
    if power:
        return f"{digits}e{int(power)}" + match["mark"].strip("%xX×")
    if match["mark"] in ("K", "M", "G", "B") or column.unit in ("1", ""):
        return digits + match["mark"]
    return digits + column.unit


def _ratio(column: Column, digits: str, match: re.Match) -> str:  # noqa: ARG001
    return f"{digits}%" if match["mark"] == "%" else f"{digits}x"


def _number(column: Column, digits: str, match: re.Match) -> str:
    unit = match["mark"] or column.unit
    return f"{digits} {unit}" if unit and MEASURES[column.measure].units else digits


_WRITERS: dict[str, Callable[[Column, str, re.Match], str]] = {
    ACCURACY: _percent,
    SCORE: _percent,
    CHANGE: _percent,
    RELATIVE: _percent,
    FRACTION: _percent,
    SHARE: _percent,
    COUNT: _count,
    RATIO: _ratio,
    NUMBER: _number,
}


def example(column: Column, cells: list[str]) -> str:
    """The first cell and what becomes of it: `0.73 -> 0.73M`; nothing for a column left out."""
    if column.role == LEFT_OUT or not (filled := [cell for cell in cells if not MISSING.fullmatch(cell)]):
        return ""
    return f"{filled[0]} -> {written(column, filled[0])[0]}" if column.measure else filled[0]
