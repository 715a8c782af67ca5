"""Checks of what cannot be meant: each finds its slip, and none fires where the numbers are possible."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import corpus
from corpus.catalogue.papers import default_folder
from corpus.checks.check import check_papers
from corpus.checks.size_slips import usual_slip
from corpus.checks.unpruned_across_papers import Baseline, unlike_others

HEAD = """\
title: An invented paper about nothing
authors: [Ada Birch]
venue: ICLR
date: 2021-05
results:
  - where: Table 1
    dataset: {dataset}
    architecture: {architecture}
{more}    unpruned: {{{unpruned}}}
    pruned:
      - {{{pruned}}}
"""


@pytest.fixture
def said(tmp_path, problems_of):
    """Everything said of one block, as kind and message."""

    def of(
        unpruned: str,
        pruned: str,
        dataset: str = "CIFAR-10",
        architecture: str = "ResNet-56",
        more: str = "",
    ):
        path = tmp_path / "ada2021nothing.yaml"
        numbers = {"unpruned": unpruned, "pruned": pruned}
        path.write_text(
            HEAD.format(dataset=dataset, architecture=architecture, more=more, **numbers), encoding="utf-8"
        )
        return [(found.kind, found.message) for found in problems_of(path)]

    return of


IMAGENET = {"dataset": "ImageNet", "architecture": "ResNet-50"}
POSSIBLE = {
    "right": ("top1: 93.0%, params: 0.85M, flops: 0.125G", "top1: 92.9%, params: 0.5M, flops: 0.08G", {}),
    "pruned to chance": ("top1: 91%", "top1: 10.0%", {}),
    "fallen to a third": ("top1: 76%", "top1: 30%", IMAGENET),
    "equal Top-1 and Top-5": ("top1: 93.0%", "top1: 92.0%, top5: 92.0%", {}),
    "Top-5 within rounding": ("top1: 93%", "top1: 92%, top5: 91.9%", {}),
    "fully connected": (
        "params: 266610, flops: 266200",
        "params: 20K, flops: 20K",
        {"architecture": "LeNet-300-100"},
    ),
    "a few weights": ("params: 58, flops: 58", "params: 14, flops: 14", {}),
    "two per multiply-add, said": (
        "flops: 8.2G",
        "flops: 4.1G",
        IMAGENET | {"more": "    flops_counts: flops\n"},
    ),
    "doubted": ("top1: 93.0%", "top1: 92%, top5: 80%, doubt: the paper prints it so", {}),
    "lower half of a percent pruned": ("top1: 93.0%", "params_pruned: 1.1%", {}),
}


@pytest.mark.parametrize("case", POSSIBLE)
def test_what_is_possible_is_not_remarked_on(said, case):
    """Numbers that a paper can mean give neither an error nor a contradiction."""
    unpruned, pruned, more = POSSIBLE[case]
    assert [kind for kind, _ in said(unpruned, pruned, **more) if kind != "doubt"] == []


IMPOSSIBLE = {
    "error: top5 is 80%, below top1": ("top1: 93.0%", "top1: 92.0%, top5: 80.0%", {}),
    "error: top5 is 80%, below top1, 90%": ("top1: 90%, top5: 80%", "params_pruned: 50%", {}),
    "error: params 0.85 is no count": ("params: 0.85", "params_pruned: 50%", {}),
    "contradiction: top1 7.1% beside a top1 of 93%": ("top1: 93.0%", "top1: 7.1%", {}),
    "contradiction: top1_error 92.9% beside a top1 of 93%": ("top1_error: 7.0%", "top1_error: 92.9%", {}),
    "contradiction: top1 0.93% beside 93%": ("top1: 93.0%", "top1: 0.93%", {}),
    "contradiction: params_pruned 0.6%": ("top1: 93.0%", "params_pruned: 0.6%", {}),
    "contradiction: flops 0.5M is below params 0.8M": (
        "params: 0.8M, flops: 0.5M",
        "params: 0.5M, flops: 0.3M",
        {},
    ),
    "unit: flops 4.1M: ResNet-50 has 4.09 billion": ("flops: 4.1M", "flops: 2M", IMAGENET),
    "unit: flops 4.1G: ResNet-50 has 4.09 billion": (
        *("flops: 4.1G", "flops: 2G"),
        IMAGENET | {"more": "    flops_counts: flops\n"},
    ),
}


@pytest.mark.parametrize("message", IMPOSSIBLE)
def test_what_cannot_be_is_named(said, message):
    """Each slip gives one line: an error if it is certain, else a unit or a contradiction."""
    unpruned, pruned, more = IMPOSSIBLE[message]
    found = [f"{kind}: {told}" for kind, told in said(unpruned, pruned, **more)]
    assert len(found) == 1, found
    assert found[0].startswith(message)


@pytest.mark.parametrize(
    ("measure", "ratio", "said"),
    [
        ("flops", 2.0, "flops_counts: flops"),
        ("flops", 1.9, "flops_counts: flops"),
        ("flops", 0.5, "flops_counts: multiply-adds"),
        ("params", 2.0, "another network"),
        ("params", 1000, "10^3"),
        ("params", 1e-6, "10^6"),
    ],
)
def test_a_usual_factor_has_a_usual_reason(measure, ratio, said):
    """Two, a hundred, a thousand and a million each have their slip; what lies between has none."""
    assert said in usual_slip(measure, ratio)
    assert usual_slip(measure, ratio * 1.3) == ""


def test_two_other_papers_must_agree():
    """A size speaks against a paper only if all others, two at least, give the network the same one."""

    def of(*values: float) -> list[str]:
        members = [
            (
                f"paper{number}",
                f"paper{number}.yaml",
                Baseline("D", "A", "unpruned_flops", value, "x", 1, 1),
            )
            for number, value in enumerate(values)
        ]
        return [found.file for found in unlike_others(members)]

    assert of(1e8, 1e8, 2e8) == ["paper2.yaml"]
    assert of(1e8, 2e8) == []
    assert of(1e8, 2e8, 4e8) == []
    assert of(1e8, 1.05e8, 0.98e8) == []
    assert of(1e8, 1e8, 1.5e8) == []


def test_the_survey_stands():
    """The survey's papers have no error; what is remarked on anew is FLOPs that count two per multiply-add.

    VGG-16 has 15.5 billion multiply-adds, ResNet-50 3.9 to 4.1; papers that print 30.9 and 7.7 count both.
    """
    report = check_papers(default_folder())
    assert report.errors == []
    in_survey = {key for key, paper in corpus.load().papers.items() if paper.survey()}
    of_survey = [problem for problem in report.warnings if Path(problem.file).stem in in_survey]
    found = [problem.message for problem in of_survey if problem.kind == "contradiction"]
    printed = {message.partition(":")[0] for message in found if "`flops_counts: " in message}
    assert printed <= {
        "flops 30.9G",
        "flops 30.94G",
        "flops 30.949G",
        "flops 7.72G",
        "flops 7.72B",
        "flops 7.729G",
    }
    assert [
        message for message in found if re.search("did you mean|may be swapped|other papers", message)
    ] == []
