"""The same network before pruning, as different papers report it.

Multiply-adds and parameters as multiples of the canonical count, accuracies as differences from the canonical accuracy:
the median of the reference tables for ImageNet networks, of the papers themselves where no table has the network (open
marks). One mark per paper and value, settings that two papers or more report. Section 5.2 of Blalock et al. (2020)
names AlexNet on ImageNet, 371 to 1500 million FLOPs; AlexNet and CaffeNet count as one here, as in its Figure 3.
An accuracy of several crops of each image is in the data with that flag, and not drawn: it is another measurement.
Triangles: about twice or half the canonical multiply-adds, as where FLOPs are counted two for each.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.panels import hover
from metaanalysis.style import BLUE, GREY, INK, ORANGE, PURPLE, source_page
from metaanalysis.tradeoffs.unpruned import COLUMNS as COLUMNS
from metaanalysis.tradeoffs.unpruned import reported

IDENTITY = ("dataset", "architecture", "measure", "paper", "value")
VALUES = ("ratio", "points")


class Panel(NamedTuple):
    """The column a panel draws, the title of its axis, and its ticks where they are not left to the axis."""

    column: str
    title: str
    ticks: tuple[float, ...] = ()


PANELS = {
    "flops": Panel("ratio", "Multiply-adds / canonical", (0.5, 0.7, 1, 1.4, 2)),
    "params": Panel("ratio", "Parameters / canonical", (0.7, 0.8, 0.9, 1)),
    "top1": Panel("points", "Top-1 minus canonical (points)"),
    "top5": Panel("points", "Top-5 minus canonical (points)"),
}
MEANINGS = {
    "": "agrees or differs otherwise",
    "about twice": "about twice: FLOPs?",
    "about half": "about half",
    "counts two, halved": "says it counts two; halved",
}
"""What each flag means."""
SHAPES = ("circle", "triangle-up", "triangle-down", "diamond")
COLOURS = (BLUE, ORANGE, PURPLE, BLUE)
ROW_HEIGHT, LANES, MARK_WIDTH = 34, 4.8, 6.5
LANES_OF_A_ROW = 4
WIDE = 1.5
"""Highest over lowest from which both ends of a row are named."""
WIDTH = 175
LEGEND = alt.Legend(orient="bottom", direction="horizontal", labelLimit=240, symbolFillColor="white")


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per paper, setting, measure and distinct value that it reports of an unpruned network."""
    return reported(corpus).copy()


def chart(data: pd.DataFrame) -> ChartType:
    """One panel per measure, settings as rows; marks that would overlap stand above and below each other."""
    papers = data.groupby(["dataset", "architecture", "measure"])["paper"].transform("nunique")
    shown = data[papers >= 2]
    shown = shown.assign(setting=shown["architecture"] + " on " + shown["dataset"])
    settings = _in_order(shown["setting"])
    panels: list[ChartType] = []
    for measure in PANELS:
        rows = shown[(shown["measure"] == measure) & shown[PANELS[measure].column].notna()]
        panels.append(_panel(rows, measure, settings, is_first=not panels))
    return alt.hconcat(*panels, spacing=10)


def _in_order(settings: pd.Series) -> list[str]:
    """Names of the rows, those with the most reports first."""
    counts = settings.value_counts()
    return sorted(counts.index, key=lambda name: (-counts[name], name))


def _panel(rows: pd.DataFrame, measure: str, settings: list[str], is_first: bool) -> ChartType:
    panel = PANELS[measure]
    placed = _in_lanes(rows.assign(x=rows[panel.column]))
    is_ratio = panel.column == "ratio"
    x = _across(panel, is_ratio)
    y = alt.Y(
        "setting:N",
        title=None,
        scale=alt.Scale(domain=settings),
        axis=alt.Axis(labelLimit=200, ticks=False, domain=False) if is_first else None,
    )
    lane = alt.YOffset("lane:Q", scale=alt.Scale(domain=[-LANES, LANES]))
    layers = [
        alt.Chart(placed.head(1))
        .mark_rule(color=GREY, strokeWidth=0.8)
        .encode(x=alt.XDatum(1 if is_ratio else 0, scale=x["scale"])),
        alt.Chart(placed)
        .mark_point(size=34, opacity=1, strokeWidth=1.2)
        .encode(
            x=x, y=y, yOffset=lane, fill=alt.Fill("fill:N", scale=None), **_by_flag(is_first), **hover()
        ),
    ]
    if is_ratio:
        lowest = alt.Chart(_ends(rows, 0)).mark_text(align="right", dx=-8, fontSize=9, color=INK)
        highest = alt.Chart(_ends(rows, -1)).mark_text(align="left", dx=8, fontSize=9, color=INK)
        for names in (lowest, highest):
            layers.append(names.encode(x=x, y=y, text=alt.Text("end:N")))
    return alt.layer(*layers).properties(width=WIDTH, height={"step": ROW_HEIGHT})


def _across(panel: Panel, is_ratio: bool) -> alt.X:
    """The x axis: logarithmic for ratios, so that twice and half are equally far away."""
    if is_ratio:
        scale = alt.Scale(type="log", base=2, nice=False, padding=40)
        axis = alt.Axis(values=list(panel.ticks), format="~g", grid=True)
    else:
        scale, axis = alt.Scale(nice=True, padding=8), alt.Axis(tickCount=5)
    return alt.X("x:Q", title=panel.title, scale=scale, axis=axis)


def _by_flag(has_legend: bool) -> dict[str, Any]:
    """Shape and stroke by what the flag means."""
    legend = LEGEND if has_legend else None
    meanings = list(MEANINGS.values())
    shapes = alt.Scale(domain=meanings, range=list(SHAPES))
    strokes = alt.Scale(domain=meanings, range=list(COLOURS))
    return {
        "shape": alt.Shape("meaning:N", scale=shapes, title=None, legend=legend),
        "stroke": alt.Stroke("meaning:N", scale=strokes, title=None, legend=legend),
    }


def _ends(rows: pd.DataFrame, end: int) -> pd.DataFrame:
    """The lowest (end 0) or highest (-1) count of every row that spreads wide, in millions or thousands of them."""
    ordered = rows.assign(x=rows["ratio"]).sort_values("x", kind="stable")
    ends = [ordered[:0]]
    for _, group in ordered.groupby("setting"):
        if group["x"].max() > WIDE * group["x"].min():
            ends.append(group.iloc[[end]])
    at_end = pd.concat(ends[1:] or ends)
    return at_end.assign(end=at_end["value"].map(_in_millions))[["setting", "x", "end"]]


def _in_millions(count: float) -> str:
    return f"{count / 1e9:.3g} G" if count >= 1e9 else f"{count / 1e6:.3g} M"


def _in_lanes(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a lane (0 on the line, then above and below it) that keeps close marks apart."""
    distance = (rows["x"].max() - rows["x"].min()) * MARK_WIDTH / WIDTH
    ordered = rows.sort_values(["setting", "x", "label"])
    last_x: dict[str, list[float]] = {}  # of each lane of a setting, the mark put there last
    lanes = []
    for setting, x in zip(ordered["setting"], ordered["x"], strict=True):
        taken = last_x.setdefault(setting, [])
        lane = 0
        while lane < len(taken) and x - taken[lane] < distance:
            lane += 1
        taken[lane : lane + 1] = [x]
        lanes.append((lane + 1) // 2 * (1 if lane % 2 else -1))
    widest = (
        pd.Series(lanes, index=ordered.index, dtype=float)
        .abs()
        .groupby(ordered["setting"])
        .transform("max")
    )
    # a row with more lanes than fit has them closer together, so that it does not reach into the next
    fitting = pd.Series(lanes, index=ordered.index) * (LANES_OF_A_ROW / widest.clip(lower=LANES_OF_A_ROW))
    return _described(ordered.assign(lane=fitting))


def _described(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with what hovering says, the page of their line, and the look of their flag."""
    about, urls = [], []
    for row in rows.to_dict("records"):
        about.append(
            f"{row['label']}: {row['measure']} {row['printed']} for {row['setting']}, canonical {row['canonical']:.4g} "
            f"({row['canonical_from']}). {row['location']}. {row['file']}:{row['line']}"
        )
        urls.append(source_page(row["file"], row["line"]))
    colours = rows["flag"].map(dict(zip(MEANINGS, COLOURS, strict=True)))
    described = rows.assign(
        about=about,
        url=urls,
        meaning=rows["flag"].map(MEANINGS),
        fill=colours.where(rows["canonical_from"] == "reference tables", "#ffffff"),
    )
    return described[["setting", "x", "lane", "meaning", "fill", "about", "url"]]
