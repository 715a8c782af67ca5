"""How many papers report anything on the common configurations.

Blalock et al. (2020, caption of Figure 3) say 37 of 81, as suggested by the legend. The legend has 42 labels of 36
papers. 37 is reached by counting a paper that was dropped before drawing: frankle2019lottery (dropped by its label) or
srinivas2015data (dropped by the accuracy floor); 37 is also the number of papers with points in the six configurations
that add ResNet-18 and ResNet-34. Each reading is a row here.
"""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from corpus.schema.purposes import Purpose
from metaanalysis.tradeoffs.curves import SIX_CONFIGURATIONS, panels, points_of

COLUMNS = ("counted", "papers", "of", "labels", "more than in Figure 3")


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per way of counting papers with a plottable point."""
    drawn = panels(corpus, Purpose.BESIDE_PAPERS)
    six = panels(corpus, Purpose.BESIDE_PAPERS, SIX_CONFIGURATIONS)
    ways = {
        "drawn in Figure 3": (set(drawn["paper"]), set(drawn["label"])),
        "with the labels and rows that Figure 3 drops": _plottable(corpus),
        "with ResNet-18 and ResNet-34": (set(six["paper"]), set(six["label"])),
    }
    base = ways["drawn in Figure 3"][0]
    rows = [
        (how, len(papers), len(corpus.papers), len(labels), ", ".join(sorted(papers - base)))
        for how, (papers, labels) in ways.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _plottable(corpus: Corpus) -> tuple[set[str], set[str]]:
    """Papers and labels with a plottable point, exclusions from Figure 3 alone ignored."""
    points = [
        point
        for _, point in points_of(corpus, Purpose.SETTING_COUNTS)
        if not point.released
        and {"compression_ratio", "theoretical_speedup"} & point.values.keys()
        and {"top1_change", "top5_change"} & point.values.keys()
    ]
    return {point.paper for point in points}, {point.label for point in points}
