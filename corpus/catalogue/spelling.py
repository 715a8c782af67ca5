"""What a paper's file calls things, turned into canonical names, with corrections of the sheet applied or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus.schema.fields import checked_date
from corpus.schema.paper import Block, Correction, PaperFile
from corpus.schema.reader import Document, Path
from corpus.schema.vocabulary import Names, Vocabulary


@dataclass(frozen=True, slots=True)
class Spelling:
    """Looks up what one paper's file says of itself and its settings; problems are added to `document`."""

    document: Document
    names: Names
    as_published: bool

    def venue(self, written: PaperFile) -> str:
        """The canonical name of the paper's venue, or its spelling if no entry lists it (a problem then)."""
        return self._name(self.names.venues, written, "venue", ())

    def dataset(self, block: Block, place: Path) -> str:
        """Likewise of a block's dataset; `place` is the block's."""
        return self._name(self.names.datasets, block, "dataset", place)

    def architecture(self, block: Block, place: Path) -> str:
        """Likewise of a block's architecture."""
        return self._name(self.names.architectures, block, "architecture", place)

    def date(self, written: PaperFile) -> str:
        """The paper's date, as corrected if that is a date."""
        corrected = self.corrected(written, "date", ())
        try:
            return checked_date(corrected or "")
        except ValueError as error:
            self._problem(("correction", "date", "value"), str(error))
            return written.date

    def _name(self, vocabulary: Vocabulary[Any], written: Block | PaperFile, key: str, place: Path) -> str:
        corrected = self.corrected(written, key, place) or ""
        spellings = {(*place, key): getattr(written, key)}
        if key in _corrections(written):
            spellings[(*place, "correction", key, "value")] = corrected
        for where, spelling in spellings.items():
            if vocabulary.entries and vocabulary.canonical(spelling) is None:
                self._problem(where, vocabulary.unknown(spelling))
        return vocabulary.canonical(corrected) or corrected

    def corrected(self, written: Block | PaperFile, key: str, place: Path) -> str | None:
        """What stands under `key` of the paper or of the block at `place`, or what its correction says in place of it.

        As published, corrections are checked and not applied.
        """
        value: str | None = getattr(written, key)
        correction = _corrections(written).get(key)
        if correction is None:
            return value
        here = (*place, "correction", key)
        if correction.sheet != value:
            message = f"the correction says the sheet has '{correction.sheet}', but {key} is '{value}'"
            self._problem(here, message)
        if correction.value is None or correction.moved_to is not None:
            message = f"a correction of {key} needs 'value', and only measures have 'moved_to'"
            self._problem(here, message)
            return value
        return value if self.as_published else correction.value

    def _problem(self, place: Path, message: str) -> None:
        self.document.problems.append(self.document.problem(place, message))


def _corrections(written: Block | PaperFile) -> Mapping[str, Correction]:
    corrections: Mapping[str, Correction] | None = written.correction
    return corrections or {}
