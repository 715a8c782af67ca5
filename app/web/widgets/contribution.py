"""A paper's file or a table that someone brings along: checked in memory, never written, forgotten with the session."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from app.web.loaded import fingerprint, folder, report
from corpus.catalogue.corpus import Corpus, Paper
from corpus.catalogue.papers import PaperReading, paper_files, read_paper
from corpus.checks.paper_report import PaperReport, paper_report
from corpus.checks.report import report_of
from corpus.contribute.tablecheck import TableReport, check_text
from corpus.schema.fields import KEY_PATTERN
from corpus.schema.reader import MAX_BYTES, CorpusError, Problem
from metaanalysis.impact.corpus_changes import Impact, compare
from metaanalysis.survey import readings as cached_views

MOST_POINTS = 2_000
"""Beyond this many operating points the effect on the figures is left to the command line."""
DEFAULT_KEY = "yourname2024paper"


@dataclass(frozen=True)
class Checked:
    """What is wrong or doubtful in a file, with the corpus that has it if nothing is wrong."""

    file: str
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    paper: Paper | None = None
    after: Corpus | None = None


def key_problem(key: str) -> str | None:
    """Why `key` cannot be a paper's key, or None."""
    if re.fullmatch(KEY_PATTERN, key, re.ASCII) and len(key) <= 80:
        return None
    return f"'{key[:80]}' is not a paper key; expected surname, year, word: han2015learning"


def check(content: bytes, key: str) -> Checked:
    """Checks a paper's file in memory, as if it lay in the corpus under `key`."""
    name = f"{key}.yaml"
    if len(content) > MAX_BYTES:
        return Checked(
            name, (Problem(name, 1, 1, "file is over 1 MiB; put large tables into a CSV beside it"),), ()
        )
    reading = _read(content, key, as_published=False)
    path = folder() / "papers" / name
    paths = paper_files(folder()) | {key: path}
    others = [paper for paper in _reports_of_corpus(str(folder()), fingerprint()) if paper.key != key]
    own_report = paper_report(reading, report().corpus.names)
    found = report_of([*others, own_report], paths, folder(), ())
    mine = [_bare(problem) for problem in found.errors if Path(problem.file).name == name]
    doubts = tuple(_bare(problem) for problem in found.warnings if Path(problem.file).name == name)
    if mine or reading.resolution is None:
        return Checked(name, tuple(mine), doubts)
    return Checked(name, (), doubts, reading.resolution.paper, _with(content, key, reading))


def check_table(text: str, dataset: str | None, architecture: str | None) -> TableReport:
    """The arithmetic of a table; ValueError if it is none."""
    names = report().corpus.names
    try:
        return check_text(text, "table", names, dataset=dataset, architecture=architecture)
    except CorpusError as error:
        raise ValueError(str(error)) from None


def effect(checked: Checked) -> Impact | None:
    """What the corpus would say differently with this file; None if it is too large to try here."""
    points = sum(1 for _ in checked.paper.points)
    if points > MOST_POINTS:
        return None
    try:
        return compare(report().corpus, checked.after, "the corpus")
    finally:  # these hold on to the corpora that they saw
        cached_views.views.cache_clear()
        cached_views.figure_data.cache_clear()


def _read(content: bytes, key: str, as_published: bool) -> PaperReading:
    path = folder() / "papers" / f"{key}.yaml"
    names = report().corpus.names
    return read_paper(path, folder(), names, as_published, shown_as=path.name, content=content)


def _with(content: bytes, key: str, reading: PaperReading) -> Corpus:
    """The corpus with the paper in it, in both views."""
    corrected = _joined(report().corpus, key, reading)
    published = _joined(report(as_published=True).corpus, key, _read(content, key, as_published=True))
    return replace(corrected, read_other_view=lambda: published)


def _joined(corpus: Corpus, key: str, reading: PaperReading) -> Corpus:
    papers = {name: paper for name, paper in corpus.papers.items() if name != key}
    contradictions = tuple(pair for pair in corpus.contradictions if pair[0].paper != key)
    resolution = reading.resolution
    if resolution is not None and (resolution.paper.survey() or not corpus.as_published):
        papers[key] = resolution.paper
        contradictions += tuple(resolution.contradictions)
    return replace(corpus, papers=dict(sorted(papers.items())), contradictions=contradictions)


def _bare(problem: Problem) -> Problem:
    """The problem without the folder that the corpus lies in."""
    return replace(problem, file=Path(problem.file).name)


@st.cache_resource(show_spinner="Reading the corpus …", max_entries=2)
def _reports_of_corpus(path: str, stamp: str) -> list[PaperReport]:  # noqa: ARG001 (the stamp is the key)
    names = report().corpus.names
    place = Path(path)
    readings = (read_paper(file, place, names, False) for file in paper_files(place).values())
    return [paper_report(reading, names) for reading in readings]
