"""Figures: every figure and statistic of the meta-analysis, its options as widgets."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.web import address, frame
from app.web.loaded import entry_data, entry_spec, is_published
from app.web.widgets import listing, picture
from app.web.words import plain
from metaanalysis.registry import Entry, Option, figures, statistics

TITLE = "Figures"
SECTION = "Look closer"
ICON = ":material/bar_chart:"
POSITION = 1
MOST_ROWS = 200
CODE, QUOTE = "`", "'"
FEWEST, MOST = 0, 10_000


def page() -> None:
    """The choice, then the figure or table."""
    st.title("Figures and tables")
    known = dict(figures())
    for name, entry in statistics().items():
        known.setdefault(name, entry)  # a figure of the same name has the same numbers
    name = address.one_of("Figure or table", list(known), "show", "fragmentation")
    entry = known[name]
    st.header(plain(entry.title), anchor=False)
    view = "As published in 2020" if is_published() else "Corrected"
    st.caption(
        f"{view} (the switch in the sidebar changes that). {plain(entry.caption.replace(CODE, QUOTE))}"
    )
    options = {option.name: widget(entry, option) for option in entry.options}
    data = entry_data(entry, **options)
    if entry.kind == "figure":
        drawn(entry, entry.public(data), entry_spec(entry, view, **options), view)
    else:
        picture.downloads(entry.name, entry.public(data))
        listing.frame(entry.public(data), entry.title, most=MOST_ROWS)


def widget(entry: Entry, option: Option) -> bool | int | str:
    """A widget for an option, by its kind: a closed choice, yes or no, a whole number, text."""
    key = f"{entry.name}.{option.name}"
    label = option.name.replace("_", " ").capitalize()
    if option.choices:
        return address.one_of(label, list(option.choices), key, str(option.default))
    if isinstance(option.default, bool):
        return address.flag(label, key, option.default)
    if isinstance(option.default, int):
        return address.whole(label, FEWEST, MOST, key, option.default)
    return address.words(label, key, str(option.default))


def drawn(entry: Entry, public: pd.DataFrame, chart: dict, view: str) -> None:
    """The figure, its files and its numbers."""
    with st.container(horizontal=True, wrap=False):  # a wide figure scrolls in its own place
        picture.show(
            picture.linked(chart),
            f"{entry.title}, {view.lower()}. {len(public)} rows of numbers stand below.",
            stretch=False,
        )
    picture.downloads(entry.name, public, chart)
    with st.expander(f"The numbers ({len(public):,} rows)"):
        listing.frame(public, f"Numbers of the figure: {entry.title}", most=MOST_ROWS)


frame.within(page)
