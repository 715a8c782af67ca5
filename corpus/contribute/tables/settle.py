"""Lets a table's own arithmetic say what a column is: of several readings the one that agrees with the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.checks.arithmetic_slips import arithmetic
from corpus.checks.implied_unpruned import across_rows
from corpus.checks.row import AGREES
from corpus.checks.slips import slips_in
from corpus.contribute.tables.cell import Table
from corpus.contribute.tables.cell_numbers import is_missing
from corpus.contribute.tables.column import Column, ColumnQuestion
from corpus.contribute.tables.column_names import LEFT_OUT
from corpus.contribute.tables.rows import Given, Rows, read_rows
from corpus.contribute.tables.units import with_unit
from corpus.numbers.measures import CHANGE, COUNT, MEASURES
from corpus.schema.vocabulary import Names

SLIP_WEIGHT = 2
"""A reading that contradicts the table once must agree with it more than twice as often to be taken."""


@dataclass(frozen=True, slots=True)
class Support:
    """How often a reading of a column agrees with the rest of the table, and how often it contradicts it."""

    agreeing: int
    contradicting: int

    @property
    def score(self) -> int:
        """Agreements, less what contradictions weigh."""
        return self.agreeing - SLIP_WEIGHT * self.contradicting


def settled(
    table: Table, columns: Sequence[Column | ColumnQuestion], names: Names, given: Given
) -> list[Column | ColumnQuestion]:
    """The columns with every question answered that the arithmetic of the table answers without doubt.

    Parameters
    ----------
    table
        As `read_table` gives it.
    columns
        One for each head; questions about units alone are left, for quotients of sizes say nothing of units.
    given
        Dataset and architecture from the caption, where they are known.
    """
    known = list(columns)
    for number, column in enumerate(known):
        if isinstance(column, ColumnQuestion) and _is_about_measures(column):
            known[number] = _answered(table, known, number, column, names, given)
    return known


def _is_about_measures(question: ColumnQuestion) -> bool:
    roles = {answer.partition(":")[0] for answer in question.answers}
    return len(roles - {LEFT_OUT}) > 1 or roles == {"theoretical_speedup", LEFT_OUT}


def _answered(
    table: Table,
    columns: list[Column | ColumnQuestion],
    number: int,
    question: ColumnQuestion,
    names: Names,
    given: Given,
) -> Column | ColumnQuestion:
    without = _support(table, columns, number, None, names, given)
    by_answer = {}
    for answer in question.answers:
        if answer != LEFT_OUT:
            by_answer[answer] = _support(
                table, columns, number, as_column(table, number, answer), names, given
            )
    best = max(by_answer, key=lambda answer: by_answer[answer].score)
    others = [support.score for answer, support in by_answer.items() if answer != best]
    if LEFT_OUT in question.answers:
        others.append(without.score)  # to leave the column out is a reading too
    wins = by_answer[best].agreeing > 0 and all(by_answer[best].score > other for other in others)
    return as_column(table, number, best) if wins else question


def as_column(table: Table, number: int, answer: str) -> Column:
    """The column that an answer makes of a question, with the likeliest unit; `?` for a count that says none."""
    cells = [text for text in table.column(number) if not is_missing(text)]
    column = with_unit(table.heads[number], answer, cells)
    return supposed_unit(column) if isinstance(column, ColumnQuestion) else column


def supposed_unit(question: ColumnQuestion) -> Column:
    """Of a question about units the answer that changes no quotient of sizes."""
    role, _, unit = question.answers[0].removeprefix("-").partition(":")
    column = Column(question.head, role, unit, question.answers[0].startswith("-"))
    kind = MEASURES[column.measure].kind if column.measure else ""
    if kind == COUNT:
        return replace(column, unit="?")
    return replace(column, unit="%") if kind == CHANGE else column  # changes below one point are usual


def _readable(column: Column | ColumnQuestion) -> Column | None:
    """A column as known so far; one of which only the unit is open can be read."""
    if isinstance(column, Column):
        return column
    roles = {answer.partition(":")[0] for answer in column.answers}
    is_measure = not column.is_unexplained and not next(iter(roles)).endswith("_change")
    return supposed_unit(column) if len(roles) == 1 and is_measure else None


def _support(
    table: Table,
    columns: list[Column | ColumnQuestion],
    number: int,
    column: Column | None,
    names: Names,
    given: Given,
) -> Support:
    tried = [_readable(other) for other in columns]
    tried[number] = column
    rows = read_rows(table, tried, names, given)
    refused = len(rows.refused) if column else 0
    found = _counted(rows, names)
    return replace(found, contradicting=found.contradicting + refused)


def _counted(rows: Rows, names: Names) -> Support:
    """Equalities that hold but for a rounding, and slips of any kind.

    That Top-5 is above Top-1 says nothing of what a column is, so such comparisons do not count.
    """
    agreeing, slips = 0, []
    for _, row in rows.judged():
        agreeing += sum(verdict is AGREES for verdict in arithmetic(row))
        slips += slips_in(row, names)
    for group in rows.groups():
        judged = list(across_rows(group, fewest=2))
        agreeing += sum(verdict is AGREES for verdict in judged)
        slips += [verdict for verdict in judged if verdict is not None]
    roundings = sum(slip.kind == "rounding" for slip in slips)
    return Support(agreeing + roundings, len(slips) - roundings)
