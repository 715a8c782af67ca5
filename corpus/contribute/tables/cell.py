"""The cells of a table, its heads, and the table that they make."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.schema.reader import Problem


@dataclass(frozen=True, slots=True)
class Cell:
    """The plain text of one cell, where it starts (from 1), and whether it refers to another work."""

    text: str
    line: int
    column: int
    cites: bool = False


@dataclass(frozen=True, slots=True)
class Head(Cell):
    """The name of a column. Where cells hold several numbers, each of these is a column of its own.

    `part` says which of them it is: nothing for a whole cell, `first`, `2nd`, ... between slashes, `bracket` (with its
    number from the second on), `before`, `after` and `change` around an arrow. `of` is the printed head, `printed` the
    number of its column in the table as printed (from 0).
    """

    part: str = ""
    of: str = ""
    printed: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Column heads and rows of cells, all of one length."""

    file: str
    format: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def problem(self, cell: Cell, message: str) -> Problem:
        """What is wrong with a cell, at its place."""
        return Problem(self.file, cell.line, cell.column, message)

    def column(self, number: int) -> list[str]:
        """The texts of one column, from the first row to the last."""
        return [row[number].text for row in self.rows]
