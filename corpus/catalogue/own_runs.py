"""Our own runs: documents like the papers', kept apart from them, with the settings of every run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.catalogue.results import OperatingPoint, Paper
from corpus.schema.places import shown
from corpus.schema.reader import Problem, read_contents

RERUN = "rerun"
"""The attribution of everything measured here."""


@dataclass(frozen=True, slots=True)
class OwnRun:
    """One network that we pruned; `noted` has every other cell of its line, by the name of the column."""

    point: OperatingPoint
    study: str
    initial: str
    baseline: str
    ratio: float
    """The compression ratio asked for; the one reached where the study does not ask for ratios."""
    seed: int
    test_images: int
    noted: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reruns:
    """Every study of our own with what it measured."""

    papers: Mapping[str, Paper] = field(default_factory=dict)
    runs: tuple[OwnRun, ...] = ()

    @property
    def points(self) -> tuple[OperatingPoint, ...]:
        """The operating points of all runs."""
        return tuple(run.point for run in self.runs)


@dataclass(frozen=True, slots=True)
class RunSetting:
    """A number that every run states: its column, the least it can be, whether it is whole, and that in words."""

    column: str
    least: float
    is_whole: bool
    expected: str


REQUESTED_RATIO = RunSetting("requested_ratio", 1.0, False, "a ratio of 1 or more")
SEED = RunSetting("seed", 0.0, True, "a whole number")
TEST_IMAGES = RunSetting("test_images", 1.0, True, "a whole number of images")


def rerun_files(folder: Path) -> dict[str, Path]:
    """Each study's key with its document in `folder`."""
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


class StudyTables:
    """The runs of one study, read from its tables; what is wrong with their settings goes to `problems`.

    What is wrong with the tables as such (no such file, a cell too many) the reader of papers has said already.
    """

    def __init__(self, paper: Paper, path: Path):
        settings = paper.written.recipe
        self.paper, self.path = paper, path
        self.study = str(settings.get("study", paper.key)) if isinstance(settings, dict) else paper.key
        self.points = {point.point_id: point for point in paper.points}
        self.problems: list[Problem] = []
        self.runs: list[OwnRun] = []
        for block in paper.written.results:
            if block.table:
                self.runs += self._runs(block.table)

    def _runs(self, table: str) -> Iterator[OwnRun]:
        file = self.path.with_name(table)
        initial = table.removeprefix(f"{self.paper.key}.").removesuffix(".csv")
        try:
            lines = csv.reader(io.StringIO(read_contents(file).decode("utf-8")), strict=True)
            header = next(lines, [])
            for number, cells in enumerate(lines, 1):
                point = self.points.get(f"{self.paper.key}/{initial}.{number}")
                if point is None or len(cells) != len(header):
                    continue
                line = _RunLine(shown(file), lines.line_num, header, cells, self.problems)
                run = self._run(point, initial, line)
                if run is not None:
                    yield run
        except (OSError, UnicodeDecodeError, csv.Error):
            return

    def _run(self, point: OperatingPoint, initial: str, line: _RunLine) -> OwnRun | None:
        """The run of one line; None if a setting is missing or wrong."""
        seed, images = line.number(SEED), line.number(TEST_IMAGES)
        if REQUESTED_RATIO.column in line.header:
            ratio = line.number(REQUESTED_RATIO)
        else:
            ratio = point.value("compression_ratio")
        if ratio is None or seed is None or images is None:
            return None
        return OwnRun(
            point=point,
            study=self.study,
            initial=initial,
            baseline=point.method or "unknown",
            ratio=ratio,
            seed=int(seed),
            test_images=int(images),
            noted=dict(zip(line.header, line.cells, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class _RunLine:
    """One line of a table, read cell by cell; what is wrong goes to `problems`."""

    file: str
    number_of_line: int
    header: list[str]
    cells: list[str]
    problems: list[Problem]

    def number(self, setting: RunSetting) -> float | None:
        """The number of a setting, or None and a problem."""
        if setting.column not in self.header:
            message = f"no column '{setting.column}'; a table of runs states {setting.expected} there"
            missing = Problem(self.file, 1, 1, message)
            if missing not in self.problems:  # once for all lines
                self.problems.append(missing)
            return None
        place = self.header.index(setting.column)
        cell = self.cells[place]
        try:
            value = float(cell)
        except ValueError:
            value = float("nan")
        is_possible = setting.least <= value < float("inf")
        if is_possible and (not setting.is_whole or value == int(value)):
            return value
        column = sum(len(before) for before in self.cells[:place]) + place + 1
        message = f"{setting.column} is '{cell}'; expected {setting.expected}"
        self.problems.append(Problem(self.file, self.number_of_line, column, message))
        return None
