"""How much the corpus holds.

The counts of Section 4.2 of Blalock et al. (2020): datasets, architectures, their combinations, papers and rows. As
published, a row with an unknown dataset or architecture (`???`) is dropped whole, so a dataset that occurs only next
to an unknown architecture is lost; by default `???` voids only its own field. Number-less rows count, as in the survey.
"""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus, ResultEntry
from corpus.schema.purposes import Purpose

COLUMNS = ("quantity", "value")


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per quantity."""
    entries = [entry for entry in corpus.entries if not entry.released]
    counted = named_settings(corpus)
    datasets = {entry.dataset for entry in counted if is_known(corpus, entry.dataset, None)}
    architectures = {entry.architecture for entry in counted if is_known(corpus, None, entry.architecture)}
    papers = corpus.papers.values()
    outside = sum(paper.survey() is None for paper in papers)
    quantities = {
        "papers": len(papers),
        **({"papers outside the 2020 survey": outside} if outside else {}),
        "papers on pruning": sum(paper.written.is_pruning for paper in papers),
        "peer-reviewed papers": sum(paper.peer_reviewed for paper in papers),
        "comparisons": len(corpus.comparisons),
        "datasets": len(datasets),
        "architectures": len(architectures),
        "pairs": len(pairs(corpus)),
        "rows": len(entries),
        "rows with numbers": sum(entry.point is not None for entry in entries),
        "released runs": len(corpus.entries) - len(entries),
    }
    return pd.DataFrame(list(quantities.items()), columns=list(COLUMNS))


def named_settings(corpus: Corpus) -> list[ResultEntry]:
    """Rows that counts include; as published, only those whose dataset and architecture are both known."""
    entries = [
        entry for entry in corpus.entries if not entry.released and entry.serves(Purpose.SETTING_COUNTS)
    ]
    if corpus.as_published:
        return [entry for entry in entries if is_known(corpus, entry.dataset, entry.architecture)]
    return entries


def pairs(corpus: Corpus) -> dict[tuple[str, str], set[str]]:
    """Papers that use each (dataset, architecture) pair, both known."""
    found: dict[tuple[str, str], set[str]] = {}
    for entry in named_settings(corpus):
        if is_known(corpus, entry.dataset, entry.architecture):
            found.setdefault((entry.dataset, entry.architecture), set()).add(entry.paper)
    return found


def is_known(corpus: Corpus, dataset: str | None, architecture: str | None) -> bool:
    """Whether the names given stand for something that the paper names."""
    named = ((corpus.names.datasets, dataset), (corpus.names.architectures, architecture))
    return all(name is None or vocabulary[name].placeholder != "unknown" for vocabulary, name in named)
