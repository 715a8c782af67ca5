"""Which statistics and figures a change moves, row by row: every registered table is computed twice and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.tables_as_text import cell
from metaanalysis.registry import Entry, figures, statistics
from metaanalysis.survey.readings import figure_data

VERDICTS = ("holds", "verdict", "status", "agrees", "outcome", "reproduced", "supported")
"""Columns of a table of findings whose change is a flip; columns of truth values count too."""
POSITIONS = frozenset(("file", "line", "column", "point_id", "url"))
"""Columns that say where a number stands, which every edit moves."""
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a table: `key` names it, `cells` are (column, before, after), None where the row is absent."""

    kind: str
    key: str
    cells: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class TableChange:
    """A statistic or figure that moves."""

    kind: str
    name: str
    title: str
    rows: tuple[RowChange, ...]

    def count(self, kind: str) -> int:
        """How many of its rows were added, changed or removed."""
        return sum(row.kind == kind for row in self.rows)

    def verdicts(self) -> tuple[tuple[str, str, str, str], ...]:
        """Cells that say whether something holds, where they change: the row, the column, before, after."""
        flips = []
        for row in self.rows:
            if row.kind != "changed":
                continue
            for column, before, after in row.cells:
                if column.lower() in VERDICTS or {before, after} == {"True", "False"}:
                    flips.append((row.key, column, str(before), str(after)))
        return tuple(flips)


def table_changes(before: Corpus, after: Corpus) -> tuple[tuple[TableChange, ...], tuple[TableChange, ...]]:
    """Statistics that move, and figures that move, in alphabetical order, under their default options."""
    return tuple(_moved(statistics(), before, after)), tuple(_moved(figures(), before, after))


def _moved(entries: dict[str, Entry], before: Corpus, after: Corpus) -> Iterator[TableChange]:
    for entry in entries.values():
        rows = row_changes(_public_table(entry, before), _public_table(entry, after))
        if rows:
            yield TableChange(entry.kind, entry.name, entry.title, rows)


def _public_table(entry: Entry, corpus: Corpus) -> pd.DataFrame:
    is_figure = entry.kind == "figure"
    return entry.public(figure_data(entry.name, corpus) if is_figure else entry.data(corpus))


def row_changes(before: pd.DataFrame, after: pd.DataFrame) -> tuple[RowChange, ...]:
    """Rows added, changed and removed; a row is known by the fewest leading columns that tell all rows apart."""
    columns = [name for name in dict.fromkeys((*after.columns, *before.columns)) if name not in POSITIONS]
    old, new = (
        _comparable_rows(before.reindex(columns=columns)),
        _comparable_rows(after.reindex(columns=columns)),
    )
    if old == new:
        return ()
    width = _key_width(old, new, len(columns))
    remaining = _by_key(old, width)
    changes = []
    for key, row in _by_key(new, width).items():
        earlier = remaining.pop(key, None)
        if earlier is None:
            changes.append(_row_of_one_side("added", columns, row, width))
        elif earlier != row:
            changes.append(RowChange("changed", _row_name(row, width), _differing(columns, earlier, row)))
    for row in remaining.values():
        changes.append(_row_of_one_side("removed", columns, row, width))
    return tuple(changes)


def _comparable_rows(table: pd.DataFrame) -> list[Row]:
    """Rows as tuples in which a missing value equals a missing value and the last bits of a float do not count."""
    return [tuple(map(_comparable, row)) for row in table.itertuples(index=False, name=None)]


def _comparable(value: Any) -> object:
    if isinstance(value, list | tuple | set | frozenset | dict):
        return str(value)
    if pd.isna(value):
        return None
    return float(f"{value:.12g}") if isinstance(value, float) else value


def _key_width(old: list[Row], new: list[Row], columns: int) -> int:
    """How many leading columns tell the rows of each table apart; all if none do."""
    for width in range(1, columns):
        if _all_differ(old, width) and _all_differ(new, width):
            return width
    return columns


def _all_differ(rows: list[Row], width: int) -> bool:
    return len({row[:width] for row in rows}) == len(rows)


def _by_key(rows: list[Row], width: int) -> dict[tuple[Row, int], Row]:
    """Rows by their leading columns; rows alike in all of them are numbered."""
    seen: Counter[Row] = Counter()
    keyed = {}
    for row in rows:
        key = row[:width]
        keyed[key, seen[key]] = row
        seen[key] += 1
    return keyed


def _row_of_one_side(kind: str, columns: list[str], row: Row, width: int) -> RowChange:
    """A row that only one table has: the columns that name it, then its cells."""
    cells: list[tuple[str, str | None, str | None]] = []
    for name, value in zip(columns[width:], row[width:], strict=True):
        before, after = (None, _shown(value)) if kind == "added" else (_shown(value), None)
        cells.append((name, before, after))
    return RowChange(kind, _row_name(row, width), tuple(cells))


def _differing(columns: list[str], before: Row, after: Row) -> tuple[tuple[str, str, str], ...]:
    """Cells that differ: in four digits, or in all of them where four do not tell them apart."""
    cells = []
    for name, old, new in zip(columns, before, after, strict=True):
        if old != new:
            shown = _shown if _shown(old) != _shown(new) else repr
            cells.append((name, shown(old), shown(new)))
    return tuple(cells)


def _row_name(row: Row, width: int) -> str:
    return ", ".join(_shown(value) for value in row[:width] if value is not None)


def _shown(value: object) -> str:
    return "nothing" if value is None else cell(value)
