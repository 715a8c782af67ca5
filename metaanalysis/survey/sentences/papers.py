"""Sentences about the corpus itself: Sections 1 and 3.1, Appendix A."""

from __future__ import annotations

from metaanalysis.survey.checklist import MODERN_SINCE
from metaanalysis.survey.paper_under_review import RATIOS
from metaanalysis.survey.sentences.answers import Answer, Reading, sentence
from metaanalysis.tradeoffs.curves import Y_METRICS as CHANGES

LITTLE_LOSS = 1.0
"""Percentage points; Section 4.5 calls changes of much less than 1 % usual."""
MUCH_COMPRESSION = 2.0
"""Compression ratio or speedup from which a network counts as much compressed: the lowest that Section 6 suggests."""


@sentence(
    "papers_surveyed", "papers_aggregated", "papers_in_corpus", "papers_with_results", "papers_selected"
)
def _(reading: Reading) -> Answer:
    return Answer(len(reading.papers))


@sentence("papers_since_2010")
def _(reading: Reading) -> Answer:
    modern = frozenset(paper.key for paper in reading.papers if paper.year >= MODERN_SINCE)
    older = ", ".join(sorted(paper.key for paper in reading.papers if paper.key not in modern))
    return Answer(len(modern), None, modern, f"earlier: {older}")


@sentence("classic_papers")
def _(reading: Reading) -> Answer:
    older = frozenset(paper.key for paper in reading.papers if paper.year < MODERN_SINCE)
    return Answer(len(older), None, older, f"from before {MODERN_SINCE}: {', '.join(sorted(older))}")


@sentence("compared_papers_outside")
def _(reading: Reading) -> Answer:
    return Answer(sum(other not in reading.corpus.papers for other in reading.incoming))


@sentence("non_pruning_papers")
def _(reading: Reading) -> Answer:
    others = frozenset(paper.key for paper in reading.papers if not paper.written.is_pruning)
    return Answer(len(others), None, others, ", ".join(sorted(others)))


@sentence("replicate_little_loss")
def _(reading: Reading) -> Answer:
    asked, found = set(), set()
    for point in reading.tabled:
        gains = [value for ratio in RATIOS if (value := point.value(ratio)) is not None]
        losses = [value for change in CHANGES if (value := point.value(change)) is not None]
        if gains and losses:
            asked.add(point.paper)
            if max(gains) >= MUCH_COMPRESSION and min(losses) >= -LITTLE_LOSS:
                found.add(point.paper)
    told = (
        f"at least {MUCH_COMPRESSION:g}x and at most {LITTLE_LOSS:g} point lost somewhere, "
        "of papers with such numbers"
    )
    return Answer(len(found), len(asked), frozenset(found), told)
