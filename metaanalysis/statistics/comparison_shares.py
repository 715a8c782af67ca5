"""How few comparisons papers make.

The sentences of Section 4.1 of Blalock et al. (2020) as counts over all papers of the corpus: how many compare to no
other, to at most one, to at most three, and how many no other ever compares to. By default the doubted comparison is
skipped and venues are corrected.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from corpus.catalogue.corpus import Corpus

COLUMNS = ("papers that", "papers", "of", "share")
MODERN_SINCE = 2010


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per sentence; share is a fraction."""
    outgoing = Counter(comparison.paper for comparison in corpus.comparisons)
    incoming = Counter(comparison.compares_to for comparison in corpus.comparisons)
    papers = list(corpus.papers.values())
    made = [outgoing[paper.key] for paper in papers]
    lonely = [paper for paper in papers if incoming[paper.key] == 0]
    counts = {
        "compare to no other": made.count(0),
        "compare to exactly one": made.count(1),
        "compare to at most one": sum(number <= 1 for number in made),
        "compare to at most three": sum(number <= 3 for number in made),
        "are never compared to": len(lonely),
        "are peer-reviewed and never compared to": sum(paper.peer_reviewed for paper in lonely),
        "are since 2010 and never compared to": sum(paper.year >= MODERN_SINCE for paper in lonely),
    }
    rows = []
    for sentence, count in counts.items():
        share = count / len(papers) if papers else None
        rows.append({"papers that": sentence, "papers": count, "of": len(papers), "share": share})
    return pd.DataFrame(rows, columns=list(COLUMNS))
