"""A paper and its results with every name resolved: operating points, rows of results, comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpus.catalogue.checks_of_values import CheckOfValue, PrintedValue, share_that_agrees, share_verified
from corpus.catalogue.training import AppliedRecipe
from corpus.numbers.derive import Derivation
from corpus.numbers.measures import measure_of
from corpus.schema.paper import Method, PaperFile
from corpus.schema.purposes import Purpose
from corpus.schema.roles import ATTRIBUTIONS, Role

REPORTED = "reported"
"""The attribution of what a paper reports of itself."""
REPRODUCED, QUOTED = ATTRIBUTIONS[Role.REPRODUCED], ATTRIBUTIONS[Role.QUOTED]
"""The attributions of another's method that a paper ran, and of another's numbers that it repeats."""
NOT_PRINTED = "protocol not printed"


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A network pruned by one amount, in normal form; `values` maps measure names to derivations.

    `attribution` is `reported`, `rerun`, `reproduced` (the paper ran another's method) or `quoted` (it repeats
    another's number; such a point stands in `Paper.quoted` alone). `of` is whose method or number it is then: the key
    of a paper of the corpus, or a name and year; None where the source does not say. `source` is the file or page it
    was read from, `version` which of several versions of one result it is, `protocol` how it was measured, as far as
    printed.
    """

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
    checks: tuple[CheckOfValue, ...]
    doubt: str | None
    of: str | None = None
    source: str | None = None
    version: str | None = None
    note: str | None = None
    protocol: Mapping[str, str] = field(default_factory=dict)
    views: Mapping[str, int] = field(default_factory=dict)
    """Crops of each test image behind an accuracy, by measure without `unpruned_`, where the paper says."""

    @property
    def checked(self) -> float | None:
        """Share (0 to 1) of its printed values with a check that agrees; None if it prints none."""
        return share_that_agrees(self.leaves, self.checks)

    @property
    def verified(self) -> float | None:
        """Share (0 to 1) of its printed values that the paper's own text confirms; None if it prints none."""
        return share_verified(self.leaves, self.checks)

    def serves(self, purpose: Purpose) -> bool:
        """Whether its paper's file does not exclude it from `purpose`."""
        return purpose not in self.excluded_from

    @property
    def role(self) -> str:
        """`own`, `quoted`, `reproduced` or `rerun`; the attribution says `reported` of a paper's own."""
        return "own" if self.attribution == REPORTED else self.attribution

    @property
    def place(self) -> str:
        """The table or section it stands in, and the file or page it was read from, as far as known."""
        return f"{self.location}; {self.source}" if self.source else self.location

    def protocol_of(self, measure: str) -> dict[str, str]:
        """What the source prints of how `measure` was measured, by key of the protocols that the measure needs."""
        needed = measure_of(measure).protocol
        return {name: self.protocol[name] for name in needed if name in self.protocol}

    def protocol_text(self, measure: str) -> str:
        """As `protocol_of`, in words, with the unit where a measure has several; empty if it needs no protocol.

        >>> point.protocol_text("perplexity")
        'sequence_length 2048, calibration_data C4'
        """
        if not measure_of(measure).protocol:
            return ""
        printed = [f"{name} {value}" for name, value in self.protocol_of(measure).items()]
        known = self.values.get(measure)
        unit = [known.quantity.unit] if known is not None and known.quantity.unit else []
        return ", ".join([*(printed or [NOT_PRINTED]), *unit])

    def measured_as(self, measure: str) -> str:
        """What two values of `measure` must share to be comparable; empty if the measure needs no protocol.

        A protocol that is not printed is that of the same table at most.
        """
        text = self.protocol_text(measure)
        return f"{text} ({self.paper}, {self.location})" if NOT_PRINTED in text else text

    def comparable(self, other: OperatingPoint, measure: str) -> bool:
        """Whether its value of `measure` may stand beside that of `other`: the same unit and the same protocol."""
        return self.measured_as(measure) == other.measured_as(measure)

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
    """One paper with its names resolved; `written` is the file as its contributor wrote it.

    `values` are its printed values with the kind of their best check, each once; none as published.
    """

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
    quoted: tuple[OperatingPoint, ...] = ()
    recipes: tuple[AppliedRecipe, ...] = ()
    values: tuple[PrintedValue, ...] = ()

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
