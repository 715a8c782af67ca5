"""Slips are judged once: `check` and `tablecheck` say the same of the same row, whichever of them sees it."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from corpus.catalogue.papers import default_folder
from corpus.checks.slips import CHECKS
from corpus.checks.tolerances import TOLERANCES

PAPER = """\
title: An invented paper about slips
authors: [Ada Birch]
venue: ICLR
date: 2021-05
results:
  - where: Table 1
    dataset: {dataset}
    architecture: {architecture}
    unpruned: {{{unpruned}}}
    pruned:
      - {{{pruned}}}
"""
CIFAR = ("CIFAR-10", "ResNet-56")
IMAGENET = ("ImageNet", "ResNet-50")
SLIPS = {
    "crossed columns": (
        CIFAR,
        {"params": "10M", "flops": "100M"},
        {"params": "5.0M", "flops": "25.0M", "compression_ratio": "4.0x", "theoretical_speedup": "2.0x"},
        "the columns for parameters and for FLOPs may be swapped",
    ),
    "a relative change": (
        CIFAR,
        {"top1": "50.0%"},
        {"top1": "45.0%", "top1_change": "-10.0%"},
        "one may be relative to the unpruned accuracy",
    ),
    "a fraction pruned as a percentage": (
        CIFAR,
        {"top1": "93.0%"},
        {"top1": "92.5%", "params_pruned": "0.6%"},
        "did you mean 60%?",
    ),
    "fewer FLOPs than parameters": (
        CIFAR,
        {"params": "125M", "flops": "0.85M"},
        {"top1": "92.5%"},
        "the columns for parameters and for FLOPs may be swapped",
    ),
    "an accuracy between two images": (
        CIFAR,
        {"top1": "93.04%"},
        {"top1": "92.047%"},
        "is no share of 10,000 test images",
    ),
    "parameters unlike the reference network": (
        IMAGENET,
        {"params": "33.2M"},
        {"top1": "75.1%"},
        "another network than the one named",
    ),
    "Top-5 in the Top-1 column": (
        IMAGENET,
        {"top1": "92.9%"},
        {"params_pruned": "50%"},
        "the column may hold Top-5",
    ),
    "the sign of a change": (
        CIFAR,
        {"top1": "93.04%"},
        {"top1": "92.64%", "top1_change": "0.40%"},
        "the sign or the columns before and after may be swapped",
    ),
    "pruned and kept": (
        CIFAR,
        {"top1": "93.04%"},
        {"params_pruned": "40%", "compression_ratio": "2.50x"},
        "pruned and kept may be swapped",
    ),
    "an error among accuracies": (
        CIFAR,
        {"top1": "93.04%"},
        {"top1": "6.94%"},
        "did you mean top1_error: 6.94%?",
    ),
    "Top-5 below Top-1": (
        IMAGENET,
        {"top1": "76.1%"},
        {"top1": "92.1%", "top5": "75.2%"},
        "the columns for Top-1 and Top-5 may be swapped",
    ),
    "two FLOPs for each multiply-add": (
        IMAGENET,
        {"flops": "8.2G"},
        {"theoretical_speedup": "2.0x"},
        "twice that (x2): if the paper counts two FLOPs for each multiply-add",
    ),
}
"""Dataset and architecture, numbers of the unpruned and of the pruned network, and what the remedy says."""


def said_of_paper(folder, setting, unpruned: dict, pruned: dict) -> list[str]:
    """The messages of `check --warnings all` about one block with these numbers, without their places."""
    path = folder / "ada2021slips.yaml"
    lines = [", ".join(f"{name}: {value}" for name, value in row.items()) for row in (unpruned, pruned)]
    text = PAPER.format(dataset=setting[0], architecture=setting[1], unpruned=lines[0], pruned=lines[1])
    path.write_text(text, encoding="utf-8")
    arguments = [
        "check",
        "--corpus",
        str(default_folder()),
        "--warnings",
        "contradiction",
        str(path),
    ]  # units in a named file are told unasked
    result = CliRunner().invoke(app, arguments)
    return re.findall(rf"{path.name}:\d+:\d+: (?:contradiction: |unit: )?(.*)", result.output)


def said_of_table(folder, setting, unpruned: dict, pruned: dict) -> list[str]:
    """The messages of `tablecheck` about a table of one row with these numbers, without their places."""
    path = folder / "table.csv"
    cells = {"dataset": setting[0], "architecture": setting[1]}
    cells |= {f"unpruned.{name}": value for name, value in unpruned.items()} | pruned
    path.write_text(f"{','.join(cells)}\n{','.join(cells.values())}\n", encoding="utf-8")
    maps = [part for name in cells for part in ("--map", f"{name}={_role(name, cells[name])}")]
    result = CliRunner().invoke(app, ["tablecheck", str(path), "--corpus", str(default_folder()), *maps])
    return re.findall(rf"{path.name}:\d+:\d+: (.*)", result.stdout)


def _role(name: str, cell: str) -> str:
    return f"{name}:1" if name.endswith(("params", "flops")) and cell[-1] in "KMG" else name


@pytest.mark.parametrize("name", SLIPS)
def test_both_verbs_say_the_same(name, tmp_path, monkeypatch):
    """The same row gives one message, word for word, from `check` and from `tablecheck`, with the right remedy."""
    monkeypatch.chdir(tmp_path)
    setting, unpruned, pruned, remedy = SLIPS[name]
    of_paper = said_of_paper(tmp_path, setting, unpruned, pruned)
    of_table = said_of_table(tmp_path, setting, unpruned, pruned)
    assert sorted(of_table) == sorted(of_paper)
    assert of_paper
    assert all(remedy in message for message in of_paper), of_paper


def test_every_tolerance_gives_its_reason():
    """Each bound says its unit and why it is no smaller and no larger; all checks share the one table."""
    assert len(SLIPS) == 12
    assert len(CHECKS) >= len(SLIPS)
    for name, tolerance in TOLERANCES.items():
        assert tolerance.value > 0, name
        assert len(tolerance.reason.split()) >= 8, name
