"""Comparison graph: who sets its numbers beside whose."""

from __future__ import annotations

import streamlit as st

from app.web import address, frame
from app.web.loaded import corpus, entry_data
from app.web.widgets import listing, picture
from app.web.widgets.neighbourhood import components, graph_chart, graph_of, near, path_between
from app.web.words import counted, link, plain
from corpus.catalogue.corpus import Corpus
from metaanalysis.registry import figures

TITLE = "Comparison graph"
SECTION = "Explore"
ICON = ":material/hub:"
POSITION = 3
ALL, ONE, TWO = "everything", "one step", "two steps"
STEPS = {ONE: 1, TWO: 2}


def page() -> None:
    """The choice, the graph, and lists that say the same in words."""
    loaded = corpus()
    st.title(TITLE)
    keys = sorted(loaded.papers)
    left, right = st.columns(2)
    with left:
        focus = address.one_of("Paper", keys, "focus", placeholder="Choose a paper, or click one")
    with right:
        target = address.one_of("Path to", keys, "to", placeholder="A second paper", disabled=focus is None)
    around = address.segment("Show", (ALL, ONE, TWO), "around", help="How far from the paper chosen.")
    graph = graph_of(loaded)
    path = path_between(graph, focus, target) if focus and target else []
    kept = set(keys) if around == ALL or not focus else near(graph, focus, STEPS[around]) | set(path)
    marked = {focus, *path} - {None}
    rows = entry_data(figures()["comparison_graph"])
    chart = picture.wide(graph_chart(rows, kept, marked, path), 620 if len(kept) > 40 else 420)
    picture.show(chart, _alt(len(kept), len(graph.edges)), key="comparison_graph", on_select=_take_over)
    st.caption(
        "A line runs from a paper to an earlier one that it compares to. Click a circle to choose its paper."
    )
    picture.downloads("comparison_graph", rows, chart)
    if focus:
        about(loaded, focus, target, path)
    together(loaded, components(graph))


def _take_over() -> None:
    """A click in the graph chooses the paper."""
    picks = st.session_state["comparison_graph"].get("selection", {}).get("picked", [])
    if picks and "paper" in picks[0]:
        st.session_state["focus"] = picks[0]["paper"]


def about(loaded: Corpus, focus: str, target: str | None, path: list[str]) -> None:
    """The paper's neighbours in words, and the path."""
    st.subheader(plain(loaded.papers[focus].label))
    outgoing = [edge.compares_to for edge in loaded.comparisons if edge.paper == focus]
    incoming = [edge.paper for edge in loaded.comparisons if edge.compares_to == focus]
    facts = {
        "Title": link(loaded.papers[focus].written.title, "papers", paper=focus),
        f"Compares to {len(outgoing)}": _listed(loaded, outgoing),
        f"Compared to by {len(incoming)}": _listed(loaded, incoming),
    }
    if target:
        name = plain(loaded.papers[target].label)
        if path:
            links = [link(loaded.papers[key].label, "papers", paper=key) for key in path]
            facts[f"Path to {name}"] = f"{' — '.join(links)} ({counted(len(path) - 1, 'step')})"
        else:
            facts[f"Path to {name}"] = "none; no chain joins them"
    listing.facts(facts)


def _listed(loaded: Corpus, keys: list[str]) -> str:
    """Links to papers in the graph, the earliest first."""
    papers = sorted(map(loaded.papers.__getitem__, keys), key=lambda paper: (paper.year, paper.key))
    return ", ".join(link(paper.label, "graph", focus=paper.key) for paper in papers) or "none"


def together(loaded: Corpus, groups: list[list[str]]) -> None:
    """Components and papers alone; `groups` come largest first."""
    larger = [group for group in groups if len(group) > 1]
    alone = [group[0] for group in groups[len(larger) :]]
    sizes = ", ".join(str(len(group)) for group in larger)
    st.subheader("What hangs together")
    st.markdown(
        f"{counted(len(larger), 'group')} of papers joined by comparisons ({sizes}), and "
        f"{counted(len(alone), 'paper')} that stand alone."
    )
    if alone:
        st.markdown(f"**Alone**: {_listed(loaded, alone)}")
    for group in larger[1:]:
        st.markdown(f"**A group of {len(group)}**: {_listed(loaded, group)}")


def _alt(shown: int, edges: int) -> str:
    return (
        f"Graph of comparisons by year: {shown} papers as circles, larger the more papers compare to them, hollow if "
        f"not peer-reviewed; {edges} comparisons in the corpus as lines. The lists below say the same in words."
    )


frame.within(page)
