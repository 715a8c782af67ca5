"""Turns a paper's file as written into a paper with names, corrections and arithmetic resolved."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from corpus.catalogue import Comparison, Entry, OperatingPoint, Paper
from corpus.derive import Contradiction, Derivation, contradictions, normal_form
from corpus.names import Names
from corpus.paper import ANALYSES, Block, Exclusion, PaperFile, PrunedRow
from corpus.printed import numbers_of
from corpus.reader import Document, Problem
from corpus.reader import Path as Place
from corpus.released_table import read_table

BARE = frozenset()


@dataclass(slots=True)
class Resolution:
    """A resolved paper and what came to light on the way."""

    paper: Paper
    contradictions: list[tuple[OperatingPoint, Contradiction]] = field(default_factory=list)


def resolve(
    written: PaperFile, document: Document, path: Path, names: Names, *, file: str, as_published: bool
) -> Resolution:
    """The paper in `written`; problems are added to `document`. `file` is its name inside the corpus."""
    return _Resolver(written, document, path, names, file, as_published).resolve()


class _Resolver:
    def __init__(self, written: PaperFile, document: Document, path: Path, names: Names, file: str, as_published: bool):
        self.written, self.document, self.path, self.names, self.file = written, document, path, names, file
        self.as_published = as_published
        self.key = path.name.removesuffix(".yaml")
        self.found: list[tuple[OperatingPoint, Contradiction]] = []

    def resolve(self) -> Resolution:
        venue = self._name("venues", self.written, "venue", ())
        date = self._corrected(self.written, "date", ())
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
            venue=venue or self.written.venue,
            peer_reviewed=bool(venue) and self.names.venues[venue].peer_reviewed,
            methods=self.written.methods,
            comparisons=tuple(Comparison(self.key, other.key, other.doubt) for other in self.written.compares_to),
            entries=entries,
        )
        return Resolution(paper, self.found)

    def _block(self, block: Block, index: int) -> list[Entry]:
        place: Place = ("results", index)
        dataset = self._name("datasets", block, "dataset", place)
        architecture = self._name("architectures", block, "architecture", place)
        if dataset is None or architecture is None:
            return []
        setting = _Setting(block, place, dataset, architecture)
        if block.no_numbers is not None:
            return [self._entry(setting, None, block, place, block.survey_row)]
        unpruned = self._unpruned(block, place)
        if block.table is not None:
            return self._table(setting, unpruned)
        return [self._row(setting, unpruned, row, number) for number, row in enumerate(block.pruned)]

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

    def _row(self, setting: _Setting, unpruned: dict[str, Derivation], row: PrunedRow, number: int) -> Entry:
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
            self.document.problems.append(self.document.problem(place, "an operating point without any measure"))
        leaves |= unpruned
        point = None
        if leaves:
            point = self._point(setting, row, place, leaves, f"{setting.place[1] + 1}.{number + 1}")
            self._check_point(point, row, place)
        return self._entry(setting, point, row, place, row.survey_row)

    def _table(self, setting: _Setting, unpruned: dict[str, Derivation]) -> list[Entry]:
        block = setting.block
        csv_path = self.path.parent / block.table
        csv_file = f"{self.file.rpartition('/')[0]}/{block.table}"
        if not block.table.startswith(f"{self.key}.") or not re.fullmatch(r"[\w.+-]+\.csv", block.table):
            message = f"table '{block.table}' must be called {self.key}.<name>.csv"
            self.document.problems.append(self.document.problem((*setting.place, "table"), message))
            return []
        table = read_table(csv_path, csv_file, void_std=self._void_std(block))
        self.document.problems += table.problems
        short = block.table.removeprefix(f"{self.key}.").removesuffix(".csv")
        entries = []
        for run in table.runs:
            method = run.method or block.method
            self._method(method, (*setting.place, "table"))
            point = OperatingPoint(
                **self._about(setting, method),
                point_id=f"{self.key}/{short}.{run.number}",
                trials=block.trials,
                values=normal_form(run.leaves | unpruned, self.as_published),
                leaves=run.leaves | unpruned,
                file=csv_file,
                line=run.line,
                column=1,
                location=block.where,
                survey_row=None,
                same_as=None,
                excluded_from=_analyses(block.exclude),
                released=True,
                verified=block.verified,
                doubt=block.doubt,
            )
            entries.append(self._entry(setting, point, block, setting.place, None))
        return entries

    def _void_std(self, block: Block) -> bool:
        return not self.as_published and "top1_std" in (block.correction or {})

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
        self, setting: _Setting, point: OperatingPoint | None, part: Block | PrunedRow, place: Place, row: int | None
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
            sheet_dataset=self.names.datasets.survey_name(self.names.datasets.canonical(block.dataset)),
            sheet_architecture=self.names.architectures.survey_name(
                self.names.architectures.canonical(block.architecture)
            ),
            excluded_from=_analyses(block.exclude) | _analyses(part.exclude),
            location=part.where or block.where,
            released=block.table is not None,
            file=point.file if point else self.file,
            line=point.line if point else self.document.position(place)[0],
        )

    def _name(self, kind: str, written: Block | PaperFile, key: str, place: Place) -> str | None:
        vocabulary = getattr(self.names, kind)
        spelling = self._corrected(written, key, place)
        canonical = vocabulary.canonical(spelling)
        if canonical is None:
            problem = self.document.problem((*place, key), vocabulary.unknown(spelling))
            self.document.problems.append(problem)
        return canonical

    def _corrected(self, written: Block | PaperFile, key: str, place: Place) -> str | None:
        value = getattr(written, key)
        correction = (written.correction or {}).get(key)
        if correction is None:
            return value
        if correction.sheet != value:
            message = f"the correction says the sheet has '{correction.sheet}', but {key} is '{value}'"
            self.document.problems.append(self.document.problem((*place, "correction", key), message))
        return value if self.as_published else correction.value

    def _check_point(self, point: OperatingPoint, row: PrunedRow, place: Place) -> None:
        self.found += [(point, contradiction) for contradiction in contradictions(point.leaves)]
        for measure in ("compression_ratio", "theoretical_speedup"):
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
            if point is None or entry.released or not any(not m.startswith("unpruned_") for m in point.leaves):
                continue
            values = frozenset((name, leaf.quantity.value) for name, leaf in point.leaves.items())
            twin = seen.setdefault((point.dataset, point.architecture, point.method, values), point)
            if twin is not point:
                message = f"identical in every value to the operating point on line {twin.line}; remove one"
                self.document.problems.append(Problem(self.document.file, point.line, point.column, message))


@dataclass(frozen=True, slots=True)
class _Setting:
    block: Block
    place: Place
    dataset: str
    architecture: str


def _analyses(exclusion: Exclusion | None) -> frozenset[str]:
    if exclusion is None:
        return BARE
    return frozenset(ANALYSES) if "all" in exclusion.from_ else frozenset(exclusion.from_)


def surname(author: str) -> str:
    """The last word of an author's name, in plain letters: `Miguel Á. Carreira-Perpiñán` -> `Carreira-Perpinan`."""
    decomposed = unicodedata.normalize("NFD", author.split()[-1])
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
