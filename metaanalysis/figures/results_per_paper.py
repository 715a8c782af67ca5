"""How many settings each paper uses, and how many points each tradeoff curve has.

Rebuilds Figure 4 of Blalock et al. (2020), MNIST left out: papers by their number of (dataset, architecture) pairs
(top), and one count per paper and common configuration by its number of rows (bottom). As published, AlexNet and
CaffeNet are missing from the lower panel although the caption counts them among the four common configurations, and
ResNet-18 and ResNet-34 are in it; by default it holds the caption's four. Architecture and dataset corrections apply.
"""

from __future__ import annotations

from collections import Counter

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus, ResultEntry
from corpus.schema.purposes import Purpose
from metaanalysis.style import stacked_histogram
from metaanalysis.survey.its_papers import Papers, limited_to
from metaanalysis.tradeoffs.curves import COMMON_CONFIGURATIONS, configuration_of

COLUMNS = ("panel", "count", "peer_reviewed", "n")
DRAWN_IN_2020 = (
    *(("ImageNet", name) for name in ("VGG-16", "ResNet-18", "ResNet-34", "ResNet-50")),
    ("CIFAR-10", "ResNet-56"),
)
"""Configurations of the printed lower panel, which lost the AlexNet family by a slip."""
TITLES = {
    "pairs": ("(Dataset, architecture) pairs", "Papers using this many"),
    "points": ("Points in one tradeoff curve", "Curves with this many"),
}


def data(corpus: Corpus, *, papers: Papers = "survey") -> pd.DataFrame:
    """Numbers of papers (panel pairs) and of curves (panel points) by count and venue flag; only filled cells."""
    corpus = limited_to(papers, corpus)
    entries = [entry for entry in reported_rows(corpus) if entry.dataset != "MNIST"]
    pairs = Counter(paper for paper, _ in {(entry.paper, _pair(entry)) for entry in entries})
    configurations = DRAWN_IN_2020 if corpus.as_published else COMMON_CONFIGURATIONS
    points: Counter[tuple] = Counter()
    for entry in entries:
        pair = configuration_of(corpus, entry.dataset, entry.architecture, configurations)
        if pair is not None:
            points[entry.paper, pair] += 1
    rows = []
    for panel, counts in (("pairs", pairs), ("points", points)):
        cells: Counter[tuple[int, bool]] = Counter()
        for key, count in counts.items():
            paper = key[0] if panel == "points" else key
            cells[count, corpus.papers[paper].peer_reviewed] += 1
        rows += [(panel, count, flag, n) for (count, flag), n in sorted(cells.items())]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def reported_rows(corpus: Corpus) -> list[ResultEntry]:
    """Rows of results, number-less ones included, that counts of results include."""
    return [entry for entry in corpus.entries if not entry.released and entry.serves(Purpose.RESULT_COUNTS)]


def _pair(entry: ResultEntry) -> tuple[str, str]:
    return entry.dataset, entry.architecture


def chart(data: pd.DataFrame) -> alt.Chart:
    """Two stacked histograms, one above the other."""
    panels = [
        stacked_histogram(data[data["panel"] == panel], "count", "n", *titles)
        for panel, titles in TITLES.items()
    ]
    return alt.vconcat(*panels).resolve_scale(color="shared")
