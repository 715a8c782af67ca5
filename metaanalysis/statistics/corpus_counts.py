"""How much the corpus holds.

The counts of Section 4.2 of Blalock et al. (2020): datasets, architectures, their combinations, papers and rows. As
published, a row with an unknown dataset or architecture (`???`) is dropped whole, so a dataset that occurs only next
to an unknown architecture is lost; by default `???` voids only its own field. Number-less rows count, as in the survey.
By default the table also says how many printed numbers there are, how many of them are quoted from other papers, and
how old the newest paper and the last change of data are; released runs are counted apart.
"""

from __future__ import annotations

from collections import Counter

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
    quantities: dict[str, object] = {
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
    if not corpus.as_published:
        quantities |= _of_a_living_corpus(corpus)
    return pd.DataFrame(list(quantities.items()), columns=list(COLUMNS))


def _of_a_living_corpus(corpus: Corpus) -> dict[str, object]:
    """What the survey did not count: single numbers, whose they are, and how new."""
    numbers: Counter[str] = Counter()
    for point in (*corpus.points, *corpus.quoted):
        numbers[point.role] += 1
    printed = printed_numbers(corpus)
    roles = {
        "results of the papers' own": numbers["own"],
        "results of others' methods, run again": numbers["reproduced"],
        "results quoted from others": numbers["quoted"],
    }
    dates = {"newest paper": corpus.newest, "last change of data": corpus.changed}
    counted = {"numbers": sum(printed.values()), "numbers quoted from others": printed["quoted"]}
    return counted | roles | {name: date for name, date in dates.items() if date}


def printed_numbers(corpus: Corpus) -> Counter[str]:
    """How many printed numbers there are by role; one that heads several rows counts once, released runs do not."""
    places: dict[str, set[tuple[str, int, int]]] = {}
    for point in (*corpus.points, *corpus.quoted):
        if not point.released:
            leaves = (leaf for value in point.leaves.values() for leaf in value.leaves())
            places.setdefault(point.role, set()).update((leaf.file, leaf.line, leaf.column) for leaf in leaves)
    return Counter({role: len(found) for role, found in places.items()})


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
