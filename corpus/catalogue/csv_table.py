"""Large released tables: a CSV beside the paper's file, one run a line, measures as column names."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.numbers.derive import Derivation
from corpus.numbers.measures import MEASURES, STD_COLUMNS
from corpus.numbers.quantity import parse
from corpus.schema.reader import Problem, read_contents
from corpus.schema.suggest import did_you_mean

MAX_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Run:
    """One line of a table: its numbers, and its method if the table has that column."""

    number: int
    line: int
    method: str | None
    leaves: dict[str, Derivation]


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the columns of a table are that hold something known; None for one it lacks."""

    count: int
    measures: tuple[tuple[int, str], ...]
    deviations: tuple[tuple[int, str], ...]
    method: int | None


@dataclass(slots=True)
class Table:
    """The runs of one CSV, and what is wrong in it."""

    runs: list[Run] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_table(
    path: Path, file: str, void: Container[str] = (), read: Callable[[Path], bytes] = read_contents
) -> Table:
    """The runs in `path`, called `file` in errors; standard deviations in the columns `void` are dropped.

    FileNotFoundError if there is no such file; everything else that is wrong is a problem of the table.
    """
    table = Table()
    try:
        content = read(path)
        text = content.decode("utf-8") if len(content) <= MAX_BYTES else None
    except FileNotFoundError:
        raise
    except OSError as error:
        table.problems.append(Problem(file, 1, 1, f"cannot be read: {error.strerror}"))
        return table
    except UnicodeDecodeError:
        table.problems.append(Problem(file, 1, 1, "not UTF-8 text; save the file as UTF-8"))
        return table
    if text is None:
        table.problems.append(Problem(file, 1, 1, f"table is over {MAX_BYTES >> 20} MiB"))
        return table
    lines = csv.reader(io.StringIO(text), strict=True)
    try:
        header = _header(next(lines, []), file, table)
        for number, cells in enumerate(lines, 1):
            _add_run(table, header, cells, number, lines.line_num, file, void)
    except csv.Error as error:
        table.problems.append(Problem(file, lines.line_num, 1, f"invalid CSV: {error}"))
    if not table.runs and not table.problems:
        table.problems.append(Problem(file, 1, 1, "the table has no runs"))
    return table


def _header(header: list[str], file: str, table: Table) -> _Header:
    if not set(header) & set(MEASURES):
        hint = next((hint for name in header if (hint := did_you_mean(name, MEASURES))), "")
        table.problems.append(
            Problem(file, 1, 1, f"no column is a measure{hint}; expected names such as top1")
        )
    for name in {name for name in header if header.count(name) > 1}:
        table.problems.append(Problem(file, 1, 1, f"column '{name}' is repeated"))
    place = {name: index for index, name in enumerate(header)}
    measures = tuple((index, name) for name, index in place.items() if name in MEASURES)
    deviations = tuple((index, STD_COLUMNS[name]) for name, index in place.items() if name in STD_COLUMNS)
    return _Header(len(header), measures, deviations, place.get("method"))


def _add_run(
    table: Table, header: _Header, cells: list[str], number: int, line: int, file: str, void: Container[str]
) -> None:
    if len(cells) != header.count:
        message = f"{len(cells)} cells; expected {header.count}, as in the header"
        table.problems.append(Problem(file, line, 1, message))
        return
    leaves: dict[str, Derivation] = {}
    for index, measure in header.measures:
        cell = cells[index]
        if not cell.strip():
            continue
        column = sum(map(len, cells[:index])) + index + 1
        try:
            leaves[measure] = Derivation(measure, parse(measure, cell), "printed", (), file, line, column)
        except ValueError as error:
            table.problems.append(Problem(file, line, column, str(error)))
    for index, measure in header.deviations:
        if cells[index] and measure in leaves and f"{measure}_std" not in void:
            leaves[measure] = _with_std(leaves[measure], cells[index], table)
    table.runs.append(
        Run(number, line, cells[header.method] if header.method is not None else None, leaves)
    )


def _with_std(leaf: Derivation, spread: str, table: Table) -> Derivation:
    try:
        return replace(leaf, quantity=replace(leaf.quantity, std=parse(leaf.measure, spread).value))
    except ValueError as error:
        table.problems.append(Problem(leaf.file, leaf.line, leaf.column, f"{leaf.measure}_std: {error}"))
        return leaf
