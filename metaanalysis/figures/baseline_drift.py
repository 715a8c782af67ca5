"""The same network before pruning, as different papers report it.

Multiply-adds and parameters as multiples of the canonical count, accuracies as differences from the canonical accuracy:
the median of the reference tables for ImageNet networks, of the papers themselves where no table has the network (open
marks). One mark per paper and value, settings that two papers or more report. Section 5.2 of Blalock et al. (2020)
names AlexNet on ImageNet, 371 to 1500 million FLOPs; AlexNet and CaffeNet count as one here, as in its Figure 3.
Triangles: about twice or half the canonical multiply-adds, as where FLOPs are counted two for each.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.style import BLUE, GREY, INK, ORANGE, PURPLE, source_page
from metaanalysis.tradeoffs.unpruned import COLUMNS as COLUMNS
from metaanalysis.tradeoffs.unpruned import reported

PANELS = {
    "flops": ("ratio", "Multiply-adds / canonical"),
    "params": ("ratio", "Parameters / canonical"),
    "top1": ("points", "Top-1 minus canonical (points)"),
    "top5": ("points", "Top-5 minus canonical (points)"),
}
TICKS = {"flops": [0.5, 0.7, 1, 1.4, 2], "params": [0.7, 0.8, 0.9, 1]}
FLAGS = {
    "": ("agrees or differs otherwise", "circle", BLUE),
    "about twice": ("about twice: FLOPs?", "triangle-up", ORANGE),
    "about half": ("about half", "triangle-down", PURPLE),
    "counts two, halved": ("says it counts two; halved", "diamond", BLUE),
}
ROW_HEIGHT, LANES, MARK_WIDTH = 34, 4.8, 6.5
WIDE = 1.5
"""Highest over lowest from which both ends of a row are named."""
WIDTH = 175
LEGEND = alt.Legend(orient="bottom", direction="horizontal", labelLimit=240, symbolFillColor="white")


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per paper, setting, measure and distinct value that it reports of an unpruned network."""
    return reported(corpus)


def chart(data: pd.DataFrame) -> alt.Chart:
    """One panel per measure, settings as rows; marks that would overlap stand above and below each other."""
    papers = data.groupby(["dataset", "architecture", "measure"])["paper"].transform("nunique")
    shown = data[papers >= 2]
    settings = _settings(shown)
    panels = [
        _panel(shown[shown["measure"] == name], name, settings, number == 0)
        for number, name in enumerate(PANELS)
    ]
    return alt.hconcat(*panels, spacing=10)


def _settings(shown: pd.DataFrame) -> list[str]:
    """Names of the rows, those with the most reports first."""
    counted = _named(shown).value_counts()
    return sorted(counted.index, key=lambda name: (-counted[name], name))


def _named(rows: pd.DataFrame) -> pd.Series:
    return rows["architecture"] + " on " + rows["dataset"]


def _panel(rows: pd.DataFrame, measure: str, settings: list[str], first: bool) -> alt.Chart:
    column, title = PANELS[measure]
    placed = _in_lanes(rows.assign(x=rows[column], setting=_named(rows)))
    ratio = column == "ratio"
    scale = (
        alt.Scale(type="log", base=2, nice=False, padding=40) if ratio else alt.Scale(nice=True, padding=8)
    )
    axis = alt.Axis(values=TICKS[measure], format="~g", grid=True) if ratio else alt.Axis(tickCount=5)
    x = alt.X("x:Q", title=title, scale=scale, axis=axis)
    y = alt.Y(
        "setting:N",
        title=None,
        scale=alt.Scale(domain=settings),
        axis=alt.Axis(labelLimit=200, ticks=False, domain=False) if first else None,
    )
    lane = alt.YOffset("lane:Q", scale=alt.Scale(domain=[-LANES, LANES]))
    base = alt.Chart(placed)
    canonical = (
        alt.Chart(placed.head(1))
        .mark_rule(color=GREY, strokeWidth=0.8)
        .encode(x=alt.XDatum(1 if ratio else 0, scale=scale))
    )
    marks = base.mark_point(size=34, opacity=1, strokeWidth=1.2).encode(
        x=x,
        y=y,
        yOffset=lane,
        shape=alt.Shape("meaning:N", scale=_scale(1), title=None, legend=LEGEND if first else None),
        stroke=alt.Stroke("meaning:N", scale=_scale(2), title=None, legend=LEGEND if first else None),
        fill=alt.Fill("fill:N", scale=None),
        description=alt.Description("about:N"),
        tooltip=alt.Tooltip("about:N", title=" "),
        href=alt.Href("url:N"),
    )
    names = [
        alt.Chart(ends)
        .mark_text(align=side, dx=away, fontSize=9, color=INK)
        .encode(x=x, y=y, text=alt.Text("end:N"))
        for side, away, ends in (("right", -8, _ends(rows, 0)), ("left", 8, _ends(rows, -1)))
        if ratio
    ]
    return alt.layer(canonical, marks, *names).properties(width=WIDTH, height={"step": ROW_HEIGHT})


def _ends(rows: pd.DataFrame, end: int) -> pd.DataFrame:
    """The lowest (end 0) or highest (-1) count of every row that spreads wide, in millions or thousands of them."""
    ordered = rows.assign(setting=_named(rows), x=rows["ratio"]).sort_values("x", kind="stable")
    wide = [group for _, group in ordered.groupby("setting") if group["x"].max() > WIDE * group["x"].min()]
    ends = pd.concat([group.iloc[[end]] for group in wide]) if wide else ordered[:0]
    told = [f"{value / 1e9:.3g} G" if value >= 1e9 else f"{value / 1e6:.3g} M" for value in ends["value"]]
    return ends.assign(end=told)[["setting", "x", "end"]]


def _scale(part: int) -> alt.Scale:
    return alt.Scale(
        domain=[flag[0] for flag in FLAGS.values()], range=[flag[part] for flag in FLAGS.values()]
    )


def _in_lanes(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a lane (0 on the line, then above and below it) that keeps close marks apart."""
    distance = (rows["x"].max() - rows["x"].min()) * MARK_WIDTH / WIDTH
    ordered = rows.sort_values(["setting", "x", "label"])
    ends: dict[str, list[float]] = {}
    lanes = []
    for setting, value in zip(ordered["setting"], ordered["x"], strict=True):
        taken = ends.setdefault(setting, [])
        lane = next((number for number, end in enumerate(taken) if value - end >= distance), len(taken))
        taken[lane : lane + 1] = [value]
        lanes.append((lane + 1) // 2 * (1 if lane % 2 else -1))
    return _told(ordered.assign(lane=lanes))


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with what hovering says, the page of their line, and the look of their flag."""
    about = [
        f"{row.label}: {row.measure} {row.printed} for {row.setting}, canonical {row.canonical:.4g} "
        f"({row.canonical_from}). {row.location}. {row.file}:{row.line}"
        for row in rows.itertuples()
    ]
    stroke = rows["flag"].map({flag: look[2] for flag, look in FLAGS.items()})
    return rows.assign(
        about=about,
        url=[source_page(row.file, row.line) for row in rows.itertuples()],
        meaning=rows["flag"].map({flag: look[0] for flag, look in FLAGS.items()}),
        fill=stroke.where(rows["canonical_from"] == "reference tables", "#ffffff"),
    )[["setting", "x", "lane", "meaning", "fill", "about", "url"]]
