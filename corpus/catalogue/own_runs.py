"""Our own runs: documents like the papers', kept apart from them, with the settings of every run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.catalogue.corpus import OperatingPoint, Paper
from corpus.catalogue.papers import own_results, read_paper, shown
from corpus.checks.facts import facts_of
from corpus.checks.report import Report, report_of
from corpus.schema.reader import CorpusError, Problem, read_contents
from corpus.schema.vocabulary import Names

RERUN = "rerun"
"""The attribution of everything measured here."""


@dataclass(frozen=True, slots=True)
class Run:
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
    runs: tuple[Run, ...] = ()

    @property
    def points(self) -> tuple[OperatingPoint, ...]:
        """The operating points of all runs."""
        return tuple(run.point for run in self.runs)


def rerun_files(folder: Path) -> dict[str, Path]:
    """Each study's key with its document in `folder`."""
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def read_reruns(folder: Path, names: Names, results: Path | None = None) -> Reruns:
    """Our runs in `results` (default: beside the corpus in `folder`); CorpusError with every problem."""
    report, reruns = check_reruns(folder, names, results)
    if report.errors:
        raise CorpusError(report.errors)
    return reruns


def check_reruns(folder: Path, names: Names, results: Path | None = None) -> tuple[Report, Reruns]:
    """What is wrong with our runs, and those that stand."""
    paths = rerun_files(results or own_results(folder))
    readings = {key: read_paper(path, folder, names, as_published=False) for key, path in paths.items()}
    papers, runs, problems = {}, [], []
    for key, reading in readings.items():
        if reading.resolution is None:
            continue
        paper = papers[key] = reading.resolution.paper
        if paper.written.attribution != RERUN:
            told = (
                f"attribution is '{paper.written.attribution}'; expected {RERUN}, as in every document here"
            )
            problems.append(reading.document.problem(("attribution",), told))
        found = _Tables(paper, paths[key])
        runs += found.runs
        problems += found.problems
    facts = [facts_of(paths[key], reading) for key, reading in readings.items()]
    report = report_of(facts, paths, folder, problems) if paths else Report(None)
    return report, Reruns(papers, tuple(runs))


def with_reruns(report: Report, folder: Path, names: Names, papers: Mapping[str, Path]) -> Report:
    """The report on the papers with the errors of our runs added, and their numbers apart from the papers'."""
    ours, reruns = check_reruns(folder, names)
    twice = [
        Problem(
            shown(path), 1, 1, f"'{key}' is the key of a paper too; expected another name for the study"
        )
        for key, path in rerun_files(own_results(folder)).items()
        if key in papers
    ]
    report.errors = sorted({*report.errors, *ours.errors, *twice})
    report.counts |= {"re-run studies": len(reruns.papers), "re-run runs": len(reruns.runs)}
    return report


class _Tables:
    """The runs of one study, read from its tables, and what is wrong with their settings."""

    def __init__(self, paper: Paper, path: Path):
        self.paper, self.path = paper, path
        self.study = str((paper.written.recipe or {}).get("study", paper.key))
        self.points = {point.point_id: point for point in paper.points}
        self.problems: list[Problem] = []
        self.runs = [
            run for block in paper.written.results if block.table for run in self._table(block.table)
        ]

    def _table(self, name: str) -> Iterator[Run]:
        file = self.path.with_name(name)
        short = name.removeprefix(f"{self.paper.key}.").removesuffix(".csv")
        try:
            lines = csv.reader(io.StringIO(read_contents(file).decode("utf-8")), strict=True)
            header = next(lines, [])
            for number, cells in enumerate(lines, 1):
                point = self.points.get(f"{self.paper.key}/{short}.{number}")
                if point is None or len(cells) != len(header):  # the reader of the table says so already
                    continue
                settings = _Settings(shown(file), lines.line_num, header, cells, self.problems)
                seed, images = settings.number(*SEED), settings.number(*IMAGES)
                ratio = settings.number(*RATIO) if RATIO[0] in header else point.value("compression_ratio")
                if None not in (ratio, seed, images):
                    noted = dict(zip(header, cells, strict=True))
                    about = (self.study, short, point.method or "unknown")
                    yield Run(point, *about, ratio, int(seed), int(images), noted)
        except (OSError, UnicodeDecodeError, csv.Error):
            return  # as above


RATIO = ("requested_ratio", 1.0, False, "a ratio of 1 or more")
SEED = ("seed", 0.0, True, "a whole number")
IMAGES = ("test_images", 1.0, True, "a whole number of images")
"""What runs state: column, least value, whether it is whole, and what is expected there."""


@dataclass(frozen=True, slots=True)
class _Settings:
    """One line of a table, read cell by cell; what is wrong goes to `problems`."""

    file: str
    line: int
    header: list[str]
    cells: list[str]
    problems: list[Problem]

    def number(self, column: str, least: float, whole: bool, expected: str) -> float | None:
        """The number in a column, or None and a problem."""
        if column not in self.header:
            told = Problem(
                self.file, 1, 1, f"no column '{column}'; a table of runs states {expected} there"
            )
            if told not in self.problems:
                self.problems.append(told)
            return None
        place = self.header.index(column)
        try:
            value = float(self.cells[place])
        except ValueError:
            value = float("nan")
        if value >= least and value < float("inf") and (not whole or value == int(value)):
            return value
        at = sum(map(len, self.cells[:place])) + place + 1
        self.problems.append(
            Problem(self.file, self.line, at, f"{column} is '{self.cells[place]}'; expected {expected}")
        )
        return None
