"""Tables as authors publish them are read as they stand: each form of the decade in a small invented table."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from corpus.catalogue.papers import default_folder
from corpus.contribute.tablecheck import TableReport, check_text
from corpus.contribute.tables.cell_numbers import parts_of
from corpus.contribute.tables.columns import Column, ColumnQuestion, columns_of
from corpus.contribute.tables.markup import cites, plain
from corpus.contribute.tables.network_names import is_unpruned, known_architecture
from corpus.contribute.tables.text import read_table
from corpus.schema.vocabulary import read_names

NAMES, PROBLEMS = read_names(default_folder() / "vocabulary", "vocabulary")


def checked(text: str, **options) -> TableReport:
    return check_text(text, "t.md", NAMES, **options)


def said(text: str, **options) -> list[str]:
    return [problem.message for problem in checked(text, **options).problems]


def roles(text: str) -> dict[str, str]:
    """What each column becomes when only the table itself is asked."""
    table = read_table(text, "t.md")
    columns = columns_of(table, NAMES, {}, assume=True)
    return {
        column.head.text: column.written if isinstance(column, Column) else f"? {', '.join(column.answers)}"
        for column in columns
    }


SHARES = """\
| Network | Params (PR) | FLOPs | Top-1 |
|---|---|---|---|
| ResNet-56(Baseline) | 0.85M(0.0%) | 125.0M(0.0%) | 93.26% |
| ResNet-56 | 0.66M(22.4%) | 90.0M(28.0%) | 93.85%(+0.59%) |
| ResNet-56-0.52 | 0.48M(43.5%) | 65.0M(50.0%) | 93.57%(+0.31%) |
"""


def test_two_numbers_in_a_cell_are_two_columns():
    """`15.09M(40.8%)` is a size and what is gone of it, `93.85%(+0.59%)` an accuracy and its change."""
    assert roles(SHARES) == {
        "Network": "architecture",
        "Params": "params:1",
        "Params (PR)": "params_pruned:%",
        "FLOPs": "flops:1",
        "FLOPs in brackets": "flops_pruned:%",
        "Top-1": "top1:%",
        "Top-1 in brackets": "top1_change:%",
    }


def test_a_contradiction_is_told_in_the_printed_unit_and_sized():
    """A slip names both sizes, the share they give and the one printed; a digit cut off is told apart."""
    report = checked(SHARES)
    assert [(problem.line, problem.column, problem.kind) for problem in report.problems] == [
        (5, 41, "slip")
    ]
    assert report.problems[0].message == "flops_pruned: 65.0M of 125.0M is 48.0 %; printed 50.0%"
    cut_off = SHARES.replace("50.0%", "47.8%")
    (rounding,) = checked(cut_off).problems
    assert rounding.kind == "rounding"
    assert rounding.message.endswith("48.0 %; printed 47.8%; as small as a rounding")


PAIR = """\
| Method | Base (%) | Pruned (%) | $\\Delta$ Acc (%) | Speed Up |
|:--|:--:|:--:|:--:|:--:|
| A [[1]](#1) | 93.59 | 93.26 | -0.33 | 1.70x |
| B | 93.53 | 93.77 | +0.24 | 2.00x |
| C | 93.26 | 92.17 | -0.09 | 2.00x |
"""


def test_heads_of_the_decade():
    """`Base | Pruned | Δ Acc` are accuracies before and after; a speedup may be measured and is not guessed."""
    known = roles(PAIR)
    assert list(known.values())[1:4] == ["unpruned.top1:%", "top1:%", "top1_change:%"]
    assert known["Speed Up"] == "? theoretical_speedup, skip"
    assert said(PAIR) == ["top1_change: 92.17% less 93.26% is -1.09 points; printed -0.09"]


def test_the_tables_arithmetic_settles_what_a_name_leaves_open():
    """A drop without a sign, a rate that may be pruned or kept: the other columns say which."""
    drop = "| M | Base (%) | Pruned (%) | Acc. drop |\n|---|---|---|---|\n| A | 93.5 | 93.0 | 0.5 |\n"
    assert roles(drop)["Acc. drop"] == "-top1_change:%"
    kept = "| M | Prune Ratio |\n|---|---|\n| A | 10.23 M (43.16%) |\n| B | 5.47 M (23.08%) |\n"
    assert roles(kept + "| C | 2.65 M (11.18%) |\n")["Prune Ratio in brackets"] == "params_kept:%"
    ratio = "| M | FLOPs (G) | Compression Ratio (%) |\n|---|---|---|\n| Base | 4.60 | 100 |\n| A | 2.60 | 56.5 |\n"
    assert roles(ratio)["Compression Ratio (%)"] == "flops_kept:%"


def test_rows_without_an_unpruned_one_must_imply_the_same():
    """Sizes with their shares lead to one unpruned network; the row that leads elsewhere has a slip."""
    head = "| Net | FLOPs |\n|---|---|\n"
    rows = ["1295.4M(68.68%)", "1794.45M(56.61%)", "1890.6M(54.29%)", "944.85M(68.68%)"]
    table = head + "".join(f"| ResNet50 | {row} |\n" for row in rows)
    (message,) = said(table)
    assert message.startswith("flops_pruned 68.68% beside 944.85M implies 3.017 billion")
    assert said(head + "".join(f"| ResNet50 | {row} |\n" for row in rows[:3])) == []


@pytest.mark.parametrize(
    ("first", "rows"),
    [
        ("| Dense | 93.0 | - |", 2),
        ("| VGG-16-BN (Baseline) | 93.0 | - |", 2),
        ("| X (unpruned) | 93.0 | |", 2),
        ("| ours at first | 93.0 | 0.0% |", 2),
        ("| torchvision | 93.0 | - |", 2),
    ],
)
def test_the_unpruned_row_is_known_wherever_its_word_stands(first, rows):
    """By a word anywhere in its label, by shares that are nothing, or by shares that it alone leaves out."""
    head = "| Model | Top-1 | Pruned params | Δ Acc |\n|---|---|---|---|\n"
    report = checked(f"{head}{first} - |\n| A | 92.0 | 50% | -1.0 |\n| B | 91.0 | 60% | -2.0 |\n")
    assert report.comparisons == rows
    assert report.problems == []


def test_names_with_additions_are_no_misspellings():
    """A baseline in brackets and a ratio at the end belong to the row, not to the network's name."""
    assert known_architecture("ResNet-50(Baseline)", NAMES) == "ResNet-50"
    assert known_architecture("ResNet-50-0.52", NAMES) == "ResNet-50"
    assert known_architecture("ResNet-50x", NAMES) is None
    assert is_unpruned("VGG-16-BN(Baseline)")
    assert not is_unpruned("DenseNet-40")
    assert not is_unpruned("dense-sparse-dense")
    assert checked(SHARES).account.not_understood == 0


def test_other_measures_are_not_misread():
    """Perplexities, times, training FLOPs and a sparsity of what is left are set aside, each under its name."""
    table = (
        "| Model | Sparsity (%) | Parameters Kept (%) | Training FLOPs | PPL | Latency | Top1 |\n"
        "|---|---|---|---|---|---|---|\n| ResNet-56 | 0.0 | 74.53 | 3.2e18 | 2499.39 | 12 ms | 93.03 |\n"
    )
    report = checked(table)
    assert report.problems == []
    assert set(report.measures) == {"params_kept", "top1"}
    assert list(report.account.reasons.values()) == [
        "another measure: sparsity of what is left",
        "another measure: training FLOPs",
        "another measure: perplexity",
        "another measure: latency",
    ]


def test_numbers_under_the_name_of_a_setting_are_not_read():
    """A head that says 50 % sparsity does not say what stands under it."""
    table = "| M | 50% sparsity | Top-1 |\n|---|---|---|\n| A | 19.11 | 70.1 |\n"
    report = checked(table)
    assert report.measures == ("top1",)
    assert report.account.unexplained == ["50% sparsity"]


def test_hints_never_corrupt():
    """A change of -0.06 is points already; a percentage that cannot be may be another measure."""
    from corpus.numbers.quantity import parse

    with pytest.raises(ValueError, match=r"did you mean -0\.06%\?"):
        parse("top1_change", "-0.06")
    with pytest.raises(ValueError, match="another measure"):
        parse("params_pruned", "2499.39%")


def test_two_operating_points_side_by_side():
    """Measures that come again begin a second row; two rows of heads are one."""
    table = (
        "| | Uniform | | Ours | |\n|---|---|---|---|---|\n| Setting | Top1-Acc | Top5-Acc | Top1-Acc | Top5-Acc |\n"
        "| a | 70.6% | 89.0% | 71.0% | 60.0% |\n"
    )
    (message,) = said(table)
    assert message.startswith("top5 is 60%, below top1, 71%")


def test_a_turned_table_and_lines_within_cells():
    """Measures down the first column are turned; cells of several lines are several rows."""
    turned = "| | A | B |\n|---|---|---|\n| #Params | 86.5M | 22.0M |\n| MACs | 17.6G | 4.6M |\n"
    (message,) = said(turned)
    assert message.startswith("flops 4.6M is below params 22.0M")
    lines = "| M | Top-1 | Top-5 |\n|---|---|---|\n| A | 70.0<br>71.0 | 90.0<br>60.0 |\n"
    assert len(said(lines)) == 1


def test_ragged_rows_of_markdown_are_read():
    """Rows shorter or longer than the head; what stands beyond it is not understood, not lost."""
    table = "| M | Top-1 | Top-5 |\n|---|---|---|\nA | 70.0 | 90.0 | 2x |\nB | 71.0\n"
    report = checked(table)
    assert report.rows == 2
    assert report.account.not_understood == 1


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("**15.09M**(40.8\\%)", "15.09M(40.8%)"),
        ("78\\.35", "78.35"),
        ("OBD\\-C\\*", "OBD-C"),
        ("[link](https://example.org/a_(b)) ", "link"),
        ("HRank [[6]](#6)", "HRank"),
        ("*VGG-16*", "VGG-16"),
        ("211.89(1.48$\\times$)", "211.89(1.48×)"),
        ("$83.1 \\rightarrow 81.1_{\\color{red}\\downarrow 2.0}$", "83.1 → 81.1 ↓ 2.0"),
        ("<font size=2>A-70%</font>", "A-70%"),
        ("~67%", "~67%"),
        ("93.1†", "93.1"),
    ],
)
def test_markup_leaves_the_text(text, result):
    """Emphasis, links, footnotes, HTML and LaTeX are gone, digits and signs stay."""
    assert plain(text) == result


def test_citations_are_seen():
    """A label that points to another work says so."""
    assert cites("HRank [[6]](#6)")
    assert cites("SET \\cite{mocanu2018scalable}")
    assert cites("SET [mocanu2018scalable]")
    assert not cites("[Baseline]")


@pytest.mark.parametrize(
    ("text", "main", "bracket"),
    [
        ("70.99%/89.68%", ["70.99%", "89.68%"], []),
        ("69.4%/88.66% (-1.59%/-1.02%)", ["69.4%", "88.66%"], ["-1.59%", "-1.02%"]),
        ("1x (8.2e9)", ["1x"], ["8.2e9"]),
        ("N/A(23.6)", ["N/A"], ["23.6"]),
        ("93.06 (±0.10)", ["93.06 (±0.10)"], []),
        ("1,234,567", ["1,234,567"], []),
    ],
)
def test_the_numbers_of_a_cell(text, main, bracket):
    """Lists with slashes, and what stands in brackets after them."""
    parts = parts_of(text)
    assert [part.text for part in parts.main] == main
    assert [part.text for part in parts.bracket] == bracket
    assert parts_of("1 x 2 Block") is None
    assert parts_of("2:4") is None


def test_json_is_the_public_object(tmp_path):
    """Three whole numbers and the problems, whatever the exit code, also where nothing is compared or read."""
    path = tmp_path / "t.md"
    for text, code in ((SHARES, 1), ("Model,Top-1\nA,93.1\n", 0), ("colour\nred\n", 1)):
        path.write_text(text, encoding="utf-8")
        result = CliRunner().invoke(app, ["tablecheck", str(path), "--format", "json"])
        assert result.exit_code == code
        printed = json.loads(result.stdout)
        assert list(printed) == ["comparisons", "cells", "not_understood", "problems"]
        assert all(isinstance(printed[key], int) for key in list(printed)[:3])
    path.write_text(SHARES, encoding="utf-8")
    (problem,) = json.loads(CliRunner().invoke(app, ["tablecheck", str(path), "--format", "json"]).stdout)[
        "problems"
    ]
    assert {key: problem[key] for key in ("line", "column", "measure", "kind")} == {
        "line": 5,
        "column": 41,
        "measure": "flops_pruned",
        "kind": "slip",
    }


def test_every_cell_is_accounted_for():
    """Cells read, set aside, left out by the user and not understood are all filled cells of the table, once each."""
    head = "| M | Top-1 | Latency | Foo | Top-5 |\n|---|---|---|---|---|\n"
    table = f"{head}| A | 70.0 | 3 ms | 0.7 | 90.0 |\n| B | x1 | - | 8 | |\n"
    account = checked(table, chosen={"Top-5": "skip"}).account
    assert (account.read, account.set_aside, account.left_out, account.not_understood) == (3, 1, 1, 3)
    assert account.cells == 8
    assert "3 not understood" in str(account)
    assert isinstance(columns_of(read_table(table, "t"), NAMES, {})[3], ColumnQuestion)


def test_the_counts_over_a_folder_of_tables(tmp_path):
    """The benchmark's script counts what is read, compared and not understood in every Markdown table of a folder."""
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    path = Path(__file__).parents[2] / "benchmarks" / "readme_tables.py"
    spec = spec_from_file_location("readme_tables", path)
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    (tmp_path / "a.md").write_text(SHARES, encoding="utf-8")
    (tmp_path / "b.md").write_text("| colour |\n|---|\n| red |\n", encoding="utf-8")
    counts = script.counts(script.reports(tmp_path))
    assert (counts["tables"], counts["read"], counts["compared"]) == (2, 1, 1)
    assert counts["problems, slip"] == 1
