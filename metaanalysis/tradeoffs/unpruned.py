"""What papers report about a network before pruning, set against one canonical size and accuracy."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from statistics import median

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.derive import Derivation
from metaanalysis import normalize
from metaanalysis.normalize import DATASET
from metaanalysis.tradeoffs.curves import COMMON_CONFIGURATIONS, configuration_of

COUNTS = ("flops", "params")
ACCURACIES = ("top1", "top5")
COLUMNS = (
    "dataset",
    "architecture",
    "measure",
    "paper",
    "label",
    "year",
    "value",
    "printed",
    "canonical",
    "canonical_from",
    "ratio",
    "points",
    "flag",
    "location",
    "file",
    "line",
)
TOLERANCE = 0.15
"""How far from 2 a ratio may be and count as twice: counts of one network differ by a tenth by what they leave out."""


@lru_cache(maxsize=8)
def reported(corpus: Corpus) -> pd.DataFrame:
    """One row per paper, setting, measure and distinct value; columns COLUMNS; not to be changed in place.

    value and canonical are counts (flops: multiply-adds) or percent; ratio (counts) is value / canonical, points
    (accuracies) value - canonical in percentage points. Settings with nothing to compare to are left out.
    """
    settings: dict[tuple[str, str, str], dict[tuple[str, float], dict]] = {}
    for point in _first_of_each_table(corpus):
        for measure in (*COUNTS, *ACCURACIES):
            derivation = point.values.get(f"unpruned_{measure}")
            if derivation is not None and _stands_in_the_paper(derivation):
                row = _report(corpus, point, measure, derivation)
                reports = settings.setdefault((row["dataset"], row["architecture"], measure), {})
                reports.setdefault((point.paper, row["value"]), row)
    rows: list[dict] = []
    for setting in sorted(settings):
        rows += _compared(corpus, *setting, list(settings[setting].values()))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _first_of_each_table(corpus: Corpus) -> Iterator[OperatingPoint]:
    """Operating points; of a released table, whose runs share one unpruned network, the first run alone."""
    tables: set[tuple[str, str, str]] = set()
    for point in corpus.points:
        table = (point.file, point.dataset, point.architecture)
        if not point.released or table not in tables:
            yield point
        if point.released:
            tables.add(table)


def _stands_in_the_paper(derivation: Derivation) -> bool:
    """Whether only numbers of the unpruned network are behind it: not a size worked out from a pruned one."""
    return all(leaf.measure.startswith("unpruned_") for leaf in derivation.leaves())


def _report(corpus: Corpus, point: OperatingPoint, measure: str, derivation: Derivation) -> dict:
    """What one point says of its unpruned network; where to compare it to is not known yet."""
    configuration = configuration_of(corpus, point.dataset, point.architecture, COMMON_CONFIGURATIONS)
    leaf = next(derivation.leaves())
    halved = measure in COUNTS and bool(derivation.inputs)
    views = point.views.get(measure, 1)
    flag = "counts two, halved" if halved else ""
    return {
        "dataset": point.dataset,
        "architecture": configuration[1] if configuration else point.architecture,
        "measure": measure,
        "paper": point.paper,
        "label": corpus.papers[point.paper].label,
        "year": corpus.papers[point.paper].year,
        "value": derivation.quantity.value,
        "printed": leaf.quantity.printed,
        "flag": f"{views} views" if views > 1 else flag,
        "location": point.location,
        "file": leaf.file,
        "line": leaf.line,
    }


def _compared(
    corpus: Corpus, dataset: str, architecture: str, measure: str, reports: list[dict]
) -> list[dict]:
    """The reports with their canonical value; none if there is neither a reference nor a second paper."""
    by_paper: dict[str, list[float]] = {}
    for report in [report for report in reports if not report["flag"].endswith("views")]:
        by_paper.setdefault(report["paper"], []).append(report["value"])
    references = _references(corpus, architecture, measure) if dataset == DATASET else []
    if not references and len(by_paper) < 2:
        return []
    if references:
        canonical, source = median(references), "reference tables"
    else:
        canonical, source = median(map(median, by_paper.values())), f"median of {len(by_paper)} papers"
    compared = []
    for report in sorted(reports, key=lambda row: (row["value"], row["paper"])):
        drift = _drift(report, canonical)
        compared.append({**report, "canonical": canonical, "canonical_from": source, **drift})
    return compared


def _drift(report: dict, canonical: float) -> dict:
    """How far a value lies from the canonical one, and its flag."""
    if report["flag"].endswith("views"):
        return {}  # accuracies of several crops are higher, whatever the network
    if report["measure"] in ACCURACIES:
        return {"points": report["value"] - canonical}
    ratio = report["value"] / canonical
    return {"ratio": ratio, "flag": report["flag"] or _flag(report["measure"], ratio)}


def _references(corpus: Corpus, architecture: str, measure: str) -> list[float]:
    """The measure in the reference tables, under the name or the names of the family that stands for it."""
    known = corpus.names.architectures.entries
    members = [name for name, entry in known.items() if entry.family == architecture]
    values = []
    for name in [architecture] if architecture in known else members:
        values += normalize.reference_values(corpus, normalize.references(corpus, name), measure)
    return values


def _flag(measure: str, ratio: float) -> str:
    """Marks a multiply-add count that is about twice the canonical one (FLOPs, two for each), or half of it."""
    if measure != "flops":
        return ""
    if abs(ratio / 2 - 1) <= TOLERANCE:
        return "about twice"
    if abs(ratio * 2 - 1) <= TOLERANCE:
        return "about half"
    return ""
