"""A copy of the corpus to write into, and the command line in this process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from corpus.catalogue.papers import paper_files, read_paper
from corpus.checks.paper_report import paper_report
from corpus.checks.report import report_of
from corpus.schema.places import default_folder
from corpus.schema.reader import Problem
from corpus.schema.vocabulary import read_names


@pytest.fixture
def copy(tmp_path, monkeypatch) -> Path:
    """A checkout with a copy of the corpus's papers and vocabulary, as the current directory."""
    for name in ("papers", "vocabulary"):
        shutil.copytree(default_folder() / name, tmp_path / "corpus" / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "corpus"


@pytest.fixture(scope="session")
def problems_of():
    """What a check of one file says about it, beside the whole corpus, which is read once for all of them."""
    folder = default_folder()
    names, _ = read_names(folder / "vocabulary", "vocabulary")
    paths = paper_files(folder)
    others = [paper_report(read_paper(file, folder, names, False), names) for file in paths.values()]

    def of(path: Path) -> list[Problem]:
        own_report = paper_report(read_paper(path, folder, names, False), names)
        papers = [paper for paper in others if paper.key != own_report.key]
        report = report_of([*papers, own_report], paths | {path.stem: path}, folder, ())
        return [found for found in (*report.errors, *report.warnings) if Path(found.file).name == path.name]

    return of


@pytest.fixture
def prunebase():
    """Runs a verb: exit code, standard output, standard error."""
    runner = CliRunner()

    def run(*words: str, typed: str | None = None) -> tuple[int, str, str]:
        result = runner.invoke(app, list(words), input=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def at_a_terminal(monkeypatch):
    """Standard input counts as a terminal, so that questions are asked."""
    monkeypatch.setattr("app.cli.verbs.add_table.is_at_a_terminal", lambda: True)
