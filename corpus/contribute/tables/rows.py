"""Rows of a table with their numbers and labels, each beside the unpruned network that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from corpus.checks.row import Row
from corpus.contribute.tables.cell import Cell, Table
from corpus.contribute.tables.cell_numbers import is_missing, number_in
from corpus.contribute.tables.column import Column
from corpus.contribute.tables.column_names import NOTE
from corpus.contribute.tables.network_names import is_unpruned, known_architecture, network_of
from corpus.contribute.tables.other_measures import says
from corpus.contribute.tables.written_cells import written
from corpus.numbers.derive import Derivation
from corpus.numbers.measures import ACCURACY, CHANGE, FRACTION, RATIO, UNPRUNED_MEASURES, measure_of
from corpus.numbers.quantity import parse, with_printed
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Names

NAMES_OF_NETWORKS = r"models?|networks?|architectures?|backbones?|nets?|detector"
FEWEST_WITH_SHARES = 2
"""As many rows must say how much is gone before one that does not say it is taken for the unpruned network."""


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A number of a row: as a paper's file writes it, the cell it stands in, and whether its text differs."""

    text: str
    cell: Cell
    differs: bool


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell that is no number for its column, or a name that no vocabulary has."""

    cell: Cell
    measure: str
    message: str


@dataclass(slots=True)
class TableRow:
    """One row: its printed numbers by role (`top1`, `unpruned.top1`), their derivations by leaf, and its labels."""

    cells: tuple[Cell, ...]
    printed: dict[str, PrintedCell] = field(default_factory=dict)
    leaves: dict[str, Derivation] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    dataset: str | None = None
    architecture: str | None = None
    network: str = ""
    trials: int | None = None
    is_unpruned: bool = False
    is_section: bool = False
    cites: bool = False
    unpruned: TableRow | None = None

    @property
    def name(self) -> str:
        """What the row is called: its label, else its method, else its network as the table writes it."""
        return self.labels.get("row") or self.labels.get("method") or self.labels.get("architecture") or ""

    @property
    def first(self) -> Cell:
        """Where the row stands."""
        return self.cells[0]


@dataclass(frozen=True, slots=True)
class Given:
    """What the table's caption says of all rows, under the vocabularies' names."""

    dataset: str | None = None
    architecture: str | None = None
    unpruned_row: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table and the cells that could not be read."""

    rows: list[TableRow]
    refused: list[RefusedCell]
    unsure_units: frozenset[str]

    def judged(self) -> Iterator[tuple[TableRow, Row]]:
        """Each row with numbers as the checks of slips see it, with the numbers of its unpruned network."""
        for row in self.rows:
            leaves = dict(row.leaves)
            if row.is_unpruned:
                leaves = _as_unpruned(leaves)
            elif row.unpruned is not None:
                leaves = {**_as_unpruned(row.unpruned.leaves), **leaves}
            if leaves:
                yield row, Row(leaves, row.dataset, row.architecture, row.trials, self.unsure_units)

    def groups(self) -> list[list[Row]]:
        """The pruned rows of each network, for what they imply together."""
        groups: dict[tuple, list[Row]] = {}
        for row, judged in self.judged():
            if not row.is_unpruned:
                key = (row.dataset, row.network, id(row.unpruned) if row.unpruned else 0)
                groups.setdefault(key, []).append(judged)
        return list(groups.values())


def read_rows(table: Table, columns: Sequence[Column | None], names: Names, given: Given) -> Rows:
    """The rows of a table whose columns are known; a column of None is passed over.

    Parameters
    ----------
    table
        As `read_table` gives it.
    columns
        One for each head.
    given
        Dataset and architecture where no column names them; `unpruned_row` is the label of the unpruned network's row.
    """
    reader = _Reader(table, columns, names, given)
    rows = reader.rows()
    _mark_unpruned(rows, given)
    _join_unpruned(rows, columns)
    return Rows(rows, reader.refused, reader.unsure_units)


def _as_unpruned(leaves: dict[str, Derivation]) -> dict[str, Derivation]:
    """The numbers of an unpruned network's row under the names of the unpruned network."""
    return {
        f"unpruned_{name}": replace(leaf, measure=f"unpruned_{name}")
        for name, leaf in leaves.items()
        if name in UNPRUNED_MEASURES
    }


class _Reader:
    """Turns the lines of a table into rows, one after another; a section's network holds until the next section."""

    def __init__(self, table: Table, columns: Sequence[Column | None], names: Names, given: Given):
        self.table, self.columns, self.names, self.given = table, columns, names, given
        self.refused: list[RefusedCell] = []
        self.section = ""
        self.unsure_units = frozenset(
            column.leaf.removeprefix("unpruned_") for column in columns if column and column.unit == "?"
        )
        self.sides = _sides(columns)
        self.usual = [_usual(table.column(number), column) for number, column in enumerate(columns)]
        first_head = table.heads[0].text if table.heads else ""
        self.head_network = known_architecture(first_head, names)

    def rows(self) -> list[TableRow]:
        return [row for cells in self.table.rows for row in self._rows_of(cells)]

    def _rows_of(self, cells: tuple[Cell, ...]) -> Iterator[TableRow]:
        """One row, or one for each part of a table that stands beside another with the same measures."""
        first = self._row(cells, 0)
        yield first
        if not first.is_section:
            for side in range(1, max(self.sides) + 1):
                yield self._row(cells, side)

    def _row(self, cells: tuple[Cell, ...], side: int) -> TableRow:
        row = TableRow(cells, labels=self._labels(cells), cites=any(cell.cites for cell in cells))
        filled = [cell for cell in cells if cell.text]
        if len(filled) == 1 and len(cells) > 2 and number_in(filled[0].text) is None:
            row.is_section = True
            self.section = filled[0].text
            return row
        if (
            not cells[0].text
            and len(filled) > 3
            and len({cell.text for cell in filled}) <= max(self.sides) + 1
        ):
            row.is_section = True  # one setting for all columns, such as 80 % in each
            return row
        self._read_numbers(row, side)
        self._read_names(row)
        trials = row.labels.get("trials", "")
        row.trials = int(trials) if trials.isascii() and trials.isdigit() and int(trials) else None
        return row

    def _labels(self, cells: tuple[Cell, ...]) -> dict[str, str]:
        labels: dict[str, str] = {}
        for column, cell in zip(self.columns, cells, strict=True):
            if column is None or column.measure or is_missing(cell.text):
                continue
            if column.role == NOTE and NOTE in labels:
                labels[NOTE] += f", {cell.text}"
            else:
                labels.setdefault(column.role, cell.text)
        return labels

    def _read_numbers(self, row: TableRow, side: int) -> None:
        for number, (column, cell) in enumerate(zip(self.columns, row.cells, strict=True)):
            if column is None or column.measure is None or is_missing(cell.text):
                continue
            if self.sides[number] != side:
                continue
            try:
                self._refuse_other_scale(column, cell, self.usual[number])
                text, differs = written(
                    replace(column, unit="1") if column.unit == "?" else column, cell.text
                )
                quantity = with_printed(parse(column.measure, text), _shown(column, cell.text, text))
            except ValueError as error:
                self.refused.append(RefusedCell(cell, column.leaf, str(error)))
                continue
            row.printed[column.role] = PrintedCell(text, cell, differs)
            place = (self.table.file, cell.line, cell.column)
            row.leaves[column.leaf] = Derivation(column.leaf, quantity, "printed", (), *place)

    def _refuse_other_scale(self, column: Column, cell: Cell, usual: float | None) -> None:
        """A 0.6 among percents may be 60 % or 0.6 %; nobody but its author knows."""
        value = number_in(cell.text)
        if usual is None or value is None or "%" in cell.text:
            return
        if column.unit == "%" and usual >= 5 and 0 < abs(value) < 1:
            percent = f"{100 * value:g}%"
            raise ValueError(
                f"{column.measure} {cell.text} stands among percentages such as {usual:g}; expected {percent} or "
                f"{cell.text}%, with its sign"
            )

    def _read_names(self, row: TableRow) -> None:
        row.dataset = self._known(row, "dataset") or self.given.dataset
        label = row.labels.get("architecture") or row.labels.get("row", "")
        row.architecture = self._known(row, "architecture")
        if row.architecture is None and "architecture" not in row.labels:
            in_section = known_architecture(self.section, self.names) if self.section else None
            row.architecture = in_section or self.head_network or self.given.architecture
        row.network = row.architecture or self.section
        if "architecture" in row.labels and row.architecture is None:
            row.network = network_of(label, self.names)

    def _known(self, row: TableRow, kind: str) -> str | None:
        """The vocabulary's name of what a column names; a name that looks misspelt is refused."""
        spelling = row.labels.get(kind)
        if not spelling:
            return None
        vocabulary = getattr(self.names, f"{kind}s")
        known = vocabulary.canonical(spelling) or vocabulary.canonical_ignoring_case(spelling)
        if known is None and kind == "architecture":
            known = known_architecture(spelling, self.names)
        if known is None and not is_unpruned(spelling):
            column = next(column for column in self.columns if column and column.role == kind)
            cell = row.cells[self.columns.index(column)]
            if did_you_mean(spelling, vocabulary.entries) or column.head.text.lower() == kind:
                self.refused.append(RefusedCell(cell, kind, vocabulary.unknown(spelling)))
        return known


def _shown(column: Column, printed: str, text: str) -> str:
    """A number as messages show it: as printed, with the unit that its head gives."""
    return (
        text if column.unit not in ("", "?", "1", "%", "fraction") and text.startswith(printed) else printed
    )


def _sides(columns: Sequence[Column | None]) -> list[int]:
    """Which part of the table each column belongs to: a part begins where a measure comes again."""
    sides: list[int] = []
    side = 0
    seen: set[str] = set()
    for column in columns:
        if column is not None and column.measure:
            if column.role in seen:
                side, seen = side + 1, set()
            seen.add(column.role)
        sides.append(side)
    return sides


def _usual(texts: Sequence[str], column: Column | None) -> float | None:
    """The usual size of a column's percentages; None for columns of anything else."""
    if column is None or column.measure is None:
        return None
    if measure_of(column.measure).kind not in (ACCURACY, FRACTION):
        return None
    values = [abs(value) for text in texts if (value := number_in(text)) is not None]
    return median(values) if len(values) > 1 else None


def _mark_unpruned(rows: list[TableRow], given: Given) -> None:
    """Marks the rows of unpruned networks: by their label, by shares that are nothing, or by shares left out."""
    for row in rows:
        if row.is_section:
            continue
        if given.unpruned_row:
            row.is_unpruned = row.name.lower() == given.unpruned_row.lower()
            continue
        labels = [row.labels.get(role, "") for role in ("row", "method", "architecture")]
        row.is_unpruned = any(map(is_unpruned, labels)) or _prunes_nothing(row)
    if not given.unpruned_row:
        _mark_first_without_shares(rows)


def _shares(row: TableRow) -> dict[str, float]:
    """What a row says of how much is gone, how much is kept, and how much accuracy changed."""
    kinds = (FRACTION, RATIO, CHANGE)
    return {
        name: leaf.quantity.value for name, leaf in row.leaves.items() if measure_of(name).kind in kinds
    }


def _prunes_nothing(row: TableRow) -> bool:
    """Whether all that a row says of its shares is that nothing changed: 0 % pruned, 100 % kept, 1x."""
    if any(name.startswith("unpruned_") for name in row.leaves):
        return False
    shares = _shares(row)
    sized = [name for name in shares if measure_of(name).kind != CHANGE]
    nothing = {"pruned": 0.0, "kept": 1.0, "ratio": 1.0, "speedup": 1.0, "change": 0.0}
    return bool(sized) and all(
        abs(value - nothing[name.rpartition("_")[2]]) < 1e-9 for name, value in shares.items()
    )


def _mark_first_without_shares(rows: list[TableRow]) -> None:
    """The first row of a network is the unpruned one where it alone says nothing of shares and changes."""
    groups: dict[tuple, list[TableRow]] = {}
    for row in rows:
        if row.printed:
            groups.setdefault((row.dataset, row.network), []).append(row)
    for group in groups.values():
        first, *others = group
        with_shares = sum(bool(_shares(row)) for row in others)
        has_own_baseline = any(name.startswith("unpruned_") for row in group for name in row.leaves)
        if has_own_baseline or any(row.is_unpruned for row in group) or _shares(first):
            continue
        says_less = len(group) > 1 and with_shares == len(others) >= min(FEWEST_WITH_SHARES, len(others))
        first.is_unpruned = says_less and any(name in UNPRUNED_MEASURES for name in first.leaves)


def _join_unpruned(rows: list[TableRow], columns: Sequence[Column | None]) -> None:
    """Gives each row the unpruned network above it (or, where it stands below, the first one) of the same network."""
    label_head = next((column.head.text for column in columns if column and column.role == "row"), "")
    by_label = says(label_head.lower(), NAMES_OF_NETWORKS)
    marked = [row for row in rows if row.is_unpruned]
    for index, row in enumerate(rows):
        if row.is_unpruned or row.is_section:
            continue
        above = [other for other in rows[:index] if other.is_unpruned]
        for candidate in (*reversed(above), *marked):
            if _is_of_same_network(candidate, row, rows, by_label):
                row.unpruned = candidate
                break


def _is_of_same_network(candidate: TableRow, row: TableRow, rows: list[TableRow], by_label: bool) -> bool:
    if candidate.dataset != row.dataset:
        return False
    if candidate.network and row.network:
        return candidate.network == row.network or row.network.startswith(candidate.network + "-")
    label = re.sub(r"[\s(\[]*(?:baseline|dense|original|unpruned)[\s)\]]*", "", candidate.name, flags=re.I)
    if not by_label or not label:
        return True
    begins = [
        other for other in rows if other is not candidate and other.name.lower().startswith(label.lower())
    ]
    return not begins or row in begins
