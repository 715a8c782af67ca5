"""What became of every cell of a table: read, left out by its user, set aside with a reason, or not understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.contribute.tables.cell import Head, Table
from corpus.contribute.tables.cell_numbers import is_missing
from corpus.contribute.tables.column import CHOSEN, Column, ColumnQuestion
from corpus.contribute.tables.column_names import LEFT_OUT
from corpus.contribute.tables.rows import Rows


@dataclass(slots=True)
class Account:
    """How many of a table's filled cells had each fate; every cell is in exactly one of the four.

    `reasons` gives for each column set aside why; `unexplained` the heads of columns that nothing explains.
    """

    read: int = 0
    left_out: int = 0
    set_aside: int = 0
    not_understood: int = 0
    reasons: dict[str, str] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    @property
    def cells(self) -> int:
        """All cells that say anything."""
        return self.read + self.left_out + self.set_aside + self.not_understood

    def __str__(self) -> str:
        parts = [f"{self.cells} cells: {self.read} read"]
        if self.left_out:
            parts.append(f"{self.left_out} left out by --map")
        if self.set_aside:
            reasons = ", ".join(f"{head} ({why})" for head, why in self.reasons.items())
            parts.append(f"{self.set_aside} set aside: {reasons}")
        parts.append(f"{self.not_understood} not understood")
        return "; ".join(parts)


def account_of(table: Table, columns: Sequence[Column | ColumnQuestion], rows: Rows) -> Account:
    """The fate of every filled cell.

    Parameters
    ----------
    columns
        One for each head of the table; a ColumnQuestion is a column whose meaning stayed open.
    rows
        What was read with them, and the cells that were refused.
    """
    account = Account()
    refused = {(one.cell.line, one.cell.column) for one in rows.refused}
    sections = {row.first.line for row in rows.rows if row.is_section}
    for number, column in enumerate(columns):
        filled = [row[number] for row in table.rows if not is_missing(row[number].text)]
        for cell in filled:
            if (cell.line, cell.column) in refused:
                account.not_understood += 1
            elif cell.line in sections:
                account.read += 1
            else:
                _enter(account, column)
        if filled:
            _explain(account, column)
    return account


def _enter(account: Account, column: Column | ColumnQuestion) -> None:
    if isinstance(column, ColumnQuestion):
        account.not_understood += 1
    elif column.role != LEFT_OUT:
        account.read += 1
    elif column.why == CHOSEN:
        account.left_out += 1
    else:
        account.set_aside += 1


def _explain(account: Account, column: Column | ColumnQuestion) -> None:
    if isinstance(column, ColumnQuestion):
        account.unexplained.append(column.head.text)
    elif column.role == LEFT_OUT and column.why != CHOSEN:
        account.reasons[_name(column)] = column.why


def _name(column: Column) -> str:
    head = column.head
    return head.text or (head.of if isinstance(head, Head) else "") or "a column without a name"
