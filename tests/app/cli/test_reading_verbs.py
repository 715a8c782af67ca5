"""`prunebase show`, `explain`, `find` and `stats`: what they print, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

TOY = str(Path(__file__).parent.parent.parent / "toy")


def read_csv(text: str) -> list[dict[str, str]]:
    """Rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def test_show_prints_a_paper_in_either_view(run):
    """The paper's page; an unknown key is an error with the nearest one."""
    assert "ConfA, 2016-12" in run("show", "cato2017second", "--corpus", TOY).stdout
    assert "Preprints, 2017-11" in run("show", "cato2017second", "--corpus", TOY, "--as-published").stdout
    assert run("show", "cato2017secnd", "--corpus", TOY, code=1).stderr == (
        "error: no paper 'cato2017secnd' in the corpus; did you mean 'cato2017second'?\n"
    )


def test_explain_prints_trees(run):
    """Each value's tree; an unknown measure is an error with the nearest one."""
    lines = run("explain", "li2016pruning", "top1_change").stdout.splitlines()
    assert "  top1_change = +0.06 points [+0.05 points, +0.07 points] = top1 - unpruned_top1" in lines
    assert any(
        line.strip().startswith("top1_error = 6.9 %") and "li2016pruning.yaml:" in line for line in lines
    )
    assert "did you mean 'top1_change'?" in run("explain", "li2016pruning", "top1_chang", code=1).stderr


def test_find_prints_a_table_or_data(run):
    """What was reported in a range, by year; as CSV and JSON with full precision and nothing left out."""
    words = [
        "find",
        "--corpus",
        TOY,
        "--dataset",
        "Scenes",
        "--architecture",
        "TinyNet",
        "--compression",
        "4..5",
    ]
    table = run(*words).stdout
    assert table.splitlines()[-1] == "4 operating points of 3 papers"
    rows = read_csv(run(*words, "--format", "csv").stdout)
    assert [row["label"] for row in rows] == [
        "Birch 2016",
        "Cato, Bo 2016",
        "Cato, Bo 2016",
        "Dunn 2018, Gentle",
    ]
    records = json.loads(run(*words, "--format", "json").stdout)
    assert [record["year"] for record in records] == sorted(record["year"] for record in records)
    assert records[0]["top5"] is None
    assert run("find", "--corpus", TOY, "--compression", "1000..").stdout.endswith(
        "0 operating points of 0 papers\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--compression", "5..3"], "--compression: 5..3 is empty; expected the smaller number first"),
        (["--speedup", "fast"], "--speedup: 'fast' is not a range; expected 3..5, 3.., ..5 or 4"),
        (["--compression", "nan"], "--compression: 'nan' is impossible; expected positive numbers"),
        (
            ["--format", "cvs"],
            "--format: 'cvs' is unknown; did you mean 'csv'?; expected table, csv, json, md, latex",
        ),
        (
            ["--dataset", "Scens"],
            "unknown dataset 'Scens'; expected a name in vocabulary/datasets.yaml; did you mean",
        ),
    ],
)
def test_find_refuses_what_it_cannot_mean(run, words, message):
    """A wrong option is one line on standard error that says what was expected."""
    result = run("find", "--corpus", TOY, *words, code=1)
    assert result.stderr.startswith(f"error: {message}")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_stats_print_only_the_table(run):
    """One statistic as CSV or JSON is that table and nothing else, with full precision."""
    rows = read_csv(run("stats", "common_pairs", "--as-published", "--format", "csv").stdout)
    assert len(rows) == 14
    assert rows[0] == {"dataset": "ImageNet", "architecture": "VGG-16", "papers": "22"}
    shares = json.loads(run("stats", "comparison_shares", "--format", "json", "--as-published").stdout)
    assert shares[0]["share"] == 21 / 81
    now = [int(row["papers"]) for row in read_csv(run("stats", "common_pairs", "--format", "csv").stdout)]
    assert now[0] > now[1]
    most = run("stats", "common_pairs", "--at-least", str(now[0]), "--format", "csv").stdout
    assert len(read_csv(most)) == 1


def test_stats_in_print_formats(run):
    """Markdown and LaTeX tables; all statistics come with their titles."""
    markdown = run("stats", "corpus_counts", "--corpus", TOY, "--format", "md").stdout.splitlines()
    assert markdown[:2] == ["| quantity | value |", "| --- | --- |"]
    latex = run("stats", "corpus_counts", "--corpus", TOY, "--as-published", "--format", "latex").stdout
    assert latex.startswith("\\begin{tabular}{lr}\n\\toprule\nquantity & value \\\\")
    with_dates = run("stats", "corpus_counts", "--corpus", TOY, "--format", "latex").stdout
    assert with_dates.startswith("\\begin{tabular}{ll}\n")  # a date is no number
    assert "How much the corpus holds" in run("stats", "corpus_counts", "--corpus", TOY).stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["comon_pairs"], "no statistic 'comon_pairs'; did you mean 'common_pairs'?"),
        (["common_pairs", "--at-lest", "3"], "--at-lest: no such option; did you mean '--at-least'?"),
        (["common_pairs", "--at-least", "few"], "at_least: 'few' is not a whole number"),
        (["common_pairs", "--at-least"], "--at-least: expected a value after it"),
    ],
)
def test_stats_refuse_unknown_names_and_options(run, words, message):
    """A wrong name or option is one line with the nearest right one."""
    assert run("stats", *words, "--corpus", TOY, code=1).stderr == f"error: {message}\n"
