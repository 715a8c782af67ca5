"""The frame around every page: navigation, the switch to the published world, remarks on the address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from app.web import address, loaded
from app.web.words import plain

PAGES = {
    "": [("overview", "Overview", ":material/home:")],
    "Explore": [
        ("tradeoffs", "Tradeoffs", ":material/scatter_plot:"),
        ("papers", "Papers", ":material/article:"),
        ("graph", "Comparison graph", ":material/hub:"),
        ("compare", "Compare", ":material/compare_arrows:"),
        ("reruns", "Reported and re-run", ":material/replay:"),
    ],
    "Look closer": [
        ("figures", "Figures", ":material/bar_chart:"),
        ("quality", "Data quality", ":material/fact_check:"),
        ("sql", "SQL", ":material/database:"),
    ],
    "Take part": [("contribute", "Contribute", ":material/upload_file:")],
}
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<path d="M8 15V6M8 9L3 4M8 7l4-4" stroke="#0072b2" stroke-width="2.2" stroke-linecap="round" fill="none"/>
<circle cx="12.5" cy="9.5" r="2" fill="none" stroke="#e69f00" stroke-width="1.4" stroke-dasharray="1.6 1.2"/></svg>"""


def draw() -> None:
    """Draws the frame, then the page that the address names."""
    st.set_page_config(page_title="prunebase", page_icon=ICON, layout="wide")
    page = st.navigation(_pages())
    address.enter(page.url_path)
    notices = st.container()
    with st.sidebar:
        address.flag(
            "As published in 2020",
            loaded.PUBLISHED_KEY,
            help="The survey's sheet as it is: nothing corrected, nothing added, slips included.",
        )
    errors = loaded.report(as_published=loaded.is_published()).errors
    if errors:
        _say(errors)
    else:
        page.run()
    with notices:
        address.leave()


def _pages() -> dict[str, list]:
    here = Path(__file__).resolve().parent / "pages"
    pages = {
        section: [
            st.Page(here / f"{name}.py", title=title, icon=icon, url_path=name, default=name == "overview")
            for name, title, icon in listed
        ]
        for section, listed in PAGES.items()
    }
    pages["Take part"].append(
        st.Page(
            here / "source.py",
            title="Source",
            icon=":material/code:",
            url_path="source",
            visibility="hidden",
        )
    )
    return pages


def _say(errors: list) -> None:
    st.title("The corpus has errors")
    st.error("Nothing is shown until they are mended; this page looks again at every reload.")
    for problem in errors[:50]:
        st.markdown(f"- {plain(problem)}")


def within(page: Callable[[], None]) -> None:
    """Draws a page; one that the server runs alone, before any session has seen the frame, draws the frame too."""
    if address.is_entered():
        page()
    else:
        draw()
