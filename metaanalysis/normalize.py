"""Moves results onto a shared unpruned network per architecture; no other module changes a baseline.

Two baselines. `tables`: medians of the rows that reference tables of unpruned networks have for the architecture, which
is what the 2020 survey drew. `papers`: what its footnote 1 describes, sizes and FLOPs as medians over its papers; where
no paper reports one, the table's number stands in. The footnote gives no rule for accuracies, so these are the tables'
in both. FLOPs are multiply-adds, but for the published view, in which many papers count two for each.
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
    """The unpruned ImageNet network of every architecture that a table lists or a paper prunes.

    `source` is TABLES or PAPERS, see the module.
    """
    tables: dict[str, Baseline] = {}
    for name in corpus.names.architectures.entries:
        rows = references(corpus, name)
        if rows:
            tables[name] = _medians(_in_tables(corpus, rows), TABLES)
    if source == TABLES:
        return tables
    papers: dict[str, Baseline] = {}
    for name, numbers in reported_by_papers(corpus).items():
        papers[name] = _medians(numbers, PAPERS)
    chosen: dict[str, Baseline] = {}
    for name in tables | papers:
        chosen[name] = _footnote_1(papers.get(name, {}), tables.get(name, {}))
    return chosen


def _in_tables(corpus: Corpus, rows: Iterable[Reference]) -> dict[str, list[float]]:
    """What the rows say of each measure."""
    return {measure: reference_values(corpus, rows, measure) for measure in MEASURES}


def reference_values(corpus: Corpus, rows: Iterable[Reference], measure: str) -> list[float]:
    """What the rows of the tables say of a measure: percent or counts.

    By default a size is the count with most digits: 25,557,032 parameters, and no mean of that with a rounded 26.0 M.
    """
    given = [row for row in rows if reference_value(corpus, row, measure) is not None]
    if measure in SIZES and not corpus.as_published:
        widths = {id(row): _digit(row, measure) for row in given}
        given = [row for row in given if widths[id(row)] == min(widths.values())]
    return [value for row in given if (value := reference_value(corpus, row, measure)) is not None]


def _digit(row: Reference, measure: str) -> float:
    """One unit of the last digit that a table prints."""
    quantity = getattr(row, measure)
    return float(quantity.high - quantity.low)


def _footnote_1(papers: Baseline, tables: Baseline) -> Baseline:
    """Sizes of the papers over those of the tables, accuracies of the tables over those of the papers."""
    chosen: dict[str, Median] = {}
    for measure in MEASURES:
        first, second = (papers, tables) if measure in SIZES else (tables, papers)
        if measure in first:
            chosen[measure] = first[measure]
        elif measure in second:
            chosen[measure] = second[measure]
    return chosen


def _medians(numbers: Mapping[str, list[float]], source: str) -> Baseline:
    """The median of each measure that has a number."""
    medians: dict[str, Median] = {}
    for measure, values in numbers.items():
        if values:
            medians[measure] = Median(median(values), len(values), source)
    return medians


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
    given: dict[tuple[str, str, str], _Reports] = {}
    for point in of_the_survey:
        if point.dataset != DATASET:
            continue
        for measure in MEASURES:
            derivation = point.values.get(f"unpruned_{measure}")
            if derivation is None or any(leaf.route == "added" for leaf in derivation.leaves()):
                continue
            reports = given.setdefault((point.architecture, measure, point.paper), _Reports(set(), set()))
            outright = f"unpruned_{measure}" in point.leaves
            (reports.outright if outright else reports.derived).add(derivation.quantity.value)
    numbers: dict[str, dict[str, list[float]]] = {}
    for (architecture, measure, _), reports in given.items():
        values = numbers.setdefault(architecture, {}).setdefault(measure, [])
        values += sorted(reports.outright) or [median(reports.derived)]
    return numbers


@dataclass(frozen=True, slots=True)
class _Reports:
    """What one paper says of one measure of a network: distinct values, given outright or worked out."""

    outright: set[float]
    derived: set[float]


def normalized(point: OperatingPoint, baseline: Baseline | None) -> dict[str, Normalized]:
    """Accuracies (percent) and counts of a pruned network as if it had started from `baseline`.

    A measure without a change or a fraction kept is left out, even if the paper gives an absolute value; without any
    baseline all absolute values stay as they are.
    """
    moved: dict[str, Normalized] = {}
    for measure in MEASURES:
        if not baseline:
            value = point.value(measure)
            if value is not None:
                moved[measure] = Normalized(value, "as reported")
            continue
        start = baseline.get(measure)
        if start is None:
            continue
        if measure in ACCURACIES:
            change = point.value(f"{measure}_change")
            if change is not None:
                moved[measure] = Normalized(start.value + change, f"{measure} {start} {change:+.4g} points")
        else:
            kept = point.value(f"{measure}_kept")
            if kept is not None:
                moved[measure] = Normalized(start.value * kept, f"{measure} {start} x {kept:.4g} kept")
    return moved
