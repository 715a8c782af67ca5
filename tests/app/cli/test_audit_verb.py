"""The verb `audit` as a second reader uses it: draw, fill in, score."""

from __future__ import annotations

import csv
import json


def test_a_sheet_is_drawn_filled_and_scored(run, tmp_path):
    """From the sample to the agreement; a sheet that exists is never written over."""
    sheet = tmp_path / "reading.csv"
    words = ("audit", "sample", "--n", "4", "--paper", "li2016pruning", "-o", str(sheet))
    run(*words)
    assert "exists already" in run(*words, code=1).stderr
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["value_read"] = "not found"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    scored = run("audit", "score", str(sheet), "--format", "json")
    assert json.loads(scored.stdout)["counts"]["not found"] == 4


def test_mistakes_are_one_sentence(run):
    """A misspelt action, a sheet that is missing, a paper nobody knows."""
    assert "did you mean 'score'" in run("audit", "scor", code=1).stderr
    assert "missing FILE" in run("audit", "score", code=1).stderr
    assert "did you mean" in run("audit", "sample", "--paper", "li2016prunin", code=1).stderr
