"""`prunebase check`: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import re
from pathlib import Path

TOY = str(Path(__file__).parent.parent.parent / "toy")
PLACE = re.compile(r"[^:]+:\d+:\d+: \S")
GOOD = """\
title: A paper
authors: [Ada Birch]
venue: ConfA
date: 2016-05
results:
  - where: Table 1
    dataset: Scenes
    architecture: TinyNet
    pruned:
      - {top1: 69%, compression_ratio: 2x}
"""


def test_check_of_the_corpus_counts_the_survey(run, everything):
    """The whole corpus has no error; 551 rows of the sheet are in it, and warnings are counted by kind."""
    lines = run("check").stdout.splitlines()
    assert lines[0] == f"{len(everything.papers)} papers, 551 sheet rows, 0 errors"
    assert len(everything.papers) >= 81
    assert re.search(
        r"\d+ contradictions?, \d+ doubtful units?, \d+ doubts, \d+ unknown locations", lines[-1]
    )


def test_check_lists_warnings_on_demand(run):
    """Warnings of the kinds asked for come one a line with their place; without asking, none does."""
    quiet = run("check", "--corpus", TOY).stdout.splitlines()
    assert not any(PLACE.match(line) for line in quiet)
    found = run("check", "--corpus", TOY, "--warnings", "contradiction").stdout.splitlines()
    assert [line.split(": ")[1] for line in found if PLACE.match(line)] == ["contradiction"] * 3
    everything = run("check", "--corpus", TOY, "--warnings", "all").stdout.splitlines()
    assert sum(bool(PLACE.match(line)) for line in everything) == 12


def test_check_shows_all_errors_and_exits_1(run, small_corpus):
    """Each error is one line with its place; the exit code is 1."""
    bad = GOOD.replace("ConfA", "ConfB").replace("69%", "169%")
    folder = small_corpus({"papers/ada2016first.yaml": bad, "papers/bob2017other.yaml": "a: ["})
    lines = run("check", "--corpus", str(folder), code=1).stdout.splitlines()
    assert [line.split(": ")[0] for line in lines if PLACE.match(line)] == [
        "corpus/papers/ada2016first.yaml:3:8",
        "corpus/papers/ada2016first.yaml:10:16",
        "corpus/papers/bob2017other.yaml:2:1",
    ]


def test_check_as_json(run, small_corpus):
    """One JSON object with counts, errors and warnings, each with file, line, column, kind and message."""
    good = json.loads(run("check", "--corpus", TOY, "--format", "json").stdout)
    assert good["errors"] == []
    assert good["counts"]["survey rows"] == 16
    assert {warning["kind"] for warning in good["warnings"]} >= {
        "contradiction",
        "doubt",
        "unknown location",
    }
    folder = small_corpus({"papers/ada2016first.yaml": GOOD.replace("69%", "169%")})
    [error] = json.loads(run("check", "--corpus", str(folder), "--format", "json", code=1).stdout)["errors"]
    assert (error["file"], error["line"], error["column"]) == ("corpus/papers/ada2016first.yaml", 10, 16)
    assert error["kind"] == "error"
    assert "169%" in error["message"]


def test_check_as_github_annotations(run, small_corpus):
    """Errors are `::error` lines with place; percent signs are escaped as workflow commands want it."""
    folder = small_corpus({"papers/ada2016first.yaml": GOOD.replace("69%", "169%")})
    lines = run("check", "--corpus", str(folder), "--format", "github", code=1).stdout.splitlines()
    assert lines[0].startswith(
        "::error file=corpus/papers/ada2016first.yaml,line=10,col=16::top1 169%25 is impossible"
    )
    contradictions = run("check", "--corpus", TOY, "--format", "github").stdout
    assert contradictions.count("::warning file=") == 3


def test_check_takes_a_file_from_outside(run, tmp_path, small_corpus):
    """A file given stands in for the corpus's own paper of that key."""
    folder = small_corpus({"papers/ada2016first.yaml": "a: ["})
    (tmp_path / "ada2016first.yaml").write_text(GOOD)
    assert (
        "1 paper, 0 sheet rows, 0 errors"
        in run("check", "ada2016first.yaml", "--corpus", str(folder)).stdout
    )
    (tmp_path / "ada2016first.yaml").write_text(GOOD.replace("Scenes", "Scens"))
    stdout = run("check", "ada2016first.yaml", "--corpus", str(folder), code=1).stdout
    assert stdout.startswith("ada2016first.yaml:7:14: unknown dataset 'Scens'")


def test_check_says_how_long_it_took(run):
    """`--timing` adds the time after imports on standard error."""
    assert re.fullmatch(r"checked in \d+\.\d\d s\n", run("check", "--corpus", TOY, "--timing").stderr)


def test_an_unsound_corpus_stops_every_verb(run, small_corpus, tmp_path):
    """Verbs that need a sound corpus print the errors as `check` does, nothing else, and exit with 1."""
    folder = str(small_corpus({"papers/ada2016first.yaml": GOOD.replace("69%", "169%")}))
    for words in (
        ["show", "ada2016first"],
        ["explain", "ada2016first", "top1"],
        ["find"],
        ["query", "SELECT 1"],
        ["build", "-o", str(tmp_path / "x.duckdb")],
        ["stats", "corpus_counts"],
    ):
        result = run(*words, "--corpus", folder, code=1)
        assert result.stdout == ""
        assert result.stderr.startswith("corpus/papers/ada2016first.yaml:10:16: top1 169% is impossible")
        assert result.stderr.count("\n") == 1
    assert not (tmp_path / "x.duckdb").exists()


def test_a_folder_that_is_no_corpus_is_one_line(run, tmp_path):
    """`--corpus` of another folder says what is expected there."""
    message = run("check", "--corpus", str(tmp_path), code=1).stderr
    assert message == f"error: {tmp_path}: not a corpus; expected a folder with papers/ and vocabulary/\n"
