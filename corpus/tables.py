"""The public tables, as data frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from corpus.catalogue import Corpus, OperatingPoint
from corpus.derive import Derivation

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


def table(corpus: Corpus, name: str) -> pd.DataFrame:
    """The public table `name` with the columns of `COLUMNS[name]`."""
    return pd.DataFrame.from_records(list(_ROWS[name](corpus)), columns=list(COLUMNS[name]))


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


def _points(corpus: Corpus) -> Iterator[tuple]:
    for point in corpus.points:
        yield tuple(_cell(point, column) for column in COLUMNS["points"])


def _cell(point: OperatingPoint, column: str) -> object:
    if column in _STD_OF:
        return point.std(_STD_OF[column])
    if COLUMNS["points"][column] == "DOUBLE":
        return point.value(column)
    if column == "excluded_from":
        return ", ".join(sorted(point.excluded_from)) or None
    return getattr(point, column)


def _measurements(corpus: Corpus) -> Iterator[tuple]:
    for point in corpus.points:
        for measure, derivation in _all_numbers(point):
            quantity, leaf = derivation.quantity, next(derivation.leaves())
            yield (
                *(point.point_id, measure, quantity.value, quantity.low, quantity.high, derivation.layer),
                *(derivation.route, quantity.printed or None, leaf.file, leaf.line),
            )


def _all_numbers(point: OperatingPoint) -> Iterable[tuple[str, Derivation]]:
    """The value in normal form of each measure, and every printed number that another route overrode."""
    for measure, derivation in point.values.items():
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
        values = (a.route, a.quantity.value, b.route, b.quantity.value)
        yield (point.point_id, found.measure, *values, leaf.file, leaf.line)


_ROWS = {
    "papers": _papers,
    "comparisons": _comparisons,
    "settings": _settings,
    "points": _points,
    "measurements": _measurements,
    "survey_rows": _survey_rows,
    "contradictions": _contradictions,
}
