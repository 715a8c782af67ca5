"""Writes the cell of a paper's table as a measure of a paper's file, every printed digit kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from corpus.contribute.tables.cell_numbers import NUMBER, RAISED, is_missing
from corpus.contribute.tables.column import CHOSEN, Column
from corpus.contribute.tables.column_names import LEFT_OUT
from corpus.numbers.measures import (
    ACCURACY,
    CHANGE,
    COUNT,
    FRACTION,
    MEASURES,
    RATIO,
    RELATIVE,
    SCORE,
    SHARE,
    Measure,
)
from corpus.numbers.measures import (
    NUMBER as PLAIN,
)
from corpus.numbers.quantity import parse


def written(column: Column, text: str) -> tuple[str, bool]:
    """A cell as a paper's file writes it (with its unit, every printed digit kept), and whether that differs.

    A unit that the column's head gives is no difference: 0.73 under `Params (M)` is 0.73M. ValueError says what was
    expected where the cell is no number for the column's measure.

    >>> from corpus.contribute.tables.cell import Cell
    >>> written(Column(Cell("Pruned", 1, 1), "params_pruned", "fraction"), "0.60")
    ('60%', True)
    """
    if column.measure is None:
        raise ValueError(f"column '{column.head.text}' holds no measure")
    entry = MEASURES[column.measure]
    if entry.units:
        return _with_unit(entry, column, text), False
    match = NUMBER.fullmatch(text)
    if match is None or not re.search(r"\d", match["number"]):
        raise ValueError(_expected(entry, text))
    digits = match["number"].replace(",", "").replace(" ", "")
    plain = digits
    arrow = match["arrow"] or match["arrow_after"]
    if entry.kind == CHANGE and arrow:
        digits = digits.lstrip("+-")
        digits = f"-{digits}" if arrow == "↓" else digits
    elif column.negated:
        digits = digits.removeprefix("-") if digits.startswith("-") else f"-{digits.removeprefix('+')}"
    if entry.kind == FRACTION:
        digits = re.sub(r"^-(?=0*\.?0*$)", "", digits)  # minus nothing
    result = _WRITERS[entry.kind](column, digits, match)
    parse(entry.name, result)
    is_other = match["number"] != digits or match["power"] or match["about"] or arrow
    has_exponent = match["e"] and entry.kind != COUNT
    return result, bool(is_other or has_exponent or column.unit == "fraction" or plain != digits)


def _expected(entry: Measure, text: str) -> str:
    has_comma = re.fullmatch(r"[+-]?\d+,\d+%?", text)
    hint = f"; did you mean {text.replace(',', '.')}?" if has_comma else ""
    return (
        f"'{text}' is not a number for {entry.name}; expected {entry.unit}, such as {entry.example}{hint}"
    )


def _with_unit(entry: Measure, column: Column, text: str) -> str:
    """The cell as it stands if it has a unit, else with the unit that the column's head gives."""
    cell = text if any(text.endswith(unit) for unit in entry.units) else f"{text} {column.unit}".rstrip()
    parse(entry.name, cell)
    return cell


def _percent(column: Column, digits: str, match: re.Match) -> str:
    spread = match["std"]
    digits = _without_exponent(digits, match)
    if column.unit == "fraction" and match["mark"] != "%":
        digits, spread = _hundredfold(digits), _hundredfold(spread) if spread else None
    return f"{digits}%" + (f" ± {spread}%" if spread else "")


def _hundredfold(digits: str) -> str:
    """0.931 -> 93.1; 0.9 -> 9e1, which keeps that only one digit was printed."""
    return str(Decimal(digits).scaleb(2)).replace("E+", "e")


def _without_exponent(digits: str, match: re.Match) -> str:
    """9.31e+01 -> 93.1; digits that the exponent hides stay hidden: 1e2 stays 1e2."""
    power = match["e"] or (match["power"] or "").translate(RAISED)
    return str(Decimal(digits).scaleb(int(power))).replace("E+", "e").replace("E", "e") if power else digits


def _count(column: Column, digits: str, match: re.Match) -> str:
    power = (match["power"] or "").translate(RAISED) or match["e"]
    mark = (match["mark"] or match["counted"] or "").strip("%xX×").upper()
    if power:
        return f"{digits}e{int(power)}{mark}"
    if mark == "T":
        return f"{digits}e12"
    if mark or column.unit in ("1", ""):
        return digits + mark
    return digits + column.unit


def _ratio(column: Column, digits: str, match: re.Match) -> str:  # noqa: ARG001
    return f"{digits}%" if match["mark"] == "%" else f"{_without_exponent(digits, match)}x"


def _plain(column: Column, digits: str, match: re.Match) -> str:  # noqa: ARG001
    return _without_exponent(digits, match) + (f" ± {match['std']}" if match["std"] else "")


_WRITERS: dict[str, Callable[[Column, str, re.Match], str]] = {
    ACCURACY: _percent,
    SCORE: _percent,
    CHANGE: _percent,
    RELATIVE: _percent,
    FRACTION: _percent,
    SHARE: _percent,
    COUNT: _count,
    RATIO: _ratio,
    PLAIN: _plain,
}


def example(column: Column, cells: list[str]) -> str:
    """The first cell and what becomes of it: `0.73 -> 0.73M`; nothing for a column left out."""
    filled = [cell for cell in cells if not is_missing(cell)]
    if column.role == LEFT_OUT or not filled:
        return "" if column.why == CHOSEN else column.why
    return f"{filled[0]} -> {written(column, filled[0])[0]}" if column.measure else filled[0]
