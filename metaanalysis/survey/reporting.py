"""Ways of counting the papers that report anything on the common configurations."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from corpus.catalogue.corpus import Corpus
from corpus.schema.purposes import Purpose
from metaanalysis.tradeoffs.curves import SIX_CONFIGURATIONS, X_METRICS, Y_METRICS, panels, points_of


@dataclass(frozen=True, slots=True)
class WayOfCounting:
    """One reading of `papers that report`: what counts, the papers and the labels of their curves."""

    what: str
    papers: frozenset[str]
    labels: frozenset[str]


def ways_of_counting(corpus: Corpus) -> tuple[WayOfCounting, WayOfCounting, WayOfCounting]:
    """What Figure 3 draws, what it would draw with what it drops, and what it would draw of six configurations."""
    drawn = panels(corpus, Purpose.BESIDE_PAPERS)
    six = panels(corpus, Purpose.BESIDE_PAPERS, SIX_CONFIGURATIONS)
    return (
        _of_rows("drawn in Figure 3", drawn),
        _with_dropped(corpus, "with the labels and rows that Figure 3 drops"),
        _of_rows("with ResNet-18 and ResNet-34", six),
    )


def _of_rows(what: str, rows: pd.DataFrame) -> WayOfCounting:
    return WayOfCounting(what, frozenset(rows["paper"]), frozenset(rows["label"]))


def _with_dropped(corpus: Corpus, what: str) -> WayOfCounting:
    """Papers and labels with a point that has a place in some panel, exclusions from Figure 3 alone ignored."""
    papers, labels = set(), set()
    for _, point in points_of(corpus, Purpose.SETTING_COUNTS):
        has_place = any(name in point.values for name in X_METRICS) and any(
            name in point.values for name in Y_METRICS
        )
        if has_place and not point.released:
            papers.add(point.paper)
            labels.add(point.label)
    return WayOfCounting(what, frozenset(papers), frozenset(labels))
