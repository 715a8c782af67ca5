"""The public tables, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

import numpy as np

from corpus.catalogue.corpus import Corpus
from corpus.database.measurements import numbers_of_points
from corpus.database.stacks import Stack, stacked
from corpus.numbers.derive import Derivation
from corpus.numbers.measures import MEASURES, POINTS, STD_COLUMNS, UNPRUNED, shown_in

FIRST_MEASURE_COLUMNS = (
    "compression_ratio",
    "theoretical_speedup",
    "top1",
    "top5",
    "top1_change",
    "top5_change",
    "top1_std",
    "unpruned_top1",
    "unpruned_top1_std",
    "unpruned_top5",
    "params",
    "unpruned_params",
    "flops",
    "unpruned_flops",
)
"""Columns of `points` in the order in which they were first published; users rely on it, so new ones come after all
columns of the table."""


def added_measure_columns() -> list[str]:
    """Columns of `points` for measures that came into the registry after the first ones, in its order."""
    columns = []
    for name in shown_in(POINTS):
        measure = MEASURES[name]
        prefixes = ("", UNPRUNED) if measure.of_unpruned else ("",)
        for prefix in prefixes:
            columns.append(f"{prefix}{name}")
            if measure.has_std:
                columns.append(f"{prefix}{name}_std")
    return [column for column in columns if column not in FIRST_MEASURE_COLUMNS]


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
    "settings": {
        "paper": "VARCHAR",
        "dataset": "VARCHAR",
        "architecture": "VARCHAR",
        "has_numbers": "BOOLEAN",
    },
    "points": {
        **dict.fromkeys(("point_id", "paper", "label", "method", "dataset", "architecture"), "VARCHAR"),
        "trials": "INTEGER",
        **dict.fromkeys(FIRST_MEASURE_COLUMNS, "DOUBLE"),
        "attribution": "VARCHAR",
        "file": "VARCHAR",
        "line": "INTEGER",
        "location": "VARCHAR",
        "survey_row": "INTEGER",
        "excluded_from": "VARCHAR",
        **dict.fromkeys(added_measure_columns(), "DOUBLE"),
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

_STD_OF = {
    f"{prefix}{column}": f"{prefix}{measure}"
    for column, measure in STD_COLUMNS.items()
    for prefix in ("", UNPRUNED)
}
"""Columns that hold a standard deviation, with the value that it is of."""
SURVEY = "blalock2020"


def columns(corpus: Corpus, name: str) -> dict[str, np.ndarray]:
    """The columns of the public table `name`, in the order of `COLUMNS[name]`; numbers that are missing are masked."""
    kinds = COLUMNS[name]
    if name in _ROWS:
        rows = list(_ROWS[name](corpus))
        values = zip(*rows, strict=True) if rows else ((),) * len(kinds)
    else:
        values = _COLUMNS[name](corpus)
    return {
        column: _array(cells, kind) for (column, kind), cells in zip(kinds.items(), values, strict=True)
    }


def _array(cells: Sequence, kind: str) -> np.ndarray:
    if kind in ("DOUBLE", "INTEGER"):
        return np.ma.masked_invalid(np.array(cells, dtype=float))
    return np.array(cells, dtype=object)


def _papers(corpus: Corpus) -> Iterator[tuple]:
    for paper in corpus.papers.values():
        written, survey = paper.written, paper.survey(SURVEY)
        yield (
            *(
                paper.key,
                written.title,
                paper.author,
                paper.year,
                paper.date,
                paper.venue,
                paper.peer_reviewed,
            ),
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
    count: int,
    stacks: list[Stack],
    singles: list[tuple[int, Mapping[str, Derivation]]],
    measure: str,
    part: str,
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
_COLUMNS = {"points": _points, "measurements": numbers_of_points}
