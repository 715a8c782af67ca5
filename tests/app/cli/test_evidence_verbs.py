"""The verbs of evidence synthesis on the invented corpus."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

TOY = str(Path(__file__).parents[2] / "toy")
SCENES = ("--corpus", TOY, "--dataset", "Scenes", "--architecture", "TinyNet")


def test_evidence_says_what_stands_where(run):
    """Text tells the two points or the one that each value rests on, and what is assumed."""
    text = run("evidence", *SCENES, "--compression", "4").output
    assert "at 4x (birch2016first/1)" in text
    assert "assumed" in text
    assert "Dunn 2018, Gentle: covers 2x" in text


def test_evidence_as_csv_and_json(run):
    """CSV has a row for each treatment, JSON the same numbers and the question."""
    words = ("evidence", *SCENES, "--compression", "4", "--format")
    rows = list(csv.DictReader(io.StringIO(run(*words, "csv").output)))
    tree = json.loads(run(*words, "json").output)
    assert [row["treatment"] for row in rows] == [row["treatment"] for row in tree["treatments"]]
    assert tree["question"]["ratio"] == 4


def test_evidence_draws_its_pictures(run, tmp_path):
    """A forest plot and the network."""
    run("evidence", *SCENES, "--compression", "4", "--pictures", str(tmp_path / "out"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["forest.svg", "network.svg"]


def test_evidence_refuses_two_amounts_and_unknown_names(run):
    """One line each."""
    both = run("evidence", *SCENES, "--compression", "4", "--speedup", "2", code=1).output
    assert "expected one of them" in both
    unknown = run("evidence", *SCENES, "--by", "structur", "--compression", "4", code=1).output
    assert "did you mean 'structure'" in unknown


def test_comparable_tells_paths_and_setups(run):
    """As text and as JSON."""
    words = ("comparable", "birch2016first", "cato2017second", "--corpus", TOY)
    assert "setup of the two ends" in run(*words).output
    tree = json.loads(run(*words, "--format", "json").output)
    assert tree["kind"] == "indirect"
    assert tree["meetings"][0]["paths"][0]["links"][0]["other"] == "unpruned"
