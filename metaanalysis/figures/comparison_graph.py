"""Who compares to whom.

Every comparison that the papers of Blalock et al. (2020) make to other papers of the corpus, by year; a line runs from
a paper (right) to the earlier one it compares to, circles grow with the number of papers that compare to them, hollow
circles mark papers that were not peer-reviewed. The survey prints the counts of this graph (its Figure 2), not the
graph. As published, a comparison of a 1993 paper to one of 2015 is included; by default it is skipped as impossible.
"""

from __future__ import annotations

import altair as alt
import networkx as nx
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.style import BLUE, INK
from metaanalysis.survey.its_papers import Papers, limited_to

COLUMNS = (
    "kind",
    "paper",
    "label",
    "year",
    "peer_reviewed",
    "compared_to_by",
    "compares_to",
    "x",
    "y",
    "to_x",
    "to_y",
)
IDENTITY = ("paper", "compares_to")
VALUES = ()
ONLY = ("kind", "comparison")
ROUNDS = 24
"""Sweeps over all years; more change nothing that can be seen."""
LAST = 99.0
"""Row of a paper without neighbours: below all others of its year."""
SIZES = alt.Legend(orient="bottom", direction="horizontal", symbolFillColor=BLUE, values=[1, 5, 10, 20])


def data(corpus: Corpus, *, papers: Papers = "survey") -> pd.DataFrame:
    """Nodes (kind paper) with their place and degrees, then edges (kind comparison) with both ends."""
    corpus = limited_to(papers, corpus)
    graph = nx.DiGraph((edge.paper, edge.compares_to) for edge in corpus.comparisons)
    graph.add_nodes_from(corpus.papers)
    places = _places(corpus, graph)
    rows = []
    for key in corpus.papers:
        node = _paper_row(corpus, key, places[key], kind="paper")
        degrees = {"compared_to_by": graph.in_degree(key), "compares_to": graph.out_degree(key)}
        rows.append({**node, **degrees, "to_x": None, "to_y": None})
    for key, other in sorted(graph.edges):
        edge = _paper_row(corpus, key, places[key], kind="comparison")
        to_x, to_y = places[other]
        rows.append({**edge, "compared_to_by": None, "compares_to": other, "to_x": to_x, "to_y": to_y})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _paper_row(corpus: Corpus, key: str, place: tuple[float, float], kind: str) -> dict[str, object]:
    """What both kinds of row say of a paper and its place."""
    paper = corpus.papers[key]
    return {
        "kind": kind,
        "paper": key,
        "label": paper.label,
        "year": paper.year,
        "peer_reviewed": paper.peer_reviewed,
        "x": place[0],
        "y": place[1],
    }


def _places(corpus: Corpus, graph: nx.DiGraph) -> dict[str, tuple[float, float]]:
    """x is the column of the year (years without papers take no room), y the row, near the neighbours' rows.

    Rows follow the barycentre heuristic of layered graph drawing (Sugiyama et al. 1981).
    """
    by_year: dict[int, list[str]] = {}
    for key, paper in corpus.papers.items():
        by_year.setdefault(paper.year, []).append(key)
    undirected = graph.to_undirected()
    rows: dict[str, float] = {}
    for column in by_year.values():
        rows |= _rows_of(column)
    for _ in range(ROUNDS):
        for column in by_year.values():
            column.sort(key=lambda key: (_centre(undirected, key, rows), key))
            rows |= _rows_of(column)
    columns = sorted(by_year)
    places = {}
    for key, paper in corpus.papers.items():
        places[key] = (columns.index(paper.year) + _within_year(paper.date), rows[key])
    return places


def _within_year(date: str) -> float:
    """A step to the right by month, so that lines between papers of one year can be seen."""
    return 0.3 * (int(date[5:7]) - 1) / 11 if len(date) >= 7 else 0.0


def _rows_of(column: list[str]) -> dict[str, float]:
    """The rows of the papers of one year, one below the other around 0."""
    middle = (len(column) - 1) / 2
    return {key: place - middle for place, key in enumerate(column)}


def _centre(graph: nx.Graph, key: str, rows: dict[str, float]) -> float:
    """The mean row of a paper's neighbours."""
    neighbours = [rows[other] for other in graph[key]]
    return sum(neighbours) / len(neighbours) if neighbours else LAST


def chart(data: pd.DataFrame) -> ChartType:
    """Years as columns; lines fade so that hubs stand out."""
    nodes = data[data["kind"] == "paper"]
    edges = data[data["kind"] == "comparison"]
    years = sorted(nodes["year"].unique())
    names = f"{[str(year) for year in years]}[datum.value]"
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=[-0.15, len(years) - 0.1], nice=False),
        axis=alt.Axis(
            values=list(range(len(years))),
            labelExpr=names,
            orient="top",
            grid=False,
            domain=False,
            ticks=False,
        ),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(reverse=True, padding=10))
    rules = alt.Chart(edges).mark_rule(opacity=1, strokeOpacity=0.28, strokeWidth=0.9, color=BLUE)
    lines = rules.encode(x=x, y=y, x2=alt.X2("to_x:Q"), y2=alt.Y2("to_y:Q"))
    size = alt.Size(
        "compared_to_by:Q", scale=alt.Scale(range=[25, 240]), title="Compared to by", legend=SIZES
    )
    fill = alt.Fill(
        "venue:N",
        title=None,
        scale=alt.Scale(domain=["Peer-reviewed", "Other"], range=[BLUE, "white"]),
        legend=alt.Legend(orient="bottom", symbolStrokeColor=BLUE),
    )
    dots = (
        alt.Chart(nodes)
        .transform_calculate(venue=alt.expr.if_(alt.datum.peer_reviewed, "Peer-reviewed", "Other"))
        .mark_circle(opacity=1, stroke=BLUE, strokeWidth=1.1)
        .encode(
            x=x,
            y=y,
            size=size,
            fill=fill,
            tooltip=["label:N", "paper:N", "compared_to_by:Q", "compares_to:Q"],
        )
    )
    named = nodes.assign(author=nodes["label"].str.replace(r" \d{4}$", "", regex=True))
    text = (
        alt.Chart(named)
        .mark_text(align="left", dx=9, fontSize=8.5, color=INK)
        .encode(x=x, y=y, text=alt.Text("author:N"))
    )
    halo = text.mark_text(align="left", dx=9, fontSize=8.5, color="white", stroke="white", strokeWidth=3)
    return alt.layer(lines, dots, halo, text).properties(
        width=900, height=560, view=alt.ViewConfig(stroke=None)
    )
