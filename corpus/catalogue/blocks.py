"""Resolves the blocks of a paper's results: each row, and each run of a released table, into an operating point."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.catalogue.checks_of_values import (
    CheckOfValue,
    PlacedChecks,
    PrintedValue,
    checks_of,
    printed_values,
    refuse_idle_checks,
)
from corpus.catalogue.csv_table import ReleasedRun, ReleasedTable, read_table
from corpus.catalogue.figure_readings import figure_reading
from corpus.catalogue.leaves import numbers_of
from corpus.catalogue.results import OperatingPoint, ResultEntry
from corpus.catalogue.spelling import Spelling
from corpus.numbers.derive import Contradiction, Derivation, NormalForm, contradictions, normal_form
from corpus.numbers.measures import ACCURACY, MEASURES, RATIO, STD_COLUMNS, UNPRUNED
from corpus.schema.paper import ANALYSES, Block, Exclusion, PaperFile, PrunedRow
from corpus.schema.protocol import stated
from corpus.schema.reader import Document
from corpus.schema.reader import Path as Place
from corpus.schema.roles import ATTRIBUTIONS, Role
from corpus.schema.vocabulary import Names

BARE: frozenset[str] = frozenset()
DECREASES = [name for name, measure in MEASURES.items() if measure.kind == RATIO and measure.amount_of]
"""Ratios of a count before to that count after, which cannot be below 1 unless pruning made the network larger."""
TABLE_NAME = re.compile(r"[\w.+-]+\.csv")


@dataclass(frozen=True, slots=True)
class PaperContext:
    """What every block of a paper needs to know of it.

    `file` is the paper's name inside the corpus, `label` its author and year, `tables` the folder of its tables.
    """

    written: PaperFile
    document: Document
    key: str
    file: str
    label: str
    tables: Path | None
    names: Names
    as_published: bool

    def problem(self, place: Place, message: str) -> None:
        """Notes an error at `place` of the file."""
        self.document.problems.append(self.document.problem(place, message))


@dataclass(frozen=True, slots=True)
class BlockSetting:
    """A block at its place, with its names resolved, what it is left out of, and its unpruned network's numbers.

    `name` is that of the block among those of its paper, in the ids of its points.
    """

    block: Block
    place: Place
    role: Role
    name: str
    dataset: str
    architecture: str
    sheet_dataset: str
    sheet_architecture: str
    excluded_from: frozenset[str]
    unpruned: dict[str, Derivation]


@dataclass(frozen=True, slots=True)
class PointMethod:
    """The method of an operating point, and the label it goes by in figures."""

    key: str | None
    label: str


class BlockResolver:
    """Resolves the blocks of one paper, one after another.

    Keeps the contradictions that it comes upon, and every printed value once, in their order.
    """

    def __init__(self, context: PaperContext, spelling: Spelling):
        self._context = context
        self._spelling = spelling
        self.contradictions: list[tuple[OperatingPoint, Contradiction]] = []
        self.values: dict[PrintedValue, None] = {}

    def entries(self, role: Role, index: int, block: Block) -> list[ResultEntry]:
        """The rows of the block at `index` (from 0) of the list of `role`, number-less ones included."""
        setting = self._setting(role, index, block)
        if block.no_numbers is not None:
            if self._came_later(block):
                return []
            return [self._entry(setting, None, block, setting.place, block.survey_row)]
        self._note_block_checks(setting)
        if block.table is not None:
            return self._released(setting, block.table)
        entries = []
        for number, row in enumerate(block.pruned or ()):
            if not self._came_later(row):
                entries.append(self._row_entry(setting, row, number))
        return entries

    def _setting(self, role: Role, index: int, block: Block) -> BlockSetting:
        place: Place = (role.value, index)
        names = self._context.names
        return BlockSetting(
            block=block,
            place=place,
            role=role,
            name=f"{'block' if role is Role.OWN else role.value}{index + 1}",
            dataset=self._spelling.dataset(block, place),
            architecture=self._spelling.architecture(block, place),
            sheet_dataset=names.datasets.survey_name(block.dataset),
            sheet_architecture=names.architectures.survey_name(block.architecture),
            excluded_from=_analyses(block.exclude),
            unpruned=self._unpruned(block, place),
        )

    def _came_later(self, row: PrunedRow | Block) -> bool:
        """Whether the published view leaves a row out because the sheet lacks it; released tables are no rows."""
        in_sheet = row.survey_row is not None
        return self._context.as_published and bool(self._context.written.surveys) and not in_sheet

    def _unpruned(self, block: Block, place: Place) -> dict[str, Derivation]:
        if block.unpruned is None:
            return {}
        return numbers_of(
            block.unpruned,
            self._context.document,
            (*place, "unpruned"),
            file=self._context.file,
            prefix=UNPRUNED,
            halve_flops=block.flops_counts == "flops",
            as_published=self._context.as_published,
        )

    def _block_checks(self, setting: BlockSetting) -> list[PlacedChecks]:
        """Checks of the block and of its unpruned network; none as published, for they are of what holds by default."""
        block, place = setting.block, setting.place
        if self._context.as_published:
            return []
        of_unpruned = block.unpruned.checked if block.unpruned else None
        return [
            PlacedChecks(of_unpruned or (), (*place, "unpruned"), prefix=UNPRUNED),
            PlacedChecks(block.checked or (), place, of_block=True),
        ]

    def _note_block_checks(self, setting: BlockSetting) -> None:
        """Keeps the values of the unpruned network, and refuses checks of values that it lacks."""
        sources = self._block_checks(setting)
        if not sources:
            return
        values = normal_form(setting.unpruned)
        checks = checks_of(sources, setting.unpruned)
        self._keep(setting, setting.unpruned, checks)
        block = setting.block
        refuse_idle_checks(sources[0], block.unpruned, setting.unpruned, values, self._context.document)
        given = set(setting.unpruned)
        for row in block.pruned or ():
            given |= row.model_fields_set
            for added in row.added or ():
                given |= added.model_fields_set
        if block.table is None:
            refuse_idle_checks(sources[1], None, given, (), self._context.document)

    def _checks(
        self,
        setting: BlockSetting,
        row: PrunedRow,
        place: Place,
        leaves: dict[str, Derivation],
        values: NormalForm,
    ) -> tuple[CheckOfValue, ...]:
        """The checks of a row's values, of its unpruned network's among them."""
        if self._context.as_published:
            return ()
        own = PlacedChecks(row.checked or (), place)
        refuse_idle_checks(own, row, leaves, values, self._context.document)
        checks = checks_of((own, *self._block_checks(setting)), leaves)
        pruned_only = {name: leaf for name, leaf in leaves.items() if name not in setting.unpruned}
        self._keep(setting, pruned_only, checks)
        return checks

    def _views(self, block: Block) -> dict[str, int]:
        """Crops behind each accuracy that the block speaks of; the survey's sheet has none of it."""
        if self._context.as_published or block.views is None:
            return {}
        if isinstance(block.views, int):
            return dict.fromkeys(
                (name for name, measure in MEASURES.items() if measure.kind == ACCURACY), block.views
            )
        return dict(block.views)

    def _keep(
        self, setting: BlockSetting, leaves: dict[str, Derivation], checks: tuple[CheckOfValue, ...]
    ) -> None:
        """Counts the values of a block, but for quoted ones, which are other papers' values."""
        if setting.role is Role.QUOTED:
            return
        self.values |= dict.fromkeys(printed_values(leaves, checks))

    def _row_entry(self, setting: BlockSetting, row: PrunedRow, number: int) -> ResultEntry:
        place: Place = (*setting.place, "pruned", number)
        leaves = numbers_of(
            row,
            self._context.document,
            place,
            file=self._context.file,
            halve_flops=setting.block.flops_counts == "flops",
            as_published=self._context.as_published,
            read_off=figure_reading(setting.block, row),
        )
        if not leaves and row.survey_row is None and not row.correction:
            self._context.problem(place, "an operating point without any measure")
        leaves |= setting.unpruned
        if not leaves:
            return self._entry(setting, None, row, place, row.survey_row)
        name = row.survey_row or f"{setting.name}.{number + 1}"
        point = self._row_point(setting, row, place, leaves, f"{self._context.key}/{name}")
        self._check_point(point, row, place)
        return self._entry(setting, point, row, place, row.survey_row)

    def _row_point(
        self,
        setting: BlockSetting,
        row: PrunedRow,
        place: Place,
        leaves: dict[str, Derivation],
        point_id: str,
    ) -> OperatingPoint:
        block = setting.block
        line, column = self._context.document.position(place)
        named = row.method or self._spelling.corrected(block, "method", setting.place)
        self._refuse_unknown_method(named, place)
        method = self._method(named)
        doubt_of_unpruned = block.unpruned.doubt if block.unpruned else None
        values = normal_form(leaves, self._context.as_published)
        return OperatingPoint(
            point_id=point_id,
            paper=self._context.key,
            label=method.label,
            method=method.key,
            dataset=setting.dataset,
            architecture=setting.architecture,
            trials=row.trials or block.trials,
            values=values,
            leaves=leaves,
            attribution=self._attribution(setting),
            file=self._context.file,
            line=line,
            column=column,
            location=row.where or block.where,
            survey_row=row.survey_row,
            same_as=row.same_as,
            excluded_from=setting.excluded_from | _analyses(row.exclude),
            released=False,
            checks=self._checks(setting, row, place, leaves, values),
            doubt=row.doubt or block.doubt or doubt_of_unpruned,
            of=_origin(block),
            source=block.source.place(row.source_line) if block.source else None,
            version=row.version or block.version,
            note=row.note or block.note,
            protocol=stated(block.protocol, row.protocol),
            views=self._views(block),
        )

    def _attribution(self, setting: BlockSetting) -> str:
        return ATTRIBUTIONS.get(setting.role, self._context.written.attribution)

    def _check_point(self, point: OperatingPoint, row: PrunedRow, place: Place) -> None:
        """Notes contradictions, and refuses a network that pruning made larger unless the row says `grows`."""
        if (
            point.attribution != ATTRIBUTIONS[Role.QUOTED]
        ):  # whose own numbers they are has to answer for them
            for contradiction in contradictions(point.leaves):
                self.contradictions.append((point, contradiction))
        for measure in DECREASES:
            derivation = point.values.get(measure)
            if derivation is not None and derivation.quantity.high < 1 and not row.grows:
                message = (
                    f"{measure} is {derivation.quantity.value:.3g}, below 1: the pruned network would be larger; "
                    "pruned and unpruned may be swapped, or write `grows: true`"
                )
                self._context.problem(place, message)

    def _released(self, setting: BlockSetting, name: str) -> list[ResultEntry]:
        """A row for each run of the released table called `name`."""
        table = self._table(setting, name)
        if table is None:
            return []
        block = setting.block
        self._refuse_unknown_methods(table.runs, setting)
        methods: dict[str | None, PointMethod] = {}
        csv_file = Path(self._context.file).with_name(name).as_posix()
        short = name.removeprefix(f"{self._context.key}.").removesuffix(".csv")
        entries = []
        for run in table.runs:
            named = run.method or block.method
            if named not in methods:
                methods[named] = self._method(named)
            leaves = run.leaves | setting.unpruned
            values = normal_form(leaves, self._context.as_published)
            point = OperatingPoint(
                point_id=f"{self._context.key}/{short}.{run.number}",
                paper=self._context.key,
                label=methods[named].label,
                method=methods[named].key,
                dataset=setting.dataset,
                architecture=setting.architecture,
                trials=block.trials,
                values=values,
                leaves=leaves,
                attribution=self._attribution(setting),
                file=csv_file,
                line=run.line,
                column=1,
                location=block.where,
                survey_row=None,
                same_as=None,
                excluded_from=setting.excluded_from,
                released=True,
                checks=checks_of(self._block_checks(setting), leaves),
                doubt=block.doubt,
                of=_origin(block),
                source=block.source.place() if block.source else None,
                version=block.version,
                note=block.note,
                protocol=stated(block.protocol),
                views=self._views(block),
            )
            entries.append(self._entry(setting, point, block, setting.place, None))
        return entries

    def _table(self, setting: BlockSetting, name: str) -> ReleasedTable | None:
        """The released table beside the paper's file; None, and a problem, if it cannot be one."""
        context, place = self._context, (*setting.place, "table")
        if not name.startswith(f"{context.key}.") or not TABLE_NAME.fullmatch(name):
            context.problem(place, f"table '{name}' must be called {context.key}.<name>.csv")
            return None
        csv_file = Path(context.file).with_name(name).as_posix()
        path = context.tables / name if context.tables is not None else None
        if path is None or not path.exists():
            context.problem(place, f"table '{name}' is not beside this file")
            return None
        table = read_table(path, csv_file, void=self._void_deviations(setting.block))
        shown_as = str(Path(context.document.file).with_name(name))
        context.document.problems += [replace(problem, file=shown_as) for problem in table.problems]
        return table

    def _void_deviations(self, block: Block) -> set[str]:
        """Columns of the block's table whose standard deviations a correction declares void."""
        if self._context.as_published or block.correction is None:
            return set()
        return STD_COLUMNS.keys() & block.correction.keys()

    def _refuse_unknown_methods(self, runs: Iterable[ReleasedRun], setting: BlockSetting) -> None:
        """Each unknown method of a table's runs once, in their order."""
        for method in dict.fromkeys(run.method or setting.block.method for run in runs):
            self._refuse_unknown_method(method, (*setting.place, "table"))

    def _refuse_unknown_method(self, method: str | None, place: Place) -> None:
        methods = self._context.written.methods
        if method is not None and method not in methods:
            known = ", ".join(methods) or "none"
            self._context.problem(place, f"method '{method}' is not among this paper's methods ({known})")

    def _method(self, named: str | None) -> PointMethod:
        """The method that a row names, or the paper's only one, with its label."""
        key = named or self._only_method()
        method = self._context.written.methods.get(key) if key is not None else None
        label = self._context.label
        if method is not None and method.name and method.own_curve:
            label = f"{label}, {method.name}"
        return PointMethod(key, label)

    def _only_method(self) -> str | None:
        methods = self._context.written.methods
        return next(iter(methods)) if len(methods) == 1 else None

    def _entry(
        self,
        setting: BlockSetting,
        point: OperatingPoint | None,
        part: Block | PrunedRow,
        place: Place,
        survey_row: int | None,
    ) -> ResultEntry:
        """The row of results that `part` (a row, or a block without rows) is."""
        block = setting.block
        own_exclusion = BARE if part is block else _analyses(part.exclude)
        if point is None:
            method = part.method or block.method or self._only_method()
            reason = block.no_numbers or "numbers only in a correction"
            file, line = self._context.file, self._context.document.position(place)[0]
        else:
            method, reason = point.method, None
            file, line = point.file, point.line
        return ResultEntry(
            paper=self._context.key,
            dataset=setting.dataset,
            architecture=setting.architecture,
            method=method,
            point=point,
            reason=reason,
            survey_row=survey_row,
            sheet_dataset=setting.sheet_dataset,
            sheet_architecture=setting.sheet_architecture,
            excluded_from=setting.excluded_from | own_exclusion,
            location=part.where or block.where,
            released=block.table is not None,
            file=file,
            line=line,
        )


def _origin(block: Block) -> str | None:
    """Whose numbers or method the block holds, where it is another's and the source says whose."""
    origin = getattr(block, "of", None)
    return None if origin is None else origin.text


def _analyses(exclusion: Exclusion | None) -> frozenset[str]:
    if exclusion is None:
        return BARE
    return frozenset(ANALYSES) if "all" in exclusion.from_ else frozenset(exclusion.from_)
