"""Which statistics and figures a change moves, row by row: every registered table is computed twice and compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.tables_as_text import cell
from metaanalysis.registry import Entry, figures, statistics
from metaanalysis.survey.readings import figure_data

VERDICTS = ("holds", "verdict", "status", "agrees", "outcome", "reproduced", "supported")
"""Columns of a table of findings whose change is a flip; columns of truth values count too."""
POSITIONS = frozenset(("file", "line", "column", "point_id", "url"))
"""Columns that say where a number stands, which every edit moves."""


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
        return tuple(
            (row.key, column, str(before), str(after))
            for row in self.rows
            if row.kind == "changed"
            for column, before, after in row.cells
            if column.lower() in VERDICTS or {before, after} == {"True", "False"}
        )


def table_changes(before: Corpus, after: Corpus) -> tuple[tuple[TableChange, ...], tuple[TableChange, ...]]:
    """Statistics that move, and figures that move, in alphabetical order, under their default options."""
    found = zip(_entries(), _tables(before), _tables(after), strict=True)
    rows = [(entry, row_changes(old, new)) for entry, old, new in found]
    moved = [
        TableChange(entry.kind, entry.name, entry.title, changes) for entry, changes in rows if changes
    ]
    return tuple(
        tuple(change for change in moved if change.kind == kind) for kind in ("statistic", "figure")
    )


def _entries() -> list[Entry]:
    return [*statistics().values(), *figures().values()]


def _tables(corpus: Corpus) -> list[pd.DataFrame]:
    """The public columns of every statistic and figure."""
    return [
        entry.public(figure_data(entry.name, corpus) if entry.kind == "figure" else entry.data(corpus))
        for entry in _entries()
    ]


def row_changes(before: pd.DataFrame, after: pd.DataFrame) -> tuple[RowChange, ...]:
    """Rows added, changed and removed; a row is known by the fewest leading columns that tell all rows apart."""
    columns = [name for name in dict.fromkeys((*after.columns, *before.columns)) if name not in POSITIONS]
    old, new = (_records(table.reindex(columns=columns)) for table in (before, after))
    if old == new:
        return ()
    width = _key_width(old, new, len(columns))
    by_key = _keyed(old, width)
    changes = []
    for key, row in _keyed(new, width).items():
        other = by_key.pop(key, None)
        if other is None:
            changes.append(_appeared("added", row, width, columns))
        elif other != row:
            cells = zip(columns, other, row, strict=True)
            differing = tuple((name, _shown(a, b), _shown(b, a)) for name, a, b in cells if a != b)
            changes.append(RowChange("changed", _named(row, width), differing))
    changes += [_appeared("removed", row, width, columns) for row in by_key.values()]
    return tuple(changes)


def _records(table: pd.DataFrame) -> list[tuple]:
    """Rows as tuples in which a missing value equals a missing value and the last bits of a float do not count."""
    return [tuple(map(_plain, row)) for row in table.itertuples(index=False, name=None)]


def _plain(value: object) -> object:
    if isinstance(value, float) and value == value:
        return float(f"{value:.12g}")
    if isinstance(value, list | tuple | set | frozenset | dict):
        return str(value)
    return None if pd.isna(value) else value


def _key_width(old: list[tuple], new: list[tuple], columns: int) -> int:
    """How many leading columns tell the rows of each table apart; all if none do."""
    for width in range(1, columns):
        if all(len({row[:width] for row in rows}) == len(rows) for rows in (old, new)):
            return width
    return columns


def _keyed(rows: list[tuple], width: int) -> dict[tuple, tuple]:
    """Rows by their leading columns; rows alike in all of them are numbered."""
    seen: Counter[tuple] = Counter()
    keyed = {}
    for row in rows:
        keyed[row[:width], seen[row[:width]]] = row
        seen[row[:width]] += 1
    return keyed


def _appeared(kind: str, row: tuple, width: int, columns: list[str]) -> RowChange:
    rest = list(zip(columns, row, strict=True))[width:]
    shown = tuple(
        (name, None, _told(value)) if kind == "added" else (name, _told(value), None)
        for name, value in rest
    )
    return RowChange(kind, _named(row, width), shown)


def _named(row: tuple, width: int) -> str:
    return ", ".join(_told(value) for value in row[:width] if value is not None)


def _told(value: object) -> str:
    return cell(value) if value is not None else "nothing"


def _shown(value: object, other: object) -> str:
    """A cell in four digits, or in all of them where four do not tell it from the other."""
    return _told(value) if _told(value) != _told(other) else repr(value)
