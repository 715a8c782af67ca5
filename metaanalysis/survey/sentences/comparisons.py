"""Sentences about who compares to whom: Sections 1 and 4.1."""

from __future__ import annotations

from math import ceil

from metaanalysis.survey.checklist import MODERN_SINCE
from metaanalysis.survey.sentences.answers import CountedAnswer, SurveyReading, sentence

NEARLY_ALL = 0.9


@sentence("compare_to_none", "corpus_compare_to_none")
def _(reading: SurveyReading) -> CountedAnswer:
    return reading.papers_that(lambda paper: reading.outgoing[paper.key] == 0)


@sentence("corpus_compare_to_one")
def _(reading: SurveyReading) -> CountedAnswer:
    return reading.papers_that(lambda paper: reading.outgoing[paper.key] == 1)


@sentence("compare_to_at_most_one")
def _(reading: SurveyReading) -> CountedAnswer:
    return reading.papers_that(lambda paper: reading.outgoing[paper.key] <= 1)


@sentence("corpus_compare_to_three_or_fewer")
def _(reading: SurveyReading) -> CountedAnswer:
    return reading.papers_that(lambda paper: reading.outgoing[paper.key] <= 3)


@sentence("few_comparisons")
def _(reading: SurveyReading) -> CountedAnswer:
    note = f"the smallest number that {NEARLY_ALL:.0%} of the papers stay within"
    degrees = sorted(reading.outgoing[paper.key] for paper in reading.papers)
    if not degrees:
        return CountedAnswer(0, note=note)
    enough = ceil(len(degrees) * NEARLY_ALL)  # so many papers have at most the degree in this place
    return CountedAnswer(degrees[max(0, enough - 1)], note=note)


@sentence("never_compared_to")
def _(reading: SurveyReading) -> CountedAnswer:
    return reading.papers_that(lambda paper: reading.incoming[paper.key] == 0)


@sentence("modern_never_compared_to")
def _(reading: SurveyReading) -> CountedAnswer:
    return _modern_never_compared_to(reading, reviewed_only=False)


@sentence("reviewed_never_compared_to")
def _(reading: SurveyReading) -> CountedAnswer:
    return _modern_never_compared_to(reading, reviewed_only=True)


def _modern_never_compared_to(reading: SurveyReading, reviewed_only: bool) -> CountedAnswer:
    modern = [paper for paper in reading.papers if paper.year >= MODERN_SINCE]
    lonely = set()
    for paper in modern:
        if reading.incoming[paper.key] == 0 and (paper.peer_reviewed or not reviewed_only):
            lonely.add(paper.key)
    return CountedAnswer(len(lonely), len(modern), frozenset(lonely))


@sentence("outperform_all")
def _(reading: SurveyReading) -> CountedAnswer:
    modern = [paper for paper in reading.papers if paper.year >= MODERN_SINCE]
    compared: dict[str, set[str]] = {}
    for comparison in reading.corpus.comparisons:
        compared.setdefault(comparison.paper, set()).add(comparison.compares_to)
    compare_to_all = set()
    for paper in modern:
        earlier = {other.key for other in modern if other.date < paper.date}
        if earlier and earlier <= compared.get(paper.key, set()):
            compare_to_all.add(paper.key)
    note = "compare to every earlier paper since 2010, as beating all would take"
    return CountedAnswer(len(compare_to_all), len(modern), frozenset(compare_to_all), note)
