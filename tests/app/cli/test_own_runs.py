"""Our own runs on the command line: counted apart by `check`, asked for elsewhere."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parent.parent.parent.parent
CURVES = {"global-magnitude": {2.0: [68.0, 68.2]}}
PAPER = """\
title: A paper
authors: [Ada Birch]
venue: ConfA
date: 2016-05
results:
  - {where: Table 1, dataset: Scenes, architecture: TinyNet, pruned: [{top1: 69%, compression_ratio: 2x}]}
"""


@pytest.fixture
def folder(small_corpus, write_study) -> str:
    """A corpus of one paper with a study of two runs beside it."""
    made = small_corpus({"papers/ada2016first.yaml": PAPER})
    about = {"dataset": "Scenes", "architecture": "TinyNet"}
    document = write_study(Path("rerun/results"), "tiny", {"a": (70.0, CURVES)}, **about)
    document.write_text(document.read_text().replace("venue: prunebase", "venue: ConfA"))
    return str(made)


def test_check_counts_our_runs_apart(run, folder):
    """The first line is about papers alone; a line of its own says what we measured."""
    lines = run("check", "--corpus", folder).stdout.splitlines()
    assert lines[0] == "1 paper, 0 sheet rows, 0 errors"
    assert "  + 1 re-run study, 2 runs" in lines


def test_check_tells_a_broken_run_with_its_place(run, folder):
    """A run with a broken cell is one line with file, line and column, and exit code 1."""
    table = Path("rerun/results/prunebase2026tiny.a.csv")
    table.write_text(table.read_text().replace("68.20%", "6820%"))
    [first, *_] = run("check", "--corpus", folder, code=1).stdout.splitlines()
    assert first.startswith("rerun/results/prunebase2026tiny.a.csv:3:")
    assert "top1 6820% is impossible" in first


def test_queries_and_databases_have_them_when_asked(run, folder):
    """`--reruns` adds two points with attribution rerun; without it, and as published, there is none."""
    counted = "SELECT attribution, count(*) AS n FROM points GROUP BY 1 ORDER BY 1"
    assert (
        run("query", counted, "--corpus", folder, "--format", "csv").stdout == "attribution,n\nreported,1\n"
    )
    asked = run("query", counted, "--reruns", "--corpus", folder, "--format", "csv")
    assert asked.stdout == "attribution,n\nreported,1\nrerun,2\n"
    run("build", "--reruns", "--corpus", folder, "-o", "own.duckdb")
    with duckdb.connect("own.duckdb", read_only=True) as connection:
        assert connection.execute(counted).fetchall() == [("reported", 1), ("rerun", 2)]
    refused = run("build", "--reruns", "--as-published", "--corpus", folder, code=1).stderr
    assert refused == "error: --reruns: the world as published has no re-runs; leave out --as-published\n"


def test_figures_and_tables_take_runs_from_elsewhere(run, tmp_path, write_study):
    """`--reruns-from DIR` draws what lies there; a folder without documents is one clear error."""
    write_study(
        tmp_path / "mine",
        "mine",
        {"a": (98.0, {"global-magnitude": {2.0: [97.0]}, "layerwise-magnitude": {2.0: [96.0]}})},
    )
    words = ("--reruns-from", str(tmp_path / "mine"))
    run("figures", "rerun_tradeoffs", *words, "-o", str(tmp_path / "drawn"), "--format", "csv")
    rows = (tmp_path / "drawn" / "rerun_tradeoffs.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["study", "mine", "mine"]
    assert "mine, initial model a" in run("stats", "rerun_findings", *words, "--format", "csv").stdout
    message = run("figures", "rerun_tradeoffs", "--reruns-from", str(tmp_path / "nowhere"), code=1).stderr
    assert message.startswith(
        f"error: --reruns-from: no documents in {tmp_path / 'nowhere'}; expected <key>.yaml"
    )
    assert message.count("\n") == 1


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_rerun_runs_a_study_and_draws_it():
    """The target installs the extra, runs the small study, draws its figure from where it lies, and says where."""
    told = subprocess.run(
        ["make", "-n", "-B", "rerun"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    places = [
        told.index(part)
        for part in (
            "'.[rerun]'",
            "prunebase rerun smoke",
            "prunebase figures rerun_tradeoffs --reruns-from build/rerun/results",
            "open build/rerun/figures/rerun_tradeoffs.svg",
        )
    ]
    assert places == sorted(places)
