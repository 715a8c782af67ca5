"""Checks the arithmetic of a compression table, in whatever columns a paper or a spreadsheet has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.checks.row import Row
from corpus.checks.slips import slips_in, verdicts
from corpus.contribute.column_names import letters
from corpus.contribute.columns import MISSING, Column, Question, columns_of
from corpus.contribute.table_cells import written
from corpus.contribute.table_import import UNPRUNED_ROW
from corpus.contribute.table_text import Cell, Table, read_table
from corpus.numbers.derive import Derivation
from corpus.numbers.quantity import UNPRUNED_MEASURES, parse, with_printed
from corpus.schema.reader import MAX_BYTES, Problem
from corpus.schema.vocabulary import Names


@dataclass(slots=True)
class TableReport:
    """What a check of a table found, which columns it could not read and how much there was to compare."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    rows: int = 0
    measures: tuple[str, ...] = ()
    comparisons: int = 0


def check_table(
    path: Path,
    names: Names,
    *,
    dataset: str | None = None,
    architecture: str | None = None,
    chosen: dict[str, str] | None = None,
) -> TableReport:
    """As `check_text`, of a file; ValueError if it cannot be read."""
    content = path.read_bytes()
    if len(content) > MAX_BYTES:
        raise ValueError(f"{path}:1:1: file is over 1 MiB")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{path}:1:1: not UTF-8 text; save the file as UTF-8") from None
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

    `dataset` and `architecture` stand for columns the table lacks; `chosen` says what columns are (head -> measure).
    ValueError if it is no table, or if these name nothing known.
    """
    table = read_table(text, file)
    found = columns_of(table, names, _named_plainly(table) | (chosen or {}), dataset)
    reader = _Reader(table, names, [_supposed(column) for column in found], TableReport())
    reader.given = {
        kind: reader.known(kind, name)
        for kind, name in (("dataset", dataset), ("architecture", architecture))
    }
    report = reader.report
    report.notes += [column.problem(table) for column in found if _supposed(column) is None]
    report.measures = tuple(_measure(column) for column in reader.columns if column and column.measure)
    if not report.measures:
        raise ValueError(
            f"{file}:1:1: no column is a measure; expected names such as top1, unpruned.params or Top-1 (%)"
        )
    for row in reader.rows():
        report.rows += 1
        report.comparisons += sum(1 for _ in verdicts(row, names))
        for slip in slips_in(row, names):
            report.problems.append(Problem(file, slip.leaf.line, slip.leaf.column, slip.message))
    report.problems = sorted(set(report.problems))
    return report


def _named_plainly(table: Table) -> dict[str, str]:
    """Columns called dataset or architecture are that, also where a name in them is misspelt."""
    return {
        head.text: letters(head.text)
        for head in table.heads
        if letters(head.text) in ("dataset", "architecture")
    }


def _supposed(column: Column | Question) -> Column | None:
    """A column's meaning; of a question about units the answer that changes no check, None for any other question."""
    if isinstance(column, Column):
        return column
    roles = {answer.partition(":")[0] for answer in column.answers}
    if len(roles) != 1 or next(iter(roles)).endswith("_change"):
        return None
    role = next(iter(roles))
    unit = "fraction" if any(answer.endswith(":fraction") for answer in column.answers) else "?"
    return Column(column.head, role.removeprefix("-"), unit, role.startswith("-"))


def _measure(column: Column) -> str:
    """`unpruned.top1` -> `unpruned_top1`."""
    return column.role.replace("unpruned.", "unpruned_")


class _Reader:
    """Turns the lines of a table into rows of numbers, each with the unpruned numbers that belong to it."""

    def __init__(self, table: Table, names: Names, columns: list[Column | None], report: TableReport):
        self.table, self.names, self.columns, self.report = table, names, columns, report
        self.given: dict[str, str | None] = {}
        self.unsure = frozenset(
            _measure(column).removeprefix("unpruned_")
            for column in columns
            if column and column.unit == "?"
        )

    def rows(self) -> Iterator[Row]:
        """Every row; one labelled as the baseline gives the unpruned network of those after it."""
        baselines: dict[tuple, dict[str, Derivation]] = {}
        for cells in self.table.rows:
            leaves = self._leaves(cells)
            setting = tuple(self._name(kind, cells) for kind in ("dataset", "architecture"))
            if self._is_baseline(cells):
                baselines[setting] = leaves = _as_unpruned(leaves)
            row = Row({**baselines.get(setting, {}), **leaves}, *setting, self._trials(cells), self.unsure)
            if leaves:
                yield row

    def _leaves(self, cells: tuple[Cell, ...]) -> dict[str, Derivation]:
        leaves = {}
        for column, cell in zip(self.columns, cells, strict=True):
            if column is None or column.measure is None or MISSING.fullmatch(cell.text):
                continue
            name = _measure(column)
            try:
                text, _ = written(replace(column, unit="1") if column.unit == "?" else column, cell.text)
                quantity = with_printed(parse(column.measure, text), cell.text)
            except ValueError as error:
                self.report.problems.append(Problem(self.table.file, cell.line, cell.column, str(error)))
                continue
            leaves[name] = Derivation(
                name, quantity, "printed", (), self.table.file, cell.line, cell.column
            )
        return leaves

    def _cell(self, role: str, cells: tuple[Cell, ...]) -> Cell | None:
        pairs = zip(self.columns, cells, strict=True)
        return next((cell for column, cell in pairs if column and column.role == role and cell.text), None)

    def _is_baseline(self, cells: tuple[Cell, ...]) -> bool:
        labels = (self._cell(role, cells) for role in ("row", "method"))
        return any(label is not None and UNPRUNED_ROW.match(label.text) for label in labels)

    def _trials(self, cells: tuple[Cell, ...]) -> int:
        cell = self._cell("trials", cells)
        return (
            int(cell.text) if cell and cell.text.isascii() and cell.text.isdigit() and int(cell.text) else 1
        )

    def _name(self, kind: str, cells: tuple[Cell, ...]) -> str | None:
        cell = self._cell(kind, cells)
        if cell is None:
            return self.given[kind]
        try:
            return self.known(kind, cell.text)
        except ValueError as error:
            self.report.problems.append(Problem(self.table.file, cell.line, cell.column, str(error)))
            return None

    def known(self, kind: str, spelling: str | None) -> str | None:
        """The vocabulary's name for a spelling; ValueError with a suggestion if it has none."""
        if spelling is None:
            return None
        vocabulary = getattr(self.names, f"{kind}s")
        found = vocabulary.canonical(spelling) or vocabulary.canonical_ignoring_case(spelling)
        if found is None:
            raise ValueError(vocabulary.unknown(spelling))
        return found


def _as_unpruned(leaves: dict[str, Derivation]) -> dict[str, Derivation]:
    """The numbers of a baseline row under the names of the unpruned network's."""
    return {
        f"unpruned_{name}": replace(leaf, measure=f"unpruned_{name}")
        for name, leaf in leaves.items()
        if name in UNPRUNED_MEASURES
    }
