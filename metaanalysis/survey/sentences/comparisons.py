"""Sentences about who compares to whom: Sections 1 and 4.1."""

from __future__ import annotations

from metaanalysis.survey.checklist import MODERN_SINCE
from metaanalysis.survey.sentences.answers import Answer, Reading, sentence

NEARLY_ALL = 0.9


@sentence("compare_to_none", "corpus_compare_to_none")
def _(reading: Reading) -> Answer:
    return reading.papers_that(lambda paper: reading.outgoing[paper.key] == 0)


@sentence("corpus_compare_to_one")
def _(reading: Reading) -> Answer:
    return reading.papers_that(lambda paper: reading.outgoing[paper.key] == 1)


@sentence("compare_to_at_most_one")
def _(reading: Reading) -> Answer:
    return reading.papers_that(lambda paper: reading.outgoing[paper.key] <= 1)


@sentence("corpus_compare_to_three_or_fewer")
def _(reading: Reading) -> Answer:
    return reading.papers_that(lambda paper: reading.outgoing[paper.key] <= 3)


@sentence("few_comparisons")
def _(reading: Reading) -> Answer:
    degrees = sorted(reading.outgoing[paper.key] for paper in reading.papers)
    enough = max(0, -(-len(degrees) * NEARLY_ALL // 1) - 1)
    note = f"the smallest number that {NEARLY_ALL:.0%} of the papers stay within"
    return Answer(degrees[int(enough)] if degrees else 0, None, frozenset(), note)


@sentence("never_compared_to")
def _(reading: Reading) -> Answer:
    return reading.papers_that(lambda paper: reading.incoming[paper.key] == 0)


@sentence("modern_never_compared_to")
def _(reading: Reading) -> Answer:
    return _modern_never_compared_to(reading, reviewed_only=False)


@sentence("reviewed_never_compared_to")
def _(reading: Reading) -> Answer:
    return _modern_never_compared_to(reading, reviewed_only=True)


def _modern_never_compared_to(reading: Reading, reviewed_only: bool) -> Answer:
    modern = [paper for paper in reading.papers if paper.year >= MODERN_SINCE]
    lonely = [paper for paper in modern if reading.incoming[paper.key] == 0]
    found = frozenset(paper.key for paper in lonely if paper.peer_reviewed or not reviewed_only)
    return Answer(len(found), len(modern), found)


@sentence("outperform_all")
def _(reading: Reading) -> Answer:
    modern = [paper for paper in reading.papers if paper.year >= MODERN_SINCE]
    compared: dict[str, set[str]] = {}
    for comparison in reading.corpus.comparisons:
        compared.setdefault(comparison.paper, set()).add(comparison.compares_to)
    rivals = {paper.key: {other.key for other in modern if other.date < paper.date} for paper in modern}
    shown = frozenset(
        key for key, earlier in rivals.items() if earlier and earlier <= compared.get(key, set())
    )
    return Answer(
        len(shown),
        len(modern),
        shown,
        "compare to every earlier paper since 2010, as beating all would take",
    )
