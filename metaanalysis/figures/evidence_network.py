"""Which studies hold which methods.

The network of evidence at one amount of pruning (by default the one at which most papers can be read): studies on the
left, treatments on the right, a line where a study holds a treatment. Two treatments can be compared where a path of
lines leads from one to the other; nearly all paths go through the unpruned network, which each study has. Circles grow
with the number of studies of a treatment: one that only one study holds says nothing of what papers differ by.
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
from metaanalysis.evidence.studies import UNPRUNED
from metaanalysis.style import BLUE, GREY, INK, ORANGE

COLUMNS = ("question", "kind", "study", "treatment", "studies", "y", "to_y")
NOT_FOLLOWED = "it shows which results exist, and no number that a correction could move"
BETWEEN = 90
"""Pixels from the studies to the treatments."""
NAMES = 150
"""Pixels for the names at either side."""
ROW = 15


def data(
    corpus: Corpus,
    *,
    dataset: DatasetName = "CIFAR-10",
    architecture: ArchitectureName = "ResNet-56",
    amount: AmountName = "usual",
    ratio: int = 0,
    by: GroupingName = "method",
) -> pd.DataFrame:
    """Rows of kind study, treatment and line; y (of a line: of its study) and to_y are rows from the top."""
    evidence = evidence_at(corpus, dataset, architecture, amount, ratio, by)
    if evidence is None:
        return pd.DataFrame(columns=list(COLUMNS))
    holders: dict[str, list[int]] = {}
    for place, study in enumerate(evidence.studies.studies):
        for arm in study.arms:
            holders.setdefault(arm.treatment, []).append(place)
    # treatments stand near their studies, so that few lines cross
    ordered = sorted(
        holders, key=lambda name: (name != UNPRUNED, sum(holders[name]) / len(holders[name]), name)
    )
    step = max(1.0, (len(ordered) - 1) / max(len(evidence.studies.studies) - 1, 1))
    rows: list[dict[str, object]] = []
    for place, study in enumerate(evidence.studies.studies):
        rows.append({"kind": "study", "study": study.name, "y": step * place})
    for to_y, treatment in enumerate(ordered):
        held = holders[treatment]
        rows.append({"kind": "treatment", "treatment": treatment, "studies": len(held), "to_y": to_y})
        for place in held:
            name = evidence.studies.studies[place].name
            line = {"kind": "line", "study": name, "treatment": treatment, "y": step * place, "to_y": to_y}
            rows.append(line)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.assign(question=evidence.question.words, studies=frame["studies"].astype("Int64"))


def chart(data: pd.DataFrame) -> ChartType:
    """Names at both sides, lines between."""
    if data.empty:
        return nothing("no paper can be read at this amount")
    shown = data.assign(left=0.0, right=1.0, through=data["treatment"] == UNPRUNED)
    rows = max(shown["y"].max(), shown["to_y"].max())
    down = alt.Scale(domain=[-0.6, rows + 0.6], reverse=True, nice=False, zero=False)
    across = alt.Scale(domain=[0, 1], nice=False, range=[NAMES, NAMES + BETWEEN])
    left = alt.X("left:Q", scale=across, axis=None)
    right = alt.X("right:Q", scale=across, axis=None)
    y = alt.Y("y:Q", scale=down, axis=None)
    to_y = alt.Y("to_y:Q", scale=down, axis=None)
    of_kind = {kind: alt.Chart(shown[shown["kind"] == kind]) for kind in ("study", "treatment", "line")}
    pale = alt.condition("datum.through", alt.value(GREY), alt.value(BLUE))
    thin = alt.condition("datum.through", alt.value(0.5), alt.value(1.3))
    size = alt.Size(
        "studies:Q", scale=alt.Scale(domain=[0, shown["studies"].max()], range=[12, 120]), legend=None
    )
    layers = [
        of_kind["line"]
        .mark_rule()
        .encode(
            x=left,
            x2="right:Q",
            y=y,
            y2="to_y:Q",
            color=pale,
            strokeWidth=thin,
            tooltip=["study", "treatment"],
        ),
        of_kind["study"].mark_square(color=INK, size=22, opacity=1).encode(x=left, y=y),
        of_kind["treatment"]
        .mark_circle(color=ORANGE, stroke=INK, strokeWidth=0.7, opacity=1)
        .encode(x=right, y=to_y, size=size, tooltip=["treatment", "studies"]),
        of_kind["study"]
        .mark_text(align="right", dx=-7, color=INK, limit=NAMES - 8)
        .encode(x=left, y=y, text="study:N"),
        of_kind["treatment"]
        .mark_text(align="left", dx=9, color=INK, limit=NAMES - 10)
        .encode(x=right, y=to_y, text="treatment:N"),
    ]
    return alt.layer(*layers).properties(width=2 * NAMES + BETWEEN, height=ROW * (rows + 1.2))
