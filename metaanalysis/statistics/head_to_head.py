"""How each paper's results stand against those of every other paper.

Blalock et al. (2020) prepared this comparison and did not print it. For six common configurations outside MNIST
and every pair of metrics: each ordered pair of papers that both have points: the Pareto frontier of `paper` (all its
methods together) against the upper hull of the frontier of `other`. A point is dominated if a vertex of that hull is at
least as good in both metrics and better in one, dominant in the reverse case, otherwise above, level with or below the
line between vertices, and incomparable outside their range. `claims_comparison`: `paper` says it compares to `other`.
The 2020 code lost vertices when it built hulls (`hull` slipped, the default as published); mended, the default
otherwise, each vertex is held against its present neighbours. Shared points are level.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from corpus.catalogue import Corpus
from metaanalysis.compare import STANDINGS, head_to_head
from metaanalysis.curves import SIX_CONFIGURATIONS, panels

COLUMNS = ("dataset", "architecture", "x_metric", "y_metric", "paper", "other", "claims_comparison", *STANDINGS)
PANEL = ["dataset", "architecture", "x_metric", "y_metric"]


def table(corpus: Corpus, *, hull: Literal["auto", "mended", "slipped"] = "auto") -> pd.DataFrame:
    """One row per panel and ordered pair of papers; the last six columns are numbers of points of `paper`."""
    slip = hull == "slipped" or (hull == "auto" and corpus.as_published)
    claimed = {(comparison.paper, comparison.compares_to) for comparison in corpus.comparisons}
    rows = []
    for panel, points in panels(corpus, "head_to_head", SIX_CONFIGURATIONS).groupby(PANEL, sort=False):
        curves = {
            paper: list(zip(curve["x"], curve["y"], strict=True)) for paper, curve in points.groupby("paper", sort=True)
        }
        for paper, mine in curves.items():
            for other, theirs in curves.items():
                if paper != other:
                    counts = head_to_head(mine, theirs, slip=slip)
                    rows.append((*panel, paper, other, (paper, other) in claimed, *(counts[s] for s in STANDINGS)))
    return pd.DataFrame(rows, columns=list(COLUMNS))
