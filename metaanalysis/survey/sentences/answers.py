"""What a sentence's computation gets and gives: a reading of the corpus, and an answer with its members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from metaanalysis.survey.readings import figure_data
from metaanalysis.survey.settings import papers_by_pair

MILLION = 10**6


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """What the corpus says: a number (or text), the whole it is counted in, who is counted, and a remark.

    >>> str(CountedAnswer(20, 81))
    '20 of 81 (24.7%)'
    """

    value: float | str
    of: int | None = None
    members: frozenset[str] = frozenset()
    note: str = ""

    @property
    def share(self) -> float:
        """value / of, a fraction; the value itself where there is no whole."""
        return float(self.value) / self.of if self.of else float(self.value)

    def __str__(self) -> str:
        if self.of:
            return f"{self.value} of {self.of} ({self.share:.1%})"
        if isinstance(self.value, str):
            return self.value
        return f"{self.value:.4g}" if self.value < MILLION else f"{self.value / MILLION:.4g} M"


@dataclass(frozen=True)
class SurveyReading:
    """One reading of the corpus with what several sentences need, computed once."""

    corpus: Corpus

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """All papers."""
        return tuple(self.corpus.papers.values())

    @cached_property
    def tabled(self) -> tuple[OperatingPoint, ...]:
        """Operating points that papers print, released runs left out."""
        return tuple(point for point in self.corpus.points if not point.released)

    @cached_property
    def outgoing(self) -> Counter[str]:
        """How many papers each paper compares to."""
        return Counter(comparison.paper for comparison in self.corpus.comparisons)

    @cached_property
    def incoming(self) -> Counter[str]:
        """How many papers compare to each paper."""
        return Counter(comparison.compares_to for comparison in self.corpus.comparisons)

    @cached_property
    def pairs(self) -> dict[tuple[str, str], set[str]]:
        """Papers by pair of dataset and architecture, both known."""
        return papers_by_pair(self.corpus)

    def panels(self, name: str) -> dict[tuple[str, str], list[dict]]:
        """The rows of a figure by pair of metrics."""
        panels: dict[tuple[str, str], list[dict]] = {}
        for row in self.figure(name).to_dict("records"):
            panels.setdefault((row["x_metric"], row["y_metric"]), []).append(row)
        return panels

    def figure(self, name: str) -> pd.DataFrame:
        """The numbers of a figure."""
        return figure_data(name, self.corpus)

    def papers_that(self, holds: Callable[[Paper], bool], note: str = "") -> CountedAnswer:
        """How many papers, of all papers."""
        return self.count([paper.key for paper in self.papers if holds(paper)], note)

    def count(self, members: Iterable[str], note: str = "") -> CountedAnswer:
        """How many of all papers."""
        distinct = frozenset(members)
        return CountedAnswer(len(distinct), len(self.papers), distinct, note)


@dataclass(frozen=True, slots=True)
class Sentence:
    """How a sentence is answered, and the phrase it is judged by where the printed words are not that phrase."""

    answer: Callable[[SurveyReading], CountedAnswer]
    judged_as: str | None


SENTENCES: dict[str, Sentence] = {}


def sentence(*names: str, judged_as: str | None = None) -> Callable:
    """Registers a function as the answer to the sentences `names`."""

    def register(
        function: Callable[[SurveyReading], CountedAnswer],
    ) -> Callable[[SurveyReading], CountedAnswer]:
        SENTENCES.update(dict.fromkeys(names, Sentence(function, judged_as)))
        return function

    return register
