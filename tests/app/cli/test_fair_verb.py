"""`prunebase fair`: the strictest setup of two papers or two results, in words and as JSON, and what it refuses."""

from __future__ import annotations

import json

import pytest

from metaanalysis.fairness.setups import CHAIN, fair


def test_two_papers_are_told_pair_by_pair(run):
    """The headline counts pairs of results, each pair has its setup and what is in the way of the next."""
    lines = run("fair", "he2018soft", "peng2019collaborative").stdout.splitlines()
    assert lines[0].startswith(
        "he2018soft and peng2019collaborative: 24 pairs of results on the same dataset and network, 2 "
    )
    assert lines[1].startswith(
        "strictest setup: S1 (the same dataset, network, and compression or speedup)"
    )
    assert "ResNet-56 on CIFAR-10" in lines
    assert "    S1; S2 (also the base model): differs, unpruned top1 93.59% and 93.50%" in lines


def test_two_results_are_told_condition_by_condition(run):
    """Every condition and every setup has a line, with what each of the two did."""
    text = run("fair", "he2018soft/195", "liu2018rethinking/536").stdout
    assert "strictest setup: S2 (also the base model)" in text
    assert "  base model            equal      none: both start from random weights" in text
    assert (
        "  fine tuning epochs    differs    0 epochs and 132 epochs" in text
    )  # soft pruning ends with training
    for setup in CHAIN:
        assert f"\n  {setup} " in text


def test_missing_facts_are_listed_for_whoever_can_fill_them_in(run):
    """Below the pairs stand the keys that would tell more, by paper."""
    lines = run("fair", "han2015deep", "han2015learning").stdout.splitlines()
    at = lines.index(
        "to be known for a stricter setup (keys of `recipe:` in the paper's file, or measures)"
    )
    assert {line.split(":")[0].strip() for line in lines[at + 1 :]} <= {"han2015deep", "han2015learning"}
    assert any("fine_tuning.epochs" in line for line in lines[at + 1 :])


def test_json_is_the_whole_answer(run, everything):
    """As JSON: every pair that the library twin gives, in its order, with the states of all conditions."""
    tree = json.loads(run("fair", "he2018soft", "zhuang2018discrimination", "--format", "json").stdout)
    twin = fair(everything, "he2018soft", "zhuang2018discrimination")
    assert [(pair["one"], pair["other"], pair["setup"]) for pair in tree["pairs"]] == [
        (made.one.point.point_id, made.other.point.point_id, made.setup) for made in twin.verdicts
    ]
    assert {condition["state"] for pair in tree["pairs"] for condition in pair["conditions"].values()} >= {
        "held",
        "missing",
    }


def test_papers_without_common_ground_are_told_so(run):
    """No dataset and network in common: one line, and no error."""
    text = run("fair", "srinivas2015learning", "li2016pruning").stdout
    assert text == (
        "srinivas2015learning and li2016pruning have no results with numbers on the same dataset and network: no setup\n"  # noqa: E501 (one line)
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["he2018sotf", "li2016pruning"], "no paper 'he2018sotf'; did you mean 'he2018soft'?"),
        (["he2018soft/19", "li2016pruning"], "no result 'he2018soft/19'; did you mean 'he2018soft/192'?"),
        (
            ["he2018soft", "li2016pruning", "--format", "jsn"],
            "--format: 'jsn' is unknown; did you mean 'json'?",
        ),
        (
            ["he2018soft", "li2016pruning", "--same-base", "name"],
            "same_base: 'name' is unknown; did you mean 'named'?",
        ),
        (["lecun1990optimal", "li2016pruning"], "'lecun1990optimal' has no results with numbers"),
    ],
)
def test_what_it_refuses(run, words, message):
    """One line on standard error with the nearest word, and exit code 1."""
    error = run("fair", *words, code=1).stderr
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert message in error
