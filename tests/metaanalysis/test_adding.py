"""A figure or a statistic is one file: a new one, of a name that nobody knows, is used from end to end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from app.cli.reference import DOCUMENTS

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("corpus", "metaanalysis", "rerun", "app")
FIGURE = '''"""How many rows each paper of the zebra herd has.

Rows of results by paper, as a figure that a test adds; nothing in the survey corresponds to it.
"""

import altair as alt
import pandas as pd

COLUMNS = ("paper", "rows")
IDENTITY = ("paper",)
VALUES = ("rows",)


def data(corpus, *, fewest: int = 0) -> pd.DataFrame:
    """One row per paper with at least `fewest` rows."""
    rows = []
    for paper in corpus.papers.values():
        if len(paper.entries) >= fewest:
            rows.append({"paper": paper.key, "rows": sum(entry.point is not None for entry in paper.entries)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def chart(data: pd.DataFrame) -> alt.Chart:
    """Bars."""
    return alt.Chart(data).mark_bar().encode(x="rows:Q", y="paper:N")
'''
STATISTIC = '''"""How many rows the zebra herd has.

Rows of results of the whole corpus, as a statistic that a test adds; nothing in the survey corresponds to it.
"""

import pandas as pd

COLUMNS = ("quantity", "value")


def table(corpus, *, released: bool = True) -> pd.DataFrame:
    """One row; `released` counts runs of released tables too."""
    rows = [entry for entry in corpus.entries if released or not entry.released]
    return pd.DataFrame([{"quantity": "zebra rows", "value": len(rows)}], columns=list(COLUMNS))
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The four packages and their documents, with one figure and one statistic more; the corpus is the invented one."""
    copy = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for document in DOCUMENTS:
        shutil.copy(document, copy)
    shutil.copytree(ROOT / "tests" / "toy", copy / "tests" / "toy")
    (copy / "metaanalysis" / "figures" / "zebra_stripes.py").write_text(FIGURE)
    (copy / "metaanalysis" / "statistics" / "zebra_count.py").write_text(STATISTIC)
    return copy


@pytest.fixture(scope="module")
def run(copy):
    """Runs Python in the copy and returns what it prints."""

    def run(*arguments: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(copy), "XDG_CACHE_HOME": str(copy / "caches")}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return run


@pytest.fixture(scope="module")
def report(run, copy) -> Path:
    """The folder with every figure and table of the invented corpus."""
    run("-m", "app.cli", "figures", "--corpus", "tests/toy", "-o", "out", "--format", "svg,csv")
    return copy / "out"


def test_a_new_figure_is_drawn_and_listed(report):
    """It has its files, a section of the report, and a place in the contents."""
    assert (report / "zebra_stripes.svg").read_text().startswith("<svg")
    assert list(pd.read_csv(report / "zebra_stripes.csv").columns) == ["paper", "rows"]
    page = (report / "index.html").read_text()
    assert '<section id="zebra_stripes"><h2>How many rows each paper of the zebra herd has</h2>' in page
    assert '<a href="#zebra_stripes">' in page


def test_a_new_statistic_is_counted_and_listed(report, run):
    """It has its CSV and a section of the report, and the command line prints it, with its option."""
    assert pd.read_csv(report / "zebra_count.csv")["quantity"].tolist() == ["zebra rows"]
    assert '<section id="zebra_count">' in (report / "index.html").read_text()
    printed = run("-m", "app.cli", "stats", "zebra_count", "--released", "false", "--corpus", "tests/toy")
    assert "zebra rows" in printed


def test_corrections_are_followed_through_a_new_figure(run, report):
    """What moves in it is in the statistic of corrections, row by row and in the counts by figure."""
    counts = run(
        *("-m", "app.cli", "stats", "sheet_corrections", "--show", "figures", "--corpus", "tests/toy"),
        *("--format", "csv"),
    )
    by_figure = dict(line.split(",", 1) for line in counts.splitlines()[1:])
    moved = pd.read_csv(report / "sheet_corrections.csv")
    listed = (moved["figure"] == "zebra_stripes").sum()
    assert sum(map(int, by_figure["zebra_stripes"].split(","))) == listed > 0


def test_the_reference_names_what_was_added(run, copy):
    """The generated sections of the documents have both after they are made anew."""
    run("-m", "app.cli.reference")
    text = "\n".join((copy / document.name).read_text() for document in DOCUMENTS)
    assert "| `zebra_stripes` | How many rows each paper of the zebra herd has | `--fewest` |" in text
    assert "| `zebra_count` | How many rows the zebra herd has | `--released` |" in text


def test_a_figure_that_says_nothing_of_corrections_is_refused(run, copy):
    """The message names the file and what it has to say."""
    silent = copy / "metaanalysis" / "figures" / "silent_zebra.py"
    silent.write_text(FIGURE.replace('IDENTITY = ("paper",)', ""))
    try:
        said = run("-c", SILENT)
    finally:
        silent.unlink()
    assert "metaanalysis.figures.silent_zebra: expected either IDENTITY and VALUES" in said
    assert "NOT_FOLLOWED" in said


SILENT = """
from metaanalysis.registry import figures
try:
    figures()
except ValueError as error:
    print(error)
"""
