"""Source: a file of the corpus with the line that a number comes from."""

from __future__ import annotations

import streamlit as st

from app.web import address, frame
from app.web.loaded import corpus, source_text
from app.web.widgets import listing, picture
from app.web.words import link, plain
from corpus.schema.suggest import did_you_mean

TITLE = "Source"
SECTION = "Take part"
ICON = ":material/code:"
HIDDEN = True
AROUND = 6


def page() -> None:
    """The line asked for, then the whole file."""
    loaded = corpus()
    st.title(TITLE)
    files = sorted(
        {paper.file for paper in loaded.papers.values()} | {point.file for point in loaded.points}
    )
    file = st.query_params.get("file", "")
    address.unbound("file")
    address.unbound("line")
    text = source_text(file) if file else None
    if text is None:
        if file:
            st.error(plain(f"The corpus has no file '{file[:120]}'{did_you_mean(file, files)}"))
        listing.table(
            [[link(name, "source", file=name)] for name in files], ["File"], "Files of the corpus", most=200
        )
        return
    lines = text.splitlines()
    number = chosen_line(len(lines))
    st.markdown(f"**{plain(file)}**, line {number} of {len(lines)} · {link('all files', 'source')}")
    excerpt(lines, number)
    paper = file.rpartition("/")[2].split(".")[0]
    if paper in loaded.papers:
        st.markdown(link(f"The paper: {loaded.papers[paper].label}", "papers", paper=paper))
    with st.expander("The whole file", expanded=len(lines) <= 80):
        st.code(
            text,
            language="yaml",
            line_numbers=True,
            wrap_lines=True,
            height=None if len(lines) <= 80 else 600,
        )
    picture.text_downloads({file.rpartition("/")[2]: text})


def chosen_line(last: int) -> int:
    """The line that the address asks for, 1 if it asks for none that there is."""
    asked = st.query_params.get("line", "1")
    if asked.isdecimal() and 1 <= int(asked[:9]) <= last:
        return int(asked)
    st.warning(plain(f"The address asks for line '{asked[:40]}'; this file has lines 1 to {last}."))
    return 1


def excerpt(lines: list[str], number: int) -> None:
    """The line with its neighbours; an arrow stands before it."""
    first, last = max(1, number - AROUND), min(len(lines), number + AROUND)
    width = len(str(last))
    marked = [
        f"{'→' if at == number else ' '} {at:>{width}}  {lines[at - 1]}" for at in range(first, last + 1)
    ]
    st.code("\n".join(marked), language=None)


frame.within(page)
