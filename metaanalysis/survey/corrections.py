"""What was corrected in the survey's sheet, and what was added to it: every number and name, with reason and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper, ResultEntry
from corpus.numbers.measures import MEASURES
from corpus.schema.paper import Block, Correction, PrunedRow, Unpruned

CORRECTED, ADDED, NEW_ROW, RECOUNTED, DOUBTED = "corrected", "added", "row added", "recounted", "doubted"


@dataclass(frozen=True, slots=True)
class Change:
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


def changes(corrected: Corpus) -> list[Change]:
    """Everything in which the corpus differs from the survey's sheet, in the order of papers and lines."""
    return [change for paper in corrected.papers.values() for change in _of_paper(paper)]


def _of_paper(paper: Paper) -> Iterator[Change]:
    for what, correction in (paper.written.correction or {}).items():
        yield _corrected(paper, (), what, correction, paper.file, 1)
    for other in paper.comparisons:
        if other.doubt:
            yield Change(
                DOUBTED, paper.key, (), "compares_to", other.compares_to, "", other.doubt, "", paper.file, 1
            )
    entries: dict[int | str, ResultEntry] = {
        entry.survey_row: entry for entry in paper.entries if entry.survey_row
    }
    entries |= {entry.point.point_id: entry for entry in paper.entries if entry.point}
    for number, block in enumerate(paper.written.results, 1):
        yield from _of_block(paper, block, number, entries)


def _of_block(
    paper: Paper, block: Block, number: int, entries: Mapping[int | str, ResultEntry]
) -> Iterator[Change]:
    names = [
        row.survey_row or f"{paper.key}/block{number}.{place}"
        for place, row in enumerate(block.pruned or (), 1)
    ]
    rows = tuple(name for name in names or [block.survey_row] if isinstance(name, int))
    file, line = _place(paper, block, entries, rows)
    for what, correction in (block.correction or {}).items():
        yield _corrected(paper, rows, what, correction, file, line)
    first = next((point for name in names if (point := entries[name].point)), None)
    if block.unpruned is not None:
        yield from _of_numbers(paper, rows, block.unpruned, first, "unpruned_")
    for name, row in zip(names, block.pruned or (), strict=True):
        point = entries[name].point
        if point is not None and row.survey_row is None:
            yield _new_row(point)
        else:
            yield from _of_numbers(paper, (row.survey_row,), row, point, "")


def _new_row(point: OperatingPoint) -> Change:
    own = {name: leaf for name, leaf in point.leaves.items() if not name.startswith("unpruned_")}
    numbers = ", ".join(f"{name} {leaf.quantity.printed}" for name, leaf in own.items())
    what = f"{point.label}: {point.architecture} on {point.dataset}"
    about = ("a row that the sheet lacks", point.location, point.file, point.line)
    return Change(NEW_ROW, point.paper, (), what, "", numbers, *about)


def _place(
    paper: Paper, block: Block, entries: Mapping[int | str, ResultEntry], rows: tuple[int, ...]
) -> tuple[str, int]:
    """Where a block begins: its first row, or the header of its released table."""
    if block.table:
        return f"{paper.file.rpartition('/')[0]}/{block.table}", 1
    return (entries[rows[0]].file, entries[rows[0]].line) if rows else (paper.file, 1)


def _of_numbers(
    paper: Paper,
    rows: tuple[int, ...],
    written: Unpruned | PrunedRow,
    point: OperatingPoint | None,
    prefix: str,
) -> Iterator[Change]:
    leaves = point.leaves if point else {}
    for measure, correction in (written.correction or {}).items():
        leaf = leaves.get(prefix + (correction.moved_to or measure))
        place = (leaf.file, leaf.line) if leaf else (paper.file, point.line if point else 1)
        yield _corrected(paper, rows, prefix + measure, correction, *place)
    for added in written.added or ():
        for measure in MEASURES:
            if measure not in added.model_fields_set:
                continue
            leaf, quantity = leaves.get(prefix + measure), getattr(added, measure)
            if leaf is not None and quantity is not None:
                what = (prefix + measure, "", quantity.printed)
                yield Change(
                    ADDED, paper.key, rows, *what, "not in the sheet", added.from_, leaf.file, leaf.line
                )
    yield from _recounted(paper, rows, point, prefix + "flops")


def _recounted(
    paper: Paper, rows: tuple[int, ...], point: OperatingPoint | None, what: str
) -> Iterator[Change]:
    """Multiply-adds that are half of the FLOPs written, where the paper says that it counts two for each."""
    leaf = point.leaves.get(what) if point else None
    if leaf is not None and leaf.inputs and leaf.inputs[0].route == "printed":
        written = leaf.inputs[0]
        half = f"{leaf.quantity.value:.6g}"
        because = "the paper counts two per multiply-add"
        yield Change(
            RECOUNTED,
            paper.key,
            rows,
            what,
            written.quantity.printed,
            half,
            because,
            "",
            leaf.file,
            leaf.line,
        )


def _corrected(
    paper: Paper, rows: tuple[int, ...], what: str, correction: Correction, file: str, line: int
) -> Change:
    value = correction.value or correction.sheet
    moved = f"{value} as {correction.moved_to}" if correction.moved_to else value
    text = "void" if value == "none" else moved
    source = correction.from_ or ""
    return Change(
        CORRECTED,
        paper.key,
        rows,
        what,
        correction.sheet or "",
        text,
        correction.because,
        source,
        file,
        line,
    )
