"""Claims held against the evidence.

Every claimed comparison that can be checked at all, where it is known most precisely: the difference of the claiming
paper and the one that it compares to, each against its own unpruned network, in points, with its 95 % interval. Right
of the line at 0 the claiming paper does better. Blue: distinguishable; grey: within noise. Pale bars take in what
papers differ by, as in the figure forest; where there is none, that is not known and the interval too narrow. The
text below counts the comparisons that cannot be checked. `prunebase stats claims` says why, and where each value was
read.
"""

from __future__ import annotations

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.panels import nothing
from metaanalysis.evidence.claims import NOT_COMPARABLE, VERDICTS
from metaanalysis.evidence.claims_table import COLUMNS, claims_table
from metaanalysis.style import BLUE, GREY, INK, SKY

__all__ = ["COLUMNS", "NOT_FOLLOWED", "chart", "data"]
NOT_FOLLOWED = "a correction of any number may move the pooled deviation and with it every interval"
PLOT_WIDTH = 150


def data(corpus: Corpus) -> pd.DataFrame:
    """The table of the statistic of this name."""
    return claims_table(corpus)


def chart(data: pd.DataFrame) -> ChartType:
    """A row for each comparison that can be checked, the largest difference on top."""
    checked = data[data["verdict"] != NOT_COMPARABLE]
    if checked.empty:
        return nothing("no claimed comparison can be checked")
    name = alt.Y(
        "name:N",
        sort=list(checked["name"]),
        title=None,
        axis=alt.Axis(labelLimit=190, ticks=False, domain=False, labelPadding=4, labelOverlap=False),
    )
    base = alt.Chart(checked).encode(y=name)
    missing = len(data) - len(checked)
    title = ["Difference (points);", f"{missing} of {len(data)} claimed comparisons", "cannot be checked"]
    across = alt.X("low:Q", title=title, axis=alt.Axis(tickCount=5))
    colour = alt.Color(
        "verdict:N",
        title=None,
        scale=alt.Scale(domain=list(VERDICTS[:2]), range=[BLUE, GREY]),
        legend=alt.Legend(orient="top", direction="horizontal"),
    )
    zero = alt.Chart(pd.DataFrame({"difference": [0.0]})).mark_rule(color=INK, strokeWidth=0.8)
    layers = [
        zero.encode(x="difference:Q"),
        base.transform_filter("isValid(datum.low_with_spread)")
        .mark_rule(color=SKY, strokeWidth=5, opacity=0.4, clip=True)
        .encode(x="low_with_spread:Q", x2="high_with_spread:Q"),
        base.mark_rule(strokeWidth=1.3).encode(x=across, x2="high:Q", color=colour),
        base.mark_circle(size=24, opacity=1).encode(
            x="difference:Q",
            color=colour,
            tooltip=["name", "verdict", alt.Tooltip("difference:Q", format="+.2f"), "read", "other_read"],
        ),
    ]
    return alt.layer(*layers).properties(width=PLOT_WIDTH, height=13 * checked["name"].nunique())
