"""`prunebase figures` and the command as a process of its own: files, the report page, pipes and narrow terminals."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from metaanalysis.registry import figures, statistics

ROOT = Path(__file__).parent.parent.parent.parent
TOY = str(ROOT / "tests" / "toy")
PNG = b"\x89PNG\r\n\x1a\n"


def prunebase(*words: str, **variables: str) -> subprocess.CompletedProcess:
    """The command in its own process, not on a terminal."""
    command = [sys.executable, "-m", "app.cli", *words]
    environment = os.environ | variables
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


class Page(HTMLParser):
    """Collects ids, links, and everything a browser would load."""

    def __init__(self, text: str):
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.ids |= {found["id"]} if "id" in found else set()
        self.links |= {found["href"]} if tag == "a" and "href" in found else set()
        self.loaded |= {found[name] for name in ("src", "data", "srcset") if name in found}
        self.loaded |= {found["href"]} if tag == "link" else set()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Path:
    """A folder with every figure of the real corpus as SVG and CSV, and the report."""
    folder = tmp_path_factory.mktemp("figures")
    done = prunebase("figures", "-o", str(folder), "--format", "svg,csv")
    assert done.returncode == 0, done.stderr
    listed = {Path(line) for line in done.stdout.splitlines()}
    assert all(path.stat().st_size > 0 for path in listed)
    assert folder / "index.html" in listed
    return folder


def test_all_figures_are_written_with_their_public_columns(drawn):
    """Each figure's SVG and CSV; the CSV has exactly the public columns in order, with data in it."""
    for name, figure in figures().items():
        assert (drawn / f"{name}.svg").read_text(encoding="utf-8").startswith("<svg")
        table = pd.read_csv(drawn / f"{name}.csv")
        assert tuple(table.columns) == figure.columns
        assert len(table) > 0


def test_the_report_has_every_figure_and_table(drawn):
    """index.html holds each figure and table under its name, with caption and links to files that exist."""
    text = (drawn / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert figures().keys() | statistics().keys() <= page.ids
    for link in page.links:
        target, _, anchor = link.partition("#")
        assert target == "" or (drawn / target).is_file(), link
        assert target or anchor in page.ids
    for name in figures():
        assert {f"{name}.svg", f"{name}.csv"} <= page.links
    for name in statistics():
        assert f"{name}.csv" in page.links


def test_the_report_opens_without_a_network(drawn):
    """Nothing in the page is loaded from elsewhere: no script, no image, no font, no style sheet."""
    for path in (drawn / "index.html", next((drawn / "sources").glob("*.html"))):
        text = path.read_text(encoding="utf-8")
        assert Page(text).loaded == set()
        assert "<script" not in text
        assert not re.search(r"url\((?!#)|@import", text)


def test_no_unfinished_file_is_left(drawn):
    """Files are written beside and renamed, so that no reader sees half of one."""
    assert not [path for path in drawn.rglob("*") if ".tmp" in path.name]


def test_one_figure_in_every_format(tmp_path):
    """A figure by name is written in the formats asked for and no other, without a report."""
    done = prunebase(
        "figures",
        "comparison_counts",
        "--papers",
        "all",
        "-o",
        str(tmp_path),
        "--format",
        "svg,png,csv,json,html,vega",
        "--corpus",
        TOY,
    )
    assert done.returncode == 0, done.stderr
    kinds = ("svg", "png", "csv", "json", "html", "vl.json")
    assert {path.name for path in tmp_path.iterdir()} == {f"comparison_counts.{kind}" for kind in kinds}
    assert (tmp_path / "comparison_counts.png").read_bytes().startswith(PNG)
    rows = json.loads((tmp_path / "comparison_counts.json").read_text())
    assert rows[0] == {"direction": "compared_to_by", "degree": 0, "peer_reviewed": False, "papers": 1}
    assert Page((tmp_path / "comparison_counts.html").read_text(encoding="utf-8")).loaded == set()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["figures", "fragmentaton"], "error: no figure 'fragmentaton'; did you mean 'fragmentation'?"),
        (
            ["figures", "--format", "pgn"],
            "error: --format: 'pgn' is unknown; did you mean 'png'?; expected svg, png,",
        ),
        (
            ["figures", "checklist_by_year", "--dots", "3"],
            "error: --dots: no such option; these have no options",
        ),
        (
            ["check", "--corpus", "/nowhere"],
            "error: /nowhere: not a corpus; expected a folder with papers/",
        ),
        (["explain", "li2016pruning", "accuracy_of_the_pruned_network"], "error: no measure"),
    ],
)
def test_an_error_is_one_unwrapped_line(tmp_path, words, message):
    """However narrow the terminal would be, an error is one line on standard error, with exit code 1."""
    output = ["-o", str(tmp_path / "out")] if words[0] == "figures" else []
    done = prunebase(*words, *output, COLUMNS="20")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_tables_are_as_wide_as_they_need_to_be():
    """A table to a pipe keeps each row on one line, however narrow the terminal would be."""
    done = prunebase("query", "SELECT title FROM papers ORDER BY title", "--corpus", TOY, COLUMNS="20")
    assert [line.strip() for line in done.stdout.splitlines()] == [
        "title",
        "A fourth invented paper",
        "A second, invented, paper",
        "A third invented paper",
        "Pruning by magnitude: an invented start",
    ]


def test_a_reader_that_stops_early_is_no_error():
    """`prunebase query ... | head -1` prints no complaint."""
    command = f"{sys.executable} -m app.cli query 'SELECT * FROM measurements' --format csv | head -1"
    done = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith("point_id,measure,value")
    assert done.stderr == ""
