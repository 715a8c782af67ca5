"""How much the corpus holds.

The counts of Section 4.2 of Blalock et al. (2020): datasets, architectures, their combinations, papers and rows. As
published, a row with an unknown dataset or architecture (`???`) is dropped whole, so a dataset that occurs only next
to an unknown architecture is lost; by default `???` voids only its own field. Number-less rows count, as in the survey.

By default also how many printed values (released runs aside) were checked, each under the best source that agrees: the
paper's `own-text`, `authors-material`, `recomputed`, `survey-second-table`, `quoted` by another paper; `at odds` if no
source agrees. Only `own-text` verifies a number against its paper.
"""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.checks_of_values import count_by_kind
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
    if not corpus.as_published:  # the survey's sheet says of no number where it was checked
        quantities |= checked_values(corpus)
    return pd.DataFrame(list(quantities.items()), columns=list(COLUMNS))


def checked_values(corpus: Corpus) -> dict[str, int]:
    """Printed values, and how many of them are of each kind of check; the kinds add up to all."""
    values = [value for paper in corpus.papers.values() for value in paper.values]
    kinds = {f"printed values: {kind}": count for kind, count in count_by_kind(values).items()}
    return {"printed values": len(values), **kinds}
