"""How much the corpus holds.

The counts of Section 4.2 of Blalock et al. (2020): datasets, architectures, their combinations, papers and rows. As
published, a row with an unknown dataset or architecture (`???`) is dropped whole, so a dataset that occurs only next
to an unknown architecture is lost; by default `???` voids only its own field. Number-less rows count, as in the survey.
"""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.survey.settings import known_architectures, known_datasets, papers_by_pair

COLUMNS = ("quantity", "value")


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per quantity."""
    papers = list(corpus.papers.values())
    rows = [entry for entry in corpus.entries if not entry.released]
    quantities = {"papers": len(papers)}
    outside = sum(paper.survey() is None for paper in papers)
    if outside:
        quantities["papers outside the 2020 survey"] = outside
    quantities |= {
        "papers on pruning": sum(paper.written.is_pruning for paper in papers),
        "peer-reviewed papers": sum(paper.peer_reviewed for paper in papers),
        "comparisons": len(corpus.comparisons),
        "datasets": len(known_datasets(corpus)),
        "architectures": len(known_architectures(corpus)),
        "pairs": len(papers_by_pair(corpus)),
        "rows": len(rows),
        "rows with numbers": sum(entry.point is not None for entry in rows),
        "released runs": len(corpus.entries) - len(rows),
    }
    return pd.DataFrame(list(quantities.items()), columns=list(COLUMNS))
