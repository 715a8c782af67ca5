"""Brings a table into its usual shape: one row of heads, measures across, one number of a kind in each cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.contribute.tables.cell import Cell, Head, Table
from corpus.contribute.tables.cell_numbers import is_missing, number_in
from corpus.contribute.tables.column_names import names_a_measure
from corpus.contribute.tables.markup import LINE_BREAK
from corpus.contribute.tables.other_measures import SETTINGS, says

Line = Sequence[Cell]


def stacked_heads(lines: Sequence[Line], head_rows: int) -> tuple[list[Cell], list[Line]]:
    """The heads of the columns and the rows under them; a second row of names joins the heads."""
    while head_rows < len(lines) - 1 and _is_head_row(lines[head_rows]):
        head_rows += 1
    heads = [_stacked(column, number) for number, column in enumerate(zip(*lines[:head_rows], strict=True))]
    return heads, list(lines[head_rows:])


def _is_head_row(line: Line) -> bool:
    """Whether a row under the head goes on with it: it names measures at least twice and has no number."""
    texts = [cell.text for cell in line if cell.text]
    named = sum(names_a_measure(text) for text in texts)
    return named >= 2 and not any(number_in(text) is not None for text in texts)


def _stacked(cells: Line, number: int) -> Cell:
    """One column head from its lines, each part once."""
    parts = list(dict.fromkeys(cell.text.replace(LINE_BREAK, " ") for cell in cells if cell.text))
    text = " ".join(parts)
    return Head(text, cells[-1].line, cells[-1].column, part="", of=text, printed=number)


def broken_up(table: Table) -> Table:
    """The table with a row for each line of its cells; where some cells have one line only, it holds for all.

    Cells whose numbers of lines do not fit together are read as one line.
    """
    rows = []
    for row in table.rows:
        counts = {cell.text.count(LINE_BREAK) + 1 for cell in row} - {1}
        if len(counts) == 1:
            rows += [tuple(_line(cell, number) for cell in row) for number in range(counts.pop())]
        else:
            rows.append(tuple(replace(cell, text=cell.text.replace(LINE_BREAK, " ")) for cell in row))
    return replace(table, rows=tuple(rows))


def _line(cell: Cell, number: int) -> Cell:
    lines = cell.text.split(LINE_BREAK)
    return replace(cell, text=lines[number] if len(lines) > 1 else cell.text)


def upright(table: Table) -> Table:
    """The table with its measures across; one whose first column names them is turned."""
    down = [row[0].text for row in table.rows if row[0].text]
    across = [head.text for head in table.heads[1:]]
    if not down or len(across) < 2 or any(map(_is_surely_a_measure, across)):
        return table
    if not all(_is_surely_a_measure(text) or says(text.lower(), SETTINGS) for text in down):
        return table
    if not any(map(_is_surely_a_measure, down)):
        return table
    corner = table.heads[0]
    names = [row[0] for row in table.rows]
    heads = [Head(corner.text, corner.line, corner.column, part="", of=corner.text)]
    heads += [
        Head(cell.text, cell.line, cell.column, part="", of=cell.text, printed=number)
        for number, cell in enumerate(names, 1)
    ]
    columns = zip(*(row[1:] for row in table.rows), strict=True)
    rows = [
        (Cell(head.text, head.line, head.column), *cells)
        for head, cells in zip(table.heads[1:], columns, strict=True)
    ]
    return replace(table, heads=tuple(heads), rows=tuple(rows))


def _is_surely_a_measure(text: str) -> bool:
    """Whether a name is that of a measure, and not that of a method with a measure's word in it."""
    return names_a_measure(text) and not is_missing(text) and len(re.findall(r"\w+", text)) <= 5
