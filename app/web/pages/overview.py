"""Overview: what the survey found, live, the shape of the corpus, and where to go next."""

from __future__ import annotations

from collections import Counter

import altair as alt
import pandas as pd
import streamlit as st

from app.web import frame
from app.web.loaded import corpus, entry_data, is_published
from app.web.widgets import listing, picture, studies
from app.web.words import counted, link, plain
from corpus.catalogue.corpus import Corpus
from metaanalysis.registry import statistics
from metaanalysis.style import BLUE, ORANGE

TITLE = "Overview"
SECTION = ""
ICON = ":material/home:"
HEADLINES = (
    "compare_to_none",
    "compare_to_at_most_one",
    "never_compared_to",
    "datasets",
    "architectures",
    "pairs",
    "most_common_pair_share",
    "legend_papers",
    "corpus_compare_to_three_or_fewer",
)
NUMBERS = ("papers", "comparisons", "datasets", "architectures", "pairs", "rows with numbers")
NEXT = (
    ("What has been reported for my network and dataset?", "Tradeoffs", "tradeoffs", {}),
    ("Which of these may be compared?", "Compare", "compare", {}),
    ("Where does this number come from?", "Papers", "papers", {"paper": "li2016pruning"}),
    ("Who compares to whom?", "Comparison graph", "graph", {}),
    ("What is missing in the literature?", "Data quality", "quality", {}),
    ("What if I add my paper?", "Contribute", "contribute", {}),
    ("Every figure and table of the survey?", "Figures", "figures", {}),
    ("Something else?", "SQL", "sql", {}),
)


def page() -> None:
    """Numbers, headline findings, years, ways on."""
    loaded = corpus()
    st.title("What pruning papers report")
    view = "as published in 2020" if is_published() else "corrected"
    st.markdown(
        "Reported results of neural-network pruning, from the papers of Blalock et al., *What is the State of Neural "
        f"Network Pruning?* (2020), and papers added since. This is the corpus **{view}**; every number leads to the "
        "line it comes from."
    )
    size()
    st.subheader("Where to go")
    st.markdown(
        "\n".join(f"- {question} {link(name, place, **rest)}" for question, name, place, rest in NEXT)
    )
    findings()
    years(loaded)


def size() -> None:
    """How much there is."""
    counts = entry_data(statistics()["corpus_counts"]).set_index("quantity")["value"]
    listing.metrics({name.capitalize(): int(counts[name]) for name in NUMBERS})


def findings() -> None:
    """The survey's headline findings: printed, as published, corrected."""
    st.subheader("What the survey found, recounted")
    data = studies.numbers("findings")
    if data is None:
        return
    by_id = data.set_index("id")
    shown = ("sentence", "place", "printed", "as_published", "corrected", "verdict")
    kept = [by_id.loc[name] for name in HEADLINES if name in by_id.index]
    rows = [[plain(said[column]) for column in shown] for said in kept]
    columns = ("What is counted", "Where", "Printed", "As published, here", "Corrected, here", "Verdict")
    listing.table(rows, columns, "Headline findings, printed and recounted")
    verdicts = Counter(data["verdict"])
    in_words = ", ".join(f"{verdict}: {count}" for verdict, count in verdicts.most_common())
    st.markdown(
        f"All {len(data)} counted sentences, rows and legends ({plain(in_words)}): "
        + link("findings", "figures", show="findings")
    )


def years(loaded: Corpus) -> None:
    """Papers by year, with their operating points."""
    st.subheader("The corpus over the years")
    rows = pd.DataFrame(
        [(paper.year, paper.peer_reviewed, 1) for paper in loaded.papers.values()],
        columns=["year", "peer_reviewed", "papers"],
    )
    shape = rows.groupby(["year", "peer_reviewed"], as_index=False)["papers"].sum()
    shape["venue"] = shape["peer_reviewed"].map({True: "Peer-reviewed", False: "Other"})
    chart = picture.wide(by_year(shape), 240)
    newest = shape.groupby("year")["papers"].sum()
    picture.show(
        chart,
        f"Bars: papers of the corpus by year from {newest.index.min()} to {newest.index.max()}, most in "
        f"{newest.idxmax()} ({newest.max()}), split into peer-reviewed and other.",
    )
    picture.downloads("papers_by_year", shape, chart)
    st.caption(f"{counted(len(loaded.papers), 'paper')}; years without papers take no room.")


def by_year(shape: pd.DataFrame) -> alt.Chart:
    """Stacked bars, the total above."""
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    y = alt.Y("sum(papers):Q", title="Papers", axis=alt.Axis(tickMinStep=1))
    scale = alt.Scale(domain=["Peer-reviewed", "Other"], range=[BLUE, ORANGE])
    bars = alt.Chart(shape).mark_bar(stroke="white", strokeWidth=0.6)
    return bars.encode(
        x=x,
        y=y,
        color=alt.Color("venue:N", title=None, scale=scale, legend=alt.Legend(orient="bottom")),
        order=alt.Order("venue:N", sort="descending"),
        tooltip=["year:O", "venue:N", "sum(papers):Q"],
    )


frame.within(page)
