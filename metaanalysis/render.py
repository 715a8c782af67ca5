"""Turns charts into files in a process of its own, so that the next chart is built meanwhile.

Nothing here imports pandas or Altair: the process is started first and converts while the corpus is still loading.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

FIGURE_FORMATS = ("svg", "png", "csv", "json", "html", "vega")
PNG_SCALE = 2
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


class Renderer:
    """Renders in the background. Make it before importing anything heavy; leave it with all files written."""

    def __init__(self) -> None:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
        self._pool = ProcessPoolExecutor(max_workers=1, mp_context=context)
        for _ in range(1):
            self._pool.submit(_warm_up)

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def submit(self, chart: Any, folder: Path, name: str, formats: Iterable[str]) -> Future[str]:
        """Renders an Altair chart into `folder`/`name`.<format>; the future's result is the SVG text."""
        return self._pool.submit(render, chart.to_dict(validate=False), folder, name, tuple(formats))


def _warm_up() -> None:
    import vl_convert

    vl_convert.vegalite_to_svg({"mark": "point", "data": {"values": [{"x": 1}]}, "encoding": {"x": {"field": "x"}}})


def render(spec: dict, folder: Path, name: str, formats: tuple[str, ...]) -> str:
    """Writes a Vega-Lite `spec` as svg, png, html and vega where asked for; returns the SVG."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec)
    makers: dict[str, Callable[[], str | bytes]] = {
        "svg": lambda: svg,
        "png": lambda: vl_convert.svg_to_png(svg, scale=PNG_SCALE),
        "html": lambda: vl_convert.vegalite_to_html(spec, bundle=True),
        "vega": lambda: json.dumps(spec),
    }
    for kind in formats:
        if kind in makers:
            write(folder / file_name(name, kind), makers[kind]())
    return svg
