"""Turns a paper's table and its columns' meanings into blocks of a paper's file, printed digits kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ruamel.yaml.comments import CommentedMap

from corpus.contribute.columns import MISSING, Column
from corpus.contribute.table_cells import written
from corpus.contribute.table_text import Cell, Table
from corpus.contribute.yaml_edit import append_results, mapping, sequence
from corpus.numbers.measures import UNPRUNED_MEASURES
from corpus.numbers.quantity import parse
from corpus.schema.reader import CorpusError, Document, Problem
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Names, Vocabulary

UNPRUNED_ROW = re.compile(r"(unpruned|baseline|base|dense|original|full|uncompressed|reference)\b", re.I)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a table leaves to its caption; empty where the table itself has a column for it."""

    where: str
    dataset: str = ""
    architecture: str = ""
    method: str = ""
    read_from: str = "table"
    trials: str = ""
    flops_counts: str = ""
    unpruned: dict[str, str] = field(
        default_factory=dict
    )  # measure -> as printed, from the caption or the text
    unpruned_row: str = ""  # label of the row that gives the unpruned network


@dataclass(frozen=True, slots=True)
class Imported:
    """Blocks as plain trees, methods by their short names, and what was taken for the unpruned network."""

    blocks: list[dict]
    methods: dict[str, dict]
    unpruned_rows: list[str]

    @property
    def operating_points(self) -> int:
        """How many rows became operating points."""
        return sum(len(block["pruned"]) for block in self.blocks)


def blocks_of(table: Table, columns: list[Column], setting: Setting, names: Names) -> Imported:
    """The blocks that `table` becomes; CorpusError with everything that is not right in the table."""
    problems: list[Problem] = []
    _refuse_repeats(table, columns, problems)
    numbers = _unpruned_numbers(setting)
    made: dict[tuple, tuple] = {}
    methods: dict[str, dict] = {}
    labels = []
    for row in table.rows:
        line = _Line(table, columns, row, names, setting.where, problems)
        place = (line.name("dataset", setting.dataset), line.name("architecture", setting.architecture))
        values = line.measures("")
        baseline = {**numbers, **line.measures("unpruned.")}
        block = made.setdefault((*place, str(line.measures("unpruned."))), (place, dict(baseline), []))
        label = line.label("row") or line.label("method")
        if label and _is_unpruned(label, setting):
            block[1].update(
                {key: value for key, value in values.items() if key in (*UNPRUNED_MEASURES, "printed_as")}
            )
            labels.append(label)
        elif values:
            block[2].append({**line.about(methods), **values})
    for (dataset, architecture), _, pruned in made.values():
        if not pruned and not problems:
            problems.append(
                table.problem(table.heads[0], f"no operating point for {architecture} on {dataset}")
            )
    if problems:
        raise CorpusError(problems)
    if setting.unpruned_row and not labels:
        raise ValueError(f"--unpruned-row: no row '{setting.unpruned_row}' in {table.file}")
    blocks = [_block(setting, columns, *parts) for parts in made.values()]
    return Imported(blocks, methods, labels)


def _refuse_repeats(table: Table, columns: list[Column], problems: list[Problem]) -> None:
    seen: dict[str, Column] = {}
    for column in columns:
        first = seen.setdefault(column.role, column)
        if first is not column and column.role != "skip":
            message = f"columns '{first.head.text}' and '{column.head.text}' are both {column.role}"
            remedy = f'leave one out: --map "{column.head.text}=skip"'
            problems.append(table.problem(column.head, f"{message}; {remedy}"))


def _is_unpruned(label: str, setting: Setting) -> bool:
    if setting.unpruned_row:
        return label.lower() == setting.unpruned_row.lower()
    return bool(UNPRUNED_ROW.match(label))


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


def _block(
    setting: Setting, columns: list[Column], place: tuple[str, str], unpruned: dict, pruned: list[dict]
) -> dict:
    block = {
        "where": setting.where,
        "read_from": setting.read_from,
        "dataset": place[0],
        "architecture": place[1],
    }
    block |= {key: value for key in ("method", "trials") if (value := getattr(setting, key))}
    if any(column.measure == "flops" for column in columns) or "flops" in unpruned or setting.flops_counts:
        block["flops_counts"] = setting.flops_counts or _flops_counted(columns)
    return block | ({"unpruned": unpruned} if unpruned else {}) | {"pruned": pruned}


def _flops_counted(columns: list[Column]) -> str:
    """`multiply-adds` where the column's own name says so; a column called FLOPs may count either."""
    heads = [column.head.text for column in columns if column.measure == "flops"]
    said = heads and all(re.search(r"mac|mult\w*-?\s?add|madd", head, re.I) for head in heads)
    return "multiply-adds" if said else "unknown"


class _Line:
    """One row of the table."""

    def __init__(
        self,
        table: Table,
        columns: list[Column],
        row: tuple[Cell, ...],
        names: Names,
        where: str,
        problems: list[Problem],
    ):
        self.table, self.row, self.names, self.where, self.problems = table, row, names, where, problems
        self.columns = columns
        self.by_role = {column.role: cell for column, cell in zip(columns, row, strict=True)}

    def label(self, role: str) -> str:
        """The text under the column of that role, or nothing."""
        cell = self.by_role.get(role)
        return cell.text if cell and not MISSING.fullmatch(cell.text) else ""

    def name(self, kind: str, given: str) -> str:
        """The dataset or architecture of this row, under the vocabulary's name."""
        vocabulary: Vocabulary = getattr(self.names, f"{kind}s")
        spelling = self.label(kind) or given
        if not spelling:
            raise ValueError(f"--{kind}: not given, and no column of {self.table.file} names it")
        known = vocabulary.canonical(spelling) or vocabulary.canonical_ignoring_case(spelling)
        if known is None and self.label(kind):
            self.problems.append(self.table.problem(self.by_role[kind], vocabulary.unknown(spelling)))
        elif known is None:
            raise ValueError(f"--{kind}: {vocabulary.unknown(spelling)}")
        return known or spelling

    def about(self, methods: dict[str, dict]) -> dict[str, str]:
        """Method, place and trials of the operating point; a method not met before joins `methods`."""
        said = {}
        if label := self.label("row"):
            said["where"] = f"{self.where}, row '{label}'"
        if label := self.label("method"):
            said["method"] = slug(label)
            methods.setdefault(said["method"], {"name": label})
        if trials := self.label("trials"):
            said["trials"] = trials
        return said

    def measures(self, prefix: str) -> dict:
        """Measures as a paper's file writes them, with `printed_as` where the table's own string differs."""
        values, printed = {}, {}
        for column, cell in zip(self.columns, self.row, strict=True):
            ours = column.role.startswith("unpruned.") == bool(prefix)
            if column.measure is None or not ours or MISSING.fullmatch(cell.text):
                continue
            try:
                values[column.measure], differs = written(column, cell.text)
            except ValueError as error:
                self.problems.append(self.table.problem(cell, str(error)))
                continue
            if differs:
                printed[column.measure] = cell.text
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
