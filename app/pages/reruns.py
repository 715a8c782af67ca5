"""Reported and re-run: what papers claim beside what we measured."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.views import address, frame, listing, picture, studies, tradeoff, tradeoff_chart
from app.views.loaded import is_published, report
from app.views.words import counted, link, plain
from corpus.catalogue import Corpus, OperatingPoint

RERUN = "rerun"
SOURCES = ("reported", "re-run")
FIGURES = ("reported_and_rerun", "rerun_verdicts", "rerun_tradeoffs", "initial_models")


def page() -> None:
    """Our runs and the papers' points of one setting; how to make runs if there are none."""
    st.title("Reported and re-run")
    found = report(as_published=is_published(), reruns=True)
    if found.errors:
        st.error("The documents of our own runs have errors; `prunebase check` lists them.")
        return
    loaded = found.corpus
    runs = [point for point in loaded.points if point.attribution == RERUN]
    if not runs:
        nothing_yet()
        return
    beside(loaded, runs)
    also = [name for name in FIGURES if studies.entry(name)]
    if also:
        st.markdown("More: " + ", ".join(link(name, "figures", show=name) for name in also))


def nothing_yet() -> None:
    """What is missing, and the way to make it."""
    st.info("There are no re-runs yet: `rerun/results` holds no documents.")
    st.markdown(
        "Measured runs are corpus documents like the papers' own, with `attribution: rerun`, and appear here as soon "
        "as a study has written one. To make some:\n\n"
        "1. Install the extra: `pip install 'prunebase[rerun]'`\n"
        "2. See what can be run: `prunebase rerun list`\n"
        "3. Run a small study: `make rerun` (data made in code, about a minute on two cores), or "
        "`prunebase rerun STUDY`\n"
        "4. Open this page again; no restart is needed."
    )


def beside(loaded: Corpus, runs: list[OperatingPoint]) -> None:
    """The points of one setting, reported and measured."""
    settings = sorted({(point.dataset, point.architecture) for point in runs})
    names = {f"{architecture} on {dataset}": (dataset, architecture) for dataset, architecture in settings}
    setting = address.one_of("Setting", list(names), "setting")
    left, right = st.columns(2)
    with left:
        x_metric = address.segment("Across", tradeoff.X_METRICS, "x")
    with right:
        y_metric = address.segment("Up", tradeoff.Y_METRICS, "y")
    choice = tradeoff.Choice(*names[setting], False, x_metric, y_metric, tradeoff.EVERYTHING)
    points = tradeoff.tradeoff_points(loaded, choice)
    ours = {point.point_id for point in runs}
    points["source"] = points["point_id"].map(lambda point: "re-run" if point in ours else "reported")
    st.caption(told(points))
    if points.empty:
        st.info("No run and no paper has both measures here; choose another pair.")
        return
    chart = picture.wide(tradeoff_chart.two_sources(points, choice, SOURCES), 420)
    picture.show(chart, f"{setting}: {told(points)} {y_metric} against {x_metric}.")
    picture.downloads("reported_and_rerun", points, chart)
    columns = ("Method", "Architecture", x_metric, y_metric, "Printed", "Where", "Line")
    listing.table(
        listing.point_rows(points), [plain(name.replace("_", " ")) for name in columns], "Reported and re-run"
    )


def told(points: pd.DataFrame) -> str:
    """How many points are reported, how many measured."""
    counts = points["source"].value_counts()
    reported, measured = (int(counts.get(source, 0)) for source in SOURCES)
    return f"{counted(reported, 'reported point')}, {counted(measured, 're-run point')}."


frame.within(page)
