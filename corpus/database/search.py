"""What has been reported for a network, a dataset and an amount of pruning: listed, never ranked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.measures import FIND, MEASURES, shown_in
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Vocabulary

FIRST_MEASURES = ("compression_ratio", "theoretical_speedup", "top1_change", "top5_change", "top1", "top5")
"""Measures in the order in which `find` was first published with them; those that came later stand after the place."""
ADDED_MEASURES = tuple(name for name in shown_in(FIND) if name not in FIRST_MEASURES)
ADDED_FACTS = ("method", "of", "version", "note", "source", "protocol")
COLUMNS = (
    *("year", "label", "paper", "dataset", "architecture"),
    *(f"{measure}{end}" for measure in FIRST_MEASURES for end in ("", "_low", "_high")),
    *("top1_std", "attribution", "released", "verified", "location", "file", "line"),
    *(f"{measure}{end}" for measure in ADDED_MEASURES for end in ("", "_low", "_high")),
    *ADDED_FACTS,
)
Range = tuple[float | None, float | None]


def find(
    corpus: Corpus,
    *,
    dataset: str | None = None,
    architecture: str | None = None,
    compression: Range | None = None,
    speedup: Range | None = None,
    sparsity: Range | None = None,
    measure: str | None = None,
    quoted: bool = False,
) -> pd.DataFrame:
    """Operating points by year and label, each measure with the interval its printed digits allow; never ranked.

    Parameters
    ----------
    corpus
        What `corpus.load` gives.
    dataset, architecture
        Names, their aliases, or the family of an architecture.
    compression, speedup, sparsity
        Lowest and highest ratio (of the sparsity: part of 1), None for an open end. A range keeps what may lie inside
        it, given the interval.
    measure
        Keeps what reports this measure; the column `protocol` then says how it was measured, which two rows must share
        to be comparable, and `protocol not printed` where the source does not say. A measure that is no column of
        every table is one then.
    quoted
        Adds the numbers that papers repeat from others, with `attribution` quoted; `of` says whose they are.

    Returns
    -------
    DataFrame
        One row a point, columns COLUMNS. Accuracies are percent, changes percentage points, ratios plain, sparsities
        parts of 1; missing numbers are NaN.

    Raises
    ------
    ValueError
        For a name that no vocabulary or registry lists, with the nearest one.

    Examples
    --------
    >>> import corpus
    >>> from corpus.database.search import find
    >>> papers = corpus.load()
    >>> find(papers, dataset="ImageNet", architecture="ResNet-50", compression=(3, 5))  # doctest: +SKIP
    >>> find(papers, architecture="LLaMA-2-7B", measure="perplexity", sparsity=(0.5, 0.5))  # doctest: +SKIP
    """
    if measure is not None and measure not in MEASURES:
        known = f"; expected one of: {', '.join(MEASURES)}"
        raise ValueError(f"no measure '{measure}'{did_you_mean(measure, MEASURES) or known}")
    architectures = _architectures(corpus, architecture)
    wanted_dataset = _canonical(corpus.names.datasets, dataset)
    ranges = {"compression_ratio": compression, "theoretical_speedup": speedup, "sparsity": sparsity}
    if measure is not None and ranges.get(measure) is None:
        ranges[measure] = (None, None)
    rows = [
        _row(corpus, point, measure)
        for point in (*corpus.points, *(corpus.quoted if quoted else ()))
        if (wanted_dataset in (None, point.dataset))
        and (architectures is None or point.architecture in architectures)
        and all(_inside(point, name, wanted) for name, wanted in ranges.items())
    ]
    added = () if measure is None or measure in COLUMNS else _columns_of(measure)
    frame = pd.DataFrame(rows, columns=[*COLUMNS, *added])
    return frame.sort_values(["year", "label", "dataset", "architecture"], kind="stable", ignore_index=True)


def _canonical(vocabulary: Vocabulary[Any], spelling: str | None) -> str | None:
    if spelling is None:
        return None
    name = vocabulary.canonical(spelling) or vocabulary.canonical_ignoring_case(spelling)
    if name is None:
        raise ValueError(vocabulary.unknown(spelling))
    return name


def _architectures(corpus: Corpus, spelling: str | None) -> set[str] | None:
    """The architecture of that name, or all of the family of that name."""
    if spelling is None:
        return None
    entries = corpus.names.architectures.entries
    family = {name for name, entry in entries.items() if entry.family == spelling}
    if family:
        return family
    name = _canonical(corpus.names.architectures, spelling)
    return {name} if name is not None else set()


def _inside(point: OperatingPoint, measure: str, wanted: Range | None) -> bool:
    if wanted is None:
        return True
    derivation = point.values.get(measure)
    if derivation is None:
        return False
    low, high = wanted
    quantity = derivation.quantity
    return (low is None or quantity.high >= low) and (high is None or quantity.low <= high)


def _columns_of(measure: str) -> tuple[str, ...]:
    return tuple(f"{measure}{end}" for end in ("", "_low", "_high"))


def _row(corpus: Corpus, point: OperatingPoint, wanted: str | None) -> dict[str, object]:
    facts = {name: getattr(point, name) for name in ADDED_FACTS if name != "protocol"}
    protocol = ", ".join(f"{name} {value}" for name, value in point.protocol.items())
    row: dict[str, object] = {
        "year": corpus.papers[point.paper].year,
        "label": point.label,
        "paper": point.paper,
        "dataset": point.dataset,
        "architecture": point.architecture,
        "top1_std": point.std("top1"),
        "attribution": point.attribution,
        "released": point.released,
        "verified": point.verified,
        "location": point.location,
        "file": point.file,
        "line": point.line,
        **facts,
        "protocol": (point.protocol_text(wanted) if wanted else protocol) or None,
    }
    for measure in {*FIRST_MEASURES, *ADDED_MEASURES, *filter(None, (wanted,))}:
        derivation = point.values.get(measure)
        if derivation is not None:
            row[measure] = derivation.quantity.value
            row[f"{measure}_low"] = derivation.quantity.low
            row[f"{measure}_high"] = derivation.quantity.high
    return row
