"""How baselines are called and drawn: colour by score, filled for global, hollow for layerwise, each with a shape."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt

from metaanalysis.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SHAPES, SKY

VERMILION = "#d55e00"
LOOKS = {
    "global-magnitude": (BLUE, BLUE, "circle"),
    "layerwise-magnitude": (BLUE, "white", "square"),
    "global-gradient": (VERMILION, VERMILION, "triangle-up"),
    "layerwise-gradient": (VERMILION, "white", "diamond"),
    "random-layerwise": (INK, "white", "cross"),
    "random-global": (INK, INK, "triangle-down"),
}
"""Stroke, fill and shape of the five baselines of the survey and of random pruning over the whole network."""
OTHERS = (GREEN, PURPLE, ORANGE, SKY)


def title(baseline: str) -> str:
    """What the legend calls it: `global magnitude`."""
    return baseline.replace("-", " ").replace("_", " ")


def looks(baselines: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Stroke, fill and shape by title, in a fixed order: the known ones first, then others by name."""
    found = set(baselines)
    others = sorted(found - LOOKS.keys())
    known = {title(name): look for name, look in LOOKS.items() if name in found}
    more = {
        title(name): (
            *(
                OTHERS[place % len(OTHERS)],
                "white" if place // len(OTHERS) % 2 else OTHERS[place % len(OTHERS)],
            ),
            SHAPES[(place + 6) % len(SHAPES)],
        )
        for place, name in enumerate(others)
    }
    return known | more


def channels(
    baselines: Iterable[str], more: dict[str, tuple[str, str, str]] | None = None
) -> dict[str, alt.SchemaBase]:
    """Stroke, fill and shape by the field `name`, which holds titles, or names of `more`, under one legend below."""
    found = (more or {}) | looks(baselines)
    strokes, fills, shapes = zip(*found.values(), strict=True) if found else ((), (), ())
    legend = alt.Legend(title=None, orient="bottom", columns=6, symbolSize=70, labelLimit=300)
    names = list(found)
    return {
        "stroke": alt.Stroke("name:N", scale=alt.Scale(domain=names, range=list(strokes)), legend=legend),
        "fill": alt.Fill("name:N", scale=alt.Scale(domain=names, range=list(fills)), legend=legend),
        "shape": alt.Shape("name:N", scale=alt.Scale(domain=names, range=list(shapes)), legend=legend),
    }


def nothing(sentence: str) -> alt.Chart:
    """A picture that says in a frame of its own why there is no other."""
    frame = alt.Chart(alt.Data(values=[{"said": sentence}]))
    text = frame.mark_text(fontSize=14, color=GREY).encode(text="said:N")
    return text.properties(width=420, height=120)
