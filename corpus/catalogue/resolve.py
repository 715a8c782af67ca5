"""Turns a paper's file as written into a paper with names, corrections and arithmetic resolved."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.catalogue.corpus import Comparison, Entry, OperatingPoint, Paper
from corpus.catalogue.csv_table import read_table
from corpus.catalogue.leaves import numbers_of
from corpus.catalogue.training import AppliedRecipe, applied_recipes
from corpus.numbers.derive import Contradiction, Derivation, contradictions, normal_form
from corpus.numbers.measures import MEASURES, RATIO, STD_COLUMNS
from corpus.schema.fields import checked_date
from corpus.schema.paper import ANALYSES, Block, Exclusion, Method, PaperFile, PrunedRow
from corpus.schema.reader import Document, Problem, read_contents
from corpus.schema.reader import Path as Place
from corpus.schema.vocabulary import Names

BARE = frozenset()
DECREASES = [name for name, measure in MEASURES.items() if measure.kind == RATIO and measure.amount_of]
"""Ratios of a count before to that count after, which cannot be below 1 unless pruning made the network larger."""


@dataclass(slots=True)
class Resolution:
    """A resolved paper and what came to light on the way."""

    paper: Paper
    contradictions: list[tuple[OperatingPoint, Contradiction]] = field(default_factory=list)


def resolve(
    written: PaperFile,
    document: Document,
    path: Path,
    names: Names,
    *,
    file: str,
    as_published: bool,
    read: Callable[[Path], bytes] = read_contents,
) -> Resolution:
    """The paper in `written`; problems are added to `document`.

    `file` is its name inside the corpus, `read` gives the bytes of its tables.
    """
    return _Resolver(written, document, path, names, file, as_published, read).resolve()


class _Resolver:
    def __init__(
        self,
        written: PaperFile,
        document: Document,
        path: Path,
        names: Names,
        file: str,
        as_published: bool,
        read: Callable[[Path], bytes],
    ):
        self.written, self.document, self.path, self.names, self.file = written, document, path, names, file
        self.as_published, self.read = as_published, read
        self.key = path.name.removesuffix(".yaml")
        self.found: list[tuple[OperatingPoint, Contradiction]] = []

    def resolve(self) -> Resolution:
        venue = self._name("venues", self.written, "venue", ())
        date = self._date()
        self.author = self.written.label or surname(self.written.authors[0])
        self.year = int(date[:4])
        entries = tuple(
            entry for index, block in enumerate(self.written.results) for entry in self._block(block, index)
        )
        self._refuse_twins(entries)
        paper = Paper(
            key=self.key,
            written=self.written,
            file=self.file,
            author=self.author,
            year=self.year,
            date=date,
            venue=venue,
            peer_reviewed=venue in self.names.venues.entries and self.names.venues[venue].peer_reviewed,
            methods=self._methods(entries),
            comparisons=tuple(
                Comparison(self.key, other.key, other.doubt) for other in self.written.compares_to
            ),
            entries=entries,
            recipes=self._recipes(entries),
        )
        return Resolution(paper, self.found)

    def _recipes(self, entries: tuple[Entry, ...]) -> tuple[AppliedRecipe, ...]:
        """How results were trained; the survey's sheet has none of it."""
        if self.as_published or self.written.recipe is None:
            return ()
        return applied_recipes(self.written, self.document, self.names, self.file, entries)

    def _methods(self, entries: tuple[Entry, ...]) -> dict[str, Method]:
        """The paper's methods; as published, those that only rows added since use are left out."""
        if not self.as_published:
            return self.written.methods
        used = {entry.method for entry in entries}
        return {key: method for key, method in self.written.methods.items() if key in used}

    def _date(self) -> str:
        corrected = self._corrected(self.written, "date", ())
        try:
            return checked_date(corrected)
        except ValueError as error:
            self.document.problems.append(
                self.document.problem(("correction", "date", "value"), str(error))
            )
            return self.written.date

    def _block(self, block: Block, index: int) -> list[Entry]:
        place: Place = ("results", index)
        dataset = self._name("datasets", block, "dataset", place)
        architecture = self._name("architectures", block, "architecture", place)
        setting = _Setting(
            *(block, place, dataset, architecture),
            self.names.datasets.survey_name(block.dataset),
            self.names.architectures.survey_name(block.architecture),
            _analyses(block.exclude),
        )
        if block.no_numbers is not None:
            if self._came_later(block):
                return []
            return [self._entry(setting, None, block, place, block.survey_row)]
        unpruned = self._unpruned(block, place)
        if block.table is not None:
            return self._table(setting, unpruned)
        rows = [(number, row) for number, row in enumerate(block.pruned) if not self._came_later(row)]
        return [self._row(setting, unpruned, row, number) for number, row in rows]

    def _came_later(self, row: PrunedRow | Block) -> bool:
        """Whether the published view leaves a row out because the sheet lacks it; released tables are no rows."""
        return self.as_published and bool(self.written.surveys) and row.survey_row is None

    def _unpruned(self, block: Block, place: Place) -> dict[str, Derivation]:
        if block.unpruned is None:
            return {}
        return numbers_of(
            block.unpruned,
            self.document,
            (*place, "unpruned"),
            file=self.file,
            prefix="unpruned_",
            halve_flops=block.flops_counts == "flops",
            as_published=self.as_published,
        )

    def _row(
        self, setting: _Setting, unpruned: dict[str, Derivation], row: PrunedRow, number: int
    ) -> Entry:
        place = (*setting.place, "pruned", number)
        leaves = numbers_of(
            row,
            self.document,
            place,
            file=self.file,
            halve_flops=setting.block.flops_counts == "flops",
            as_published=self.as_published,
        )
        if not leaves and row.survey_row is None and not row.correction:
            self.document.problems.append(
                self.document.problem(place, "an operating point without any measure")
            )
        leaves |= unpruned
        point = None
        if leaves:
            point = self._point(setting, row, place, leaves, f"{setting.place[1] + 1}.{number + 1}")
            self._check_point(point, row, place)
        return self._entry(setting, point, row, place, row.survey_row)

    def _table(self, setting: _Setting, unpruned: dict[str, Derivation]) -> list[Entry]:
        block = setting.block
        if not block.table.startswith(f"{self.key}.") or not re.fullmatch(r"[\w.+-]+\.csv", block.table):
            message = f"table '{block.table}' must be called {self.key}.<name>.csv"
            self.document.problems.append(self.document.problem((*setting.place, "table"), message))
            return []
        csv_path = self.path.with_name(block.table)
        csv_file = Path(self.file).with_name(block.table).as_posix()
        try:
            table = read_table(csv_path, csv_file, void=self._void_deviations(block), read=self.read)
        except FileNotFoundError:
            message = f"table '{block.table}' is not beside this file"
            self.document.problems.append(self.document.problem((*setting.place, "table"), message))
            return []
        shown = str(Path(self.document.file).with_name(block.table))
        self.document.problems += [replace(problem, file=shown) for problem in table.problems]
        short = block.table.removeprefix(f"{self.key}.").removesuffix(".csv")
        entries = []
        for method in {run.method or block.method: None for run in table.runs}:
            self._method(method, (*setting.place, "table"))
        about: dict[str | None, dict] = {}
        for run in table.runs:
            method = run.method or block.method
            if method not in about:
                about[method] = self._about(setting, method)
            leaves = run.leaves | unpruned
            point = OperatingPoint(
                **about[method],
                point_id=f"{self.key}/{short}.{run.number}",
                trials=block.trials,
                values=normal_form(leaves, self.as_published),
                leaves=leaves,
                file=csv_file,
                line=run.line,
                column=1,
                location=block.where,
                survey_row=None,
                same_as=None,
                excluded_from=setting.excluded_from,
                released=True,
                verified=block.verified,
                doubt=block.doubt,
            )
            entries.append(self._entry(setting, point, block, setting.place, None))
        return entries

    def _void_deviations(self, block: Block) -> set[str]:
        """Columns of the block's table whose standard deviations a correction declares void."""
        return set() if self.as_published else STD_COLUMNS.keys() & (block.correction or {})

    def _point(
        self, setting: _Setting, row: PrunedRow, place: Place, leaves: dict[str, Derivation], number: str
    ) -> OperatingPoint:
        block = setting.block
        line, column = self.document.position(place)
        method = row.method or self._corrected(block, "method", setting.place)
        self._method(method, place)
        return OperatingPoint(
            **self._about(setting, method),
            point_id=f"{self.key}/{row.survey_row or 'block' + number}",
            trials=row.trials or block.trials,
            values=normal_form(leaves, self.as_published),
            leaves=leaves,
            file=self.file,
            line=line,
            column=column,
            location=row.where or block.where,
            survey_row=row.survey_row,
            same_as=row.same_as,
            excluded_from=_analyses(block.exclude) | _analyses(row.exclude),
            released=False,
            verified=row.verified or block.verified,
            doubt=row.doubt or block.doubt or (block.unpruned.doubt if block.unpruned else None),
        )

    def _about(self, setting: _Setting, method: str | None) -> dict:
        method = method or self._only_method()
        return {
            "paper": self.key,
            "label": self._label(method),
            "method": method,
            "dataset": setting.dataset,
            "architecture": setting.architecture,
            "attribution": self.written.attribution,
        }

    def _label(self, method: str | None) -> str:
        entry = self.written.methods.get(method)
        label = f"{self.author} {self.year}"
        return f"{label}, {entry.name}" if entry and entry.name and entry.own_curve else label

    def _only_method(self) -> str | None:
        return next(iter(self.written.methods)) if len(self.written.methods) == 1 else None

    def _method(self, method: str | None, place: Place) -> None:
        if method is not None and method not in self.written.methods:
            known = ", ".join(self.written.methods) or "none"
            message = f"method '{method}' is not among this paper's methods ({known})"
            self.document.problems.append(self.document.problem(place, message))

    def _entry(
        self,
        setting: _Setting,
        point: OperatingPoint | None,
        part: Block | PrunedRow,
        place: Place,
        row: int | None,
    ) -> Entry:
        block = setting.block
        return Entry(
            paper=self.key,
            dataset=setting.dataset,
            architecture=setting.architecture,
            method=point.method if point else part.method or block.method or self._only_method(),
            point=point,
            reason=None if point else block.no_numbers or "numbers only in a correction",
            survey_row=row,
            sheet_dataset=setting.sheet_dataset,
            sheet_architecture=setting.sheet_architecture,
            excluded_from=setting.excluded_from | (BARE if part is block else _analyses(part.exclude)),
            location=part.where or block.where,
            released=block.table is not None,
            file=point.file if point else self.file,
            line=point.line if point else self.document.position(place)[0],
        )

    def _name(self, kind: str, written: Block | PaperFile, key: str, place: Place) -> str:
        """The canonical name, or the spelling itself if no entry lists it (a problem then)."""
        vocabulary = getattr(self.names, kind)
        corrected = self._corrected(written, key, place)
        spellings = {(*place, key): getattr(written, key)}
        if key in (written.correction or {}):
            spellings[(*place, "correction", key, "value")] = corrected
        self.document.problems += [
            self.document.problem(where, vocabulary.unknown(spelling))
            for where, spelling in spellings.items()
            if vocabulary.canonical(spelling) is None and vocabulary.entries
        ]
        return vocabulary.canonical(corrected) or corrected

    def _corrected(self, written: Block | PaperFile, key: str, place: Place) -> str | None:
        value = getattr(written, key)
        correction = (written.correction or {}).get(key)
        if correction is None:
            return value
        if correction.sheet != value:
            message = f"the correction says the sheet has '{correction.sheet}', but {key} is '{value}'"
            self.document.problems.append(self.document.problem((*place, "correction", key), message))
        if correction.value is None or correction.moved_to is not None:
            message = f"a correction of {key} needs 'value', and only measures have 'moved_to'"
            self.document.problems.append(self.document.problem((*place, "correction", key), message))
            return value
        return value if self.as_published else correction.value

    def _check_point(self, point: OperatingPoint, row: PrunedRow, place: Place) -> None:
        self.found += [(point, contradiction) for contradiction in contradictions(point.leaves)]
        for measure in DECREASES:
            derivation = point.values.get(measure)
            if derivation and derivation.quantity.high < 1 and not row.grows:
                message = (
                    f"{measure} is {derivation.quantity.value:.3g}, below 1: the pruned network would be larger; "
                    "pruned and unpruned may be swapped, or write `grows: true`"
                )
                self.document.problems.append(self.document.problem(place, message))

    def _refuse_twins(self, entries: tuple[Entry, ...]) -> None:
        seen: dict[tuple, OperatingPoint] = {}
        for entry in entries:
            point = entry.point
            if (
                point is None
                or entry.released
                or not any(not m.startswith("unpruned_") for m in point.leaves)
            ):
                continue
            values = frozenset(
                (name, leaf.quantity.value, leaf.quantity.std) for name, leaf in point.leaves.items()
            )
            twin = seen.setdefault((point.dataset, point.architecture, point.method, values), point)
            if twin is not point and point.same_as is None and twin.same_as is None:
                message = (
                    f"identical in every value to the operating point on line {twin.line}; "
                    "remove one, or write `same_as: <its survey_row>`"
                )
                self.document.problems.append(
                    Problem(self.document.file, point.line, point.column, message)
                )


@dataclass(frozen=True, slots=True)
class _Setting:
    block: Block
    place: Place
    dataset: str
    architecture: str
    sheet_dataset: str
    sheet_architecture: str
    excluded_from: frozenset[str]


def _analyses(exclusion: Exclusion | None) -> frozenset[str]:
    if exclusion is None:
        return BARE
    return frozenset(ANALYSES) if "all" in exclusion.from_ else frozenset(exclusion.from_)


def surname(author: str) -> str:
    """The last word of an author's name, in plain letters: `Miguel Á. Carreira-Perpiñán` -> `Carreira-Perpinan`."""
    decomposed = unicodedata.normalize("NFD", author.split()[-1])
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
