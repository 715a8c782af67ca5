"""How each paper's results stand against those of every other paper.

Blalock et al. (2020) prepared this comparison and did not print it. For six common configurations outside MNIST
and every pair of metrics: each ordered pair of papers that both have points: the Pareto frontier of `paper` (all its
methods together) against the upper hull of the frontier of `other`. A point is dominated if a vertex of that hull is at
least as good in both metrics and better in one, dominant in the reverse case, otherwise above, level with or below the
line between vertices, and incomparable outside their range. `claims_comparison`: `paper` says it compares to `other`.
The 2020 code lost vertices when it built hulls (`hull` slipped, the default as published); mended, the default
otherwise, each vertex is held against its present neighbours. It subtracted accuracies as fractions and compared to the
last bit, so that two rows of one network both count (526 and 527 of the sheet); so does this as published. Shared
points are level. `setup` is the strictest comparison setup of Wang et al. (2023) that two points of the panel
satisfy, one of each paper, as far as is known.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Literal

import pandas as pd

from corpus.catalogue.corpus import Corpus
from corpus.schema.purposes import Purpose
from metaanalysis.fairness.setups import SetupsOfPairs
from metaanalysis.tradeoffs.compare import STANDINGS, Point, head_to_head
from metaanalysis.tradeoffs.curves import PANEL, SIX_CONFIGURATIONS, panels
from metaanalysis.tradeoffs.published_arithmetic import as_fraction

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


def table(corpus: Corpus, *, hull: Literal["auto", "mended", "slipped"] = "auto") -> pd.DataFrame:
    """One row per panel and ordered pair of papers; six columns are numbers of points of `paper`."""
    slip = hull == "slipped" or (hull == "auto" and corpus.as_published)
    curve = _published_curve(corpus) if corpus.as_published else _curve
    claimed = {(comparison.paper, comparison.compares_to) for comparison in corpus.comparisons}
    setups = SetupsOfPairs(corpus)
    rows = []
    points = panels(corpus, Purpose.HEAD_TO_HEAD, SIX_CONFIGURATIONS)
    for panel, points_of_panel in points.groupby(list(PANEL), sort=False):
        by_paper = dict(iter(points_of_panel.groupby("paper", sort=True)))
        for paper, other in permutations(by_paper, 2):
            mine, theirs = by_paper[paper], by_paper[other]
            counts = head_to_head(curve(mine), curve(theirs), slip=slip, to_the_bit=corpus.as_published)
            rows.append(
                {
                    **dict(zip(PANEL, panel, strict=True)),
                    "paper": paper,
                    "other": other,
                    "claims_comparison": (paper, other) in claimed,
                    **{standing: counts[standing] for standing in STANDINGS},
                    "setup": setups.setup(mine["point_id"], theirs["point_id"]),
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _curve(points: pd.DataFrame) -> list[Point]:
    return list(zip(points["x"], points["y"], strict=True))


def _published_curve(corpus: Corpus) -> Callable[[pd.DataFrame], list[Point]]:
    """Curves with accuracies as the fractions that the 2020 analysis compared to their last bit."""
    by_id = {point.point_id: point for point in corpus.points}

    def curve(points: pd.DataFrame) -> list[Point]:
        fractions = [
            as_fraction(by_id[point_id].values[metric])
            for point_id, metric in zip(points["point_id"], points["y_metric"], strict=True)
        ]
        return list(zip(points["x"], fractions, strict=True))

    return curve
