"""How many settings each paper uses, and how many points each tradeoff curve has.

Rebuilds Figure 4 of Blalock et al. (2020), MNIST left out: papers by their number of (dataset, architecture) pairs
(top), and one count per paper and common configuration by its number of rows (bottom). As published, AlexNet and
CaffeNet are missing from the lower panel although the caption counts them among the four common configurations, and
ResNet-18 and ResNet-34 are in it; by default it holds the caption's four. Architecture and dataset corrections apply.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from corpus.schema.purposes import Purpose
from metaanalysis.style import stacked_histogram
from metaanalysis.survey.its_papers import Papers, limited_to
from metaanalysis.tradeoffs.curves import COMMON_CONFIGURATIONS, CONFIGURATIONS_OF_2020, configuration_of

COLUMNS = ("panel", "count", "peer_reviewed", "n")
IDENTITY = ("panel", "count", "peer_reviewed")
VALUES = ("n",)
TITLES = {
    "pairs": ("(Dataset, architecture) pairs", "Papers using this many"),
    "points": ("Points in one tradeoff curve", "Curves with this many"),
}


def data(corpus: Corpus, *, papers: Papers = "survey") -> pd.DataFrame:
    """Numbers of papers (panel pairs) and of curves (panel points) by count and venue flag; only filled cells."""
    corpus = limited_to(papers, corpus)
    configurations = CONFIGURATIONS_OF_2020 if corpus.as_published else COMMON_CONFIGURATIONS
    pairs: dict[str, set[tuple[str, str]]] = {}
    points: Counter[tuple[str, tuple[str, str]]] = Counter()  # by paper and configuration
    for entry in corpus.entries:
        if entry.released or entry.dataset == "MNIST" or not entry.serves(Purpose.RESULT_COUNTS):
            continue
        pairs.setdefault(entry.paper, set()).add((entry.dataset, entry.architecture))
        configuration = configuration_of(corpus, entry.dataset, entry.architecture, configurations)
        if configuration is not None:
            points[entry.paper, configuration] += 1
    pair_counts = [(paper, len(used)) for paper, used in pairs.items()]
    point_counts = [(paper, count) for (paper, _), count in points.items()]
    rows = _cells(corpus, "pairs", pair_counts) + _cells(corpus, "points", point_counts)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _cells(corpus: Corpus, panel: str, counts: Iterable[tuple[str, int]]) -> list[dict[str, object]]:
    """How many of the counts, each of a paper, are alike in number and venue flag."""
    cells: Counter[tuple[int, bool]] = Counter()
    for paper, count in counts:
        cells[count, corpus.papers[paper].peer_reviewed] += 1
    rows = []
    for (count, peer_reviewed), n in sorted(cells.items()):
        rows.append({"panel": panel, "count": count, "peer_reviewed": peer_reviewed, "n": n})
    return rows


def chart(data: pd.DataFrame) -> ChartType:
    """Two stacked histograms, one above the other."""
    panels = []
    for panel, (x_title, y_title) in TITLES.items():
        panels.append(stacked_histogram(data[data["panel"] == panel], "count", "n", x_title, y_title))
    return alt.vconcat(*panels).resolve_scale(color="shared")
