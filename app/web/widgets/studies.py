"""Figures and statistics by name, and what to say where this installation lacks one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.web.loaded import entry_data
from app.web.widgets import listing
from app.web.words import plain
from metaanalysis.drawing.tables_as_text import cell
from metaanalysis.registry import Entry, figures, statistics


def entry(name: str) -> Entry | None:
    """The figure or statistic called `name`, or None."""
    return statistics().get(name) or figures().get(name)


def numbers(name: str) -> pd.DataFrame | None:
    """The numbers of a figure or statistic with its defaults; None, and a sentence on the page, if it is not there."""
    found = entry(name)
    if found is None:
        st.info(f"This installation has no statistic called {name}.")
        return None
    return found.public(entry_data(found))


def checklist_of(paper: str) -> None:
    """The reporting checklist of one paper."""
    st.subheader("Reporting checklist")
    data = numbers("reporting_checklist")
    if data is None:
        return
    mine = data[data["paper"] == paper]
    if mine.empty:
        st.caption("The checklist does not judge this paper.")
    elif len(mine) == 1:
        values = mine.iloc[0].drop(["paper", "label", "year"], errors="ignore")
        listing.facts(
            {plain(name.replace("_", " ")): plain(_said(value)) for name, value in values.items()}
        )
    else:
        listing.frame(mine.drop(columns="paper"), "Reporting checklist")


def _said(value: object) -> str:
    return {"True": "yes", "False": "no", "": "cannot be told"}.get(cell(value), cell(value))
