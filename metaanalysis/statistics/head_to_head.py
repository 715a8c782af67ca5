"""How each paper's results stand against those of every other paper.

Blalock et al. (2020) prepared this comparison and did not print it. For six common configurations outside MNIST
and every pair of metrics: each ordered pair of papers that both have points: the Pareto frontier of `paper` (all its
methods together) against the upper hull of the frontier of `other`. A point is dominated if a vertex of that hull is at
least as good in both metrics and better in one, dominant in the reverse case, otherwise above, level with or below the
line between vertices, and incomparable outside their range. `claims_comparison`: `paper` says it compares to `other`.
The 2020 code lost vertices when it built hulls (`hull` slipped, the default as published); mended, the default
otherwise, each vertex is held against its present neighbours. Shared points are level. `setup` is the strictest
comparison setup of Wang et al. (2023) that two points of the panel satisfy, one of each paper, as far as is known.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from corpus.catalogue.corpus import Corpus
from corpus.schema.purposes import Purpose
from metaanalysis.fairness.setups import Placed
from metaanalysis.tradeoffs.compare import STANDINGS, head_to_head
from metaanalysis.tradeoffs.curves import SIX_CONFIGURATIONS, panels

COLUMNS = (
    "dataset",
    "architecture",
    "x_metric",
    "y_metric",
    "paper",
    "other",
    "claims_comparison",
    *STANDINGS,
    "setup",
)
PANEL = ["dataset", "architecture", "x_metric", "y_metric"]


def table(corpus: Corpus, *, hull: Literal["auto", "mended", "slipped"] = "auto") -> pd.DataFrame:
    """One row per panel and ordered pair of papers; six columns are numbers of points of `paper`."""
    slip = hull == "slipped" or (hull == "auto" and corpus.as_published)
    claimed = {(comparison.paper, comparison.compares_to) for comparison in corpus.comparisons}
    rows, placed = [], Placed(corpus)
    for panel, points in panels(corpus, Purpose.HEAD_TO_HEAD, SIX_CONFIGURATIONS).groupby(
        PANEL, sort=False
    ):
        by_paper = dict(tuple(points.groupby("paper", sort=True)))
        curves = {
            paper: list(zip(found["x"], found["y"], strict=True)) for paper, found in by_paper.items()
        }
        points_of = {paper: tuple(found["point_id"]) for paper, found in by_paper.items()}
        for paper, mine in curves.items():
            for other, theirs in curves.items():
                if paper != other:
                    counts = head_to_head(mine, theirs, slip=slip)
                    setup = placed.setup(points_of[paper], points_of[other])
                    standings = (counts[standing] for standing in STANDINGS)
                    rows.append((*panel, paper, other, (paper, other) in claimed, *standings, setup))
    return pd.DataFrame(rows, columns=list(COLUMNS))
