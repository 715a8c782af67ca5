"""Large released tables: a CSV beside the paper's file, one run a line, measures as column names."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.numbers.derive import Derivation
from corpus.numbers.measures import MEASURES, STD_COLUMNS
from corpus.numbers.quantity import parse
from corpus.schema.reader import Problem, read_contents
from corpus.schema.suggest import did_you_mean

MAX_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class ReleasedRun:
    """One line of a table: its numbers, and its method if the table has that column."""

    number: int
    line: int
    method: str | None
    leaves: dict[str, Derivation]


@dataclass(slots=True)
class ReleasedTable:
    """The runs of one CSV, and what is wrong in it."""

    runs: list[ReleasedRun] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column stands, counted from 0, and the measure that it is about."""

    index: int
    measure: str


def read_table(path: Path, file: str, void: Container[str] = ()) -> ReleasedTable:
    """The runs in the CSV at `path`, called `file` in errors; whatever is wrong with it is a problem of the table.

    Standard deviations in the columns named in `void` are left out.
    """
    table = ReleasedTable()
    try:
        content = read_contents(path)
    except OSError as error:
        table.problems.append(Problem(file, 1, 1, f"cannot be read: {error.strerror}"))
        return table
    if len(content) > MAX_BYTES:
        table.problems.append(Problem(file, 1, 1, f"table is over {MAX_BYTES >> 20} MiB"))
        return table
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        table.problems.append(Problem(file, 1, 1, "not UTF-8 text; save the file as UTF-8"))
        return table
    lines = csv.reader(io.StringIO(text), strict=True)
    try:
        reader = _LineReader(next(lines, []), file, void, table)
        for number, cells in enumerate(lines, 1):
            reader.read(cells, number, lines.line_num)
    except csv.Error as error:
        table.problems.append(Problem(file, lines.line_num, 1, f"invalid CSV: {error}"))
    if not table.runs and not table.problems:
        table.problems.append(Problem(file, 1, 1, "the table has no runs"))
    return table


class _LineReader:
    """Reads the lines of one table into `table`; its header says which columns hold something known."""

    def __init__(self, header: list[str], file: str, void: Container[str], table: ReleasedTable):
        self._file, self._table = file, table
        self._check(header)
        place = {name: index for index, name in enumerate(header)}
        self._width = len(header)
        self._method = place.get("method")
        self._measures = [_Column(index, name) for name, index in place.items() if name in MEASURES]
        self._deviations = [
            _Column(index, STD_COLUMNS[name])
            for name, index in place.items()
            if name in STD_COLUMNS and name not in void
        ]

    def _check(self, header: list[str]) -> None:
        if not any(name in MEASURES for name in header):
            hints = [did_you_mean(name, MEASURES) for name in header]
            hint = next(filter(None, hints), "")
            self._problem(1, 1, f"no column is a measure{hint}; expected names such as top1")
        for name in sorted(set(header)):
            if header.count(name) > 1:
                self._problem(1, 1, f"column '{name}' is repeated")

    def read(self, cells: Sequence[str], number: int, line: int) -> None:
        """Adds the run on a line: its number (from 1) among the runs, its line in the file."""
        if len(cells) != self._width:
            self._problem(line, 1, f"{len(cells)} cells; expected {self._width}, as in the header")
            return
        leaves: dict[str, Derivation] = {}
        for column in self._measures:
            cell = cells[column.index]
            if not cell.strip():
                continue
            at = sum(map(len, cells[: column.index])) + column.index + 1  # commas stand between the cells
            try:
                quantity = parse(column.measure, cell)
            except ValueError as error:
                self._problem(line, at, str(error))
                continue
            leaves[column.measure] = Derivation(
                column.measure, quantity, "printed", (), self._file, line, at
            )
        for column in self._deviations:
            if cells[column.index] and column.measure in leaves:
                leaves[column.measure] = self._with_std(leaves[column.measure], cells[column.index])
        method = cells[self._method] if self._method is not None else None
        self._table.runs.append(ReleasedRun(number, line, method, leaves))

    def _with_std(self, leaf: Derivation, deviation: str) -> Derivation:
        try:
            std = parse(leaf.measure, deviation).value
        except ValueError as error:
            self._problem(leaf.line, leaf.column, f"{leaf.measure}_std: {error}")
            return leaf
        return replace(leaf, quantity=replace(leaf.quantity, std=std))

    def _problem(self, line: int, column: int, message: str) -> None:
        self._table.problems.append(Problem(self._file, line, column, message))
