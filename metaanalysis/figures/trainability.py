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

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.own_runs.baseline_look import nothing
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import REPORTED, Configuration
from metaanalysis.style import BLUE, GREY, INK, ORANGE, source_page

COLUMNS = (
    *("source", "title", "dataset", "architecture", "pruning", "compression_ratio", "theoretical_speedup"),
    *("arm", "from_scratch", "trainability_accuracy", "accuracy", "std", "n"),
)
SORTS = {"keeps its weights": (BLUE, "white", "circle"), "new weights": (ORANGE, ORANGE, "cross")}
PANELS_IN_A_ROW = 2
WIDTH, HEIGHT = 190, 130
LABELS = 9
"""Names that fit below each other beside a panel."""
HEADER = alt.Header(
    title=None, labelFontSize=10, labelFontWeight="bold", labelColor=INK, labelAnchor="start"
)


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per pruned network and arm whose trainability is known; accuracies in percent."""
    rows = [row for found in configurations(corpus) for row in _rows(found)]
    return pd.DataFrame.from_records(rows, columns=[*COLUMNS, "panel", "sort", "about", "url"])


def _rows(found: Configuration) -> Iterator[tuple]:
    source = "reported" if found.source == REPORTED else "re-run"
    pruning = f"{found.pruning}, {found.amount}".removeprefix(", ")
    panel = f"{source}: {found.title}|{found.architecture} on {found.dataset}|{pruning}"
    for arm in found.arms:
        if arm.trainability != arm.trainability:
            continue
        about = (
            f"{found.title}, {found.architecture} on {found.dataset}, {pruning}: {arm.name}, trainability accuracy "
            f"{arm.trainability:.2f} %, final {arm.mean:.2f} %. {arm.point.file}:{arm.point.line}"
        )
        yield (
            *(found.source, found.title, found.dataset, found.architecture, found.pruning or None),
            *(found.compression_ratio, found.theoretical_speedup, arm.name, arm.anew),
            *(arm.trainability, arm.mean, arm.std, arm.n),
            *(panel, tuple(SORTS)[arm.anew], about, source_page(arm.point.file, arm.point.line)),
        )


def chart(data: pd.DataFrame) -> alt.Chart:
    """A panel for each pruned network, two in a row, names beside their marks."""
    if data.empty:
        return nothing("no pruned network whose trainability is known")
    shown = pd.concat(
        [_with_labels(panel) for _, panel in data.groupby("panel", sort=False)], ignore_index=True
    )
    fields = [
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
    x_axis, y_axis = (alt.Axis(tickCount=4, format="~r") for _ in range(2))
    across = {
        "title": "Trainability accuracy (%)",
        "axis": x_axis,
        "scale": alt.Scale(zero=False, nice=False, padding=6),
    }
    up = {"title": "Final accuracy (%)", "axis": y_axis, "scale": alt.Scale(zero=False, padding=8)}
    x, y = alt.X("trainability_accuracy:Q", **across), alt.Y("accuracy:Q", **up)
    strokes, fills, shapes = zip(*SORTS.values(), strict=True)
    legend = alt.Legend(title=None, orient="bottom", symbolSize=70)
    look = {
        name: kind("sort:N", scale=alt.Scale(domain=list(SORTS), range=list(values)), legend=legend)
        for name, kind, values in (
            *(("stroke", alt.Stroke, strokes), ("fill", alt.Fill, fills)),
            ("shape", alt.Shape, shapes),
        )
    }
    base = alt.Chart()
    told = {
        "description": "about:N",
        "tooltip": alt.Tooltip("about:N", title=" "),
        "href": alt.Href("url:N"),
    }
    label = {"x": alt.X("label_x:Q", **across), "y": alt.Y("label_y:Q", **up)}
    layers = [
        base.mark_rule(color=GREY, strokeWidth=0.5).encode(x=x, y=y, x2="label_x:Q", y2="label_y:Q"),
        base.mark_point(size=46, strokeWidth=1.3, opacity=1).encode(x=x, y=y, **look, **told),
        base.mark_text(align="left", dx=4, fontSize=9, color=INK).encode(text="arm:N", **label),
    ]
    grid = alt.layer(*layers, data=shown[fields], width=WIDTH, height=HEIGHT).facet(
        facet=alt.Facet("panel:N", sort=list(dict.fromkeys(shown["panel"])), header=_header()),
        columns=PANELS_IN_A_ROW,
        spacing={"row": 16, "column": 130},
    )
    grid.resolve = alt.Resolve(scale=alt.ScaleResolveMap(x="independent", y="independent"))
    return grid


def _header() -> alt.Header:
    """The heading in three lines."""
    header = HEADER.copy()
    header.labelExpr = "split(datum.value, '|')"
    return header


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
