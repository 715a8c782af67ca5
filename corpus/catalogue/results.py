"""A paper and its results with every name resolved: operating points, rows of results, comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.catalogue.training import AppliedRecipe
from corpus.numbers.derive import Derivation
from corpus.schema.paper import Method, PaperFile
from corpus.schema.purposes import Purpose


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

    def number(self, measure: str) -> float:
        """The value of a measure that the point is known to have; KeyError if it has none.

        >>> point.number("top1") - point.number("unpruned_top1")
        """
        return self.values[measure].quantity.value

    def std(self, measure: str) -> float | None:
        """The reported standard deviation of `measure`, in its unit, or None."""
        derivation = self.values.get(measure)
        return None if derivation is None else derivation.quantity.std


@dataclass(frozen=True, slots=True)
class ResultEntry:
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
class PaperComparison:
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
    comparisons: tuple[PaperComparison, ...]
    entries: tuple[ResultEntry, ...]
    recipes: tuple[AppliedRecipe, ...] = ()

    @property
    def label(self) -> str:
        """Author and year, as figures print it: `Han 2015`."""
        return f"{self.author} {self.year}"

    @property
    def points(self) -> Iterator[OperatingPoint]:
        """All operating points, in the order of the file."""
        return (entry.point for entry in self.entries if entry.point is not None)

    def method_of(self, point: OperatingPoint) -> Method | None:
        """The method behind one of its points, or None where the file names none."""
        return None if point.method is None else self.methods.get(point.method)

    def survey(self, survey: str = "blalock2020") -> tuple[str, int] | None:
        """Key and position in a survey's own sheet, or None."""
        listed = (self.written.surveys or {}).get(survey)
        return (listed.key, listed.position) if listed else None
