"""What has been reported for a network, a dataset and an amount of pruning: listed, never ranked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.measures import FIND, shown_in
from corpus.schema.vocabulary import Vocabulary

FIRST_MEASURES = ("compression_ratio", "theoretical_speedup", "top1_change", "top5_change", "top1", "top5")
"""Measures in the order in which `find` was first published with them; those that came later stand after the place."""
ADDED_MEASURES = tuple(name for name in shown_in(FIND) if name not in FIRST_MEASURES)
COLUMNS = (
    *("year", "label", "paper", "dataset", "architecture"),
    *(f"{measure}{end}" for measure in FIRST_MEASURES for end in ("", "_low", "_high")),
    *("top1_std", "attribution", "released", "verified", "location", "file", "line"),
    *(f"{measure}{end}" for measure in ADDED_MEASURES for end in ("", "_low", "_high")),
)
Range = tuple[float | None, float | None]


def find(
    corpus: Corpus,
    *,
    dataset: str | None = None,
    architecture: str | None = None,
    compression: Range | None = None,
    speedup: Range | None = None,
) -> pd.DataFrame:
    """Operating points by year and label, each measure with the interval its printed digits allow; never ranked.

    Parameters
    ----------
    corpus
        Where to look.
    dataset
        A name of the vocabulary, or an alias of one.
    architecture
        Likewise, or a family such as `VGG`, which stands for all of it.
    compression, speedup
        Lowest and highest compression ratio or theoretical speedup, None for no limit; what may lie inside, given its
        interval, is kept.

    Returns
    -------
    DataFrame
        One row a point, columns COLUMNS. Accuracies are percent, changes percentage points, ratios plain; missing
        numbers are NaN.

    Raises
    ------
    ValueError
        For a name that no vocabulary lists, with the nearest one.

    Examples
    --------
    >>> import corpus
    >>> from corpus.database.search import find
    >>> find(corpus.load(), dataset="ImageNet", architecture="ResNet-50", compression=(3, 5))  # doctest: +SKIP
    """
    architectures = _architectures(corpus, architecture)
    wanted_dataset = _canonical(corpus.names.datasets, dataset)
    ranges = {"compression_ratio": compression, "theoretical_speedup": speedup}
    rows = [
        _point_row(corpus, point)
        for point in corpus.points
        if (wanted_dataset in (None, point.dataset))
        and (architectures is None or point.architecture in architectures)
        and all(_inside(point, measure, wanted) for measure, wanted in ranges.items())
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
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


def _point_row(corpus: Corpus, point: OperatingPoint) -> dict[str, object]:
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
    }
    for measure in (*FIRST_MEASURES, *ADDED_MEASURES):
        derivation = point.values.get(measure)
        if derivation is not None:
            row[measure] = derivation.quantity.value
            row[f"{measure}_low"] = derivation.quantity.low
            row[f"{measure}_high"] = derivation.quantity.high
    return row
