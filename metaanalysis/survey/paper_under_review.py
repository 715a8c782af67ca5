"""One paper as the checklist looks at it: its operating points, curves, settings and comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from corpus.numbers.measures import MEASURES
from metaanalysis.statistics.corpus_counts import is_known

RATIOS = ("compression_ratio", "theoretical_speedup")


def has(point: OperatingPoint, *measures: str) -> bool:
    """Whether the point has a value for any of `measures`."""
    return any(measure in point.values for measure in measures)


@dataclass(frozen=True)
class Asked:
    """The paper a criterion is put to, and the corpus around it."""

    corpus: Corpus
    paper: Paper

    @cached_property
    def points(self) -> tuple[OperatingPoint, ...]:
        """Operating points with a number of the pruned network; runs of large released tables are left out."""
        return tuple(point for point in self.paper.points if not point.released and has(point, *MEASURES))

    @cached_property
    def curves(self) -> list[list[OperatingPoint]]:
        """Operating points with a compression ratio or a speedup, by setting and method."""
        curves: dict[tuple, list[OperatingPoint]] = {}
        for point in self.points:
            if has(point, *RATIOS):
                curves.setdefault((point.dataset, point.architecture, point.method), []).append(point)
        return list(curves.values())

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """Pairs of dataset and architecture, both known and MNIST left out."""
        pairs = {(entry.dataset, entry.architecture) for entry in self.paper.entries}
        return {pair for pair in pairs if pair[0] != "MNIST" and is_known(self.corpus, *pair)}

    @cached_property
    def compared(self) -> list[Paper]:
        """The papers it compares to."""
        made = (other for other in self.paper.comparisons if self.corpus.as_published or not other.doubt)
        return [self.corpus.papers[other.compares_to] for other in made]
