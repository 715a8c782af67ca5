"""Tradeoffs that someone has looked at before: rows and chart kept for all sessions, as many ask for the same view."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.web.loaded import fingerprint, is_published
from app.web.widgets import picture
from app.web.widgets.tradeoff import Choice, tradeoff_points
from app.web.widgets.tradeoff_chart import tradeoff_chart
from corpus.catalogue.corpus import Corpus

HEIGHT = 440


def points_of(corpus: Corpus, choice: Choice) -> pd.DataFrame:
    """The rows of a tradeoff; not to be changed in place."""
    return _points(corpus, repr(choice), choice, is_published(), fingerprint())


def spec_of(corpus: Corpus, choice: Choice, with_frontier: bool) -> dict:
    """The chart of a tradeoff as a specification; not to be changed in place."""
    return _spec(
        points_of(corpus, choice), repr(choice), choice, with_frontier, is_published(), fingerprint()
    )


@st.cache_resource(show_spinner=False, max_entries=256)
def _points(_corpus: Corpus, asked: str, _choice: Choice, as_published: bool, stamp: str) -> pd.DataFrame:  # noqa: ARG001
    return tradeoff_points(_corpus, _choice)


@st.cache_resource(show_spinner=False, max_entries=256)
def _spec(
    _points: pd.DataFrame,
    asked: str,  # noqa: ARG001 (the choice in words; with the three at the end the key)
    _choice: Choice,
    with_frontier: bool,
    as_published: bool,  # noqa: ARG001
    stamp: str,  # noqa: ARG001
) -> dict:
    return picture.wide(tradeoff_chart(_points, _choice, with_frontier), HEIGHT)
