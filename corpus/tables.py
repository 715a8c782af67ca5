"""The public tables, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

import numpy as np

from corpus.catalogue import Corpus, OperatingPoint
from corpus.derive import Derivation
from corpus.stacks import Stack, stacked

COLUMNS: dict[str, dict[str, str]] = {
    "papers": {
        "paper": "VARCHAR",
        "title": "VARCHAR",
        "first_author": "VARCHAR",
        "year": "INTEGER",
        "date": "VARCHAR",
        "venue": "VARCHAR",
        "peer_reviewed": "BOOLEAN",
        "is_pruning": "BOOLEAN",
        "arxiv": "VARCHAR",
        "doi": "VARCHAR",
        "survey": "VARCHAR",
        "survey_key": "VARCHAR",
    },
    "comparisons": {"paper": "VARCHAR", "compares_to": "VARCHAR", "doubt": "VARCHAR"},
    "settings": {"paper": "VARCHAR", "dataset": "VARCHAR", "architecture": "VARCHAR", "has_numbers": "BOOLEAN"},
    "points": {
        **dict.fromkeys(("point_id", "paper", "label", "method", "dataset", "architecture"), "VARCHAR"),
        "trials": "INTEGER",
        **dict.fromkeys(
            ("compression_ratio", "theoretical_speedup", "top1", "top5", "top1_change", "top5_change", "top1_std"),
            "DOUBLE",
        ),
        **dict.fromkeys(("unpruned_top1", "unpruned_top1_std", "unpruned_top5"), "DOUBLE"),
        **dict.fromkeys(("params", "unpruned_params", "flops", "unpruned_flops"), "DOUBLE"),
        "attribution": "VARCHAR",
        "file": "VARCHAR",
        "line": "INTEGER",
        "location": "VARCHAR",
        "survey_row": "INTEGER",
        "excluded_from": "VARCHAR",
    },
    "measurements": {
        "point_id": "VARCHAR",
        "measure": "VARCHAR",
        **dict.fromkeys(("value", "low", "high"), "DOUBLE"),
        **dict.fromkeys(("layer", "route", "printed", "file"), "VARCHAR"),
        "line": "INTEGER",
    },
    "survey_rows": {
        "survey": "VARCHAR",
        "row": "INTEGER",
        **dict.fromkeys(("paper", "dataset", "architecture", "point_id"), "VARCHAR"),
    },
    "contradictions": {
        "point_id": "VARCHAR",
        "measure": "VARCHAR",
        "route_a": "VARCHAR",
        "value_a": "DOUBLE",
        "route_b": "VARCHAR",
        "value_b": "DOUBLE",
        "file": "VARCHAR",
        "line": "INTEGER",
    },
}
"""Public tables: column names and DuckDB types, in order."""

_STD_OF = {"top1_std": "top1", "unpruned_top1_std": "unpruned_top1"}
SURVEY = "blalock2020"


def columns(corpus: Corpus, name: str) -> dict[str, np.ndarray]:
    """The columns of the public table `name`, in the order of `COLUMNS[name]`; numbers that are missing are masked."""
    kinds = COLUMNS[name]
    if name in _ROWS:
        rows = list(_ROWS[name](corpus))
        values = zip(*rows, strict=True) if rows else ((),) * len(kinds)
    else:
        values = _COLUMNS[name](corpus)
    return {column: _array(cells, kind) for (column, kind), cells in zip(kinds.items(), values, strict=True)}


def _array(cells: Sequence, kind: str) -> np.ndarray:
    if kind in ("DOUBLE", "INTEGER"):
        return np.ma.masked_invalid(np.array(cells, dtype=float))
    return np.array(cells, dtype=object)


def _papers(corpus: Corpus) -> Iterator[tuple]:
    for paper in corpus.papers.values():
        written, survey = paper.written, paper.survey(SURVEY)
        yield (
            *(paper.key, written.title, paper.author, paper.year, paper.date, paper.venue, paper.peer_reviewed),
            *(written.is_pruning, written.arxiv, written.doi),
            *((SURVEY, survey[0]) if survey else (None, None)),
        )


def _comparisons(corpus: Corpus) -> Iterator[tuple]:
    for paper in corpus.papers.values():
        for comparison in paper.comparisons:
            yield comparison.paper, comparison.compares_to, comparison.doubt


def _settings(corpus: Corpus) -> Iterator[tuple]:
    pairs: dict[tuple[str, str, str], bool] = {}
    for entry in corpus.entries:
        key = (entry.paper, entry.dataset, entry.architecture)
        pairs[key] = pairs.get(key, False) or entry.point is not None
    for key, has_numbers in pairs.items():
        yield (*key, has_numbers)


def _points(corpus: Corpus) -> Iterator[Sequence]:
    """Column by column: a large corpus has a hundred thousand points, and each column its own way to be read."""
    points = corpus.points
    stacks, alone = stacked(points, corpus.as_published)
    singles = [(place, points[place].values) for place in alone]
    for column, kind in COLUMNS["points"].items():
        measure = _STD_OF.get(column, column)
        part = "std" if column in _STD_OF else "value"
        if kind == "DOUBLE":
            yield _numbers(len(points), stacks, singles, measure, part)
        elif column == "excluded_from":
            yield [", ".join(sorted(point.excluded_from)) or None for point in points]
        else:
            yield list(map(attrgetter(column), points))


def _numbers(
    count: int, stacks: list[Stack], singles: list[tuple[int, Mapping[str, Derivation]]], measure: str, part: str
) -> np.ndarray:
    """Value or std of one measure for each point, NaN where there is none."""
    numbers = np.full(count, np.nan)
    for stack in stacks:
        found = stack.values.get(measure)
        if found is not None and (known := getattr(found.quantity, part)) is not None:
            numbers[stack.places] = known
    for place, values in singles:
        found = values.get(measure)
        if found is not None and (known := getattr(found.quantity, part)) is not None:
            numbers[place] = known
    return numbers


def _measurements(corpus: Corpus) -> Iterator[np.ndarray]:
    points = corpus.points
    stacks, alone = stacked(points, corpus.as_published)
    parts = [_single_numbers(points, alone), *(part for stack in stacks for part in _stack_numbers(stack))]
    places, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(places, kind="stable")  # a point's numbers stand in the order of its normal form
    return (column[order] for column in columns)


def _single_numbers(points: Sequence[OperatingPoint], places: list[int]) -> Iterator[np.ndarray]:
    """Indices and columns of the numbers of points that stand alone."""
    numbers = [
        (place, measure, found)
        for place in places
        for measure, found in _all_numbers(points[place], points[place].values)
    ]
    derivations = [derivation for _, _, derivation in numbers]
    yield np.array([place for place, _, _ in numbers], dtype=int)
    yield _texts(points[place].point_id for place, _, _ in numbers)
    yield _texts(measure for _, measure, _ in numbers)
    for name in ("value", "low", "high"):
        yield np.array([getattr(derivation.quantity, name) for derivation in derivations], dtype=float)
    yield _texts(derivation.layer for derivation in derivations)
    yield _texts(derivation.route for derivation in derivations)
    yield _texts(derivation.quantity.printed or None for derivation in derivations)
    leaves = [next(derivation.leaves()) if derivation.inputs else derivation for derivation in derivations]
    yield _texts(leaf.file for leaf in leaves)
    yield np.array([leaf.line for leaf in leaves], dtype=float)


def _stack_numbers(stack: Stack) -> Iterator[tuple[np.ndarray, ...]]:
    """For each number of the stack's normal form: indices and columns of that number in each of its points."""
    count = len(stack.points)
    ids = _texts(point.point_id for point in stack.points)
    for measure, found in _all_numbers(stack, stack.values):
        quantity, first = found.quantity, next(found.leaves()).measure
        leaves = [point.leaves[first] for point in stack.points]
        yield (
            *(stack.places, ids, _texts([measure] * count), quantity.value, quantity.low, quantity.high),
            _texts([found.layer] * count),
            _texts([found.route] * count if found.inputs else [leaf.route for leaf in leaves]),
            _texts([None] * count if found.inputs else [leaf.quantity.printed or None for leaf in leaves]),
            _texts(leaf.file for leaf in leaves),
            np.array([leaf.line for leaf in leaves], dtype=float),
        )


def _texts(cells: Iterable[str | None]) -> np.ndarray:
    return np.array(list(cells), dtype=object)


def _all_numbers(point: OperatingPoint | Stack, values: Mapping[str, Derivation]) -> Iterator[tuple[str, Derivation]]:
    """The value in normal form of each measure, and every printed number that another route overrode."""
    for measure, derivation in values.items():
        yield measure, derivation
        leaf = point.leaves.get(measure)
        if leaf is not None and leaf is not derivation:
            yield measure, leaf


def _survey_rows(corpus: Corpus) -> Iterator[tuple]:
    rows = [entry for entry in corpus.entries if entry.survey_row is not None]
    for entry in sorted(rows, key=lambda entry: entry.survey_row):
        point_id = entry.point.point_id if entry.point else None
        yield SURVEY, entry.survey_row, entry.paper, entry.sheet_dataset, entry.sheet_architecture, point_id


def _contradictions(corpus: Corpus) -> Iterator[tuple]:
    for point, found in corpus.contradictions:
        a, b, leaf = found.a, found.b, next(found.b.leaves())
        values = (a.formula, a.quantity.value, b.formula, b.quantity.value)
        yield (point.point_id, found.measure, *values, leaf.file, leaf.line)


_ROWS = {
    "papers": _papers,
    "comparisons": _comparisons,
    "settings": _settings,
    "survey_rows": _survey_rows,
    "contradictions": _contradictions,
}
_COLUMNS = {"points": _points, "measurements": _measurements}
