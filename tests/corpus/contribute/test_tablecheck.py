"""A table whose numbers agree passes; each usual slip is found in its cell and named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import corpus
from app.cli.main import app
from corpus.contribute.tablecheck import check_text
from corpus.schema.vocabulary import read_names

VOCABULARY = Path(corpus.__file__).parent / "vocabulary"
NAMES, PROBLEMS = read_names(VOCABULARY, "vocabulary")
HEAD = "method,dataset,architecture,"


def found(text: str, **options) -> list[str]:
    return [str(problem) for problem in check_text(text, "t.csv", NAMES, **options).problems]


SLIPS = {
    "sign of the change": (
        "method,Top-1 before (%),Top-1 after (%),top1_change (%)\nA,93.04,92.64,0.40\n",
        "t.csv:2:15: top1_change: 92.64% less 93.04% is -0.40 points; printed 0.40",
        "sign",
    ),
    "change relative to the unpruned accuracy": (
        "unpruned_top1 (%),top1 (%),top1_change (%)\n50.0,45.0,-10.0\n",
        "t.csv:2:11:",
        "relative",
    ),
    "Top-1 and Top-5 changes swapped": (
        "unpruned_top1 (%),top1 (%),unpruned_top5 (%),top5 (%),top1_change (%)\n70.0,68.0,90.0,89.5,-0.5\n",
        "t.csv:2:21:",
        "Top-1 and Top-5 may be swapped",
    ),
    "before and after swapped": (
        "unpruned_params (M),params (M),compression_ratio (x)\n0.73,0.85,1.16\n",
        "t.csv:2:11:",
        "before and after",
    ),
    "pruned and kept swapped": (
        "params pruned (%),compression ratio (x)\n40,2.50\n",
        "t.csv:2:4:",
        "pruned and kept",
    ),
    "a fraction for a percentage": (
        "params pruned (%),compression ratio (x)\n0.6,2.50\n",
        "t.csv:2:1:",
        "x100",
    ),
    "FLOPs against multiply-adds": (
        "FLOPs kept (%),theoretical speedup\n50,4.0x\n",
        "t.csv:2:4:",
        "x2",
    ),
    "parameters and FLOPs swapped": (
        "unpruned_params (M),params (M),unpruned_flops (M),flops (M),compression_ratio (x)\n10,5,100,25,4.0\n",
        "t.csv:2:13:",
        "parameters and for FLOPs",
    ),
    "a unit": (
        "unpruned_params (M),params (K),compression_ratio (x)\n10,5,2\n",
        "t.csv:2:6:",
        "unit",
    ),
    "Top-5 below Top-1": (
        "Top-1 (%),Top-5 (%)\n92.1,75.2\n",
        "t.csv:2:6:",
        "columns for Top-1 and Top-5 may be swapped",
    ),
    "a Top-5 error for an accuracy": (
        "Top-1 (%),Top-5 (%)\n75.2,7.9\n",
        "t.csv:2:6:",
        "an error in the top5 column",
    ),
    "an error for an accuracy, below guessing": (
        f"{HEAD}Top-1 (%)\nA,CIFAR-10,ResNet-56,6.94\n",
        "t.csv:2:22:",
        "accuracy 93.06 %",
    ),
    "an error beside an accuracy": (
        "baseline top-1 (%),Top-1 (%)\n76.1,24.9\n",
        "t.csv:2:6:",
        "an error in the accuracy column",
    ),
    "a fraction among percentages": (
        f"{HEAD}unpruned_top1 (%),Top-1 (%)\nA,CIFAR-10,ResNet-56,93.04,0.9\n",
        "t.csv:2:28:",
        "x100",
    ),
    "two FLOPs per multiply-add": (
        f"{HEAD}unpruned FLOPs (G),FLOPs (G)\nA,ImageNet,ResNet-50,8.18,4.1\n",
        "t.csv:2:22:",
        "x2",
    ),
    "millions for billions": (
        f"{HEAD}params baseline (G),params (G)\nA,ImageNet,ResNet-50,25.6,12.8\n",
        "t.csv:2:22:",
        "10^3",
    ),
    "an error of the named network": (
        f"{HEAD}baseline top-1 (%),Top-1 (%)\nA,ImageNet,ResNet-50,23.9,24.8\n",
        "t.csv:2:22:",
        "ResNet-50 has 76 %",
    ),
    "no whole number of images": (
        f"{HEAD}Top-1 (%)\nA,CIFAR-10,ResNet-56,93.047\n",
        "t.csv:2:22:",
        "10,000 test images",
    ),
    "a misspelt network": (
        f"{HEAD}Top-1 (%)\nA,ImageNet,ResNet50x,76.1\n",
        "t.csv:2:12:",
        "did you mean 'ResNet50'",
    ),
    "a decimal comma": (
        "method;Top-1 (%);Top-5 (%)\nA;76,1;92.8\n",
        "t.csv:2:3:",
        "did you mean 76.1",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_each_slip_is_found_once_and_named(slip):
    """One message, at the cell at fault, with the likely slip."""
    text, place, words = SLIPS[slip]
    messages = found(text)
    assert len(messages) == 1, messages
    assert messages[0].startswith(place)
    assert words in messages[0]


@given(
    unpruned=st.integers(5000, 9900),
    pruned=st.integers(5000, 9900),
    params=st.integers(200, 9000),
    kept=st.integers(100, 9900),
)
def test_consistent_tables_pass(unpruned, pruned, params, kept):
    """Numbers rounded from one truth agree within their last digits, whatever they are."""
    left = params * kept / 10_000
    row = (
        *("A", "CIFAR-10", "ResNet-56", f"{unpruned / 100:.2f}", f"{pruned / 100:.2f}"),
        *(f"{(pruned - unpruned) / 100:.1f}", f"{params}", f"{left:.3f}", f"{10_000 / kept:.2f}"),
        f"{100 - kept / 100:.1f}",
    )
    head = f"{HEAD}unpruned_top1 (%),top1 (%),top1_change (%),unpruned_params (K),params (K),compression_ratio,"
    head += "pruned params (%)"
    assert found(f"{head}\n{','.join(row)}\n") == []


def test_a_baseline_row_belongs_to_the_rows_below_it():
    """A row called baseline gives the unpruned network, per dataset and architecture."""
    text = "method,Top-1 (%),change in top-1 (%)\nBaseline,93.0,\nA,92.0,-1.0\nB,91.0,-1.0\n"
    (message,) = found(text)
    assert message.startswith("t.csv:4:8: top1_change: 91.0% less 93.0% is -2.0 points; printed -1.0")


def test_means_of_runs_need_no_whole_image():
    """Three runs share 30,000 images, and a printed deviation says that it is a mean."""
    head = f"{HEAD}trials,Top-1 (%)\n"
    assert found(f"{head}A,CIFAR-10,ResNet-56,3,93.043\n") == []
    assert len(found(f"{head}A,CIFAR-10,ResNet-56,1,93.043\n")) == 1
    assert found(f"{head}A,CIFAR-10,ResNet-56,,93.043 ± 0.1\n") == []


def test_an_ambiguous_column_is_not_guessed():
    """It is named with what it may be; telling what it is lets it count."""
    text = "ratio,compression ratio (x)\n3,2.0\n"
    report = check_text(text, "t.csv", NAMES)
    assert not report.problems
    assert "--map" in str(report.notes[0])
    (message,) = found(text, chosen={"ratio": "params_kept:fraction"}) or [""]
    assert "params_kept" in message


def test_other_forms_of_a_table_are_read():
    """Markdown and LaTeX say the same as CSV."""
    rows = (("Top-1 (%)", "Top-5 (%)"), ("92.1", "75.2"))
    as_markdown = "| " + " | ".join(rows[0]) + " |\n|---|---|\n| " + " | ".join(rows[1]) + " |\n"
    as_latex = "\\begin{tabular}{ll}\n" + " \\\\\n".join(" & ".join(row) for row in rows).replace(
        "%", "\\%"
    )
    for text in (as_markdown, as_latex + " \\\\\n\\end{tabular}\n"):
        (message,) = found(text)
        assert "swapped" in message


def test_the_verb_exits_with_1_if_anything_is_wrong(tmp_path):
    """Findings as file:line:column and as JSON; no papers are needed, only names."""
    path = tmp_path / "t.csv"
    path.write_text(SLIPS["Top-5 below Top-1"][0], encoding="utf-8")
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "vocabulary").symlink_to(VOCABULARY)
    result = CliRunner().invoke(app, ["tablecheck", str(path), "--corpus", str(tmp_path / "names")])
    assert result.exit_code == 1
    assert f"{path}:2:6: top5" in result.stdout
    as_json = CliRunner().invoke(app, ["tablecheck", str(path), "--format", "json"])
    assert json.loads(as_json.stdout)["problems"][0]["line"] == 2
    path.write_text("Top-1 (%),Top-5 (%)\n75.2,92.1\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["tablecheck", str(path)]).exit_code == 0


def test_what_is_no_table_is_one_line(tmp_path):
    """No measure, no file, not text."""
    not_text = tmp_path / "t.csv"
    not_text.write_bytes(b"\xff\xfe\x00")
    nothing = tmp_path / "n.csv"
    nothing.write_text("colour,shape\nred,round\n", encoding="utf-8")
    for path in (not_text, nothing, tmp_path / "none.csv"):
        result = CliRunner().invoke(app, ["tablecheck", str(path)])
        assert result.exit_code == 1
        assert len(result.stderr.strip().splitlines()) == 1
        assert "Traceback" not in result.stderr
