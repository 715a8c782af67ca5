"""One paper as the checklist looks at it: its operating points, curves, settings and comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from corpus.numbers.measures import MEASURES
from metaanalysis.survey.settings import is_known

RATIOS = ("compression_ratio", "theoretical_speedup")


def has(point: OperatingPoint, *measures: str) -> bool:
    """Whether the point has a value for any of `measures`."""
    return any(measure in point.values for measure in measures)


@dataclass(frozen=True)
class PaperUnderReview:
    """A paper that the criteria of the checklist are put to, and the corpus it stands in."""

    corpus: Corpus
    paper: Paper

    @cached_property
    def points(self) -> tuple[OperatingPoint, ...]:
        """Operating points with a number of the pruned network; runs of large released tables are left out."""
        return tuple(point for point in self.paper.points if not point.released and has(point, *MEASURES))

    @cached_property
    def is_transcribed_whole(self) -> bool:
        """Whether what the corpus lacks is lacking in the paper too.

        So it is of a paper from outside the survey, whose contributor took its tables whole, and where each point of a
        paper of the survey was set beside the paper's own text.
        """
        if self.paper.survey() is None:
            return True
        return bool(self.points) and all(point.verified for point in self.points)

    @cached_property
    def curves(self) -> list[list[OperatingPoint]]:
        """Operating points with a compression ratio or a speedup, by setting and method; released runs are some."""
        curves: dict[tuple, list[OperatingPoint]] = {}
        for point in self.paper.points:
            if has(point, *RATIOS):
                curves.setdefault((point.dataset, point.architecture, point.method), []).append(point)
        return list(curves.values())

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """Pairs of dataset and architecture, both known and MNIST left out."""
        pairs = set()
        for entry in self.paper.entries:
            if entry.dataset != "MNIST" and is_known(self.corpus, entry.dataset, entry.architecture):
                pairs.add((entry.dataset, entry.architecture))
        return pairs

    @cached_property
    def compared(self) -> list[Paper]:
        """The papers it compares to; a doubted comparison counts as published only."""
        papers = []
        for comparison in self.paper.comparisons:
            if self.corpus.as_published or not comparison.doubt:
                papers.append(self.corpus.papers[comparison.compares_to])
        return papers
