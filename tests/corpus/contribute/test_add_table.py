"""`prunebase add-table`: what a column becomes is shown, asked about or refused; printed digits stay."""

from __future__ import annotations

import difflib

import pytest
import yaml

from corpus.checks.check import check_papers
from corpus.contribute.tables.columns import Column, ColumnQuestion, columns_of
from corpus.contribute.tables.text import Cell, guess_format, read_table
from corpus.contribute.tables.written_cells import written
from corpus.numbers.quantity import MEASURES, parse

KEY = "fir2021pruning"
PAPER = f"corpus/papers/{KEY}.yaml"
START = """\
# yaml-language-server: $schema=../schema.json
title: "Pruning, invented"   # a comment
authors: [Ada Fir]
venue:    ICLR
date: 2021-05
methods:
  filters: {structure: filter}
# a comment between
results:
  - where: Table 1
    dataset: CIFAR-10
    architecture: ResNet-20
    unpruned: {top1: 91.70%}
    pruned:
      - {top1: 90.9%, params_pruned: 60%}   # a comment at the end
"""
TABLE = "Network,Top-1\nA,93.1\n"
CIFAR = ("--where", "Table 2", "--dataset", "CIFAR-10", "--architecture", "ResNet-56")


@pytest.fixture
def add(copy, prunebase):
    """Adds a table to the invented paper; exit code, output, errors."""
    (copy / "papers" / f"{KEY}.yaml").write_text(START, encoding="utf-8")

    def run(table: str, *words: str, typed: str | None = None):
        (copy.parent / "table.txt").write_text(table, encoding="utf-8")
        return prunebase("add-table", KEY, "--csv", "table.txt", *words, typed=typed)

    return run


def added(copy) -> list[dict]:
    """The blocks after the first, as a plain reader of YAML text sees them."""
    text = (copy / "papers" / f"{KEY}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)["results"][1:]


TABLES = {
    "csv": "Network,Top-1 (%),Params (M)\nBaseline,93.04,0.85\nA,93.10,0.77\nB,93.06 ± 0.10,0.730\n",
    "tsv": "Network\tTop-1 (%)\tParams (M)\nBaseline\t93.04\t0.85\nA\t93.10\t0.77\nB\t93.06±0.10\t0.730\n",
    "markdown": "| Network | Top-1 (%) | Params (M) |\n|:--|--:|---|\n| Baseline | 93.04 | 0.85 |\n"
    "| A | **93.10** | 0.77 |\n| B | 93.06 (±0.10) | 0.730 |\n",
    "latex": r"""\begin{tabular}{l|cc}
      \toprule
      Network & Top-1 (\%) & Params (M) \\ \midrule
      Baseline & 93.04 & 0.85 \\  % as in [3]
      A & $\mathbf{93.10}$ & 0.77 \\
      B \cite{b} & $93.06_{\pm 0.10}$ & 0.730$^\dagger$ \\ \bottomrule
    \end{tabular}""",
}


@pytest.mark.parametrize("format", TABLES)
def test_the_same_block_from_every_format(add, copy, format):
    """CSV, TSV, Markdown and LaTeX give one block, with every printed digit and the unpruned row above."""
    code, _, err = add(TABLES[format], *CIFAR, "--yes", "--cited", "own")
    assert code == 0, err
    assert added(copy) == [
        {
            "where": "Table 2",
            "read_from": "table",
            "dataset": "CIFAR-10",
            "architecture": "ResNet-56",
            "unpruned": {"top1": "93.04%", "params": "0.85M"},
            "pruned": [
                {"where": "Table 2, row 'A'", "top1": "93.10%", "params": "0.77M"},
                {"where": "Table 2, row 'B'", "top1": "93.06% ± 0.10%", "params": "0.730M"},
            ],
        }
    ]
    assert check_papers(copy, files=[copy / "papers" / f"{KEY}.yaml"]).errors == []


def test_nothing_else_in_the_file_moves(add, copy):
    """Comments, order, quotes and spaces stay: the new text is the old one with lines added."""
    add(TABLES["csv"], *CIFAR, "--yes")
    after = (copy / "papers" / f"{KEY}.yaml").read_text(encoding="utf-8")
    changes = [line for line in difflib.ndiff(START.splitlines(), after.splitlines()) if line[0] in "-?"]
    assert changes == []


PARTS = "params_pruned, params_kept, flops_pruned, flops_kept"
AMBIGUOUS = {
    "Ratio": (
        "30",
        f"{PARTS}, compression_ratio, theoretical_speedup, skip",
    ),
    "Pruned %": ("30", f"{PARTS}, skip"),
    "Speed-up": ("2.0x", "theoretical_speedup, skip"),
    "Compression": ("2.0", "compression_ratio, params_pruned, params_kept"),
    "FLOPs": ("60%", "flops_kept, flops_pruned"),
    "Acc. drop": ("0.5", "-top1_change, top1_change"),
    "Params": ("0.85", "params:M, params:K, params:G, params:1"),
    "Sparsity": ("0.6", "params_pruned:fraction, params_pruned:%"),
    "Accuracy": ("0.931", "top1:fraction, top1:%"),
}


@pytest.mark.parametrize("head", AMBIGUOUS)
def test_an_ambiguous_column_is_refused_in_a_script(add, copy, head):
    """A name that may mean several things gives one line with all of them and the remedy; nothing is written."""
    cell, answers = AMBIGUOUS[head]
    code, _, err = add(f"Network\t{head}\nA\t{cell}\n", *CIFAR, "--yes")
    assert code == 1
    left_out = " (leave it out)" if answers.endswith("skip") else ""
    first = answers.partition(",")[0]
    said = f"column '{head}' may be {answers}{left_out}; say which: --map \"{head}={first}\""
    assert err == f"table.txt:1:9: {said}\n"
    assert added(copy) == []


@pytest.mark.parametrize("head", AMBIGUOUS)
@pytest.mark.usefixtures("at_a_terminal")
def test_an_ambiguous_column_is_asked_about_at_a_terminal(add, copy, head):
    """At a terminal the same column is a question; its first answer, with units asked for if need be, is written."""
    cell, answers = AMBIGUOUS[head]
    code, out, err = add(f"Network\t{head}\nA\t{cell}\n", *CIFAR, typed="1\n1\ny\ny\n")
    assert code == 0, err
    assert f"Column '{head}' may be:" in out
    role = answers.partition(",")[0].removeprefix("-").partition(":")[0]
    assert role in added(copy)[0]["pruned"][0]


@pytest.mark.usefixtures("at_a_terminal")
def test_no_at_the_end_writes_nothing(add, copy):
    """The mapping is shown and can be declined."""
    code, out, err = add(TABLE, *CIFAR, typed="n\n")
    assert (code, added(copy)) == (1, [])
    assert "Top-1    ->  top1:%" in out
    assert "nothing was written" in err


def test_a_script_must_say_yes(add, copy):
    """Without a terminal and without --yes the mapping is shown and nothing is written."""
    code, out, err = add(TABLE, *CIFAR)
    assert (code, added(copy)) == (1, [])
    assert "top1:%" in out
    assert "add --yes" in err


def test_a_map_says_what_a_column_is(add, copy):
    """--map with a measure, a turned sign, a unit, the unpruned network, or skip; printed strings are kept."""
    table = "Network;Pruned %;Acc. drop;Acc;Params;FLOPs (x10^8);Base;Size (MB)\nA;60;0.5;0.931;1,234,567;1.25;0.94;3\n"
    words = (
        "Pruned %=params_pruned",
        "acc. DROP=-top1_change:%",
        "Acc=top1:fraction",
        "Base=unpruned.top1:fraction",
    )
    code, _, err = add(table, *CIFAR, "--yes", *(part for word in words for part in ("--map", word)))
    assert code == 0, err
    (block,) = added(copy)
    assert block["unpruned"] == {"top1": "94%", "printed_as": {"top1": "0.94"}}
    assert block["flops_counts"] == "unknown"
    assert block["pruned"] == [
        {
            "where": "Table 2, row 'A'",
            "params_pruned": "60%",
            "top1_change": "-0.5%",
            "top1": "93.1%",
            "params": "1234567",
            "flops": "1.25e8",
            "printed_as": {"top1_change": "0.5", "top1": "0.931", "params": "1,234,567"},
        }
    ]


def test_columns_of_names_make_blocks_and_methods(add, copy):
    """Datasets and networks in columns make one block each; methods get short names and keep their own."""
    table = (
        "Dataset,Network,Method,MACs (G),Top-1 acc.\n"
        "ImageNet,ResNet-18,Dense,1.82,69.76\nImageNet,ResNet-18,L1 (A),1.2,68\n"
        "CIFAR10,ResNet-56,L1 (A),0.1,93.1\nCIFAR10,ResNet-56,Filters,--,92.9\n"
    )
    assert add(table, "--where", "Table 3", "--yes")[0] == 0
    first, second = added(copy)
    assert (first["dataset"], first["architecture"], first["flops_counts"]) == (
        "ImageNet",
        "ResNet-18",
        "multiply-adds",
    )
    assert first["unpruned"] == {"flops": "1.82G", "top1": "69.76%"}
    assert [row["method"] for row in second["pruned"]] == ["l1-a", "filters"]
    assert "flops" not in second["pruned"][1]
    text = (copy / "papers" / f"{KEY}.yaml").read_text(encoding="utf-8")
    methods = {"filters": {"structure": "filter"}, "l1-a": {"name": "L1 (A)"}}
    assert yaml.load(text, Loader=yaml.BaseLoader)["methods"] == methods


@pytest.mark.parametrize(
    ("table", "words", "said"),
    [
        (
            TABLE,
            ("--map", "Top1=top1"),
            "--map: no column 'Top1' in table.txt; did you mean 'Top-1'?",
        ),
        (
            TABLE,
            ("--map", "Top-1=top_1"),
            "--map: 'top_1' is neither a measure nor a role; did you",
        ),
        (TABLE, ("--map", "top1"), "--map: 'top1' is not a mapping"),
        ("Network,Top-1\nA,93.1,2\n", (), "table.txt:2:1: 3 cells; expected 2, as in the first row"),
        ("Network,Top-1\nA,n.a. yet\n", (), "table.txt:2:3: 'n.a. yet' is not a number for top1"),
        ('Network,Top-1\nA,"93,1"\n', (), "did you mean 93.1?"),
        ("Network,Top-1\nA,193.1\n", (), "table.txt:2:3: top1 193.1% is impossible"),
        (
            "Network,Top-1,Top-1 %\nA,93.1,93.1\n",
            (),
            "table.txt:1:15: columns 'Top-1' and 'Top-1 %' are both top1",
        ),
        (
            "Network,Top-1\nBaseline,93.1\n",
            (),
            "table.txt:1:1: no operating point for ResNet-56 on CIFAR-10",
        ),
        (
            "Dataset,Top-1\nCIFRA-10,93.1\n",
            ("--map", "Dataset=dataset"),
            "table.txt:2:1: unknown dataset 'CIFRA-10'; exp",
        ),
        (
            TABLE,
            ("--architecture", "ResNet-65"),
            "--architecture: unknown architecture 'ResNet-65'",
        ),
        (
            TABLE,
            ("--method", "filter"),
            "no method 'filter' in corpus/papers/fir2021pruning.yaml; did",
        ),
        (TABLE, ("--unpruned", "top1=93"), "--unpruned: '93' is not a number for top1"),
        (
            TABLE,
            ("--unpruned", "top_1=93%"),
            "'top_1' is no measure of an unpruned network; did you",
        ),
        (TABLE, ("--unpruned-row", "C"), "--unpruned-row: no row 'C' in table.txt"),
        ("Network,Top-1\n", (), "table.txt:1:1: no table here"),
        (
            TABLE,
            ("--where", "Table 1", "--architecture", "ResNet-20"),
            f"{PAPER}:10:5: Table 1 for ResNet-20 on CIFAR-10 is here already",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(add, copy, table, words, said):
    """Whatever is wrong in the table or the options gives one line with its place, and the file stays as it is."""
    code, _, err = add(table, *CIFAR, "--yes", *words)
    assert (code, err.count("\n")) == (1, 1)
    assert said in err
    assert (copy / "papers" / f"{KEY}.yaml").read_text(encoding="utf-8") == START


def test_all_wrong_cells_come_at_once(add):
    """Every cell that is no number is named, not the first alone."""
    _, _, err = add("Network,Top-1,Params (M)\nA,x,0.8\nB,93,y\n", *CIFAR, "--yes")
    assert [line.partition(": ")[0] for line in err.splitlines()] == ["table.txt:2:3", "table.txt:3:6"]


def test_an_unknown_paper_is_refused(prunebase, add):
    """A key that no file has gives the nearest one."""
    add(TABLE, *CIFAR)
    _, _, err = prunebase("add-table", "fir2021prunin", "--csv", "table.txt", *CIFAR)
    assert err == "error: no paper 'fir2021prunin' in corpus/papers; did you mean 'fir2021pruning'?\n"


def test_a_plain_accuracy_is_ambiguous_only_where_top5_is_usual(everything):
    """`Accuracy` is Top-1 on ten classes; on ImageNet it may be Top-5."""
    table = read_table("Network,Accuracy\nA,93.1\n", "t")
    assert columns_of(table, everything.names, {}, "CIFAR-10")[1].role == "top1"
    question = columns_of(table, everything.names, {}, "ImageNet")[1]
    assert isinstance(question, ColumnQuestion)
    assert question.answers == ("top1", "top5")


@pytest.mark.parametrize("measure", MEASURES)
def test_a_cell_keeps_its_digits_and_interval(measure):
    """A measure's own example, as a cell, is read as the number it is, to the last printed digit."""
    text = MEASURES[measure].example.partition(" ")[0]
    percent = dict.fromkeys(("accuracy", "score", "change", "relative", "fraction", "share"), "%")
    unit = (percent | {"count": "1", "ratio": "", "number": ""})[MEASURES[measure].kind]
    result, differs = written(Column(Cell("", 1, 1), measure, unit), text)
    assert (parse(measure, result).value, differs) == (parse(measure, text).value, False)


@pytest.mark.parametrize(
    ("cell", "unit", "result"),
    [
        ("0.9", "fraction", "9e1%"),
        ("0.90", "fraction", "90%"),
        ("93.10%", "%", "93.10%"),
        ("93.1 +/- .2", "%", None),
        ("93.1 ± .2", "%", "93.1% ± .2%"),
    ],
)
def test_a_fraction_keeps_how_many_digits_were_printed(cell, unit, result):
    """0.9 is 90 give or take 5, not give or take half a percent."""
    column = Column(Cell("", 1, 1), "top1", unit)
    if result is None:
        with pytest.raises(ValueError, match="is not a number"):
            written(column, cell)
    else:
        assert written(column, cell)[0] == result
        half = parse("top1", result)
        assert half.high - half.low == pytest.approx(
            {"9e1%": 10, "90%": 1, "93.10%": 0.01}.get(result, 0.1)
        )


@pytest.mark.parametrize("format", TABLES)
def test_the_format_is_seen(format):
    """The marks that only one format has decide which it is."""
    assert guess_format(TABLES[format]) == format


def test_spanning_heads_of_a_latex_table():
    """A head over several columns joins the names under it; a cell over several rows fills them."""
    table = read_table(
        r"\begin{tabular}{lcc}\hline \multirow{2}{*}{Net} & \multicolumn{2}{c}{Accuracy} \\ & Top-1 & Top-5 \\ \hline"
        r"\multirow{2}{*}{A} & 1 & 2 \\ & 3 & 4 \\ \hline\end{tabular}",
        "t",
    )
    assert [head.text for head in table.heads] == ["Net", "Accuracy Top-1", "Accuracy Top-5"]
    assert [[cell.text for cell in row] for row in table.rows] == [["A", "1", "2"], ["A", "3", "4"]]


IMAGENET = ("--where", "Table 5", "--dataset", "ImageNet")


def test_sections_exponents_and_abouts_are_kept(add, copy):
    """A network's name alone in a row is that of the rows below; exponents count, `~` stays under printed_as."""
    rows = ("ResNet-50,,", "A,1.08e+02,9.31e+01", "B,~2.5,92.0", "VGG-16,,", "A,4.0,70.1")
    table = "\n".join(["Model,Compression ratio (x),Top-1 (%)", *rows])
    assert add(table, *IMAGENET, "--yes")[0] == 0
    first, second = added(copy)
    assert (first["architecture"], second["architecture"]) == ("ResNet-50", "VGG-16")
    assert [row["compression_ratio"] for row in first["pruned"]] == ["108x", "2.5x"]
    assert first["pruned"][0]["top1"] == "93.1%"
    assert first["pruned"][1]["printed_as"] == {"compression_ratio": "~2.5"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            "Model,Pruned params (%)\nA,60\nB,0.6\nC,70\n",
            "table.txt:3:3: params_pruned 0.6 stands among percent",
        ),
        ("Model,Top-1 (%)\nA,0.731\n", "column 'Top-1 (%)' may be top1:%, top1:fraction"),
        ("Model,Top-1,Foo\nA,70.1,3.2\n", "column 'Foo' has numbers that nothing explains"),
        ("Model,Top-1,Acc @ Epoch 300\nA,70.1,75.6\n", "column 'Acc @ Epoch 300' may be top1, top5"),
        ("Model,Top-1\nHRank [6],70.1\nA,71.0\n", "1 rows cite other works (HRank), so they are quoted"),
    ],
)
def test_a_script_loses_nothing_in_silence(add, copy, table, said):
    """What may be read in two ways, what nothing explains and what is quoted is refused, and nothing is written."""
    code, _, err = add(table, *IMAGENET, "--architecture", "ResNet-50", "--yes")
    assert (code, added(copy)) == (1, [])
    assert said in err


def test_the_account_ends_the_mapping(add):
    """Every filled cell is counted: read, left out by --map, set aside with its reason, not understood."""
    table = "Model,Top-1 (%),Latency (ms),Foo\nA,70.1,3.2,1\nB,71.0,-,2\n"
    words = (*IMAGENET, "--architecture", "ResNet-50", "--map", "Foo=skip", "--yes")
    code, out, err = add(table, *words)
    assert code == 0, err
    set_aside = "1 set aside: Latency (ms) (another measure: latency)"
    assert out.splitlines()[-1] == f"7 cells: 4 read; 2 left out by --map; {set_aside}; 0 not understood"
