"""Trainability: how far training has come in its first stage, against where it ends.

Trainability accuracy is the mean accuracy over the epochs of the first learning-rate stage after pruning (Wang et al.
2023); it can be compared under one schedule only. One panel per pruned network: each mark is a way of training it, at
its trainability accuracy and its final Top-1 accuracy; hollow circles keep the weights that stay, crosses start from
new ones. Where the two go together, a low final accuracy is one of training that has not got far. Ours are means over
seeds, the trainability on held-out images (in studies without any, on test images) and the final accuracy on test
images; reported ones are those of Table 5 of Wang et al. As published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import Any

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.baseline_look import Look, look_channels
from metaanalysis.drawing.panels import hover, nothing, with_own_axes
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import REPORTED, PrunedNetwork
from metaanalysis.style import BLUE, GREY, INK, ORANGE, source_page

COLUMNS = (
    "source",
    "title",
    "dataset",
    "architecture",
    "pruning",
    "compression_ratio",
    "theoretical_speedup",
    "arm",
    "from_scratch",
    "trainability_accuracy",
    "accuracy",
    "std",
    "n",
)
NOT_FOLLOWED = "it draws our own runs and a paper outside the survey"
KEPT, NEW = "keeps its weights", "new weights"
LOOKS = {KEPT: Look(BLUE, "white", "circle"), NEW: Look(ORANGE, ORANGE, "cross")}
PANELS_IN_A_ROW = 2
WIDTH, HEIGHT = 190, 130
LABELS = 9
"""Names that fit below each other beside a panel."""
SHOWN = [
    "panel",
    "sort",
    "arm",
    "trainability_accuracy",
    "accuracy",
    "about",
    "url",
    "label_x",
    "label_y",
]


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per pruned network and arm whose trainability is known; accuracies in percent."""
    rows: list[dict] = []
    for network in configurations(corpus):
        rows += _arms_of(network)
    return pd.DataFrame(rows, columns=[*COLUMNS, "panel", "sort", "about", "url"])


def _arms_of(network: PrunedNetwork) -> Iterator[dict[str, object]]:
    source = "reported" if network.source == REPORTED else "re-run"
    setting = f"{network.architecture} on {network.dataset}"
    pruning = f"{network.pruning}, {network.amount}".removeprefix(", ")
    for arm in network.arms:
        if isnan(arm.trainability):
            continue
        yield {
            "source": network.source,
            "title": network.title,
            "dataset": network.dataset,
            "architecture": network.architecture,
            "pruning": network.pruning or None,
            "compression_ratio": network.compression_ratio,
            "theoretical_speedup": network.theoretical_speedup,
            "arm": arm.name,
            "from_scratch": arm.anew,
            "trainability_accuracy": arm.trainability,
            "accuracy": arm.mean,
            "std": arm.std,
            "n": arm.n,
            "panel": f"{source}: {network.title}|{setting}|{pruning}",  # the heading's three lines
            "sort": NEW if arm.anew else KEPT,
            "about": (
                f"{network.title}, {setting}, {pruning}: {arm.name}, trainability accuracy "
                f"{arm.trainability:.2f} %, final {arm.mean:.2f} %. {arm.point.file}:{arm.point.line}"
            ),
            "url": source_page(arm.point.file, arm.point.line),
        }


def chart(data: pd.DataFrame) -> ChartType:
    """A panel for each pruned network, two in a row, names beside their marks."""
    if data.empty:
        return nothing("no pruned network whose trainability is known")
    panels = [_with_labels(panel) for _, panel in data.groupby("panel", sort=False)]
    shown = pd.concat(panels, ignore_index=True)
    across: dict[str, Any] = {
        "title": "Trainability accuracy (%)",
        "axis": alt.Axis(tickCount=4, format="~r"),
        "scale": alt.Scale(zero=False, nice=False, padding=6),
    }
    up: dict[str, Any] = {
        "title": "Final accuracy (%)",
        "axis": alt.Axis(tickCount=4, format="~r"),
        "scale": alt.Scale(zero=False, padding=8),
    }
    x, y = alt.X("trainability_accuracy:Q", **across), alt.Y("accuracy:Q", **up)
    label: dict[str, Any] = {"x": alt.X("label_x:Q", **across), "y": alt.Y("label_y:Q", **up)}
    look = look_channels("sort:N", LOOKS)
    base = alt.Chart()
    layers = [
        base.mark_rule(color=GREY, strokeWidth=0.5).encode(x=x, y=y, x2="label_x:Q", y2="label_y:Q"),
        base.mark_point(size=46, strokeWidth=1.3, opacity=1).encode(x=x, y=y, **look, **hover()),
        base.mark_text(align="left", dx=4, fontSize=9, color=INK).encode(text="arm:N", **label),
    ]
    grid = alt.layer(*layers, data=shown[SHOWN], width=WIDTH, height=HEIGHT).facet(
        facet=alt.Facet("panel:N", sort=list(dict.fromkeys(shown["panel"])), header=_header()),
        columns=PANELS_IN_A_ROW,
        spacing={"row": 16, "column": 130},
    )
    return with_own_axes(grid)


def _header() -> alt.Header:
    """The heading in three lines."""
    return alt.Header(
        title=None,
        labelFontSize=10,
        labelFontWeight="bold",
        labelColor=INK,
        labelAnchor="start",
        labelExpr="split(datum.value, '|')",
    )


def _with_labels(panel: pd.DataFrame) -> pd.DataFrame:
    """The panel with a place to the right for each name, in the order of the marks and none on another."""
    x, y = panel["trainability_accuracy"], panel["accuracy"]
    span = max(x.max() - x.min(), 0.5)
    apart = max(y.max() - y.min(), 0.5) / LABELS
    ordered = y.sort_values(ascending=False)
    places = ordered.to_list()
    for number in range(1, len(places)):
        places[number] = min(places[number], places[number - 1] - apart)
    places[-1] = max(places[-1], y.min())  # and back up, so that no name hangs below the lowest mark
    for number in range(len(places) - 2, -1, -1):
        places[number] = max(places[number], places[number + 1] + apart)
    return panel.assign(label_x=x.max() + 0.12 * span, label_y=pd.Series(places, index=ordered.index))
