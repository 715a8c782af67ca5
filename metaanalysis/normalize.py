"""Moves results onto a shared unpruned network per architecture; no other module changes a baseline.

Two baselines. `tables`: medians of the rows that reference tables of unpruned networks have for the architecture, which
is what the 2020 survey drew. `papers`: what its footnote 1 describes, sizes and FLOPs as medians over its papers; where
no paper reports one, the table's number stands in. The footnote gives no rule for accuracies, so these are the tables'
in both. FLOPs are as each source counts them: many papers count two per multiply-add, the tables count one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.quantity import parse
from corpus.schema.vocabulary import Reference

DATASET = "ImageNet"
ACCURACIES = ("top1", "top5")
SIZES = ("params", "flops")
MEASURES = (*ACCURACIES, *SIZES)
TABLES, PAPERS = "tables", "papers"


@dataclass(frozen=True, slots=True)
class Median:
    """The median of what several sources say of one unpruned network: percent or a count."""

    value: float
    of: int
    source: str

    def __str__(self) -> str:
        return f"{self.value:.4g} (median of {self.of} from {self.source})"


Baseline = Mapping[str, Median]
"""An unpruned network: medians by measure, those of MEASURES that any source gives."""


@dataclass(frozen=True, slots=True)
class Normalized:
    """A number moved onto a baseline (percent or a count), with the sum or product in words."""

    value: float
    route: str


def default_source(corpus: Corpus) -> str:
    """`tables` as published, which is what was drawn; otherwise `papers`, which is what footnote 1 describes."""
    return TABLES if corpus.as_published else PAPERS


def baselines(corpus: Corpus, source: str) -> dict[str, Baseline]:
    """The unpruned ImageNet network of every architecture that a table lists or a paper prunes."""
    tables = {
        name: _medians({measure: _in_tables(corpus, rows, measure) for measure in MEASURES}, TABLES)
        for name in corpus.names.architectures.entries
        if (rows := references(corpus, name))
    }
    if source == TABLES:
        return tables
    papers = {name: _medians(numbers, PAPERS) for name, numbers in reported_by_papers(corpus).items()}
    return {name: _footnote_1(papers.get(name, {}), tables.get(name, {})) for name in tables | papers}


def _in_tables(corpus: Corpus, rows: Iterable[Reference], measure: str) -> list[float]:
    values = (reference_value(corpus, row, measure) for row in rows)
    return [value for value in values if value is not None]


def _footnote_1(papers: Baseline, tables: Baseline) -> Baseline:
    """Sizes of the papers over those of the tables, accuracies of the tables over those of the papers."""
    first = {measure: papers if measure in SIZES else tables for measure in MEASURES}
    second = {measure: tables if measure in SIZES else papers for measure in MEASURES}
    return {
        measure: (first[measure] if measure in first[measure] else second[measure])[measure]
        for measure in MEASURES
        if measure in papers or measure in tables
    }


def _medians(numbers: Mapping[str, Iterable[float]], source: str) -> Baseline:
    return {
        measure: Median(median(values), len(values), source)
        for measure, found in numbers.items()
        if (values := list(found))
    }


def references(corpus: Corpus, architecture: str) -> list[Reference]:
    """The table rows of an architecture; as published, those that could be joined by name."""
    rows = corpus.names.architectures[architecture].references
    return [row for row in rows if row.published_reference or not corpus.as_published]


def reference_value(corpus: Corpus, row: Reference, measure: str) -> float | None:
    """What a table row says, in percent or as a count; corrected unless as published."""
    correction = None if corpus.as_published else (row.correction or {}).get(measure)
    quantity = parse(measure, correction.value) if correction else getattr(row, measure)
    return None if quantity is None else quantity.value


def reported_by_papers(corpus: Corpus) -> dict[str, dict[str, list[float]]]:
    """What papers report of unpruned ImageNet networks, by architecture and measure, in the papers' order.

    A paper has one entry for each distinct value; values that follow from its pruned networks count where it gives
    none outright, and then once, as their median. Only numbers of the survey's rows count (of all rows, in a corpus
    without any), so that no addition moves the points of all other papers; `added` ones are often another paper's.
    """
    of_the_survey = [point for point in corpus.points if point.survey_row is not None] or corpus.points
    given: dict[tuple[str, str, str], dict[bool, set[float]]] = {}
    for point in of_the_survey:
        if point.dataset != DATASET:
            continue
        for measure in MEASURES:
            found = point.values.get(f"unpruned_{measure}")
            if found is not None and all(leaf.route != "added" for leaf in found.leaves()):
                kinds = given.setdefault((point.architecture, measure, point.paper), {})
                kinds.setdefault(f"unpruned_{measure}" in point.leaves, set()).add(found.quantity.value)
    numbers: dict[str, dict[str, list[float]]] = {}
    for (architecture, measure, _), kinds in given.items():
        values = sorted(kinds[True]) if True in kinds else [median(kinds[False])]
        numbers.setdefault(architecture, {}).setdefault(measure, []).extend(values)
    return numbers


def normalized(point: OperatingPoint, baseline: Baseline | None) -> dict[str, Normalized]:
    """Accuracies (percent) and counts of a pruned network as if it had started from `baseline`.

    A measure without a change or a fraction kept is left out, even if the paper gives an absolute value; without any
    baseline all absolute values stay as they are.
    """
    if not baseline:
        return {
            measure: Normalized(value, "as reported")
            for measure in MEASURES
            if (value := point.value(measure)) is not None
        }
    moved = {}
    for measure in MEASURES:
        by = point.value(f"{measure}_change" if measure in ACCURACIES else f"{measure}_kept")
        start = baseline.get(measure)
        if by is None or start is None:
            continue
        moved[measure] = (
            Normalized(start.value + by, f"{measure} {start} {by:+.4g} points")
            if measure in ACCURACIES
            else Normalized(start.value * by, f"{measure} {start} x {by:.4g} kept")
        )
    return moved
