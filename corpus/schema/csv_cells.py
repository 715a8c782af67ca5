"""The cells of a CSV text (RFC 4180), each with the line and column at which it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CELL = re.compile(r'[ \t]*(?:"((?:[^"]|"")*)"[ \t]*|([^,\r\n]*))(,|\r\n|\n|\r|\Z)')


@dataclass(frozen=True, slots=True)
class CsvCell:
    """The text of a cell without surrounding space or quotes; `line` and `column` count from 1."""

    text: str
    line: int
    column: int


def rows_of(text: str) -> Iterator[list[CsvCell]]:
    """The rows of a CSV `text` that are not blank, as lists of cells.

    A cell in quotes may hold commas, line breaks and doubled quotes. A quote that is never closed is taken as an
    ordinary letter.

    >>> [[cell.text for cell in row] for row in rows_of('a,"b, c"\\n1,2\\n')]
    [['a', 'b, c'], ['1', '2']]
    """
    row: list[CsvCell] = []
    line, line_start = 1, 0
    for match in _CELL.finditer(text):
        quoted, plain, end = match.groups()
        content = plain.strip() if quoted is None else quoted.replace('""', '"').strip()
        begin = match.start() + len(match[0]) - len(match[0].lstrip(" \t"))
        row.append(CsvCell(content, line, begin - line_start + 1))
        breaks = _line_breaks(match[0])
        if breaks:
            line += len(breaks)
            line_start = match.start() + breaks[-1].end()
        if end == ",":
            continue
        if any(cell.text for cell in row):
            yield row
        row = []


def _line_breaks(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"\r\n|\n|\r", text))
