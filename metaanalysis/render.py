"""Turns the specification of a chart into files: whole or not at all, the same bytes from run to run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from metaanalysis.picture_cache import PictureCache

FIGURE_FORMATS = ("svg", "png", "csv", "json", "html", "vega")
PNG_SCALE = 2
CONVERTERS_SERVER = "https://vega.github.io/vega-datasets/"
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


def render(spec: dict, folder: Path, name: str, formats: tuple[str, ...]) -> str:
    """Writes a Vega-Lite `spec` as svg, png, html and vega where asked for; returns the SVG."""
    import vl_convert

    cache = PictureCache()
    svg = cache.get(spec, "svg", lambda: _with_own_links(vl_convert.vegalite_to_svg(spec)).encode()).decode()
    makers: dict[str, Callable[[], str | bytes]] = {
        "svg": lambda: svg,
        "png": lambda: cache.get(spec, f"{PNG_SCALE}x.png", lambda: vl_convert.svg_to_png(svg, scale=PNG_SCALE)),
        "html": lambda: vl_convert.vegalite_to_html(spec, bundle=True),
        "vega": lambda: json.dumps(spec),
    }
    for kind in formats:
        if kind in makers:
            write(folder / file_name(name, kind), makers[kind]())
    return svg


def _with_own_links(svg: str) -> str:
    """Relative links as they were: the converter resolves them against a server of its own."""
    return svg.replace(f'href="{CONVERTERS_SERVER}', 'href="')
