"""The unit of a column's numbers, from its head and its cells; more than one where nothing says which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from corpus.contribute.tables.cell import Cell, Head
from corpus.contribute.tables.cell_numbers import number_in
from corpus.contribute.tables.column import Column, ColumnQuestion
from corpus.numbers.measures import ACCURACY, CHANGE, COUNT, FRACTION, MEASURES

_WITH_UNIT = (
    r"\d\s*-?[KMGBTkmb](?:\s*-?(?:FLOPs?|MACs?|OPs?|params?))?\s*(?:↓|↑)?$"
    r"|[eE]\+?\d|10\s*\^?|10[⁰¹²³⁴⁵⁶⁷⁸⁹]"
)
"""A count that says its own unit or power of ten."""
_PERCENTS = (ACCURACY, CHANGE, FRACTION)


def with_unit(head: Cell, answer: str, cells: Sequence[str]) -> Column | ColumnQuestion:
    """The column that an answer makes, with its unit, or the question which unit.

    Parameters
    ----------
    answer
        As `--map` takes it: `top1`, `-top1_change`, `params:M`.
    cells
        The column's cells, without those that say that there is nothing.
    """
    bare, _, unit = answer.removeprefix("-").partition(":")
    column = Column(head, bare, unit, answer.startswith("-"))
    if column.measure is None or unit:
        return column
    units = units_of(MEASURES[column.measure].kind, head, cells)
    if len(units) > 1:
        return ColumnQuestion(head, tuple(f"{column.written}:{unit}" for unit in units))
    return replace(column, unit=units[0])


def units_of(kind: str, head: Cell, cells: Sequence[str]) -> list[str]:
    """The units that numbers of a kind may have under this head, likeliest first."""
    values = [value for cell in cells if (value := number_in(cell)) is not None]
    if kind in _PERCENTS:
        return _percents(kind, head.text, cells, values)
    if kind != COUNT:
        return [""]
    name = head.of if isinstance(head, Head) and head.of else head.text
    if unit := _unit_in(head.text) or _unit_in(name):
        return [unit]
    if all(re.search(_WITH_UNIT, cell) for cell in cells):
        return ["1"]
    if mark := _usual_mark(cells):
        return [mark]
    return ["1"] if all(value >= 1000 for value in values) else ["M", "K", "G", "1"]


def _usual_mark(cells: Sequence[str]) -> str:
    """The mark that most cells have, for the few that were left without: `11.75` among `9.1M` and `11.24M`."""
    marks = Counter(
        found[1].upper() for cell in cells if (found := re.search(r"\d\s*([KMGBT])\s*$", cell, re.I))
    )
    mark, count = marks.most_common(1)[0] if marks else ("", 0)
    return mark if count > len(cells) / 2 else ""


def _percents(kind: str, head: str, cells: Sequence[str], values: Sequence[float]) -> list[str]:
    """Percents or parts of 1; where the head says percent and no number is above 1, it may still be either."""
    if cells and all(re.search(r"[x×]\s*$", cell) for cell in cells):
        return ["fraction"]  # 0.42x
    if any("%" in cell for cell in cells) or any(abs(value) > 1 for value in values) or not any(values):
        return ["%"]
    said = "%" in head or "percent" in head.lower()
    if kind == CHANGE and said:
        return ["%"]
    return ["%", "fraction"] if said else ["fraction", "%"]


def _unit_in(head: str) -> str:
    if power := re.search(r"(?:[x×*]\s*)?10\s*\^?\s*([2-9]|1[0-2])\b|\b1?e\+?(\d+)\b", head):
        return f"e{power[1] or power[2]}"
    if letter := re.search(
        r"[(\[]\s*([KMGB])(?:il|illions?)?\.?\s*[)\]]|\b([KMG])(?:FLOP|MAC|Param|OP)", head
    ):
        return letter[1] or letter[2]
    words = {"million": "M", "billion": "G", "thousand": "K"}
    return next((unit for word, unit in words.items() if word in head.lower()), "")
