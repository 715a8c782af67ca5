"""Checks the arithmetic of a compression table, in whatever columns a paper or a spreadsheet has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.checks.implied_unpruned import across_rows
from corpus.checks.row import Slip
from corpus.checks.slips import once_a_number, verdicts
from corpus.contribute.tables.account import Account, account_of
from corpus.contribute.tables.cell import Table
from corpus.contribute.tables.column import Column, ColumnQuestion
from corpus.contribute.tables.column_names import LEFT_OUT, letters
from corpus.contribute.tables.columns import columns_of
from corpus.contribute.tables.rows import Given, Rows, read_rows
from corpus.contribute.tables.settle import as_column, supposed_unit
from corpus.contribute.tables.text import read_table, table_text
from corpus.numbers.measures import MEASURES
from corpus.schema.reader import Problem
from corpus.schema.vocabulary import Names

UNDECIDED_SPEEDUP = "a speedup, measured or theoretical"


@dataclass(frozen=True, slots=True, order=True)
class TableProblem(Problem):
    """Something wrong in one cell; `kind` is `slip`, `rounding` or `unit`, `measure` the one it is under."""

    measure: str = ""


@dataclass(slots=True)
class TableReport:
    """What a check of a table found, which columns it could not read and how much there was to compare.

    `problems` are in order of place; `notes` are columns whose meaning stayed open; `comparisons` counts pairs of
    numbers set against each other; `account` says what became of every cell.
    """

    problems: list[TableProblem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    rows: int = 0
    measures: tuple[str, ...] = ()
    comparisons: int = 0
    account: Account = field(default_factory=Account)

    def as_json(self) -> dict:
        """The public form: comparisons, cells, not_understood and the problems, each with its place and kind."""
        return {
            "comparisons": self.comparisons,
            "cells": self.account.cells,
            "not_understood": self.account.not_understood,
            "problems": [
                {
                    "line": problem.line,
                    "column": problem.column,
                    "measure": problem.measure,
                    "message": problem.message,
                    "kind": problem.kind,
                }
                for problem in self.problems
            ],
        }


def check_table(
    path: Path,
    names: Names,
    *,
    dataset: str | None = None,
    architecture: str | None = None,
    chosen: dict[str, str] | None = None,
) -> TableReport:
    """As `check_text`, of a file; ValueError if it cannot be read."""
    text = table_text(path)
    return check_text(text, str(path), names, dataset=dataset, architecture=architecture, chosen=chosen)


def check_text(
    text: str,
    file: str,
    names: Names,
    *,
    dataset: str | None = None,
    architecture: str | None = None,
    chosen: dict[str, str] | None = None,
) -> TableReport:
    """What is wrong in a table (CSV, TSV, Markdown or LaTeX), called `file` in messages.

    Parameters
    ----------
    dataset, architecture
        For columns that the table lacks.
    chosen
        What columns are: head -> measure, as `--map` gives it.

    Raises
    ------
    ValueError
        If it is no table, if no column has numbers that anything names, or if the options name nothing known.
    """
    table = read_table(text, file)
    given = Given(_known(names, "dataset", dataset), _known(names, "architecture", architecture))
    chosen = _named_plainly(table) | (chosen or {})
    columns = columns_of(table, names, chosen, given.dataset, given.architecture, assume=True)
    supposed = [_supposed(table, number, column) for number, column in enumerate(columns)]
    _refuse_without_measures(table, supposed)
    readable = [column if isinstance(column, Column) else None for column in supposed]
    rows = read_rows(table, readable, names, given)
    report = TableReport(rows=sum(1 for row in rows.rows if row.printed))
    report.notes = [column.problem(table) for column in supposed if isinstance(column, ColumnQuestion)]
    report.measures = tuple(column.leaf for column in readable if column and column.measure)
    report.account = account_of(table, supposed, rows)
    _judge(report, rows, names, file)
    return report


def _known(names: Names, kind: str, spelling: str | None) -> str | None:
    """The vocabulary's name for a spelling; ValueError with a suggestion if it has none."""
    if not spelling:
        return None
    vocabulary = getattr(names, f"{kind}s")
    known = vocabulary.canonical(spelling) or vocabulary.canonical_ignoring_case(spelling)
    if known is None:
        raise ValueError(vocabulary.unknown(spelling))
    return known


def _named_plainly(table: Table) -> dict[str, str]:
    """Columns called dataset or architecture are that, also where a name in them is misspelt."""
    heads = {head.text: letters(head.text) for head in table.heads}
    return {head: name for head, name in heads.items() if name in ("dataset", "architecture")}


def _supposed(table: Table, number: int, column: Column | ColumnQuestion) -> Column | ColumnQuestion:
    """A column's meaning; of a question the answer that changes no check, or the question itself if there is none.

    Units of counts cancel in quotients. Whether a share in brackets is pruned or kept, and whether an unnamed count is
    of parameters, matters only where other numbers would have told. A sign matters always.
    """
    if isinstance(column, Column) or column.is_unexplained:
        return column
    roles = [answer.partition(":")[0] for answer in column.answers]
    if len(set(roles)) == 1:
        return supposed_unit(column) if not roles[0].endswith("_change") else column
    if set(roles) == {"theoretical_speedup", LEFT_OUT}:
        return Column(column.head, LEFT_OUT, why=UNDECIDED_SPEEDUP)
    if LEFT_OUT in roles or any(role.endswith("_change") for role in roles):
        return column
    return as_column(table, number, column.answers[0])


def _refuse_without_measures(table: Table, columns: Sequence[Column | ColumnQuestion]) -> None:
    """ValueError for a table in which no column has anything to do with measures."""
    measured = any(
        isinstance(one, Column) and (one.measure or one.why.startswith("another")) for one in columns
    )
    asked = any(isinstance(one, ColumnQuestion) and not one.is_unexplained for one in columns)
    if measured or asked:
        return
    message = "no column is a measure; expected names such as top1, unpruned.params or Top-1 (%)"
    raise ValueError(f"{table.file}:1:1: {message}")


def _judge(report: TableReport, rows: Rows, names: Names, file: str) -> None:
    """Enters what is wrong, and how many pairs of numbers were set against each other."""
    slips: list[Slip] = []
    for _, row in rows.judged():
        found = list(verdicts(row, names))
        report.comparisons += len(found)
        slips += [verdict for verdict in found if verdict is not None]
    for group in rows.groups():
        found = list(across_rows(group))
        report.comparisons += len(found)
        slips += [verdict for verdict in found if verdict is not None]
    problems = {*_refused(rows, file), *_told(slips, file)}
    report.problems = sorted(problems)


def _refused(rows: Rows, file: str) -> Iterator[TableProblem]:
    for one in rows.refused:
        kind = "unit" if "did you mean" in one.message and one.measure in MEASURES else "slip"
        yield TableProblem(file, one.cell.line, one.cell.column, one.message, kind, one.measure)


def _told(slips: list[Slip], file: str) -> Iterator[TableProblem]:
    for slip in once_a_number(iter(slips)):
        leaf = slip.leaf
        yield TableProblem(file, leaf.line, leaf.column, slip.message, slip.kind, leaf.measure)
