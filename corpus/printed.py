"""The numbers of one mapping of a paper's file, with corrections and additions applied or not."""

from __future__ import annotations

from dataclasses import replace

from corpus.derive import Derivation
from corpus.paper import PrunedRow, Unpruned
from corpus.quantities import MEASURES, Quantity, parse, with_printed
from corpus.reader import Document, Path

_NAMES = frozenset(MEASURES)


def numbers_of(
    written: PrunedRow | Unpruned,
    document: Document,
    place: Path,
    *,
    file: str,
    prefix: str = "",
    halve_flops: bool = False,
    as_published: bool = False,
) -> dict[str, Derivation]:
    """Leaves by measure name (with `prefix`); as published, corrections and additions are not applied.

    Problems (a correction that does not match what it corrects, a number given twice) are added to `document`.
    """
    reading = _Reading(document, place, file, prefix)
    printed_as = written.printed_as or {}
    for measure in _NAMES & written.model_fields_set:
        quantity = getattr(written, measure)
        if quantity is not None:
            quantity = with_printed(quantity, printed_as[measure]) if measure in printed_as else quantity
            reading.add(measure, quantity, "printed", (measure,))
    if written.correction:
        reading.correct(written, apply=not as_published)
    for number, added in enumerate(written.added or ()):
        for measure in _NAMES & added.model_fields_set:
            reading.add_missing(measure, getattr(added, measure), number, keep=not as_published)
    if halve_flops and not as_published and prefix + "flops" in reading.leaves:
        reading.halve(prefix + "flops")
    return reading.leaves


class _Reading:
    def __init__(self, document: Document, place: Path, file: str, prefix: str):
        self.document, self.place, self.file, self.prefix = document, place, file, prefix
        self.leaves: dict[str, Derivation] = {}

    def add(self, measure: str, quantity: Quantity, route: str, below: Path) -> None:
        line, column = self.document.position((*self.place, *below))
        name = self.prefix + measure
        self.leaves[name] = Derivation(name, quantity, route, (), self.file, line, column)

    def correct(self, written: PrunedRow | Unpruned, apply: bool) -> None:
        for measure, correction in written.correction.items():
            quantity = getattr(written, measure)
            written_as = quantity.printed if quantity else None
            if correction.sheet != written_as:
                found = f"'{written_as}'" if written_as else "not given"
                self._problem(
                    ("correction", measure),
                    f"the correction of {measure} says the sheet has '{correction.sheet}', but {measure} is {found}",
                )
            target = correction.moved_to or measure
            corrected = self._corrected(target, correction.value or correction.sheet, measure)
            if not apply:
                continue
            self.leaves.pop(self.prefix + measure, None)
            if corrected is not None:
                self.add(target, corrected, "corrected", ("correction", measure, "value"))

    def _corrected(self, target: str, text: str, measure: str) -> Quantity | None:
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
        if self.prefix + measure in self.leaves:
            self._problem(("added", measure), f"{measure} is given already; use 'correction' or 'printed_as'")
        elif keep:
            in_list = (*self.place, "added", number) in self.document.positions
            self.add(measure, quantity, "added", ("added", number, measure) if in_list else ("added", measure))

    def halve(self, name: str) -> None:
        leaf = self.leaves[name]
        quantity = leaf.quantity
        half = Quantity(quantity.value / 2, quantity.low / 2, quantity.high / 2)
        self.leaves[name] = replace(
            leaf, quantity=half, route=f"{name} / 2 (the paper counts two per multiply-add)", inputs=(leaf,)
        )

    def _problem(self, below: Path, message: str) -> None:
        self.document.problems.append(self.document.problem((*self.place, *below), message))
