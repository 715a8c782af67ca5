"""How few comparisons papers make.

The sentences of Section 4.1 of Blalock et al. (2020) as counts over all papers of the corpus: how many compare to no
other, to at most one, to at most three, and how many no other ever compares to. By default the doubted comparison is
skipped and venues are corrected.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from corpus.catalogue.corpus import Corpus, Paper

COLUMNS = ("papers that", "papers", "of", "share")


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per sentence; share is a fraction."""
    outgoing = Counter(comparison.paper for comparison in corpus.comparisons)
    incoming = Counter(comparison.compares_to for comparison in corpus.comparisons)
    modern = [paper for paper in corpus.papers.values() if paper.year >= 2010]
    sentences = {
        "compare to no other": _count(corpus, lambda paper: outgoing[paper.key] == 0),
        "compare to exactly one": _count(corpus, lambda paper: outgoing[paper.key] == 1),
        "compare to at most one": _count(corpus, lambda paper: outgoing[paper.key] <= 1),
        "compare to at most three": _count(corpus, lambda paper: outgoing[paper.key] <= 3),
        "are never compared to": _count(corpus, lambda paper: incoming[paper.key] == 0),
        "are peer-reviewed and never compared to": _count(
            corpus, lambda paper: incoming[paper.key] == 0 and paper.peer_reviewed
        ),
        "are since 2010 and never compared to": sum(incoming[paper.key] == 0 for paper in modern),
    }
    total = len(corpus.papers)
    rows = [
        (sentence, count, total, count / total if total else None) for sentence, count in sentences.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _count(corpus: Corpus, holds) -> int:
    papers: list[Paper] = list(corpus.papers.values())
    return sum(holds(paper) for paper in papers)
