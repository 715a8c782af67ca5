"""The corpus in memory: papers, their comparisons and their operating points, with every name resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from corpus.catalogue.training import AppliedRecipe
from corpus.numbers.derive import Contradiction, Derivation
from corpus.schema.paper import Method, PaperFile
from corpus.schema.purposes import Purpose
from corpus.schema.vocabulary import Names

if TYPE_CHECKING:
    import pandas as pd

    from corpus.catalogue.own_runs import Reruns


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A network pruned by one amount, in normal form; `values` maps measure names to derivations."""

    point_id: str
    paper: str
    label: str
    method: str | None
    dataset: str
    architecture: str
    trials: int | None
    values: Mapping[str, Derivation]
    leaves: Mapping[str, Derivation]
    attribution: str
    file: str
    line: int
    column: int
    location: str
    survey_row: int | None
    same_as: int | None
    excluded_from: frozenset[str]
    released: bool
    verified: str | None
    doubt: str | None

    def serves(self, purpose: Purpose) -> bool:
        """Whether its paper's file does not exclude it from `purpose`."""
        return purpose not in self.excluded_from

    @property
    def stands_beside_papers(self) -> bool:
        """Whether its numbers may stand beside those of other papers."""
        return self.serves(Purpose.BESIDE_PAPERS)

    def value(self, measure: str) -> float | None:
        """The value of `measure` (percent, counts, fractions 0-1 or ratios), or None."""
        derivation = self.values.get(measure)
        return None if derivation is None else derivation.quantity.value

    def std(self, measure: str) -> float | None:
        """The reported standard deviation of `measure`, in its unit, or None."""
        derivation = self.values.get(measure)
        return None if derivation is None else derivation.quantity.std


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a paper's results: a dataset and architecture it uses, with an operating point or without numbers."""

    paper: str
    dataset: str
    architecture: str
    method: str | None
    point: OperatingPoint | None
    reason: str | None
    survey_row: int | None
    sheet_dataset: str
    sheet_architecture: str
    excluded_from: frozenset[str]
    location: str
    released: bool
    file: str
    line: int

    def serves(self, purpose: Purpose) -> bool:
        """Whether its paper's file does not exclude it from `purpose`."""
        return purpose not in self.excluded_from


@dataclass(frozen=True, slots=True)
class Comparison:
    """`paper` sets its numbers beside those of `compares_to`."""

    paper: str
    compares_to: str
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper with its names resolved; `written` is the file as its contributor wrote it."""

    key: str
    written: PaperFile
    file: str
    author: str
    year: int
    date: str
    venue: str
    peer_reviewed: bool
    methods: Mapping[str, Method]
    comparisons: tuple[Comparison, ...]
    entries: tuple[Entry, ...]
    recipes: tuple[AppliedRecipe, ...] = ()

    @property
    def label(self) -> str:
        """Author and year, as figures print it: `Han 2015`."""
        return f"{self.author} {self.year}"

    @property
    def points(self) -> Iterator[OperatingPoint]:
        """All operating points, in the order of the file."""
        return (entry.point for entry in self.entries if entry.point is not None)

    def survey(self, survey: str = "blalock2020") -> tuple[str, int] | None:
        """Key and position in a survey's own sheet, or None."""
        entry = (self.written.surveys or {}).get(survey)
        return (entry.key, entry.position) if entry else None


@dataclass(frozen=True, eq=False)
class Corpus:
    """Everything reported, as published in 2020 or (default) corrected."""

    papers: Mapping[str, Paper]
    names: Names
    as_published: bool = False
    contradictions: tuple[tuple[OperatingPoint, Contradiction], ...] = ()
    read_other_view: Callable[[], Corpus] | None = field(default=None, repr=False)
    read_reruns: Callable[[], Reruns] | None = field(default=None, repr=False)

    @cached_property
    def other_view(self) -> Corpus:
        """The same files read the other way: as published for the corrected view, corrected for the published one."""
        if self.read_other_view is None:
            raise ValueError("this corpus was not read from files, so it has no other view")
        other = self.read_other_view()
        other.__dict__["other_view"] = self  # there and back again without a third reading
        return other

    @cached_property
    def reruns(self) -> Reruns:
        """Our own runs, read when first asked for and never among the papers; none in the published view."""
        from corpus.catalogue.own_runs import Reruns

        return self.read_reruns() if self.read_reruns and not self.as_published else Reruns()

    @cached_property
    def points(self) -> tuple[OperatingPoint, ...]:
        """All operating points."""
        return tuple(point for paper in self.papers.values() for point in paper.points)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All rows of results, number-less ones included."""
        return tuple(entry for paper in self.papers.values() for entry in paper.entries)

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """All comparisons; the doubted ones are left out unless as published."""
        return tuple(
            comparison
            for paper in self.papers.values()
            for comparison in paper.comparisons
            if self.as_published or not comparison.doubt
        )

    def sql(self, query: str) -> pd.DataFrame:
        """Rows of a read-only SQL query on the public tables."""
        from corpus.database.public_tables import query as run

        return run(self, query)

    def find(self, **conditions) -> pd.DataFrame:
        """What has been reported; see `corpus.database.search.find`."""
        from corpus.database.search import find

        return find(self, **conditions)

    def explain(self, paper: str, measure: str) -> str:
        """Where each value of `measure` in `paper` comes from; see `corpus.numbers.explain`."""
        from corpus.numbers.explain import explain

        return explain(self, paper, measure)
