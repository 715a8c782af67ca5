"""The comparison graph: who stands near a paper, what hangs together, and the way from one paper to another."""

from __future__ import annotations

from itertools import pairwise

import altair as alt
import networkx as nx
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.style import BLUE, GREY, INK, ORANGE

HUB = 5
"""From this many papers that compare to it on, a paper keeps its name on a narrow screen."""
NARROW = 620


def graph_of(corpus: Corpus) -> nx.DiGraph:
    """Papers as nodes, an edge from each paper to every one it compares to."""
    graph = nx.DiGraph()
    graph.add_nodes_from(corpus.papers)
    graph.add_edges_from((edge.paper, edge.compares_to) for edge in corpus.comparisons)
    return graph


def near(graph: nx.DiGraph, paper: str, steps: int) -> set[str]:
    """The paper and all that are at most `steps` comparisons away, in either direction."""
    return set(nx.ego_graph(graph.to_undirected(as_view=True), paper, radius=steps))


def components(graph: nx.DiGraph) -> list[list[str]]:
    """Papers that hang together by comparisons, the largest group first; a paper alone is a group of one."""
    groups = [sorted(group) for group in nx.weakly_connected_components(graph)]
    return sorted(groups, key=lambda group: (-len(group), group))


def path_between(graph: nx.DiGraph, start: str, end: str) -> list[str]:
    """A shortest chain of comparisons in any direction, both ends included; empty if there is none."""
    try:
        return nx.shortest_path(graph.to_undirected(as_view=True), start, end)
    except nx.NetworkXNoPath:
        return []


def graph_chart(drawn: pd.DataFrame, kept: set[str], marked: set[str], path: list[str]) -> alt.Chart:
    """The graph by year, `marked` papers and the comparisons on `path` in orange.

    Parameters:
        drawn: rows of the figure comparison_graph: papers with x and y, comparisons with x and y of both ends.
        kept: keys of the papers to draw.
        marked: keys of the papers that stand out.
        path: keys from one paper to another, each with a comparison to the next or from it.
    """
    papers = drawn[drawn["kind"] == "paper"]
    at_place = papers[["x", "y", "paper"]].rename(columns={"x": "to_x", "y": "to_y", "paper": "other"})
    comparisons = drawn[drawn["kind"] == "comparison"].merge(at_place, on=["to_x", "to_y"], how="left")
    edges = comparisons[comparisons["paper"].isin(kept) & comparisons["other"].isin(kept)]
    steps = {frozenset(pair) for pair in pairwise(path)}
    ends = zip(edges["paper"], edges["other"], strict=True)
    edges = edges.assign(on_path=[frozenset(pair) in steps for pair in ends])
    nodes = papers[papers["paper"].isin(kept)]
    return _layers(nodes.assign(marked=nodes["paper"].isin(marked)), edges)


def _layers(nodes: pd.DataFrame, edges: pd.DataFrame) -> alt.Chart:
    columns = {int(row.x): str(row.year) for row in nodes.itertuples()}
    first, last = min(columns), max(columns)
    names = "{" + ",".join(f"'{place}':'{year}'" for place, year in columns.items()) + "}[datum.value]"
    axis = alt.Axis(
        values=sorted(columns), labelExpr=names, orient="top", grid=False, domain=False, ticks=False
    )
    x = alt.X("x:Q", title=None, axis=axis, scale=alt.Scale(domain=[first - 0.15, last + 0.95], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(reverse=True, padding=14))
    strong = alt.datum.on_path
    rules = alt.Chart(edges).mark_rule(opacity=1)
    lines = rules.encode(
        x=x,
        y=y,
        x2="to_x:Q",
        y2="to_y:Q",
        color=alt.when(strong).then(alt.value(ORANGE)).otherwise(alt.value(BLUE)),
        strokeWidth=alt.when(strong).then(alt.value(3)).otherwise(alt.value(0.9)),
        strokeOpacity=alt.when(strong).then(alt.value(1)).otherwise(alt.value(0.3)),
    )
    return alt.layer(lines, _dots(nodes, x, y), _texts(nodes, x, y)).properties(
        view=alt.ViewConfig(stroke=None)
    )


def _dots(nodes: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    chosen = alt.selection_point(name="picked", fields=["paper"])
    reviewed = nodes["peer_reviewed"].map({True: "Peer-reviewed", False: "Other"})
    sizes = alt.Legend(orient="bottom", direction="horizontal", values=[1, 5, 10, 20], symbolFillColor=GREY)
    marks = alt.Chart(nodes.assign(venue=reviewed)).mark_circle(opacity=1, cursor="pointer")
    return marks.encode(
        x=x,
        y=y,
        size=alt.Size(
            "compared_to_by:Q", title="Compared to by", scale=alt.Scale(range=[40, 320]), legend=sizes
        ),
        fill=alt.Fill(
            "venue:N",
            title=None,
            scale=alt.Scale(domain=["Peer-reviewed", "Other"], range=[BLUE, "white"]),
            legend=alt.Legend(orient="bottom", symbolStrokeColor=BLUE),
        ),
        stroke=alt.when(alt.datum.marked).then(alt.value(ORANGE)).otherwise(alt.value(BLUE)),
        strokeWidth=alt.when(alt.datum.marked).then(alt.value(4)).otherwise(alt.value(1.2)),
        tooltip=[
            alt.Tooltip("label:N", title="Paper"),
            alt.Tooltip("paper:N", title="Key"),
            alt.Tooltip("compared_to_by:Q", title="Compared to by"),
            alt.Tooltip("compares_to:Q", title="Compares to"),
        ],
    ).add_params(chosen)


def _texts(nodes: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """Authors beside their circles; on a narrow screen only hubs and marked papers, so that names do not collide."""
    few = "true" if len(nodes) <= 12 else "false"
    shown = f"width > {NARROW} || {few} || datum.marked || datum.compared_to_by >= {HUB}"
    named = nodes.assign(author=nodes["label"].str.replace(r" \d{4}$", "", regex=True))
    text = alt.Chart(named).mark_text(align="left", dx=12, fontSize=10, color=INK)
    visible = alt.when(shown).then(alt.value(1)).otherwise(alt.value(0))
    return text.encode(x=x, y=y, text="author:N", opacity=visible)
