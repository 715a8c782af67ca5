"""How much the corpus holds.

The counts of Section 4.2 of Blalock et al. (2020): datasets, architectures, their combinations, papers and rows. As
published, a row with an unknown dataset or architecture (`???`) is dropped whole, so a dataset that occurs only next
to an unknown architecture is lost; by default `???` voids only its own field. Number-less rows count, as in the survey.
By default the table also says how many printed numbers there are, how many of them are quoted from other papers, and
how old the newest paper and the last change of data are; released runs are counted apart.

By default also how many printed values (released runs aside) were checked, each under the best source that agrees: the
paper's `own-text`, `authors-material`, `recomputed`, `survey-second-table`, `quoted` by another paper; `at odds` if no
source agrees. Only `own-text` verifies a number against its paper.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from corpus.catalogue.checks_of_values import count_by_kind
from corpus.catalogue.corpus import Corpus
from metaanalysis.survey.settings import known_architectures, known_datasets, papers_by_pair

COLUMNS = ("quantity", "value")


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per quantity."""
    papers = list(corpus.papers.values())
    rows = [entry for entry in corpus.entries if not entry.released]
    quantities: dict[str, object] = {"papers": len(papers)}
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
    if not corpus.as_published:
        quantities |= _of_a_living_corpus(corpus)
        quantities |= checked_values(corpus)  # the survey's sheet says of no number where it was checked
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
            places.setdefault(point.role, set()).update(
                (leaf.file, leaf.line, leaf.column) for leaf in leaves
            )
    return Counter({role: len(found) for role, found in places.items()})


def checked_values(corpus: Corpus) -> dict[str, int]:
    """Printed values, and how many of them are of each kind of check; the kinds add up to all."""
    values = [value for paper in corpus.papers.values() for value in paper.values]
    kinds = {f"printed values: {kind}": count for kind, count in count_by_kind(values).items()}
    return {"printed values": len(values), **kinds}
