"""The frame around every page: navigation, the switch to the published world, remarks on the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from app.web import address, loaded
from app.web.page_files import PageFile, sections
from app.web.words import plain
from corpus.schema.reader import Problem

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<path d="M8 15V6M8 9L3 4M8 7l4-4" stroke="#0072b2" stroke-width="2.2" stroke-linecap="round" fill="none"/>
<circle cx="12.5" cy="9.5" r="2" fill="none" stroke="#e69f00" stroke-width="1.4" stroke-dasharray="1.6 1.2"/></svg>"""
FIRST_PAGE = "overview"
MOST_PROBLEMS = 50


def draw() -> None:
    """Draws the frame, then the page that the address names."""
    st.set_page_config(page_title="prunebase", page_icon=ICON, layout="wide")
    page = st.navigation(navigation())
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
        _show_errors(errors)
    else:
        st.sidebar.caption(loaded.corpus().dates)
        page.run()
    with notices:
        address.leave()


def navigation() -> dict[str, list]:
    """Streamlit's pages by section: one for each file in app/web/pages."""
    return {section: [_page(file) for file in files] for section, files in sections().items()}


def _page(file: PageFile) -> object:
    return st.Page(
        file.path,
        title=file.title,
        icon=file.icon,
        url_path=file.name,
        default=file.name == FIRST_PAGE,
        visibility="hidden" if file.hidden else "visible",
    )


def _show_errors(errors: Iterable[Problem]) -> None:
    st.title("The corpus has errors")
    st.error("Nothing is shown until they are mended; this page looks again at every reload.")
    for problem in list(errors)[:MOST_PROBLEMS]:
        st.markdown(f"- {plain(problem)}")


def within(page: Callable[[], None]) -> None:
    """Draws a page; one that the server runs alone, before any session has seen the frame, draws the frame too."""
    if address.is_entered():
        page()
    else:
        draw()
