"""The numbers of one mapping of a paper's file, with corrections and additions applied or not."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.catalogue.figure_readings import FigureReading
from corpus.numbers.derive import Derivation
from corpus.numbers.measures import MEASURES, UNPRUNED_MEASURES
from corpus.numbers.printed_digits import with_printed_digits
from corpus.numbers.quantity import Quantity, parse, with_printed
from corpus.schema.paper import PrunedNumbers, PrunedRow, Unpruned, UnprunedNumbers
from corpus.schema.reader import Document, Path

_SPREAD = re.compile(r"(?:±|\+/-)\s*(\d+(?:\.\d+)?)\s*%?\Z", re.ASCII)


def numbers_of(
    written: PrunedRow | Unpruned,
    document: Document,
    place: Path,
    *,
    file: str,
    prefix: str = "",
    halve_flops: bool = False,
    as_published: bool = False,
    read_off: FigureReading | None = None,
) -> dict[str, Derivation]:
    """Leaves by measure name (with `prefix`); as published, corrections and additions are not applied.

    By default `printed_as` and the reading of a figure (`read_off`) say how well each number is known.
    Problems (a correction that does not match what it corrects, a number given twice) are added to `document`.
    """
    reading = _LeafReader(document, place, file, prefix)
    printed_as = written.printed_as or {}
    for measure in _given(written):
        quantity = getattr(written, measure)
        if quantity is not None:
            quantity = _printed_as(measure, quantity, printed_as.get(measure), as_published)
            reading.add(measure, quantity, "printed", (measure,))
            if read_off is not None and not as_published:
                reading.read_off(measure, read_off)
    reading.refuse_unused(printed_as, written)
    if written.correction:
        reading.correct(written, apply=not as_published)
    for number, added in enumerate(written.added or ()):
        for measure in _given(added):
            reading.add_missing(measure, getattr(added, measure), number, keep=not as_published)
    if halve_flops and not as_published and prefix + "flops" in reading.leaves:
        reading.halve(prefix + "flops")
    return reading.leaves


def _given(written: PrunedNumbers | UnprunedNumbers) -> list[str]:
    """The measures that are written, always in the same order."""
    return [measure for measure in MEASURES if measure in written.model_fields_set]


def _printed_as(measure: str, quantity: Quantity, printed: str | None, as_published: bool) -> Quantity:
    """The quantity under the paper's own string, whose digits and standard deviation (93.09 ± 0.14) the sheet lacks."""
    if printed is None:
        return quantity
    if as_published:
        return with_printed(quantity, printed)
    quantity = with_printed_digits(measure, quantity, printed)
    spread = _SPREAD.search(printed) if quantity.std is None else None
    return replace(with_printed(quantity, printed), std=float(spread[1]) if spread else quantity.std)


class _LeafReader:
    """Collects the numbers of one mapping; problems are added to the document."""

    def __init__(self, document: Document, place: Path, file: str, prefix: str):
        self.document, self.place, self.file, self.prefix = document, place, file, prefix
        self.leaves: dict[str, Derivation] = {}

    def add(self, measure: str, quantity: Quantity, route: str, below: Path) -> None:
        line, column = self.document.position((*self.place, *below))
        name = self.prefix + measure
        self.leaves[name] = Derivation(name, quantity, route, (), self.file, line, column)

    def read_off(self, measure: str, reading: FigureReading) -> None:
        """Widens the interval of a number just added to what a reading of the figure allows."""
        name = self.prefix + measure
        try:
            self.leaves[name] = reading.applied(self.leaves[name])
        except ValueError as error:
            self._problem((measure,), f"reading_error: {error}")

    def refuse_unused(self, printed_as: dict[str, str], written: PrunedRow | Unpruned) -> None:
        for measure in printed_as:
            if getattr(written, measure, None) is None:
                self._problem(("printed_as", measure), f"printed_as: {measure} is not given here")

    def correct(self, written: PrunedRow | Unpruned, apply: bool) -> None:
        """Checks every correction; with `apply`, puts what holds in place of what the sheet says."""
        corrected: dict[str, tuple[str, Quantity | None]] = {}
        for measure, correction in (written.correction or {}).items():
            quantity = getattr(written, measure)
            printed = quantity.printed if quantity else None
            if correction.sheet != printed:
                said = f"says the sheet has '{correction.sheet}'" if correction.sheet else "has no 'sheet'"
                given = f"'{printed}'" if printed else "not given"
                message = f"the correction of {measure} {said}, but {measure} is {given}"
                self._problem(("correction", measure), message)
            target = correction.moved_to or measure
            text = correction.value or correction.sheet or "none"
            corrected[measure] = (target, self._corrected(target, text, measure))
        if apply:
            self._replace(corrected)

    def _replace(self, corrected: dict[str, tuple[str, Quantity | None]]) -> None:
        for measure in corrected:
            self.leaves.pop(self.prefix + measure, None)
        for measure, (target, quantity) in corrected.items():
            if self.prefix + target in self.leaves:
                self._problem(
                    ("correction", measure, "moved_to"), f"{target} is given already; use `value: none`"
                )
            elif quantity is not None:
                self.add(target, quantity, "corrected", ("correction", measure, "value"))

    def _corrected(self, target: str, text: str, measure: str) -> Quantity | None:
        if self.prefix and target not in UNPRUNED_MEASURES:
            self._problem(("correction", measure, "moved_to"), f"an unpruned network has no {target}")
        if text == "none":
            return None
        try:
            return parse(target, text)
        except ValueError as error:
            self._problem(("correction", measure, "value"), str(error))
            return None

    def add_missing(self, measure: str, quantity: Quantity | None, number: int, keep: bool) -> None:
        if quantity is None:
            return
        in_list = (*self.place, "added", number) in self.document.positions
        below = ("added", number, measure) if in_list else ("added", measure)
        if self.prefix + measure in self.leaves:
            self._problem(below, f"{measure} is given already; use 'correction' or 'printed_as'")
        elif keep:
            self.add(measure, quantity, "added", below)

    def halve(self, name: str) -> None:
        leaf = self.leaves[name]
        quantity = leaf.quantity
        half = Quantity(quantity.value / 2, quantity.low / 2, quantity.high / 2)
        self.leaves[name] = replace(
            leaf, quantity=half, route=f"{name} / 2 (the paper counts two per multiply-add)", inputs=(leaf,)
        )

    def _problem(self, below: Path, message: str) -> None:
        self.document.problems.append(self.document.problem((*self.place, *below), message))
