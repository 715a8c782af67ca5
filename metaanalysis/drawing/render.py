"""Draws figures into files: whole or not at all, the same bytes from run to run."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from metaanalysis.drawing.picture_cache import PictureCache, drawn_from
from metaanalysis.registry import Entry

FIGURE_FORMATS = ("svg", "png", "csv", "json", "html", "vega")
PICTURES = ("svg", "png")
SUFFIXES = {"vega": "vl.json"}
PNG_SCALE = 2
CONVERTERS_SERVER = "https://vega.github.io/vega-datasets/"
"""What the converter puts before every relative link."""


def write(path: Path, content: str | bytes) -> Path:
    """Writes `content` beside `path` and renames it, so that no reader ever sees half a file; returns `path`."""
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
    """A figure to be drawn from `data`, its numbers, with `subtitle` under its title."""

    entry: Entry
    data: pd.DataFrame
    subtitle: str

    @cached_property
    def spec(self) -> dict:
        """Its Vega-Lite specification; the tests validate it, here that would double the time."""
        with alt.utils.schemapi.debug_mode(False):
            return self.entry.chart(self.data, self.subtitle).to_dict(validate=False)

    @cached_property
    def key(self) -> str:
        """What its pictures are remembered by."""
        return drawn_from(self.entry.name, self.data, self.subtitle)


class Gallery:
    """Drawings on their way to files.

    >>> gallery = Gallery(("svg", "png"))
    >>> gallery.add(Drawing(figures()["fragmentation"], data, "corrected"))
    >>> gallery.finish()["fragmentation"][:4]
    '<svg'
    >>> gallery.write(Path("out"))
    """

    def __init__(self, formats: tuple[str, ...] = ()):
        self.formats = formats
        self._cache = PictureCache()
        self._drawings: dict[str, Drawing] = {}
        self._pictures: dict[tuple[str, str], bytes] = {}

    def add(self, drawing: Drawing) -> None:
        """Takes a drawing, which `finish` renders."""
        self._drawings[drawing.entry.name] = drawing

    def finish(self) -> dict[str, str]:
        """The SVG of every drawing, by its figure's name; what was rendered is remembered."""
        svgs = {}
        for name, drawing in self._drawings.items():
            svg = self._cache.picture(drawing.key, "svg", lambda: rendered(drawing.spec))  # noqa: B023 (called at once)
            self._pictures[name, "svg"] = svg
            if "png" in self.formats:
                png = self._cache.picture(drawing.key, "png", lambda: rasterized(svg))  # noqa: B023
                self._pictures[name, "png"] = png
            svgs[name] = svg.decode()
        return svgs

    def write(self, folder: Path) -> None:
        """Writes every finished drawing in those of the formats that are pictures or specifications."""
        for name, drawing in self._drawings.items():
            for kind in self.formats:
                if kind in PICTURES:
                    write(folder / file_name(name, kind), self._pictures[name, kind])
                elif kind == "html":
                    write(
                        folder / file_name(name, kind),
                        vl_convert.vegalite_to_html(drawing.spec, bundle=True),
                    )
                elif kind == "vega":
                    write(folder / file_name(name, kind), json.dumps(drawing.spec))


def rendered(spec: dict[str, Any]) -> bytes:
    """The SVG of a Vega-Lite `spec`; ValueError says what is wrong with it."""
    svg = vl_convert.vegalite_to_svg(spec)
    # the converter resolves relative links against a server of its own; they are pages beside the picture
    return svg.replace(f'href="{CONVERTERS_SERVER}', 'href="').encode()


def rasterized(svg: bytes) -> bytes:
    """The PNG of an SVG, at PNG_SCALE times its size."""
    return vl_convert.svg_to_png(svg.decode(), scale=PNG_SCALE)
