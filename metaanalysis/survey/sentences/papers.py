"""Sentences about the corpus itself: Sections 1 and 3.1, Appendix A."""

from __future__ import annotations

from metaanalysis.survey.checklist import MODERN_SINCE
from metaanalysis.survey.paper_under_review import RATIOS, has
from metaanalysis.survey.sentences.answers import CountedAnswer, SurveyReading, sentence
from metaanalysis.tradeoffs.curves import Y_METRICS as CHANGES

LITTLE_LOSS = 1.0
"""Percentage points; Section 4.5 calls changes of much less than 1 % usual."""
MUCH_COMPRESSION = 2.0
"""Compression ratio or speedup from which a network counts as much compressed: the lowest that Section 6 suggests."""


@sentence(
    "papers_surveyed", "papers_aggregated", "papers_in_corpus", "papers_with_results", "papers_selected"
)
def _(reading: SurveyReading) -> CountedAnswer:
    return CountedAnswer(len(reading.papers))


@sentence("papers_since_2010")
def _(reading: SurveyReading) -> CountedAnswer:
    older = _keys_before_2010(reading)
    modern = frozenset(paper.key for paper in reading.papers) - older
    return CountedAnswer(len(modern), members=modern, note=f"earlier: {', '.join(sorted(older))}")


@sentence("classic_papers")
def _(reading: SurveyReading) -> CountedAnswer:
    older = _keys_before_2010(reading)
    note = f"from before {MODERN_SINCE}: {', '.join(sorted(older))}"
    return CountedAnswer(len(older), members=older, note=note)


def _keys_before_2010(reading: SurveyReading) -> frozenset[str]:
    return frozenset(paper.key for paper in reading.papers if paper.year < MODERN_SINCE)


@sentence("compared_papers_outside")
def _(reading: SurveyReading) -> CountedAnswer:
    return CountedAnswer(len(reading.incoming.keys() - reading.corpus.papers.keys()))


@sentence("non_pruning_papers")
def _(reading: SurveyReading) -> CountedAnswer:
    others = frozenset(paper.key for paper in reading.papers if not paper.written.is_pruning)
    return CountedAnswer(len(others), members=others, note=", ".join(sorted(others)))


@sentence("replicate_little_loss")
def _(reading: SurveyReading) -> CountedAnswer:
    reporting, replicating = set(), set()
    for point in reading.tabled:
        gains = [point.number(ratio) for ratio in RATIOS if has(point, ratio)]
        losses = [point.number(change) for change in CHANGES if has(point, change)]
        if gains and losses:
            reporting.add(point.paper)
            if max(gains) >= MUCH_COMPRESSION and min(losses) >= -LITTLE_LOSS:
                replicating.add(point.paper)
    note = (
        f"at least {MUCH_COMPRESSION:g}x and at most {LITTLE_LOSS:g} point lost somewhere, "
        "of papers with such numbers"
    )
    return CountedAnswer(len(replicating), len(reporting), frozenset(replicating), note)
