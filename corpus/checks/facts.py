"""What a check must know of one paper: what is wrong or doubtful in it, what it counts, and what others must match."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from corpus.catalogue.corpus import OperatingPoint, Paper
from corpus.catalogue.papers import Reading
from corpus.numbers.measures import MEASURES
from corpus.schema.paper import Method, PaperFile
from corpus.schema.reader import Document, Problem
from corpus.schema.vocabulary import spelled

AXES = ("structure", "scoring", "scope", "scheduling", "fine_tuning")
WARNINGS = ("contradiction", "doubt", "unknown location")
COUNTED = (
    *("rows", "survey rows", "rows with numbers", "rows verified against the paper", "released runs"),
    *("numeric sheet rows", "numeric sheet rows verified"),
    *("comparisons", "methods"),
    *(f"axis {name}" for name in AXES),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """One paper as a check sees it, in plain values that can be kept as JSON.

    What few checks ask for is kept as a text, which a large corpus need not take apart.
    """

    key: str
    stands: bool
    """False if anything is wrong with the file alone."""
    in_survey: bool
    errors: Sequence[tuple[str, int, int, str, str]]
    """File (a bare name), line, column, message and kind of each, in order."""
    warnings: str
    """Likewise, as JSON."""
    warned: Sequence[int]
    """How many there are of each of WARNINGS."""
    comparisons: Sequence[tuple[str, int, int]]
    """Each key compared to, with its line and column."""
    survey_rows: Sequence[int]
    """Each row of the survey's sheet, followed by its line and column."""
    counts: Sequence[int]
    """How many of each of COUNTED."""
    spellings: str
    """Each name looked up in a vocabulary, after its kind (architectures, datasets or venues), as JSON."""
    imprint: Sequence[tuple[str, str, int, int]] = ()
    """Title, arXiv id and DOI, where given, each with its line and column."""
    baselines: Sequence[Sequence] = ()
    """The fields of each `corpus.checks.unpruned_across_papers.Baseline`."""


def facts_of(path: Path, reading: Reading, as_published: bool = False) -> Facts:
    """The facts of the paper in `path`."""
    resolution, document = reading.resolution, reading.document
    if resolution is None:
        looked_up = {(kind, spelling) for _, kind, spelling in spelled(document.tree)}
        return Facts(path.stem, False, False, *_placed(document.problems), (), (), (), _listed(looked_up))
    paper = resolution.paper
    comparisons = [
        (comparison.compares_to, *document.position(("compares_to", index)))
        for index, comparison in enumerate(paper.comparisons)
    ]
    errors = [
        *document.problems,
        *_comparison_errors(paper, comparisons, path.name),
        *_same_as_errors(paper),
    ]
    placed, warnings, warned = _placed([*errors, *_warnings(paper), *reading.slips])
    return Facts(
        key=paper.key,
        stands=not document.problems,
        in_survey=paper.survey() is not None,
        errors=placed,
        warnings=warnings,
        warned=warned,
        comparisons=tuple(comparisons),
        survey_rows=tuple(chain.from_iterable(_survey_rows(paper, document))),
        counts=_counts(paper, as_published),
        spellings=_listed(set(_spellings(reading.written))),
        imprint=tuple(_imprint(reading.written, document)),
        baselines=tuple(tuple(baseline) for baseline in reading.baselines),
    )


def _imprint(written: PaperFile, document: Document) -> Iterator[tuple[str, str, int, int]]:
    for name in ("title", "arxiv", "doi"):
        if value := getattr(written, name):
            yield name, value, *document.position((name,))


def axes(method: Method) -> dict[str, str | None]:
    """The survey's five axes of a method; None where no source states it."""
    return {name: value if (value := getattr(method, name)) != "unknown" else None for name in AXES}


def _placed(problems: list[Problem]) -> tuple[tuple[tuple, ...], str, tuple[int, ...]]:
    """Errors, warnings and how many warnings of each kind: each once, in order, in files as their folder calls them."""
    every = {(Path(said.file).name, said.line, said.column, said.message, said.kind) for said in problems}
    warnings = [said for said in every if said[-1] != "error"]
    kinds = Counter(kind for *_, kind in warnings)
    return (
        tuple(sorted(every.difference(warnings))),
        _listed(warnings),
        tuple(kinds[kind] for kind in WARNINGS),
    )


def _listed(values: Iterable[tuple]) -> str:
    return json.dumps(sorted(values), separators=(",", ":"))


def _spellings(written: PaperFile) -> Iterator[tuple[str, str]]:
    corrections = written.correction or {}
    yield from (("venues", name) for name in _versions("venue", written.venue, corrections))
    for block in written.results:
        corrections = block.correction or {}
        yield from (("datasets", name) for name in _versions("dataset", block.dataset, corrections))
        yield from (
            ("architectures", name) for name in _versions("architecture", block.architecture, corrections)
        )
    for recipe in written.recipe if isinstance(written.recipe, tuple) else ():
        yield from (("datasets", name) for name in recipe.dataset or ())
        yield from (("architectures", name) for name in recipe.architecture or ())


def _versions(key: str, name: str, corrections: dict) -> Iterator[str]:
    yield name
    if key in corrections and corrections[key].value is not None:
        yield corrections[key].value


def _survey_rows(paper: Paper, document: Document) -> tuple[tuple[int, int, int], ...]:
    """An entry's `survey_row` is the first at or after the line where the entry begins."""
    places = sorted(place for path, place in document.positions.items() if path[-1:] == ("survey_row",))
    rows = [(entry.survey_row, entry.line) for entry in paper.entries if entry.survey_row is not None]
    return tuple((row, *places[bisect_left(places, (line, 0))]) for row, line in rows)


def _comparison_errors(
    paper: Paper, comparisons: list[tuple[str, int, int]], file: str
) -> Iterator[Problem]:
    counted = Counter(other for other, _, _ in comparisons)
    for other, line, column in comparisons:
        if other == paper.key:
            yield Problem(file, line, column, f"compares_to: '{other}' is this paper itself")
    for other, line, column in {
        other: (other, line, column) for other, line, column in comparisons
    }.values():
        if counted[other] > 1:
            yield Problem(file, line, column, f"compares_to: '{other}' is listed {counted[other]} times")


def _same_as_errors(paper: Paper) -> Iterator[Problem]:
    rows = {entry.survey_row for entry in paper.entries}
    for point in paper.points:
        if point.same_as is not None and (point.same_as not in rows or point.same_as == point.survey_row):
            message = f"same_as: {point.same_as} is not another survey_row of this paper"
            yield Problem(point.file, point.line, point.column, message)


def _warnings(paper: Paper) -> Iterator[Problem]:
    for comparison in paper.comparisons:
        if comparison.doubt:
            message = f"comparison to {comparison.compares_to}: {comparison.doubt}"
            yield Problem(paper.file, 1, 1, message, "doubt")
    if paper.written.doubt:
        yield Problem(paper.file, 1, 1, paper.written.doubt, "doubt")
    for point in paper.points:
        if point.doubt:
            yield Problem(point.file, point.line, point.column, point.doubt, "doubt")
    for entry in paper.entries:
        if entry.location == "unknown":
            what = f"where: unknown for {entry.architecture} on {entry.dataset}"
            yield Problem(entry.file, entry.line, 1, what, "unknown location")


def _numeric_sheet_rows(written: PaperFile) -> Iterator[bool]:
    """For each row that has a number in the survey's sheet, whether it was verified."""
    for block in written.results:
        of_unpruned = block.unpruned is not None and bool(block.unpruned.model_fields_set & MEASURES.keys())
        for row in block.pruned or ():
            if row.survey_row is not None and (of_unpruned or row.model_fields_set & MEASURES.keys()):
                yield bool(row.verified or block.verified)


def _counts(paper: Paper, as_published: bool) -> tuple[int, ...]:
    entries = [entry for entry in paper.entries if not entry.released]
    numeric: list[OperatingPoint] = [entry.point for entry in entries if entry.point]
    stated = [axes(method) for method in paper.methods.values()]
    sheet = list(_numeric_sheet_rows(paper.written))
    return (
        len(entries),
        sum(entry.survey_row is not None for entry in entries),
        len(numeric),
        sum(point.verified is not None for point in numeric),
        len(paper.entries) - len(entries),
        len(sheet),
        sum(sheet),
        sum(as_published or not comparison.doubt for comparison in paper.comparisons),
        len(stated),
        *(sum(method[name] is not None for method in stated) for name in AXES),
    )
