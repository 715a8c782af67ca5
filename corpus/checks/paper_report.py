"""What a check has to know of one paper: what is wrong or doubtful in it, what it counts, what others must match."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.catalogue.checks_of_values import KINDS_OF_CHECK, count_by_kind
from corpus.catalogue.papers import PaperReading
from corpus.catalogue.results import Paper
from corpus.checks.plausibility import slips
from corpus.checks.unpruned_across_papers import Baseline, baselines_of
from corpus.numbers.measures import MEASURES
from corpus.schema.paper import AXES, Method, PaperFile
from corpus.schema.reader import Document, Problem
from corpus.schema.vocabulary import Names

WARNINGS = ("contradiction", "unit", "doubt", "unknown location")
"""Kinds of warning, in the order in which a report counts them."""
COUNTED = (
    "rows",
    "survey rows",
    "rows with numbers",
    "released runs",
    "numeric sheet rows",
    "printed values",
    *KINDS_OF_CHECK,
    "comparisons",
    "methods",
    *(f"axis {name}" for name in AXES),
)
"""What a report counts in every paper, in its order."""


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A key, title or row number with the line and column (from 1) where it stands."""

    value: str | int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class PaperReport:
    """One paper as a check sees it; the file itself can be forgotten, which keeps the check of a large corpus small.

    `stands` is False if anything is wrong with the file alone. `comparisons` has each key compared to, `origins` each
    key that numbers are quoted from or a method is taken from, `same_methods` each method of another paper that one of
    its `methods` is, `survey_rows` each row of the survey's sheet, `imprint` what identifies the paper (title, arxiv,
    doi) where it is given.
    """

    key: str
    file: str
    stands: bool
    in_survey: bool
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    comparisons: tuple[PlacedValue, ...] = ()
    origins: tuple[PlacedValue, ...] = ()
    same_methods: tuple[PlacedValue, ...] = ()
    methods: frozenset[str] = frozenset()
    survey_rows: tuple[PlacedValue, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    imprint: Mapping[str, PlacedValue] = field(default_factory=dict)
    baselines: tuple[Baseline, ...] = ()


def paper_report(reading: PaperReading, names: Names, as_published: bool = False) -> PaperReport:
    """What is to be said of the paper in `reading` before it is set beside others.

    Slips, numbers that break no rule and cannot be meant, are looked for only where nothing else is wrong, for an error
    makes others appear that are none. The published view has slips that corrections mend, so it is not searched.
    """
    document, resolution = reading.document, reading.resolution
    file = document.file
    if resolution is None:
        return PaperReport(reading.key, file, False, False, errors=_in_file(document.problems, file))
    paper = resolution.paper
    comparisons = tuple(
        PlacedValue(comparison.compares_to, *document.position(("compares_to", index)))
        for index, comparison in enumerate(paper.comparisons)
    )
    errors = list(document.problems)
    errors += _comparison_errors(paper, comparisons)
    errors += _same_as_errors(paper)
    warnings = list(_warnings(paper))
    baselines: tuple[Baseline, ...] = ()
    if not as_published and not document.problems:
        found_slips = list(slips(paper, names))
        errors += [slip for slip in found_slips if slip.kind == "error"]
        warnings += [slip for slip in found_slips if slip.kind != "error"]
        baselines = tuple(baselines_of(paper, names))
    return PaperReport(
        key=paper.key,
        file=file,
        stands=not document.problems,
        in_survey=paper.survey() is not None,
        errors=_in_file(errors, file),
        warnings=_in_file(warnings, file),
        comparisons=comparisons,
        origins=tuple(_origins(paper.written, document)),
        same_methods=tuple(_same_methods(paper.written, document)),
        methods=frozenset(paper.written.methods),
        survey_rows=_survey_rows(paper, document),
        counts=_counts(paper, as_published),
        imprint=_imprint(paper.written, document),
        baselines=baselines,
    )


def _in_file(problems: list[Problem], file: str) -> tuple[Problem, ...]:
    """The problems once each, in order, in the paper's file (or a table beside it) as a person would type its path.

    Numbers know their file by its name inside the corpus, which is the same wherever the corpus lies.
    """
    beside = Path(file)
    return tuple(
        sorted(
            {replace(problem, file=str(beside.with_name(Path(problem.file).name))) for problem in problems}
        )
    )


def _imprint(written: PaperFile, document: Document) -> dict[str, PlacedValue]:
    given = {name: getattr(written, name) for name in ("title", "arxiv", "doi")}
    return {name: PlacedValue(value, *document.position((name,))) for name, value in given.items() if value}


def axes(method: Method) -> dict[str, str | None]:
    """The survey's five axes of a method; None where no source states it."""
    stated = {name: getattr(method, name) for name in AXES}
    return {name: None if value == "unknown" else value for name, value in stated.items()}


def _origins(written: PaperFile, document: Document) -> Iterator[PlacedValue]:
    """Keys after `of`, each where it stands."""
    for role, index, block in written.blocks:
        origin = getattr(block, "of", None)
        if origin is not None and origin.key is not None:
            yield PlacedValue(origin.key, *document.position((role.value, index, "of")))


def _same_methods(written: PaperFile, document: Document) -> Iterator[PlacedValue]:
    """What stands after `same_method`, where it does."""
    for name, method in written.methods.items():
        if method.same_method is not None:
            yield PlacedValue(method.same_method, *document.position(("methods", name, "same_method")))


def _survey_rows(paper: Paper, document: Document) -> tuple[PlacedValue, ...]:
    """An entry's `survey_row` is the first at or after the line where the entry begins."""
    places = sorted(place for path, place in document.positions.items() if path[-1:] == ("survey_row",))
    rows = []
    for entry in paper.entries:
        if entry.survey_row is not None:
            rows.append(PlacedValue(entry.survey_row, *places[bisect_left(places, (entry.line, 0))]))
    return tuple(rows)


def _comparison_errors(paper: Paper, comparisons: tuple[PlacedValue, ...]) -> Iterator[Problem]:
    times = Counter(comparison.value for comparison in comparisons)
    last = {comparison.value: comparison for comparison in comparisons}
    for comparison in comparisons:
        if comparison.value == paper.key:
            message = f"compares_to: '{comparison.value}' is this paper itself"
            yield Problem(paper.file, comparison.line, comparison.column, message)
    for key, comparison in last.items():
        if times[key] > 1:
            message = f"compares_to: '{key}' is listed {times[key]} times"
            yield Problem(paper.file, comparison.line, comparison.column, message)


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


def _numeric_sheet_rows(written: PaperFile) -> int:
    """How many rows have a number in the survey's sheet."""
    count = 0
    for block in written.results:
        of_unpruned = block.unpruned is not None and bool(block.unpruned.model_fields_set & MEASURES.keys())
        for row in block.pruned or ():
            count += row.survey_row is not None and bool(
                of_unpruned or row.model_fields_set & MEASURES.keys()
            )
    return count


def _counts(paper: Paper, as_published: bool) -> dict[str, int]:
    """How many there are of each of COUNTED."""
    entries = [entry for entry in paper.entries if not entry.released]
    points = [entry.point for entry in entries if entry.point is not None]
    kept = [comparison for comparison in paper.comparisons if as_published or not comparison.doubt]
    counts = {
        "rows": len(entries),
        "survey rows": sum(entry.survey_row is not None for entry in entries),
        "rows with numbers": len(points),
        "released runs": len(paper.entries) - len(entries),
        "numeric sheet rows": _numeric_sheet_rows(paper.written),
        "printed values": len(paper.values),
        **count_by_kind(paper.values),
        "comparisons": len(kept),
        "methods": len(paper.methods),
    }
    stated = [axes(method) for method in paper.methods.values()]
    for name in AXES:
        counts[f"axis {name}"] = sum(method[name] is not None for method in stated)
    return counts
