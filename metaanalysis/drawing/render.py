"""Draws figures into files: whole or not at all, the same bytes from run to run."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from metaanalysis.drawing.picture_cache import PictureCache, drawn_from
from metaanalysis.drawing.renderer import Renderer, rasterized

if TYPE_CHECKING:
    import pandas as pd

    from metaanalysis.registry import Entry

FIGURE_FORMATS = ("svg", "png", "csv", "json", "html", "vega")
PICTURES = ("svg", "png")
SUFFIXES = {"vega": "vl.json"}


def write(path: Path, content: str | bytes) -> Path:
    """Writes `content` beside `path` and renames it, so that no reader ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def file_name(name: str, kind: str) -> str:
    """The file of a figure in a format: `fragmentation.svg`, `fragmentation.vl.json`."""
    return f"{name}.{SUFFIXES.get(kind, kind)}"


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure to be drawn from its numbers."""

    entry: Entry
    data: pd.DataFrame
    subtitle: str

    @cached_property
    def spec(self) -> dict:
        """Its Vega-Lite specification; the tests validate it, here that would double the time."""
        import altair as alt

        with alt.utils.schemapi.debug_mode(False):
            return self.entry.chart(self.data, self.subtitle).to_dict(validate=False)

    @cached_property
    def key(self) -> str | None:
        """What its pictures are remembered by."""
        return drawn_from(self.entry.name, self.data, self.subtitle)


class Gallery:
    """Drawings on their way to pictures: remembered ones at once, the others from a renderer beside this process."""

    def __init__(self, formats: tuple[str, ...] = ()):
        self.formats = formats
        self._cache, self._renderer = PictureCache(), Renderer()
        self._drawings: dict[str, Drawing] = {}
        self._known: dict[str, dict[str, bytes]] = {}

    def prepare(self) -> None:
        """Starts the renderer ahead of the first drawing where it will surely be needed."""
        if self._cache.is_empty():
            self._renderer.start()

    def add(self, drawing: Drawing) -> None:
        """Takes a drawing; what has to be rendered begins now."""
        name = drawing.entry.name
        svg = self._cache.get(drawing.key, "svg")
        self._drawings[name] = drawing
        if svg is None:
            self._renderer.send(name, drawing.spec)
        else:
            self._known[name] = {"svg": svg}

    def finish(self) -> dict[str, str]:
        """The SVG of every drawing, by its figure's name; what was rendered is remembered."""
        for name in self._known:
            self._rasterize(name)
        for name, svg in self._renderer.take():  # the renderer goes on with the next one
            self._known[name] = {"svg": svg}
            self._cache.keep(self._drawings[name].key, "svg", svg)
            self._rasterize(name)
        self._renderer.stop()
        return {name: self._known[name]["svg"].decode() for name in self._drawings}

    def _rasterize(self, name: str) -> None:
        if "png" not in self.formats:
            return
        key, pictures = self._drawings[name].key, self._known[name]
        png = self._cache.get(key, "png")
        if png is None:
            png = rasterized(pictures["svg"])
            self._cache.keep(key, "png", png)
        pictures["png"] = png

    def write(self, folder: Path) -> None:
        """Writes every drawing in the formats asked for that are pictures or specifications."""
        for name, drawing in self._drawings.items():
            for kind in self.formats:
                if kind in PICTURES or kind in _OF_SPECIFICATIONS:
                    content = self._known[name].get(kind) or _OF_SPECIFICATIONS[kind](drawing.spec)
                    write(folder / file_name(name, kind), content)


def _page_of(spec: Mapping) -> str:
    import vl_convert

    return vl_convert.vegalite_to_html(spec, bundle=True)


_OF_SPECIFICATIONS = {"html": _page_of, "vega": json.dumps}
