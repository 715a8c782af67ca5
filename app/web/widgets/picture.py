"""Charts on a page: words for those who cannot see them, colours on a dark page, and files to take away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

import altair as alt
import pandas as pd
import streamlit as st

from app.web.loaded import in_corpus
from app.web.words import place
from metaanalysis.drawing.render import PNG_SCALE
from metaanalysis.drawing.tables_as_text import csv_of
from metaanalysis.style import BLUE, CONFIG, GREY, INK, RULE, YEAR_RAMP

DARK_RAMP = ("#c79bf2", "#8fb4ff", "#4fd0c8", "#7ddc83", "#ffc247", "#ff8f80", "#f29ac0", "#bdbdbd")
PAPER, NIGHT = "#ffffff", "#171614"
IN_DARK: Mapping[str, str] = {
    INK: "#e8e8e8",
    GREY: "#a9adb5",
    RULE: "#343a46",
    BLUE: "#56b4e9",
    "#cccccc": "#5a606b",
    "white": NIGHT,
    PAPER: NIGHT,
    **dict(zip(YEAR_RAMP, DARK_RAMP, strict=True)),
}
"""What each colour of metaanalysis/style.py becomes on a dark page: the same order, light enough to be seen."""
DOWNLOAD_WIDTH = 720
SOURCE_PAGE = re.compile(r"sources/([\w.+-]+)\.html#L(\d+)")
"""How figures link to a line of the corpus, for the report (see source_page in metaanalysis/style.py)."""


alt.utils.schemapi.DEBUG_MODE = False
"""Charts are checked against Vega-Lite's schema by the tests; here that would double the time they take."""


def is_dark() -> bool:
    """Whether the page is dark."""
    return st.context.theme.type == "dark"


def wide(chart: alt.Chart, height: int) -> dict:
    """The specification of the chart as wide as the page, in the project's colours and type."""
    return {**chart.to_dict(validate=False), "width": "container", "height": height, "config": CONFIG}


def show(
    chart: dict,
    alt_text: str,
    key: str | None = None,
    on_select: Callable[[], None] | str = "ignore",
    stretch: bool = True,
) -> Mapping:
    """Draws a chart from its specification, light or dark as the page; what is selected in it comes back."""
    spec = _in_page_colours(chart)
    width = "stretch" if stretch else "content"
    return st.vega_lite_chart(spec, theme=None, width=width, key=key, on_select=on_select, alt=alt_text)


def _in_page_colours(spec: dict) -> dict:
    """The specification in the page's colours, on the page's own ground."""
    spec = in_dark(spec) if is_dark() else spec
    return {**spec, "config": {**spec.get("config", {}), "background": "transparent"}}


def in_dark(part: object) -> object:
    """A chart's specification with its colours as they are on a dark page."""
    if isinstance(part, dict):
        return {name: in_dark(value) for name, value in part.items()}
    if isinstance(part, list):
        return [in_dark(value) for value in part]
    return IN_DARK.get(part, part) if isinstance(part, str) else part


def downloads(name: str, data: pd.DataFrame, chart: dict | None = None) -> None:
    """Buttons for the rows as CSV and the chart as SVG, PNG and Vega-Lite, each made when asked for."""
    with st.container(horizontal=True):
        _button("CSV", lambda: csv_of(data).encode(), f"{name}.csv", "text/csv")
        if chart is not None:
            spec = fixed(chart)
            _button("SVG", lambda: _svg(spec).encode(), f"{name}.svg", "image/svg+xml")
            _button("PNG", lambda: _png(spec), f"{name}.png", "image/png")
            _button("Vega-Lite", lambda: json.dumps(spec).encode(), f"{name}.vl.json", "application/json")


def linked(part: object) -> object:
    """A specification whose links to the report's source pages lead to this app's."""
    if isinstance(part, dict):
        return {name: linked(value) for name, value in part.items()}
    if isinstance(part, list):
        return [linked(value) for value in part]
    match = SOURCE_PAGE.fullmatch(part) if isinstance(part, str) else None
    return place("source", file=in_corpus(match[1]), line=match[2]) if match else part


def fixed(spec: dict) -> dict:
    """The specification with a width of its own, for a file that no page surrounds."""
    return {**spec, "width": DOWNLOAD_WIDTH} if spec.get("width") == "container" else spec


def _button(label: str, data: Callable[[], bytes], file: str, kind: str) -> None:
    key = f"download-{file}"
    st.download_button(label, data, file, kind, key=key, on_click="ignore", icon=":material/download:")


def _svg(spec: dict) -> str:
    import vl_convert

    return vl_convert.vegalite_to_svg(spec)


def _png(spec: dict) -> bytes:
    import vl_convert

    return vl_convert.svg_to_png(_svg(spec), scale=PNG_SCALE)


def text_downloads(files: Mapping[str, str]) -> None:
    """Buttons for texts, by file name."""
    with st.container(horizontal=True):
        for name, content in files.items():
            _button(name, lambda content=content: content.encode(), name, "text/plain")
