"""Data quality: contradictions, doubts, drifting baselines, unknown places, and what nobody reports."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from app.web import address, frame
from app.web.loaded import corpus, in_corpus, is_published, report
from app.web.widgets import gaps, listing, picture, studies
from app.web.words import counted, link, plain, to_line
from corpus.catalogue.corpus import Corpus
from corpus.schema.checked import VERIFIES
from corpus.schema.reader import Problem

TITLE = "Data quality"
SECTION = "Look closer"
ICON = ":material/fact_check:"
POSITION = 2
SECTIONS = ("gaps", "contradictions", "doubts", "baselines", "unknown places")
MOST_ROWS = 300


def page() -> None:
    """Counts, then one part at a time."""
    loaded = corpus()
    found = report(as_published=is_published())
    st.title(TITLE)
    counts = {
        "Contradictions": len(loaded.contradictions),
        "Doubts": sum(problem.kind == "doubt" for problem in found.warnings),
        "Unknown places": sum(entry.location == "unknown" for entry in loaded.entries),
        "Verified values": found.counts[VERIFIES],
        "Printed values": found.counts["printed values"],
    }
    listing.metrics(counts)
    part = address.segment("Look at", SECTIONS, "part")
    draw = {
        "gaps": lambda: missing(loaded),
        "contradictions": lambda: contradicting(loaded),
        "doubts": lambda: doubted([problem for problem in found.warnings if problem.kind == "doubt"]),
        "baselines": drifting,
        "unknown places": lambda: unplaced(loaded),
    }
    draw[part]()


def missing(loaded: Corpus) -> None:
    """The evidence gap map."""
    left, right = st.columns(2)
    with left:
        measure = address.one_of("Measure", gaps.MEASURES, "measure", "compression_ratio")
    with right:
        fewest = address.whole("Pairs that at least this many papers use", 1, 30, "fewest", 3)
    cells = gaps.evidence(loaded, measure, fewest)
    st.subheader("Evidence gap map")
    if cells.empty:
        st.info("No pair is used by so many papers; choose a smaller number.")
        return
    silent = int((cells["with_numbers"] == 0).sum())
    st.caption(
        f"In each cell: papers that report {plain(measure.replace('_', ' '))} / papers that use the pair. Of "
        f"{counted(len(cells), 'pair')}, {silent} have no such number at all; an empty place is a pair that nobody, or "
        "fewer papers than chosen, uses."
    )
    chart = picture.wide(gaps.gap_map(cells, measure), 60 + 24 * cells["architecture"].nunique())
    picture.show(
        chart, f"Grid of {len(cells)} pairs of architecture and dataset: how many papers report {measure}."
    )
    picture.downloads("evidence_gaps", cells, chart)
    with st.expander("As a table"):
        listing.frame(cells, "Evidence gaps", most=MOST_ROWS)


def contradicting(loaded: Corpus) -> None:
    """Two routes to one number that cannot both be right."""
    st.subheader(counted(len(loaded.contradictions), "contradiction"))
    st.caption("Two ways to one number within a paper whose rounding intervals do not overlap.")
    rows = []
    for point, found in loaded.contradictions:
        leaf = next(found.b.leaves())
        rows.append(
            [
                link(listing.unbroken(point.label), "papers", paper=point.paper),
                plain(f"{point.architecture} on {point.dataset}"),
                plain(found.measure.replace("_", " ")),
                plain(f"{found.a.quantity.value:.5g} ({found.a.formula})"),
                plain(f"{found.b.quantity.value:.5g} ({found.b.formula})"),
                plain(found.hint),
                to_line(leaf.file, leaf.line, f"line {leaf.line}"),
            ]
        )
    columns = ("Method", "Setting", "Measure", "One way", "The other way", "Perhaps", "Line")
    listing.table(rows, columns, "Contradictions", most=MOST_ROWS)


def doubted(problems: list[Problem]) -> None:
    """Doubts, with their lines."""
    st.subheader(counted(len(problems), "doubt"))
    rows = [[_paper(problem), plain(problem.message), _line(problem)] for problem in problems]
    listing.table(rows, ("Paper", "Doubt", "Line"), "Doubts", most=MOST_ROWS)


def drifting() -> None:
    """How far reported baselines lie apart."""
    st.subheader("The same unpruned network, as different papers report it")
    data = studies.numbers("baselines")
    if data is not None:
        st.caption(
            "Per setting and measure, the lowest and the highest value reported; "
            + link("figure", "figures", show="baseline_drift")
        )
        picture.downloads("baselines", data)
        listing.frame(data, "Spread of reported baselines", most=MOST_ROWS)


def unplaced(loaded: Corpus) -> None:
    """Rows whose place in the paper nobody has noted."""
    unknown = Counter(entry.paper for entry in loaded.entries if entry.location == "unknown")
    everything = Counter(entry.paper for entry in loaded.entries)
    st.subheader(f"{counted(sum(unknown.values()), 'row')} without a place in the paper")
    rows = [
        [link(paper, "papers", paper=paper), str(count), str(everything[paper])]
        for paper, count in unknown.most_common()
    ]
    listing.table(rows, ("Paper", "Rows without a place", "Rows"), "Rows without a place", most=MOST_ROWS)


def _paper(problem: Problem) -> str:
    key = problem.file.rpartition("/")[2].split(".")[0]
    return link(key, "papers", paper=key)


def _line(problem: Problem) -> str:
    return to_line(in_corpus(problem.file.rpartition("/")[2]), problem.line, f"line {problem.line}")


frame.within(page)
