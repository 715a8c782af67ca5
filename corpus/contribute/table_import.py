"""Turns a paper's table and its columns' meanings into blocks of a paper's file, printed digits kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ruamel.yaml.comments import CommentedMap

from corpus.contribute.tables.account import Account, account_of
from corpus.contribute.tables.cell import Table
from corpus.contribute.tables.cell_numbers import is_missing
from corpus.contribute.tables.column import Column
from corpus.contribute.tables.column_names import LEFT_OUT, NOTE
from corpus.contribute.tables.rows import Given, Rows, TableRow, read_rows
from corpus.contribute.yaml_edit import append_results, mapping, sequence
from corpus.numbers.measures import UNPRUNED_MEASURES
from corpus.numbers.quantity import parse
from corpus.schema.reader import CorpusError, Document, Problem
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Names

CITED = ("skip", "own")
"""What may become of rows that cite another work."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a table leaves to its caption; empty where the table itself has a column for it.

    `unpruned` gives numbers of the unpruned network as printed in caption or text, `unpruned_row` the label of its row.
    `cited` says what becomes of rows that cite another work: `skip` leaves them out, `own` takes them for this paper's.
    """

    where: str
    dataset: str = ""
    architecture: str = ""
    method: str = ""
    read_from: str = "table"
    trials: str = ""
    flops_counts: str = ""
    unpruned: dict[str, str] = field(default_factory=dict)
    unpruned_row: str = ""
    cited: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """Blocks as plain trees, methods by their short names, and what was taken for the unpruned network.

    `cited_rows` are those that quote another work and so are in no block; `account` says what became of every cell.
    """

    blocks: list[dict]
    methods: dict[str, dict]
    unpruned_rows: list[str]
    cited_rows: list[str]
    account: Account


@dataclass(slots=True)
class _Block:
    """The rows of one unpruned network, as they are collected."""

    dataset: str
    architecture: str
    unpruned: dict
    pruned: list[dict] = field(default_factory=list)


def blocks_of(table: Table, columns: list[Column], setting: Setting, names: Names) -> Imported:
    """The blocks that `table` becomes; CorpusError with everything that is not right in the table.

    Parameters
    ----------
    columns
        One for each head, without any question left.
    setting
        What the caption says, and what becomes of rows that cite.
    """
    problems: list[Problem] = []
    _refuse_repeats(table, columns, problems)
    numbers = _unpruned_numbers(setting)
    given = _given(table, columns, setting, names)
    rows = read_rows(table, columns, names, given)
    if setting.unpruned_row and not any(row.is_unpruned for row in rows.rows):
        raise ValueError(f"--unpruned-row: no row '{setting.unpruned_row}' in {table.file}")
    problems += [table.problem(one.cell, one.message) for one in rows.refused]
    importer = _Importer(table, columns, setting, numbers, problems)
    for row in rows.rows:
        importer.add(row)
    return importer.imported(rows)


class _Importer:
    """Collects rows into blocks."""

    def __init__(
        self,
        table: Table,
        columns: list[Column],
        setting: Setting,
        numbers: dict[str, str],
        problems: list[Problem],
    ):
        self.table, self.columns, self.setting = table, columns, setting
        self.numbers, self.problems = numbers, problems
        self.blocks: dict[tuple, _Block] = {}
        self.methods: dict[str, dict] = {}
        self.cited: list[str] = []

    def add(self, row: TableRow) -> None:
        """Enters a row into the block of its unpruned network."""
        if row.is_section:
            return
        if row.cites and not row.is_unpruned and self.setting.cited != "own":
            self.cited.append(row.name)
            return
        self._refuse_unread(row)
        block = self._block_of(row)
        values = _measures(row, "")
        if row.is_unpruned:
            taken = (*UNPRUNED_MEASURES, "printed_as")
            block.unpruned.update({key: value for key, value in values.items() if key in taken})
        elif values:
            block.pruned.append({**self._about(row), **values})

    def _refuse_unread(self, row: TableRow) -> None:
        """A row that says something and gives no number is not dropped in silence."""
        labels = [column.measure is None for column in self.columns]
        texts = [cell.text for cell, is_label in zip(row.cells, labels, strict=True) if not is_label]
        refused = {(problem.line, problem.column) for problem in self.problems}
        is_told = any((cell.line, cell.column) in refused for cell in row.cells)
        if not row.printed and not is_told and any(not is_missing(text) for text in texts):
            self.problems.append(
                self.table.problem(row.first, f"nothing in row '{row.name}' is understood")
            )

    def _block_of(self, row: TableRow) -> _Block:
        place = (row.dataset or row.labels["dataset"], row.architecture or row.labels["architecture"])
        own = _measures(row, "unpruned.")
        unpruned = id(row if row.is_unpruned else row.unpruned or self)
        return self.blocks.setdefault((*place, unpruned, str(own)), _Block(*place, {**self.numbers, **own}))

    def _about(self, row: TableRow) -> dict[str, str]:
        """Method, place and trials of the operating point; a method not met before joins `methods`."""
        about = {}
        labels = [row.labels.get("row", ""), row.labels.get(NOTE, "")]
        written = row.labels.get("architecture", "")
        if written and row.architecture and re.search(r"0?\.\d+$|\d+%$", written):
            labels.insert(0, written)  # ResNet-50-0.52: the ratio is part of the row's name
        if label := ", ".join(filter(None, labels)):
            about["where"] = f"{self.setting.where}, row '{label}'"
        if method := row.labels.get("method"):
            about["method"] = slug(method)
            self.methods.setdefault(about["method"], {"name": method})
        if trials := row.labels.get("trials"):
            about["trials"] = trials
        return about

    def imported(self, rows: Rows) -> Imported:
        """The blocks, once every row is in; CorpusError if anything was wrong."""
        for block in self.blocks.values():
            if not block.pruned and not self.problems:
                message = f"no operating point for {block.architecture} on {block.dataset}"
                self.problems.append(self.table.problem(self.table.heads[0], message))
        if self.problems:
            raise CorpusError(self.problems)
        labels = [row.name for row in rows.rows if row.is_unpruned and row.name]
        account = account_of(self.table, self.columns, rows)
        blocks = [_block(self.setting, self.columns, block) for block in self.blocks.values()]
        return Imported(blocks, self.methods, labels, self.cited, account)


def _given(table: Table, columns: list[Column], setting: Setting, names: Names) -> Given:
    """Dataset and architecture of the caption, under the vocabularies' names; ValueError where nothing gives them."""
    known: dict[str, str | None] = {}
    for kind in ("dataset", "architecture"):
        spelling = getattr(setting, kind)
        vocabulary = getattr(names, f"{kind}s")
        known[kind] = vocabulary.canonical(spelling) or vocabulary.canonical_ignoring_case(spelling)
        has_column = any(column.role == kind for column in columns)
        if spelling and known[kind] is None:
            raise ValueError(f"--{kind}: {vocabulary.unknown(spelling)}")
        if not spelling and not has_column and not _in_sections(table, columns, kind, names):
            raise ValueError(f"--{kind}: not given, and no column of {table.file} names it")
    return Given(known["dataset"], known["architecture"], setting.unpruned_row)


def _in_sections(table: Table, columns: list[Column], kind: str, names: Names) -> bool:
    """Whether every row with numbers stands under a row that names its network."""
    if kind != "architecture":
        return False
    rows = read_rows(table, columns, names, Given()).rows
    return all(row.architecture for row in rows if row.printed)


def _refuse_repeats(table: Table, columns: list[Column], problems: list[Problem]) -> None:
    seen: dict[str, Column] = {}
    for column in columns:
        first = seen.setdefault(column.role, column)
        if first is not column and column.role not in (LEFT_OUT, NOTE):
            message = f"columns '{first.head.text}' and '{column.head.text}' are both {column.role}"
            remedy = f'leave one out: --map "{column.head.text}=skip"'
            problems.append(table.problem(column.head, f"{message}; {remedy}"))


def _unpruned_numbers(setting: Setting) -> dict[str, str]:
    for measure, text in setting.unpruned.items():
        if measure not in UNPRUNED_MEASURES:
            hint = did_you_mean(measure, UNPRUNED_MEASURES) or f"; expected {', '.join(UNPRUNED_MEASURES)}"
            raise ValueError(f"--unpruned: '{measure}' is no measure of an unpruned network{hint}")
        try:
            parse(measure, text)
        except ValueError as error:
            raise ValueError(f"--unpruned: {error}") from None
    return dict(setting.unpruned)


def _block(setting: Setting, columns: Sequence[Column], block: _Block) -> dict:
    """The block as a paper's file has it, its keys in their usual order."""
    tree: dict = {
        "where": setting.where,
        "read_from": setting.read_from,
        "dataset": block.dataset,
        "architecture": block.architecture,
    }
    for key in ("method", "trials"):
        if value := getattr(setting, key):
            tree[key] = value
    has_flops = any(column.measure == "flops" for column in columns) or "flops" in block.unpruned
    if has_flops or setting.flops_counts:
        tree["flops_counts"] = setting.flops_counts or _flops_counted(columns)
    if block.unpruned:
        tree["unpruned"] = block.unpruned
    tree["pruned"] = block.pruned
    return tree


def _flops_counted(columns: Sequence[Column]) -> str:
    """`multiply-adds` where the column's own name says so; a column called FLOPs may count either."""
    heads = [column.head.text for column in columns if column.measure == "flops"]
    said = heads and all(re.search(r"mac|mult\w*-?\s?add|madd", head, re.I) for head in heads)
    return "multiply-adds" if said else "unknown"


def _measures(row: TableRow, prefix: str) -> dict:
    """A row's measures as a paper's file writes them, with `printed_as` where the table's own string differs."""
    values: dict = {}
    printed: dict[str, str] = {}
    for role, number in row.printed.items():
        if role.startswith("unpruned.") != bool(prefix):
            continue
        measure = role.removeprefix("unpruned.")
        values[measure] = number.text
        if number.differs:
            printed[measure] = number.cell.text
    return values | ({"printed_as": printed} if printed else {})


def slug(name: str) -> str:
    """A method's short name: `L1 (A)` -> `l1-a`."""
    return re.sub(r"[^a-z0-9+.=_]+", "-", name.lower()).strip("-.+=_") or "method"


def with_blocks(document: Document, text: str, imported: Imported) -> str:
    """The text of the paper's file with the imported blocks at the end of its results.

    CorpusError if a block of the same place, dataset and architecture stands there already.
    """
    if document.problems:
        raise CorpusError(document.problems)
    tree = document.tree if isinstance(document.tree, dict) else {}
    known = {*(tree.get("methods") or ()), *imported.methods}
    there = {}
    for index, block in enumerate(tree.get("results") or ()):
        there[tuple(block.get(name) for name in ("where", "dataset", "architecture"))] = index
    for block in imported.blocks:
        if (method := block.get("method")) and method not in known:
            hint = did_you_mean(method, known) or f"; this paper has: {', '.join(sorted(known)) or 'none'}"
            raise ValueError(f"--method: no method '{method}' in {document.file}{hint}")
        number = there.get(tuple(block[name] for name in ("where", "dataset", "architecture")))
        if number is not None:
            told = f"{block['where']} for {block['architecture']} on {block['dataset']} is here already"
            remedy = f'add to it there, or name the part: --where "{block["where"]}, lower half"'
            raise CorpusError([document.problem(("results", number), f"{told}; {remedy}")])
    methods = {name: mapping(about, flow=True) for name, about in imported.methods.items()}
    return append_results(text, [_written_out(block) for block in imported.blocks], methods)


def _written_out(block: dict) -> CommentedMap:
    rows = sequence([mapping(row, flow=True) for row in block["pruned"]])
    flat = {
        name: mapping(value, flow=True) if name == "unpruned" else value for name, value in block.items()
    }
    return mapping(flat | {"pruned": rows})
