"""Contrasts: differences between two treatments of one study, read from a table with the place of every cell.

The table has the columns `study, treatment_a, treatment_b, effect, standard_error`, in any order; `effect` is a minus
b. Everything wrong with single rows is found here; what is wrong with a study as a whole is found in `studies`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from pathlib import Path

import pandas as pd

from corpus.schema.csv_cells import CsvCell, rows_of
from corpus.schema.reader import CorpusError, Problem
from corpus.schema.suggest import did_you_mean

COLUMNS = ("study", "treatment_a", "treatment_b", "effect", "standard_error")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_MINUSES = str.maketrans("−–", "--")


@dataclass(frozen=True, slots=True)
class Contrast:
    """One row: `effect` is treatment_a minus treatment_b, with its standard error, in the table's own unit.

    `effect_rounding` and `error_rounding` are half a unit of the last digit as written. `line` and `column` are where
    the row begins.
    """

    study: str
    treatment_a: str
    treatment_b: str
    effect: float
    standard_error: float
    effect_rounding: float
    error_rounding: float
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ContrastTable:
    """All contrasts of a table; `file` is its name in messages."""

    file: str
    contrasts: tuple[Contrast, ...]

    def problem(self, contrast: Contrast, message: str) -> Problem:
        """What is wrong with a contrast, at its row."""
        return Problem(self.file, contrast.line, contrast.column, message)


def read_contrasts(path: Path | str) -> ContrastTable:
    """The contrasts of a CSV file in UTF-8; CorpusError lists all that is wrong with its rows.

    >>> read_contrasts("trials.csv").contrasts[0].effect  # doctest: +SKIP
    -0.38
    """
    path = Path(path)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; expected a CSV table in UTF-8"
        raise CorpusError([Problem(str(path), line, column, message)]) from None
    return contrasts_in(text, str(path))


def contrasts_of(table: pd.DataFrame, name: str = "table") -> ContrastTable:
    """The contrasts of a data frame; lines and columns in messages are those of the frame written as CSV."""
    return contrasts_in(table.to_csv(index=False), name)


def contrasts_in(text: str, file: str) -> ContrastTable:
    """The contrasts of a CSV text; CorpusError lists all that is wrong with its rows."""
    rows = list(rows_of(text))
    if not rows:
        raise CorpusError(
            [Problem(file, 1, 1, f"an empty table; expected the columns {', '.join(COLUMNS)}")]
        )
    head, *body = rows
    problems = _problems_of_head(head, file)
    if problems:
        raise CorpusError(problems)
    if not body:
        raise CorpusError(
            [Problem(file, head[0].line, head[0].column, "no rows; expected one for each contrast")]
        )
    places = {cell.text: place for place, cell in enumerate(head)}
    reader = _RowReader(file, places, len(head))
    contrasts = [reader.contrast(row) for row in body]
    complete = [contrast for contrast in contrasts if contrast is not None]
    problems = reader.problems + _repeated_pairs(complete, file)
    if problems:
        raise CorpusError(problems)
    return ContrastTable(file, tuple(complete))


def _problems_of_head(head: Sequence[CsvCell], file: str) -> list[Problem]:
    """Unknown, repeated and missing columns."""
    if len(head) == 1 and re.search(r"[;\t]", head[0].text):
        mark = "tabs" if "\t" in head[0].text else "semicolons"
        message = f"the columns are separated by {mark}; expected commas"
        return [Problem(file, head[0].line, head[0].column, message)]
    names = [cell.text for cell in head]
    missing = [name for name in COLUMNS if name not in names]
    problems = []
    for place, cell in enumerate(head):
        at = (file, cell.line, cell.column)
        if cell.text not in COLUMNS:
            hint = did_you_mean(cell.text, missing) if cell.text else ""
            problems.append(
                Problem(*at, f"unknown column '{cell.text}'; expected {', '.join(COLUMNS)}{hint}")
            )
        elif cell.text in names[:place]:
            problems.append(Problem(*at, f"column '{cell.text}' stands twice; expected it once"))
    for name in missing:
        message = f"no column '{name}'; expected {', '.join(COLUMNS)}"
        problems.append(Problem(file, head[0].line, head[0].column, message))
    return problems


class _RowReader:
    """Turns rows of cells into contrasts and collects what is wrong with them."""

    def __init__(self, file: str, places: dict[str, int], width: int):
        self.file, self.places, self.width = file, places, width
        self.problems: list[Problem] = []

    def contrast(self, row: list[CsvCell]) -> Contrast | None:
        """The contrast of a row; None if something is wrong with it."""
        if len(row) != self.width:
            self._wrong(row[0], f"{len(row)} cells; expected {self.width}, as in the first row")
            return None
        before = len(self.problems)
        study, treatment_a, treatment_b = (self._name(row, column) for column in COLUMNS[:3])
        effect = self._number(row, "effect")
        standard_error = self._number(row, "standard_error")
        if standard_error is not None and standard_error <= 0:
            cell = row[self.places["standard_error"]]
            self._wrong(cell, f"a standard error of {cell.text}; expected a number above zero")
        if treatment_a and treatment_a == treatment_b:
            message = f"'{treatment_a}' against itself; expected two different treatments"
            self._wrong(row[self.places["treatment_b"]], message)
        if effect is None or standard_error is None or len(self.problems) > before:
            return None
        return Contrast(
            study,
            treatment_a,
            treatment_b,
            effect,
            standard_error,
            rounding(row[self.places["effect"]].text),
            rounding(row[self.places["standard_error"]].text),
            row[0].line,
            row[0].column,
        )

    def _name(self, row: list[CsvCell], column: str) -> str:
        cell = row[self.places[column]]
        if not cell.text:
            self._wrong(cell, f"no {column}; expected a name")
        return cell.text

    def _number(self, row: list[CsvCell], column: str) -> float | None:
        cell = row[self.places[column]]
        if _NUMBER.fullmatch(cell.text) and isfinite(float(cell.text)):
            return float(cell.text)
        written = f"'{cell.text}'" if cell.text else "an empty cell"
        self._wrong(
            cell, f"{column}: {written} is not a number; expected one such as 0.25{_meant(cell.text)}"
        )
        return None

    def _wrong(self, cell: CsvCell, message: str) -> None:
        self.problems.append(Problem(self.file, cell.line, cell.column, message))


def _meant(text: str) -> str:
    """A hint where the text is a number but for a decimal comma or a typographic minus."""
    corrected = text.translate(_MINUSES).replace(",", ".")
    return f"; did you mean {corrected}?" if _NUMBER.fullmatch(corrected) else ""


def rounding(text: str) -> float:
    """Half a unit of the last digit of a number as written.

    >>> rounding("-1.20"), rounding("3e2")
    (0.005, 50.0)
    """
    exponent = int(
        Decimal(text).as_tuple().exponent
    )  # a number; letters stand for NaN and infinity, refused before
    return 0.5 * 10.0**exponent


def _repeated_pairs(contrasts: Sequence[Contrast], file: str) -> list[Problem]:
    first: dict[tuple[str, frozenset[str]], Contrast] = {}
    problems = []
    for contrast in contrasts:
        pair = (contrast.study, frozenset((contrast.treatment_a, contrast.treatment_b)))
        earlier = first.setdefault(pair, contrast)
        if earlier is not contrast:
            message = (
                f"study '{contrast.study}' gives '{contrast.treatment_a}' against '{contrast.treatment_b}' twice, "
                f"first in line {earlier.line}; expected each pair once, and each study under a name of its own"
            )
            problems.append(Problem(file, contrast.line, contrast.column, message))
    return problems
