"""What was corrected in the survey's sheet, and what was added to it: every number and name, with reason and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper, ResultEntry
from corpus.numbers.derive import Derivation
from corpus.numbers.measures import MEASURES
from corpus.schema.paper import Block, Correction, PrunedRow, Unpruned

CORRECTED, ADDED, NEW_ROW, RECOUNTED, DOUBTED = "corrected", "added", "row added", "recounted", "doubted"


@dataclass(frozen=True, slots=True)
class SheetChange:
    """One number or name that differs from the sheet; `rows` are the sheet's rows, the strings as written."""

    kind: str
    paper: str
    rows: tuple[int, ...]
    what: str
    sheet: str
    corrected: str
    because: str
    source: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class _SourceLine:
    """Where something stands in the corpus."""

    file: str
    number: int


def changes(corrected: Corpus) -> list[SheetChange]:
    """Everything in which the corpus differs from the survey's sheet, in the order of papers and lines."""
    differences: list[SheetChange] = []
    for paper in corrected.papers.values():
        differences += _of_paper(paper)
    return differences


def _of_paper(paper: Paper) -> Iterator[SheetChange]:
    top = _SourceLine(paper.file, 1)
    for what, correction in (paper.written.correction or {}).items():
        yield _corrected(paper, (), what, correction, top)
    for comparison in paper.comparisons:
        if comparison.doubt:
            yield SheetChange(
                kind=DOUBTED,
                paper=paper.key,
                rows=(),
                what="compares_to",
                sheet=comparison.compares_to,
                corrected="",
                because=comparison.doubt,
                source="",
                file=paper.file,
                line=1,
            )
    entries: dict[int | str, ResultEntry] = {}
    for entry in paper.entries:
        if entry.survey_row:
            entries[entry.survey_row] = entry
        if entry.point:
            entries[entry.point.point_id] = entry
    for number, block in enumerate(paper.written.results, 1):
        yield from _of_block(paper, block, number, entries)


def _of_block(
    paper: Paper, block: Block, number: int, entries: Mapping[int | str, ResultEntry]
) -> Iterator[SheetChange]:
    """Differences in one block of results, the `number`th of its paper; `entries` by survey row or point id."""
    names: list[int | str] = []
    for place, row in enumerate(block.pruned or (), 1):
        names.append(row.survey_row or f"{paper.key}/block{number}.{place}")
    candidates: Sequence[int | str | None] = names or [block.survey_row]
    rows = tuple(name for name in candidates if isinstance(name, int))
    line = _first_line(paper, block, entries, rows)
    for what, correction in (block.correction or {}).items():
        yield _corrected(paper, rows, what, correction, line)
    if block.unpruned is not None:
        points = [entries[name].point for name in names if entries[name].point]
        yield from _of_numbers(paper, rows, block.unpruned, points[0] if points else None, "unpruned_")
    for name, row in zip(names, block.pruned or (), strict=True):
        point = entries[name].point
        if row.survey_row is not None:
            yield from _of_numbers(paper, (row.survey_row,), row, point, "")
        elif point is not None:
            yield _new_row(point)


def _new_row(point: OperatingPoint) -> SheetChange:
    numbers = []
    for name, leaf in point.leaves.items():
        if not name.startswith("unpruned_"):
            numbers.append(f"{name} {leaf.quantity.printed}")
    return SheetChange(
        kind=NEW_ROW,
        paper=point.paper,
        rows=(),
        what=f"{point.label}: {point.architecture} on {point.dataset}",
        sheet="",
        corrected=", ".join(numbers),
        because="a row that the sheet lacks",
        source=point.location,
        file=point.file,
        line=point.line,
    )


def _first_line(
    paper: Paper, block: Block, entries: Mapping[int | str, ResultEntry], rows: tuple[int, ...]
) -> _SourceLine:
    """Where a block begins: its first row, or the header of its released table."""
    if block.table:
        return _SourceLine(f"{paper.file.rpartition('/')[0]}/{block.table}", 1)
    return _SourceLine(entries[rows[0]].file, entries[rows[0]].line) if rows else _SourceLine(paper.file, 1)


def _of_numbers(
    paper: Paper,
    rows: tuple[int, ...],
    written: Unpruned | PrunedRow,
    point: OperatingPoint | None,
    prefix: str,
) -> Iterator[SheetChange]:
    """Corrected, added and recounted numbers of a row or of its unpruned network, whose measures have the `prefix`."""
    leaves = point.leaves if point else {}
    for measure, correction in (written.correction or {}).items():
        leaf = leaves.get(prefix + (correction.moved_to or measure))
        fallback = _SourceLine(paper.file, point.line if point else 1)
        line = _SourceLine(leaf.file, leaf.line) if leaf else fallback
        yield _corrected(paper, rows, prefix + measure, correction, line)
    for added in written.added or ():
        for measure in MEASURES:
            leaf = leaves.get(prefix + measure)
            quantity = getattr(added, measure) if measure in added.model_fields_set else None
            if leaf is not None and quantity is not None:
                yield SheetChange(
                    kind=ADDED,
                    paper=paper.key,
                    rows=rows,
                    what=prefix + measure,
                    sheet="",
                    corrected=quantity.printed,
                    because="not in the sheet",
                    source=added.from_,
                    file=leaf.file,
                    line=leaf.line,
                )
    yield from _recounted(paper, rows, leaves.get(prefix + "flops"), prefix + "flops")


def _recounted(
    paper: Paper, rows: tuple[int, ...], leaf: Derivation | None, what: str
) -> Iterator[SheetChange]:
    """Multiply-adds that are half of the FLOPs written, where the paper says that it counts two for each."""
    if leaf is not None and leaf.inputs and leaf.inputs[0].route == "printed":
        yield SheetChange(
            kind=RECOUNTED,
            paper=paper.key,
            rows=rows,
            what=what,
            sheet=leaf.inputs[0].quantity.printed,
            corrected=f"{leaf.quantity.value:.6g}",
            because="the paper counts two per multiply-add",
            source="",
            file=leaf.file,
            line=leaf.line,
        )


def _corrected(
    paper: Paper, rows: tuple[int, ...], what: str, correction: Correction, line: _SourceLine
) -> SheetChange:
    value = correction.value or correction.sheet or ""
    if value == "none":
        value = "void"
    elif correction.moved_to:
        value = f"{value} as {correction.moved_to}"
    return SheetChange(
        kind=CORRECTED,
        paper=paper.key,
        rows=rows,
        what=what,
        sheet=correction.sheet or "",
        corrected=value,
        because=correction.because,
        source=correction.from_ or "",
        file=line.file,
        line=line.number,
    )
