"""How baselines are called and drawn: colour by score, filled for global, hollow for layerwise, each with a shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import altair as alt

from metaanalysis.style import BLUE, GREEN, INK, ORANGE, PURPLE, SHAPES, SKY

VERMILION = "#d55e00"


class Look(NamedTuple):
    """How a mark is drawn: two colours and the name or path of a shape."""

    stroke: str
    fill: str
    shape: str


LOOKS = {
    "global-magnitude": Look(BLUE, BLUE, "circle"),
    "layerwise-magnitude": Look(BLUE, "white", "square"),
    "global-gradient": Look(VERMILION, VERMILION, "triangle-up"),
    "layerwise-gradient": Look(VERMILION, "white", "diamond"),
    "random-layerwise": Look(INK, "white", "cross"),
    "random-global": Look(INK, INK, "triangle-down"),
}
"""The five baselines of the survey and random pruning over the whole network."""
OTHERS = (GREEN, PURPLE, ORANGE, SKY)
FIRST_SHAPE = 6
"""Place in SHAPES of the first shape that none of LOOKS has."""


def title(baseline: str) -> str:
    """What the legend calls it: `global magnitude`."""
    return baseline.replace("-", " ").replace("_", " ")


def looks(baselines: Iterable[str]) -> dict[str, Look]:
    """The look of each baseline by its title, in a fixed order: the known ones first, then others by name."""
    names = set(baselines)
    chosen = {title(name): look for name, look in LOOKS.items() if name in names}
    for place, name in enumerate(sorted(names - LOOKS.keys())):
        colour = OTHERS[place % len(OTHERS)]
        is_hollow = place // len(OTHERS) % 2 == 1
        shape = SHAPES[(place + FIRST_SHAPE) % len(SHAPES)]
        chosen[title(name)] = Look(colour, "white" if is_hollow else colour, shape)
    return chosen


def channels(baselines: Iterable[str], more: dict[str, Look] | None = None) -> dict[str, Any]:
    """Stroke, fill and shape by the field `name`, which holds titles, or names of `more`, under one legend below."""
    return look_channels("name:N", {**(more or {}), **looks(baselines)}, columns=6)


def look_channels(field: str, looks: dict[str, Look], columns: int | None = None) -> dict[str, Any]:
    """Stroke, fill and shape of a nominal `field` by the looks of its values, under one legend below the chart."""
    settings: dict[str, Any] = {} if columns is None else {"columns": columns, "labelLimit": 300}
    legend = alt.Legend(title=None, orient="bottom", symbolSize=70, **settings)
    names = list(looks)
    strokes = alt.Scale(domain=names, range=[look.stroke for look in looks.values()])
    fills = alt.Scale(domain=names, range=[look.fill for look in looks.values()])
    shapes = alt.Scale(domain=names, range=[look.shape for look in looks.values()])
    return {
        "stroke": alt.Stroke(field, scale=strokes, legend=legend),
        "fill": alt.Fill(field, scale=fills, legend=legend),
        "shape": alt.Shape(field, scale=shapes, legend=legend),
    }
