"""The registry of measures: an entry is all that a new measure needs, and what was published stays where it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.database.tables import COLUMNS
from corpus.numbers.measures import AXES, FIND, KINDS, LISTING, MEASURES, SHOW, shown_in, twin_of

ROOT = Path(__file__).parent.parent.parent
ENTRY = """\
    Measure(
        "measured_wobble",
        NUMBER,
        "how much the network wobbles on the table",
        "lower",
        label="Wobble (wobbles)",
        short="wobble",
        unit="wobbles",
        example="12.5 wobbles",
        of_unpruned=True,
        has_std=True,
    ),
"""
PAPER = """\
title: Wobbly networks
authors: [Ada Birch]
venue: ICLR
date: 2019-05
results:
  - where: Table 1
    dataset: ImageNet
    architecture: ResNet-50
    unpruned: {top1: 76.1%, measured_wobble: 20}
    pruned:
      - {top1: 75%, compression_ratio: 2x, measured_wobble: 12.5 ± 0.5 wobbles}
"""
QUESTIONS = """\
import json, sys
import corpus
from corpus.database.tables import COLUMNS
from corpus.numbers.measures import AXES, shown_in
from corpus.schema.json_schema import schema

papers = corpus.load(sys.argv[1])
[point] = papers.sql(
    "SELECT measured_wobble, measured_wobble_std, unpruned_measured_wobble, unpruned_measured_wobble_std FROM points"
).to_dict("records")
[listed] = papers.find(architecture="ResNet-50").to_dict("records")
numbers = papers.sql(
    "SELECT measure, value, layer, printed FROM measurements WHERE measure LIKE '%wobble' ORDER BY measure"
)
print(
    json.dumps(
        {
            "point": point,
            "last columns": list(COLUMNS["points"])[-4:],
            "found": [listed[f"measured_wobble{end}"] for end in ("", "_low", "_high")],
            "numbers": numbers.to_dict("records"),
            "schema": schema()["$defs"]["PrunedRow"]["properties"]["measured_wobble"]["description"],
            "axes": shown_in(AXES, "y")[-1],
        },
        default=lambda value: None,
    )
)
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """A copy of the code in which the registry has one entry more, and a corpus whose one paper uses it."""
    copy = tmp_path_factory.mktemp("tree")
    for package in ("corpus", "metaanalysis", "app"):
        ignored = shutil.ignore_patterns("__pycache__", "papers")
        shutil.copytree(ROOT / package, copy / package, ignore=ignored)
    registry = copy / "corpus" / "numbers" / "measures.py"
    before = registry.read_text(encoding="utf-8")
    head, entries = before.split("_ENTRIES = (\n")
    inside, behind = entries.split("\n)\n", 1)
    registry.write_text(f"{head}_ENTRIES = (\n{inside}\n{ENTRY})\n{behind}", encoding="utf-8")
    (copy / "corpus" / "papers").mkdir()
    (copy / "corpus" / "papers" / "birch2019wobbly.yaml").write_text(PAPER, encoding="utf-8")
    return copy


def run(tree: Path, *command: str) -> str:
    """What a program of the copied tree prints; it has to succeed."""
    environment = os.environ | {"PYTHONPATH": str(tree), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, *command], cwd=tree, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def answers(tree) -> dict:
    """What the library of the copied tree says of the new measure."""
    return json.loads(run(tree, "-c", QUESTIONS, str(tree / "corpus")))


def test_one_entry_is_a_column_of_points(answers):
    """The value, its deviation and the unpruned network's stand after all columns there were."""
    assert answers["point"] == {
        "measured_wobble": 12.5,
        "measured_wobble_std": 0.5,
        "unpruned_measured_wobble": 20.0,
        "unpruned_measured_wobble_std": pytest.approx(float("nan"), nan_ok=True),
    }
    assert answers["last columns"] == list(answers["point"])


def test_one_entry_is_found_and_measured(answers):
    """`find` has it with its interval, half a unit of the last digit; `measurements` has both networks' numbers."""
    assert answers["found"] == [12.5, 12.45, 12.55]
    assert answers["numbers"] == [
        {
            "measure": "measured_wobble",
            "value": 12.5,
            "layer": "reported",
            "printed": "12.5 ± 0.5 wobbles",
        },
        {"measure": "unpruned_measured_wobble", "value": 20.0, "layer": "reported", "printed": "20"},
    ]


def test_one_entry_is_in_the_schema_and_on_axes(answers):
    """Editors complete it with its definition; tradeoffs offer it as what pruning costs."""
    assert answers["schema"] == (
        "how much the network wobbles on the table (wobbles; lower is better), such as 12.5 wobbles"
    )
    assert answers["axes"] == "measured_wobble"


def test_one_entry_is_checked_shown_and_explained(tree):
    """The verbs accept it and print it with its unit."""
    folder = ["--corpus", str(tree / "corpus")]
    run(tree, "-m", "app.cli", "check", *folder)
    shown = run(tree, "-m", "app.cli", "show", "birch2019wobbly", *folder)
    assert "measured_wobble 12.5 wobbles" in shown
    explained = run(tree, "-m", "app.cli", "explain", "birch2019wobbly", "measured_wobble", *folder)
    assert "measured_wobble = 12.5 wobbles ± 0.5 [12.45 wobbles, 12.55 wobbles] printed" in explained


def test_another_unit_is_refused(tree):
    """A number in a unit that is not the entry's is an error, and so is zero."""
    code = (
        "from corpus.numbers.quantity import parse\n"
        "for text in ('12.5 ms', '0', '-1'):\n"
        "    try:\n"
        "        print(parse('measured_wobble', text))\n"
        "    except ValueError as error:\n"
        "        print(error)\n"
    )
    assert run(tree, "-c", code).splitlines() == [
        "'12.5 ms' is not a number for measured_wobble; expected wobbles, such as 12.5 wobbles",
        "measured_wobble 0 is impossible; expected more than 0 and less than 1e18 (wobbles)",
        "measured_wobble -1 is impossible; expected more than 0 and less than 1e18 (wobbles)",
    ]


def test_published_columns_stay_where_they_were():
    """Users of the public tables find the first measures in the order in which they were published."""
    first = (
        "trials, compression_ratio, theoretical_speedup, top1, top5, top1_change, top5_change, top1_std, "
    )
    rest = "unpruned_top1, unpruned_top1_std, unpruned_top5, params, unpruned_params, flops, unpruned_flops"
    assert (first + rest) in ", ".join(COLUMNS["points"])
    assert shown_in(SHOW)[:6] == (
        *("compression_ratio", "theoretical_speedup", "top1", "top1_change", "top5", "top5_change"),
    )
    assert shown_in(LISTING)[:4] == shown_in(FIND)[:4] == shown_in(AXES)[:4]


@pytest.mark.parametrize("name", MEASURES)
def test_every_entry_is_whole(name):
    """An entry's example is a number of it, its relations name other entries, its kind is known."""
    from corpus.numbers.quantity import parse

    measure = MEASURES[name]
    assert measure.kind in KINDS
    assert parse(name, measure.example.split()[0]).value != 0
    assert {measure.twin_of, measure.amount_of} <= {*MEASURES, None}
    twin = twin_of(name)
    assert twin is None or (twin != name and twin_of(twin) == name)
