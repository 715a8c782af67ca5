"""Reported and re-run: what papers claim beside what we measured."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from app.web import address, frame
from app.web.loaded import corpus, entry_data, entry_spec, is_published, report
from app.web.widgets import listing, picture, tradeoff, tradeoff_chart
from app.web.words import counted, plain, to_line
from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from metaanalysis.own_runs.differences import CANNOT_BE_TOLD, DOES_NOT_HOLD, HOLDS
from metaanalysis.registry import figures, statistics

TITLE = "Reported and re-run"
SECTION = "Explore"
ICON = ":material/replay:"
POSITION = 5
RERUN = "rerun"
SOURCES = ("reported", "re-run")
FIGURES = {
    "rerun_tradeoffs": "What we measured",
    "initial_models": "From two initial models",
    "reported_and_rerun": "Every setting that has both",
}
VERDICTS = (HOLDS, DOES_NOT_HOLD, CANNOT_BE_TOLD)
AT_A_GLANCE = (
    "architecture",
    "dataset",
    "ratio",
    "papers",
    "comparable",
    "reported_low",
    "reported_high",
    "baseline",
    "measured",
    "measured_low",
    "measured_high",
    "verdict",
)
MOST_ROWS = 400


def page() -> None:
    """Our runs and the papers' points of one setting; how to make runs if there are none."""
    st.title(TITLE)
    found = report(as_published=is_published(), reruns=True)
    if found.errors:
        st.error("The documents of our own runs have errors; `prunebase check` lists them.")
        return
    loaded = found.corpus
    every = [point for point in loaded.points if point.attribution == RERUN]
    runs = [point for point in every if point.stands_beside_papers]
    if not runs:
        nothing_yet()
        return
    beside(loaded, runs, {point.point_id for point in every} - {point.point_id for point in runs})
    judged()
    for name, heading in FIGURES.items():
        drawn(name, heading)
    verdicts()
    sources([paper for paper in loaded.papers.values() if paper.written.attribution == RERUN])


def nothing_yet() -> None:
    """What is missing, and the way to make it."""
    if is_published():
        st.info(
            "As published in 2020 there are no re-runs yet: turn the switch in the sidebar off to see ours."
        )
        return
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


def beside(loaded: Corpus, runs: list[OperatingPoint], apart: set[str]) -> None:
    """The points of one setting, reported and measured, but for runs whose documents set them apart."""
    settings = sorted({(point.dataset, point.architecture) for point in runs})
    names = {f"{architecture} on {dataset}": (dataset, architecture) for dataset, architecture in settings}
    reported = Counter(
        (point.dataset, point.architecture) for point in loaded.points if point.attribution != RERUN
    )
    most = max(names, key=lambda name: reported[names[name]])
    setting = address.one_of("Setting", list(names), "setting", most)
    left, right = st.columns(2)
    with left:
        x_metric = address.segment("Across", tradeoff.X_METRICS, "x")
    with right:
        y_metric = address.segment("Up", tradeoff.Y_METRICS, "y")
    choice = tradeoff.Choice(*names[setting], False, x_metric, y_metric, tradeoff.EVERYTHING)
    points = tradeoff.tradeoff_points(loaded, choice)
    points = points[~points["point_id"].isin(apart)].copy()
    ours = {point.point_id for point in runs}
    points["source"] = points["point_id"].map(lambda point: "re-run" if point in ours else "reported")
    st.caption(counts_in_words(points))
    if points.empty:
        st.info("No run and no paper has both measures here; choose another pair.")
        return
    chart = picture.wide(tradeoff_chart.two_sources(points, choice, SOURCES), 420)
    picture.show(chart, f"{setting}: {counts_in_words(points)} {y_metric} against {x_metric}.")
    picture.downloads("reported_and_rerun", points, chart)
    columns = ("Method", "Architecture", x_metric, y_metric, "Printed", "Where", "Line")
    with st.expander(f"The points ({len(points)})"):
        heads = [plain(name.replace("_", " ")) for name in columns]
        listing.table(listing.point_rows(points), heads, "Reported and re-run")


def counts_in_words(points: pd.DataFrame) -> str:
    """How many points are reported, how many measured."""
    counts = points["source"].value_counts()
    reported, measured = (int(counts.get(source, 0)) for source in SOURCES)
    return f"{counted(reported, 'reported point')}, {counted(measured, 're-run point')}."


def judged() -> None:
    """The survey's findings: how often each holds on our own runs, and every judgement behind that."""
    st.header("The survey's findings, on our own runs", anchor=False)
    entry = statistics()["rerun_findings"]
    data = entry.public(entry_data(entry))
    counts = data.groupby(["finding", "verdict"], sort=False).size()
    rows = [
        [plain(finding), *(plain(counts.get((finding, verdict), 0)) for verdict in VERDICTS)]
        for finding in data["finding"].unique()
    ]
    listing.table(rows, ("Finding", *(verdict.capitalize() for verdict in VERDICTS)), entry.title)
    st.caption("Numbers of comparisons, each of one pair on one study, or of two studies.")
    with st.expander(f"Every comparison, with differences and 95 % intervals ({len(data)})"):
        listing.frame(data, entry.title, most=MOST_ROWS)
    picture.downloads(entry.name, data)


def drawn(name: str, heading: str) -> None:
    """A figure of our runs with its numbers to take away; nothing where it has none."""
    entry = figures()[name]
    data = entry.public(entry_data(entry))
    if data.empty:
        return
    st.header(heading, anchor=False)
    spec = entry_spec(entry, "Corrected")
    with st.container(horizontal=True, wrap=False):  # a wide figure scrolls in its own place
        picture.show(
            picture.linked(spec), f"{entry.title}. {counted(len(data), 'row')} of numbers.", stretch=False
        )
    picture.downloads(f"{name}_figure", data, spec)


def verdicts() -> None:
    """Reported operating points against ours."""
    entry = statistics()["rerun_verdicts"]
    data = entry.public(entry_data(entry))
    st.header("Do reported and measured agree?", anchor=False)
    counts = data["verdict"].value_counts()
    st.caption("; ".join(f"{verdict}: {number}" for verdict, number in counts.items()))
    with st.expander(
        f"Every reported operating point ({len(data)})", expanded=data["measured"].notna().any()
    ):
        listing.frame(data[[*AT_A_GLANCE]], entry.title, most=MOST_ROWS)
    picture.downloads(entry.name, data)


def sources(papers: list[Paper]) -> None:
    """The studies behind all this: what each holds, and its document with recipe and receipts."""
    st.header("Studies", anchor=False)
    runs = corpus().reruns.runs
    rows = [
        [
            plain(paper.written.title),
            plain(str(sum(run.point.paper == paper.key for run in runs))),
            plain(paper.written.note or ""),
            to_line(paper.file, 1, "document"),
        ]
        for paper in papers
    ]
    listing.table(rows, ("Study", "Runs", "Note", "Recipe and receipts"), "Studies of our own")


frame.within(page)
