"""What pruning changes, by method.

Each method's accuracy minus that of its own unpruned network, in points, at one amount of pruning (by default the one
at which most papers can be read). Curves are read between their own points and never beyond. Thin bars are 95 %
intervals of trials alone; pale thick bars add what papers differ by (tau). Where no method is run by two papers tau
is not known, and the spread from paper to paper of methods that remove the same structure stands in: an upper bound.
Filled circles: standard errors reported or derived from reported ones; hollow: the deviation between trials is
assumed. A method that is higher is not better unless intervals lie apart.
"""

from __future__ import annotations

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.panels import nothing
from metaanalysis.evidence.configurations import (
    AmountName,
    ArchitectureName,
    DatasetName,
    GroupingName,
    evidence_at,
)
from metaanalysis.evidence.studies import ASSUMED, UNPRUNED
from metaanalysis.evidence.synthesis import Evidence, class_spread, evidence_from
from metaanalysis.style import BLUE, GREY, INK, SKY

COLUMNS = (
    *("question", "treatment", "studies", "change", "low_sampling", "high_sampling"),
    *("low_between", "high_between", "between", "error_source", "read"),
)
NOT_FOLLOWED = (
    "a correction of any number may move the pooled deviation, the usual amount and so every row; "
    "prunebase evidence says what a number does"
)
PLOT_WIDTH = 165
"""Pixels: with the names beside it the figure is 3.3 inches wide at seven points of type."""


def data(
    corpus: Corpus,
    *,
    dataset: DatasetName = "CIFAR-10",
    architecture: ArchitectureName = "ResNet-56",
    amount: AmountName = "usual",
    ratio: int = 0,
    by: GroupingName = "method",
) -> pd.DataFrame:
    """One row for each treatment, the highest change first; all but names in percentage points.

    low_between and high_between allow for what papers differ by: `between` is `tau`, `upper bound` or `not known`.
    """
    evidence = evidence_at(corpus, dataset, architecture, amount, ratio, by)
    if evidence is None:
        return pd.DataFrame(columns=list(COLUMNS))
    widened, between = _widened(corpus, evidence)
    rows = []
    for row in evidence.table.to_dict("records"):
        limits = widened.difference(row["treatment"], UNPRUNED)
        rows.append(
            {
                **row,
                "question": evidence.question.words,
                "low_between": None if limits is None else limits.low,
                "high_between": None if limits is None else limits.high,
                "between": between,
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _widened(corpus: Corpus, evidence: Evidence) -> tuple[Evidence, str]:
    """The evidence with what papers differ by, and what that rests on."""
    if evidence.tau is not None:
        return evidence, "tau"
    spread = class_spread(corpus, evidence)
    if spread is None:
        return evidence, "not known"
    return evidence_from(evidence.studies, tau2=spread.tau**2), "upper bound"


def chart(data: pd.DataFrame) -> ChartType:
    """A row for each treatment, the highest on top."""
    if data.empty:
        return nothing("no paper can be read at this amount")
    shown = data.assign(assumed=data["error_source"] == ASSUMED)
    name = alt.Y(
        "treatment:N",
        sort=list(shown["treatment"]),
        title=None,
        axis=alt.Axis(labelLimit=170, ticks=False, domain=False, labelPadding=4),
    )
    base = alt.Chart(shown).encode(y=name)
    across = alt.X(
        "low_between:Q",
        title=["Change in accuracy (points),", shown["question"].iloc[0]],
        axis=alt.Axis(tickCount=5),
        scale=alt.Scale(nice=True),
    )
    tooltip = ["treatment", "studies", alt.Tooltip("change:Q", format="+.2f"), "error_source", "read"]
    zero = alt.Chart(pd.DataFrame({"change": [0.0]})).mark_rule(color=GREY)
    hollow = alt.condition("datum.assumed", alt.value("white"), alt.value(BLUE))
    layers = [
        zero.encode(x="change:Q"),
        base.mark_rule(color=SKY, strokeWidth=6, opacity=0.55).encode(x=across, x2="high_between:Q"),
        base.mark_rule(color=INK, strokeWidth=1.2).encode(x="low_sampling:Q", x2="high_sampling:Q"),
        base.mark_point(stroke=BLUE, strokeWidth=1.5, size=34, opacity=1).encode(
            x="change:Q", fill=hollow, tooltip=tooltip
        ),
    ]
    return alt.layer(*layers).properties(width=PLOT_WIDTH, height=15 * len(shown))
