"""What is missing: which pairs of dataset and architecture have numbers for a measure, and which only a name."""

from __future__ import annotations

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from corpus.numbers.measures import AXES, STD_COLUMNS, shown_in
from metaanalysis.style import BLUE, INK

ANY = "any"
MEASURES = (*shown_in(AXES), *STD_COLUMNS, ANY)
COLUMNS = ("dataset", "architecture", "papers", "with_numbers", "gap")


def evidence(corpus: Corpus, measure: str, at_least: int) -> pd.DataFrame:
    """Pairs that `at_least` papers use: how many use it, how many report `measure` there, and the difference."""
    using: dict[tuple[str, str], set[str]] = {}
    reporting: dict[tuple[str, str], set[str]] = {}
    for entry in corpus.entries:
        pair = (entry.dataset, entry.architecture)
        using.setdefault(pair, set()).add(entry.paper)
        if entry.point is not None and _has(entry.point, measure):
            reporting.setdefault(pair, set()).add(entry.paper)
    rows = [
        (*pair, len(papers), len(reporting.get(pair, ())), len(papers) - len(reporting.get(pair, ())))
        for pair, papers in using.items()
        if len(papers) >= at_least
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values(
        ["papers", "dataset", "architecture"], ascending=[False, True, True], ignore_index=True
    )


def _has(point: object, measure: str) -> bool:
    if measure == ANY:
        return True
    if measure in STD_COLUMNS:
        return point.std(measure.removesuffix("_std")) is not None
    return measure in point.values


def gap_map(cells: pd.DataFrame, measure: str) -> alt.Chart:
    """Architectures against datasets; the number of papers that report the measure of those that use the pair."""
    labelled = cells.assign(label=cells["with_numbers"].astype(str) + "/" + cells["papers"].astype(str))
    labelled["share"] = labelled["with_numbers"] / labelled["papers"]
    order = list(cells.groupby("architecture")["papers"].sum().sort_values(ascending=False).index)
    datasets = list(cells.groupby("dataset")["papers"].sum().sort_values(ascending=False).index)
    x = alt.X(
        "dataset:N", title=None, sort=datasets, axis=alt.Axis(orient="top", labelAngle=-40, labelLimit=110)
    )
    y = alt.Y("architecture:N", title=None, sort=order, axis=alt.Axis(labelLimit=130))
    boxes = alt.Chart(labelled).mark_rect(stroke=BLUE, strokeWidth=0.8)
    filled = boxes.encode(
        x=x,
        y=y,
        fill=alt.value(BLUE),
        fillOpacity=alt.FillOpacity(
            "share:Q", scale=alt.Scale(domain=[0, 1], range=[0.03, 0.5]), legend=None
        ),
        tooltip=[
            alt.Tooltip("architecture:N", title="Architecture"),
            alt.Tooltip("dataset:N", title="Dataset"),
            alt.Tooltip("papers:Q", title="Papers that use the pair"),
            alt.Tooltip("with_numbers:Q", title=f"that report {measure.replace('_', ' ')}"),
        ],
    )
    return alt.layer(
        filled, alt.Chart(labelled).mark_text(fontSize=11, color=INK).encode(x=x, y=y, text="label:N")
    )
