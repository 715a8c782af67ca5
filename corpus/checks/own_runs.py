"""Checks our own runs: documents like papers, whose tables also state the settings of every run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus.catalogue.own_runs import RERUN, OwnRun, Reruns, StudyTables, rerun_files
from corpus.catalogue.papers import read_paper
from corpus.catalogue.results import Paper
from corpus.checks.paper_report import paper_report
from corpus.checks.report import Report, report_of
from corpus.schema.places import own_results, shown
from corpus.schema.reader import CorpusError, Problem
from corpus.schema.vocabulary import Names


def read_reruns(folder: Path, names: Names, results: Path | None = None) -> Reruns:
    """Our runs in `results` (default: beside the corpus in `folder`); CorpusError with every problem."""
    report, reruns = check_reruns(folder, names, results)
    if report.errors:
        raise CorpusError(report.errors)
    return reruns


def check_reruns(folder: Path, names: Names, results: Path | None = None) -> tuple[Report, Reruns]:
    """What is wrong with our runs, and those that stand."""
    paths = rerun_files(results or own_results(folder))
    if not paths:
        return Report(None), Reruns()
    papers: dict[str, Paper] = {}
    runs: list[OwnRun] = []
    problems: list[Problem] = []
    reports = []
    for key, path in paths.items():
        reading = read_paper(path, folder, names, as_published=False)
        reports.append(paper_report(reading, names))
        if reading.resolution is None:
            continue
        paper = papers[key] = reading.resolution.paper
        if paper.written.attribution != RERUN:
            attribution = paper.written.attribution
            message = f"attribution is '{attribution}'; expected {RERUN}, as in every document here"
            problems.append(reading.document.problem(("attribution",), message))
        tables = StudyTables(paper, path)
        runs += tables.runs
        problems += tables.problems
    return report_of(reports, paths, folder, problems), Reruns(papers, tuple(runs))


def with_reruns(report: Report, folder: Path, names: Names, papers: Mapping[str, Path]) -> Report:
    """The report on `papers` with the errors of our runs added, and the numbers of these apart from the papers'."""
    own_report, reruns = check_reruns(folder, names)
    errors = {*report.errors, *own_report.errors}
    for key, path in rerun_files(own_results(folder)).items():
        if key in papers:
            message = f"'{key}' is the key of a paper too; expected another name for the study"
            errors.add(Problem(shown(path), 1, 1, message))
    report.errors = sorted(errors)
    report.counts |= {"re-run studies": len(reruns.papers), "re-run runs": len(reruns.runs)}
    return report
