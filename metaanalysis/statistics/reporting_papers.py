"""How many papers report anything on the common configurations.

Blalock et al. (2020, caption of Figure 3) say 37 of 81, as suggested by the legend. The legend has 42 labels of 36
papers. 37 is reached by counting a paper that was dropped before drawing: frankle2019lottery (dropped by its label) or
srinivas2015data (dropped by the accuracy floor); 37 is also the number of papers with points in the six configurations
that add ResNet-18 and ResNet-34. Each reading is a row here.
"""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.survey.reporting import ways_of_counting

COLUMNS = ("counted", "papers", "of", "labels", "more than in Figure 3")


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per way of counting papers with a plottable point."""
    ways = ways_of_counting(corpus)
    rows = []
    for way in ways:
        rows.append(
            {
                "counted": way.what,
                "papers": len(way.papers),
                "of": len(corpus.papers),
                "labels": len(way.labels),
                "more than in Figure 3": ", ".join(sorted(way.papers - ways[0].papers)),
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
