"""The rows of the public tables, one dict a row, in the order in which the tables have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.catalogue.quotations import quotations
from corpus.database.tables import COLUMNS
from corpus.numbers.derive import Derivation
from corpus.numbers.measures import STD_COLUMNS, UNPRUNED, own_unit

SURVEY = "blalock2020"
STD_OF = {
    f"{prefix}{column}": f"{prefix}{measure}"
    for column, measure in STD_COLUMNS.items()
    for prefix in ("", UNPRUNED)
}
"""Columns of `points` that hold a standard deviation, with the value that it is of."""
NUMBERS_OF_POINT = [
    column for column, kind in COLUMNS["points"].items() if kind == "DOUBLE" and column != "checked"
]
WORKED_OUT = ("excluded_from", "reproduces", "protocol")
"""Columns of `points` that the operating point has in another form."""
FACTS_OF_POINT = [column for column in COLUMNS["points"] if column not in (*NUMBERS_OF_POINT, *WORKED_OUT)]
Cells = dict[str, object]


def rows_of(corpus: Corpus, table: str) -> Iterator[Cells]:
    """The rows of a public table by column; a column that is left out has no value there."""
    return _ROWS[table](corpus)


def _papers(corpus: Corpus) -> Iterator[Cells]:
    for paper in corpus.papers.values():
        survey = paper.survey(SURVEY)
        yield {
            "paper": paper.key,
            "title": paper.written.title,
            "first_author": paper.author,
            "year": paper.year,
            "date": paper.date,
            "venue": paper.venue,
            "peer_reviewed": paper.peer_reviewed,
            "is_pruning": paper.written.is_pruning,
            "arxiv": paper.written.arxiv,
            "doi": paper.written.doi,
            "survey": SURVEY if survey else None,
            "survey_key": survey[0] if survey else None,
        }


def _comparisons(corpus: Corpus) -> Iterator[Cells]:
    """All of them: the doubted ones too, with their doubt."""
    for paper in corpus.papers.values():
        for comparison in paper.comparisons:
            yield {
                "paper": comparison.paper,
                "compares_to": comparison.compares_to,
                "doubt": comparison.doubt,
            }


def _settings(corpus: Corpus) -> Iterator[Cells]:
    pairs: dict[tuple[str, str, str], bool] = {}
    for entry in corpus.entries:
        key = (entry.paper, entry.dataset, entry.architecture)
        pairs[key] = pairs.get(key, False) or entry.point is not None
    for (paper, dataset, architecture), has_numbers in pairs.items():
        yield {
            "paper": paper,
            "dataset": dataset,
            "architecture": architecture,
            "has_numbers": has_numbers,
        }


def _points(corpus: Corpus) -> Iterator[Cells]:
    for point in corpus.points:
        row: Cells = {name: getattr(point, name) for name in FACTS_OF_POINT}
        row["excluded_from"] = ", ".join(sorted(point.excluded_from)) or None
        row["reproduces"] = point.of
        row["protocol"] = ", ".join(f"{name} {value}" for name, value in point.protocol.items()) or None
        for column in NUMBERS_OF_POINT:
            if column in STD_OF:
                row[column] = point.std(STD_OF[column])
            else:
                row[column] = point.value(column)
        yield row


def _measurements(corpus: Corpus) -> Iterator[Cells]:
    """Every number of every point in normal form, and every printed one that another route overrode."""
    for point in corpus.points:
        for measure, derivation in point.values.items():
            yield _measurement(point, measure, derivation, in_normal_form=True)
            leaf = point.leaves.get(measure)
            if leaf is not None and leaf is not derivation:
                yield _measurement(point, measure, leaf, in_normal_form=False)


def _measurement(
    point: OperatingPoint, measure: str, derivation: Derivation, *, in_normal_form: bool
) -> Cells:
    quantity = derivation.quantity
    leaf = next(derivation.leaves())
    return {
        "point_id": point.point_id,
        "measure": measure,
        "value": quantity.value,
        "low": quantity.low,
        "high": quantity.high,
        "layer": derivation.layer,
        "route": derivation.route,
        "printed": quantity.printed or None,
        "file": leaf.file,
        "line": leaf.line,
        "std": quantity.std,
        "unit": quantity.unit or own_unit(measure) or None,
        "protocol": point.protocol_text(measure) or None,
        "in_normal_form": in_normal_form,
    }


def _quotations(corpus: Corpus) -> Iterator[Cells]:
    for quotation in quotations(corpus):
        point, quantity = quotation.point, quotation.number.quantity
        yield {
            "paper": point.paper,
            "of": point.of,
            "dataset": point.dataset,
            "architecture": point.architecture,
            "measure": quotation.number.measure,
            "value": quantity.value,
            "low": quantity.low,
            "high": quantity.high,
            "printed": quantity.printed,
            "file": quotation.number.file,
            "line": quotation.number.line,
            "matched_point": quotation.matched.point_id if quotation.matched else None,
        }


def _survey_rows(corpus: Corpus) -> Iterator[Cells]:
    numbered = {entry.survey_row: entry for entry in corpus.entries if entry.survey_row is not None}
    for number, entry in sorted(numbered.items()):
        yield {
            "survey": SURVEY,
            "row": number,
            "paper": entry.paper,
            "dataset": entry.sheet_dataset,
            "architecture": entry.sheet_architecture,
            "point_id": entry.point.point_id if entry.point else None,
        }


def _contradictions(corpus: Corpus) -> Iterator[Cells]:
    for point, contradiction in corpus.contradictions:
        leaf = next(contradiction.b.leaves())
        yield {
            "point_id": point.point_id,
            "measure": contradiction.measure,
            "route_a": contradiction.a.formula,
            "value_a": contradiction.a.quantity.value,
            "route_b": contradiction.b.formula,
            "value_b": contradiction.b.quantity.value,
            "file": leaf.file,
            "line": leaf.line,
        }


def _checks(corpus: Corpus) -> Iterator[Cells]:
    """Every check of a value of a point; those of an unpruned network stand at each of its points."""
    for point in corpus.points:
        for check in point.checks:
            yield {
                "point_id": point.point_id,
                "measure": check.measure,
                "against": check.against,
                "at": check.at,
                "printed": check.printed,
                "agrees": check.agrees,
                "on": check.on,
            }


_ROWS: dict[str, Callable[[Corpus], Iterator[Cells]]] = {
    "papers": _papers,
    "comparisons": _comparisons,
    "settings": _settings,
    "points": _points,
    "measurements": _measurements,
    "survey_rows": _survey_rows,
    "contradictions": _contradictions,
    "quotations": _quotations,
    "checks": _checks,
}
