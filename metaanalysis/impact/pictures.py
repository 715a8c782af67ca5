"""Draws the figures that a change moves, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.render import Drawing, Gallery, write

Pictures = dict[str, tuple[str, str]]
"""SVGs before and after by name of the figure."""


def pictures(names: Sequence[str], before: Corpus, after: Corpus) -> Pictures:
    """Each figure of `names` with default options."""
    old, new = _drawn(names, before, "before"), _drawn(names, after, "after")
    return {name: (old[name], new[name]) for name in names}


def _drawn(names: Sequence[str], corpus: Corpus, when: str) -> dict[str, str]:
    from metaanalysis.drawing.report import view_of
    from metaanalysis.registry import figures
    from metaanalysis.survey.readings import figure_data

    gallery = Gallery()
    for name in names:
        gallery.add(
            Drawing(figures()[name], figure_data(name, corpus).copy(), f"{view_of(corpus)}; {when}")
        )
    return gallery.finish()


def write_pictures(drawn: Pictures, folder: Path) -> list[Path]:
    """Writes `folder`/<figure>.before.svg and .after.svg; returns the paths."""
    return [
        write(folder / f"{name}.{when}.svg", svg)
        for name, pair in drawn.items()
        for when, svg in zip(("before", "after"), pair, strict=True)
    ]
