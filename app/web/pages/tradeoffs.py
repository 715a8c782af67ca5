"""Tradeoffs: what has been reported for one dataset and architecture, point by point."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from app.web import address, frame
from app.web.loaded import corpus
from app.web.widgets import drawn_tradeoff, listing, picture, tradeoff
from app.web.words import counted
from corpus.catalogue.corpus import Corpus

TITLE = "Tradeoffs"
SECTION = "Explore"
ICON = ":material/scatter_plot:"
POSITION = 1
COLUMNS = ("Method", "Architecture", "x", "y", "Printed", "In the paper", "Line")
NARROWING = ("scope", "only", "years", "reviewed", "structure", "frontier")
ABOUT = {
    tradeoff.SURVEY: "what Figure 3 of the survey draws: its exclusions apply",
    tradeoff.TABLES: "every row of the papers' tables that has both measures",
    tradeoff.EVERYTHING: "every row, and the runs of the large released tables",
}


def page() -> None:
    """Choices, chart, point list."""
    loaded = corpus()
    st.title(TITLE)
    choice = choose(loaded)
    if choice is None:
        return
    points = drawn_tradeoff.points_of(loaded, choice)
    st.caption(
        f"{counted(len(points), 'operating point')} of {counted(points['paper'].nunique(), 'paper')}: "
        f"{ABOUT[choice.scope]}. Reported values, never ranked; unpruned networks differ between papers."
    )
    if points.empty:
        st.info(
            "No operating point has both measures under these choices. Take one away, or change a measure."
        )
        return
    drawn, listed = chart(loaded, points, choice)
    st.subheader(f"{counted(len(listed), 'point')} listed")
    picture.downloads("tradeoff", listed, drawn)
    listing.table(
        listing.point_rows(listed), _columns(choice), "Operating points with their place in the corpus"
    )


def choose(loaded: Corpus) -> tradeoff.Choice | None:
    """What the widgets, and through them the address, ask for."""
    left, middle, right = st.columns(3)
    with right:
        merged = address.flag(
            "Merge families", "merged", help="AlexNet with CaffeNet, all VGG networks, and so on."
        )
    known = tradeoff.configurations(loaded, merged)
    with left:
        dataset = address.one_of("Dataset", list(known), "dataset", "ImageNet")
    with middle:
        architectures = list(known[dataset])
        architecture = address.one_of("Architecture", architectures, "architecture", architectures[0])
    left, right = st.columns(2)
    with left:
        x_metric = address.segment("Across", tradeoff.X_METRICS, "x")
    with right:
        y_metric = address.segment("Up", tradeoff.Y_METRICS, "y")
    return _narrow(loaded, dataset, architecture, merged, x_metric, y_metric)


def _narrow(
    loaded: Corpus, dataset: str, architecture: str, merged: bool, x_metric: str, y_metric: str
) -> tradeoff.Choice:
    """The rest of the choice: fewer papers, years, structures."""
    all_years = [paper.year for paper in loaded.papers.values()]
    wide = tradeoff.Choice(dataset, architecture, merged, x_metric, y_metric, tradeoff.EVERYTHING)
    papers = tradeoff.papers_of(loaded, wide)
    with st.expander("Fewer or more points", expanded=any(name in st.query_params for name in NARROWING)):
        scope = address.segment(
            "Results", tradeoff.SCOPES, "scope", help="; ".join(f"{k}: {v}" for k, v in ABOUT.items())
        )
        chosen = address.any_of("Papers (all)", papers, "only", placeholder="All papers")
        left, right = st.columns(2)
        with left:
            years = address.span("Years", min(all_years), max(all_years), "years")
            reviewed = address.flag("Peer-reviewed only", "reviewed")
        with right:
            structures = address.any_of(
                "Structure of pruning", _structures(loaded), "structure", placeholder="Any"
            )
            address.flag("Show the Pareto frontier", "frontier", default=True)
    picked = (tuple(chosen), tuple(structures), years, reviewed)
    choice = tradeoff.Choice(dataset, architecture, merged, x_metric, y_metric, scope, *picked)
    measured = tradeoff.protocols(loaded, choice)
    if not measured:
        return choice
    protocol = address.one_of(
        "Protocol", measured, "protocol", measured[0], help="Points of other protocols cannot be compared."
    )
    return replace(choice, protocol=protocol or "")


def _structures(loaded: Corpus) -> list[str]:
    return sorted(
        {method.structure for paper in loaded.papers.values() for method in paper.methods.values()}
    )


def chart(loaded: Corpus, points: pd.DataFrame, choice: tradeoff.Choice) -> tuple[dict, pd.DataFrame]:
    """Draws the tradeoff; returns it with the points selected in it, all of them if none is."""
    drawn = drawn_tradeoff.spec_of(loaded, choice, bool(st.session_state["frontier"]))
    st.session_state["_drawn"] = points
    picture.show(drawn, _alt(points, choice), key="tradeoff", on_select=_take_over)
    st.caption(
        "Click a point, shift-click several or drag over some to list them. Thin bars: what the printed digits "
        "allow; thick bars: reported standard deviations; dashed line: Pareto frontier of the points shown."
    )
    picked = address.any_of(
        "Points listed", list(points["point_id"]), "points", placeholder="All points shown"
    )
    return drawn, points[points["point_id"].isin(picked)] if picked else points


def _take_over() -> None:
    """What was selected in the chart becomes the list, and so part of the address."""
    st.session_state["points"] = tradeoff.picked_points(
        st.session_state["_drawn"], dict(st.session_state["tradeoff"].get("selection", {}))
    )


def _alt(points: pd.DataFrame, choice: tradeoff.Choice) -> str:
    x, y = tradeoff.LABELS[choice.x_metric].lower(), tradeoff.LABELS[choice.y_metric].lower()
    across = f"{points['x'].min():.3g} to {points['x'].max():.3g}"
    up = f"{points['y'].min():.3g} to {points['y'].max():.3g}"
    return (
        f"Scatter plot for {choice.architecture} on {choice.dataset}: {y} against {x} for {len(points)} operating "
        f"points of {points['label'].nunique()} methods, {across} across and {up} up. The table lists every point."
    )


def _columns(choice: tradeoff.Choice) -> list[str]:
    named = {"x": tradeoff.LABELS[choice.x_metric], "y": tradeoff.LABELS[choice.y_metric]}
    return [named.get(name, name) for name in COLUMNS]


frame.within(page)
