"""How often papers compare, and are compared to.

Rebuilds Figure 2 of Blalock et al. (2020): papers by the number of others that compare to them (top) and by the
number of others they compare to (bottom). The printed lower panel sorted the degrees but not the venue flags, so its
colours are scrambled: as published, ours scrambles them alike; by default each paper keeps its own flag, venues are
corrected, and the one comparison that cannot be (1993 to 2015) is skipped.
"""

from __future__ import annotations

from collections import Counter

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus, Paper
from metaanalysis.style import stacked_histogram
from metaanalysis.survey.its_papers import Papers, limited_to

COLUMNS = ("direction", "degree", "peer_reviewed", "papers")
IDENTITY = ("direction", "degree", "peer_reviewed")
VALUES = ("papers",)
TITLES = {
    "compared_to_by": ("Compared to by this many other papers", "Papers"),
    "compares_to": ("Compares to this many other papers", "Papers"),
}


def data(corpus: Corpus, *, papers: Papers = "survey") -> pd.DataFrame:
    """Numbers of papers by direction, degree and venue flag; only filled cells."""
    corpus = limited_to(papers, corpus)
    shown = _in_sheet_order(corpus)
    incoming = Counter(comparison.compares_to for comparison in corpus.comparisons)
    outgoing = Counter(comparison.paper for comparison in corpus.comparisons)
    flags = [paper.peer_reviewed for paper in shown]
    compared_to = [incoming[paper.key] for paper in shown]
    compares_to = [outgoing[paper.key] for paper in shown]
    if corpus.as_published:
        compares_to.sort(reverse=True)
    rows = []
    for direction, degrees in (("compared_to_by", compared_to), ("compares_to", compares_to)):
        cells = Counter(zip(degrees, flags, strict=True))
        for degree, flag in sorted(cells):
            row = {"direction": direction, "degree": degree, "peer_reviewed": flag}
            rows.append({**row, "papers": cells[degree, flag]})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _in_sheet_order(corpus: Corpus) -> list[Paper]:
    """Papers as the survey's sheet lists them, later ones after; the scrambling of 2020 depends on it."""
    return sorted(corpus.papers.values(), key=_position)


def _position(paper: Paper) -> int:
    listed = paper.survey()
    return listed[1] if listed else 10**6


def chart(data: pd.DataFrame) -> ChartType:
    """Two stacked histograms, one above the other."""
    panels = []
    for direction, (x_title, y_title) in TITLES.items():
        rows = data[data["direction"] == direction]
        panels.append(stacked_histogram(rows, "degree", "papers", x_title, y_title))
    return alt.vconcat(*panels).resolve_scale(color="shared")
