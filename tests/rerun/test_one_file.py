"""One thing, one file: under a nonsense name it is added to a copy of the tree and used end to end."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytest.importorskip("torch")

ROOT = Path(__file__).parent.parent.parent
BASELINE = '''"""Keeps the weights that stand first in their tensor.

A rule that nobody proposes: only its file can tell what it does.
"""

import torch
from torch import Tensor

source = "han2015learning"
scope = "layer"
scoring = "other"
seeded = False


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """The place of each weight, the first the highest."""
    return -torch.arange(weight.numel(), dtype=torch.float32).view(weight.shape)
'''
NETWORK = '''"""A network that nobody uses."""

from torch import nn

INPUT, CLASSES = (1, 8, 8), 10


def wobble(classes: int) -> nn.Module:
    """One convolution, one hidden layer."""
    layers = [nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(144, 12), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(12, classes))


ARCHITECTURES = {"Wobble-7": wobble}
'''
STUDY = """title: A study of something new
key: prunebase2026wibble
dataset: MNIST
invented: {training: 200, test: 60}
architecture: LeNet-300-100
protocol: held-out
validation: 60
initial: {a: {seed: 1, optimizer: adam, learning_rate: 1e-3, batch_size: 32, epochs: 1}}
fine_tuning: {optimizer: adam, learning_rate: 3e-4, batch_size: 32, epochs: 1}
baselines: [global-magnitude]
ratios: [2, 4]
seeds: [1, 2]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the four packages."""
    for package in ("corpus", "metaanalysis", "rerun", "app"):
        without = shutil.ignore_patterns("__pycache__", "results")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=without)
    (tmp_path / "rerun" / "results").mkdir()
    return tmp_path


def prunebase(tree: Path, *words: str) -> subprocess.CompletedProcess:
    """The command of the copied tree, called in its folder."""
    command = [sys.executable, "-m", "app.cli", *words]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def drawn(tree: Path, study: str) -> tuple[dict, list[dict[str, str]]]:
    """Runs the study; the record it wrote, and the rows of the figure drawn from it."""
    (tree / "wibble.yaml").write_text(study, encoding="utf-8")
    done = prunebase(tree, "rerun", "wibble.yaml", "--device", "cpu")
    assert done.returncode == 0, done.stderr
    record = tree / "build" / "rerun" / "results"
    words = ("--reruns-from", str(record), "--format", "csv", "--output", "drawn")
    done = prunebase(tree, "figures", "rerun_tradeoffs", *words)
    assert done.returncode == 0, done.stderr
    with open(tree / "drawn" / "rerun_tradeoffs.csv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return yaml.safe_load((record / "prunebase2026wibble.yaml").read_text(encoding="utf-8")), rows


def test_a_baseline_is_one_file(tree: Path):
    """Study, run, record and figure work with a baseline whose name means nothing."""
    (tree / "rerun" / "baselines" / "wibble.py").write_text(BASELINE, encoding="utf-8")
    record, rows = drawn(tree, STUDY.replace("[global-magnitude]", "[wibble]"))
    assert record["methods"]["wibble"] == {
        "name": "wibble",
        "structure": "unstructured",
        "scoring": "other",
        "scope": "layerwise",
        "scheduling": "one-shot",
        "fine_tuning": "continue",
    }
    assert [(row["baseline"], row["ratio"], row["seeds"]) for row in rows] == [
        ("wibble", "2.0", "2"),
        ("wibble", "4.0", "2"),
    ]


def test_an_architecture_is_one_file_and_its_name(tree: Path):
    """Study, run, record and figure work once the vocabulary has the name; before that nothing is trained."""
    (tree / "rerun" / "architectures" / "wobble.py").write_text(NETWORK, encoding="utf-8")
    study = STUDY.replace("LeNet-300-100", "Wobble-7")
    (tree / "wibble.yaml").write_text(study, encoding="utf-8")
    refused = prunebase(tree, "rerun", "wibble.yaml", "--device", "cpu")
    assert refused.returncode == 1
    assert "wibble.yaml:5:15: architecture 'Wobble-7' is not in corpus/vocabulary" in refused.stderr
    assert not (tree / "build").exists()
    with open(tree / "corpus" / "vocabulary" / "architectures.yaml", "a", encoding="utf-8") as stream:
        stream.write("Wobble-7:\n  family: Wobble\n  source: this test\n")
    record, rows = drawn(tree, study)
    assert {block["architecture"] for block in record["results"]} == {"Wobble-7"}
    assert {(row["architecture"], row["baseline"]) for row in rows} == {("Wobble-7", "global-magnitude")}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('scoring = "other"', "", "`scoring` is missing; expected one of magnitude, gradient,"),
        ('scope = "layer"', 'scope = "layers"', "`scope` is 'layers'; expected global or layer"),
        ("seeded = False", "seeded = 0", "`seeded` is 0; expected True or False"),
    ],
)
def test_what_a_baseline_does_not_state_is_not_guessed(old: str, new: str, message: str):
    """The error names file, attribute and what is expected there."""
    from types import ModuleType

    from rerun.baselines import _stated

    assert old in BASELINE
    file = ModuleType("rerun.baselines.global_magnitude_wibble")
    exec(compile(BASELINE.replace(old, new), "wibble", "exec"), file.__dict__)
    with pytest.raises(ValueError, match=message) as caught:
        _stated("global-magnitude-wibble", file)
    assert str(caught.value).startswith("rerun/baselines/global_magnitude_wibble.py: ")
