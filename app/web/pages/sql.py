"""SQL: a read-only console on the public tables."""

from __future__ import annotations

import streamlit as st

from app.web import address, frame
from app.web.widgets import console, listing, picture
from app.web.words import counted, plain
from corpus.database.tables import COLUMNS

TITLE = "SQL"
SECTION = "Look closer"
ICON = ":material/database:"
POSITION = 3
MOST_SHOWN = 200


def page() -> None:
    """Tables, examples, the query, its rows."""
    st.title(TITLE)
    st.caption(
        f"One SELECT on the public tables (DuckDB). Read-only, at most {console.SECONDS:g} seconds and "
        f"{console.MOST_ROWS:,} rows; files, other databases, settings and writes are out of reach."
    )
    with st.expander("Tables and columns"):
        listing.facts(
            {
                f"`{name}`": ", ".join(f"`{column}`" for column in columns)
                for name, columns in COLUMNS.items()
            }
        )
    st.selectbox(
        "Start from an example", list(console.EXAMPLES), index=None, key="example", on_change=_take_example
    )
    with st.form("query", border=False):
        first = next(iter(console.EXAMPLES.values()))
        sql = address.long_words("Query", "sql", first, height=180, max_chars=console.LONGEST_QUERY)
        st.form_submit_button("Run", type="primary", icon=":material/play_arrow:")
    if sql:
        with st.spinner("Running …"):
            tell(console.ask(sql))


def _take_example() -> None:
    if st.session_state["example"]:
        st.session_state["sql"] = console.EXAMPLES[st.session_state["example"]]


def tell(answer: console.QueryAnswer) -> None:
    """The rows, or why there are none."""
    if answer.rows is None:
        said = "Refused" if answer.refused else "Not run to the end"
        st.error(plain(f"{said}: {answer.problem}"), icon=":material/block:")
        return
    cut = f"; only the first {console.MOST_ROWS:,} are taken" if answer.more else ""
    st.markdown(f"**{counted(len(answer.rows), 'row')}**{cut}")
    picture.downloads("query", answer.rows)
    listing.frame(answer.rows, "Rows of the query", most=MOST_SHOWN)


frame.within(page)
