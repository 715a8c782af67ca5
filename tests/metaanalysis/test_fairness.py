"""Comparison setups: which one two results satisfy, what is in the way of more, and the audit of all claims."""

from __future__ import annotations

import json
from itertools import combinations, pairwise

import pytest

import corpus
from metaanalysis.fairness.result import DIFFERS, HELD, MISSING
from metaanalysis.fairness.setups import BESIDE, CHAIN, MEANING, NONE, SetupsOfPairs, fair, verdict
from metaanalysis.fairness.text import text, to_json
from metaanalysis.registry import statistics
from metaanalysis.statistics.fairness_audit import SETUPS

WHOLE = {
    "base": "{model: torchvision}",
    "pretraining": "{epochs: 90}",
    "pruning": "{epochs: 10, learning_rate: 0.01, schedule: constant}",
    "fine_tuning": "{epochs: 40, learning_rate: 0.1, schedule: step, milestones: [20, 30], factor: 0.1}",
}
ROW = "theoretical_speedup: 2.00x, top1: 69.00%"


def paper(
    recipe: dict[str, str], row: str = ROW, unpruned: str = "top1: 70.00%", methods: str = "{only: {}}"
) -> str:
    """A paper's file with one result trained in this way."""
    stages = "".join(f"  {name}: {value}\n" for name, value in recipe.items())
    return (
        "title: A paper\nauthors: [Ada Birch]\nvenue: ConfA\ndate: 2016-05\n"
        f"methods: {methods}\n"
        + (f"recipe:\n  from: Section 1\n{stages}" if recipe else "")
        + "results:\n  - where: Table 1\n    dataset: Scenes\n    architecture: TinyNet\n"
        f"    unpruned: {{{unpruned}}}\n    pruned:\n      - {{{row}}}\n"
    )


@pytest.fixture
def judged(small_corpus):
    """The verdict on the only results of two papers."""

    def made(one: str, other: str, same_base: str = "accuracy"):
        folder = small_corpus({"papers/ada2016first.yaml": one, "papers/bo2017second.yaml": other})
        found = fair(corpus.load(folder), "ada2016first", "bo2017second", same_base=same_base)
        return found.verdicts[0] if found.verdicts else None

    return made


LADDER = {
    "nothing else": ({}, "S4.2", None, ""),
    "rate of pruning": (
        {"pruning": "{epochs: 10, learning_rate: 0.1, schedule: constant}"},
        "S4.1",
        DIFFERS,
        "0.01 and 0.1",
    ),
    "rate of pruning unknown": ({"pruning": "{epochs: 10}"}, "S4.1", MISSING, "pruning.learning_rate"),
    "epochs of pruning": (
        {"pruning": "{epochs: 20, learning_rate: 0.01, schedule: constant}"},
        *("S3.2", DIFFERS, "10 epochs and 20 epochs"),
    ),
    "epochs of pruning unknown": (
        {"pruning": "{learning_rate: 0.01, schedule: constant}"},
        *("S3.2", MISSING, "bo2017second lacks pruning.epochs"),
    ),
    "rate of fine-tuning": (
        {"fine_tuning": WHOLE["fine_tuning"].replace("0.1, sch", "0.01, sch")},
        *("S3.1", DIFFERS, "learning rate 0.1 and 0.01"),
    ),
    "kind of schedule": (
        {"fine_tuning": "{epochs: 40, learning_rate: 0.1, schedule: cosine}"},
        *("S3.1", DIFFERS, "schedule step and cosine"),
    ),
    "milestones": (
        {"fine_tuning": WHOLE["fine_tuning"].replace("[20, 30]", "[10, 30]")},
        *("S3.1", DIFFERS, "milestones 20, 30 and 10, 30"),
    ),
    "factor unknown": (
        {"fine_tuning": WHOLE["fine_tuning"].replace(", factor: 0.1", "")},
        *("S3.1", MISSING, "bo2017second lacks fine_tuning.factor"),
    ),
    "epochs of fine-tuning": (
        {"fine_tuning": WHOLE["fine_tuning"].replace("40", "60")},
        *("S2", DIFFERS, "40 epochs and 60 epochs"),
    ),
    "iterations in place of epochs": (
        {"fine_tuning": "{iterations: 4000, learning_rate: 0.1, schedule: constant}"},
        *("S2", MISSING, "lacks fine_tuning.batch_size"),
    ),
    "base model": (
        {"base": "{model: own}"},
        "S1",
        DIFFERS,
        "torchvision and one that bo2017second trained",
    ),
    "random weights": ({"base": "{model: none}"}, "S1", DIFFERS, "torchvision and none (random weights)"),
}


@pytest.mark.parametrize(("change", "setup", "state", "said"), LADDER.values(), ids=LADDER)
def test_each_rung_of_the_ladder(judged, change, setup, state, said):
    """Two results alike in everything satisfy S4.2; each single difference or gap leaves the setup before it."""
    found = judged(paper(WHOLE), paper(WHOLE | change))
    assert found.setup == setup
    assert (found.obstacle and found.obstacle.state) == state
    assert said in (found.obstacle.said if found.obstacle else "")


@pytest.mark.parametrize(
    ("part", "fact"), [("pruning", "pruning.epochs"), ("fine_tuning", "fine_tuning.epochs")]
)
def test_a_missing_stage_is_named_with_its_paper(judged, part, fact):
    """A stage that a file does not have is named as the key to fill in, under the paper that lacks it."""
    found = judged(paper(WHOLE), paper({name: value for name, value in WHOLE.items() if name != part}))
    assert found.obstacle.missing == (("bo2017second", fact),)


def test_the_same_schedule_written_in_two_ways_is_the_same(judged):
    """Milestones 20 and 30 of 40 epochs are 50 % and 3/4, and a step every 10 of 30 epochs is 10, 20."""
    other = WHOLE | {"fine_tuning": WHOLE["fine_tuning"].replace("[20, 30]", "[50%, 3/4]")}
    assert judged(paper(WHOLE), paper(other)).setup == "S4.2"
    every = WHOLE | {
        "fine_tuning": "{epochs: 30, learning_rate: 1e-1, schedule: step, every: 10, factor: 0.1}"
    }
    listed = WHOLE | {
        "fine_tuning": "{epochs: 30, learning_rate: 0.1, schedule: step, milestones: [10, 20], factor: 0.1}"
    }
    assert judged(paper(every), paper(listed)).setup == "S4.2"


def test_without_recipes_the_accuracy_tells_base_models_apart(judged):
    """Equal to two decimals: one base model, unless names are asked for; rounder: unknown; apart: two."""
    bare = paper({})
    assert judged(bare, bare).setup == "S2"
    named = judged(bare, bare, same_base="named")
    assert (named.setup, named.obstacle.missing[0]) == ("S1", ("ada2016first", "base.model"))
    rough = judged(bare, paper({}, unpruned="top1: 70.0%"))
    assert (rough.setup, rough.obstacle.state) == ("S1", MISSING)
    apart = judged(bare, paper({}, unpruned="top1: 70.01%"))
    assert (apart.obstacle.state, apart.obstacle.said) == (DIFFERS, "unpruned top1 70.00% and 70.01%")


@pytest.mark.parametrize(
    ("row", "setup", "state"),
    [
        ("theoretical_speedup: 2.0x, top1: 69%", "S4.2", HELD),  # 1.95 to 2.05
        ("theoretical_speedup: 2.01x, top1: 69%", None, DIFFERS),  # 2.005 to 2.015: they only touch
        ("flops_pruned: 50%, top1: 69%", "S4.2", HELD),  # 1 / (1 - 0.5), from 1.98 to 2.02
        (
            "compression_ratio: 2.00x, top1: 69%",
            None,
            MISSING,
        ),  # nothing says how sizes and FLOPs go together
    ],
)
def test_printed_digits_decide_what_one_ratio_is(judged, row, setup, state):
    """2.00x stands for 1.995 to 2.005: what overlaps is one ratio, measure by measure."""
    found = judged(paper(WHOLE), paper(WHOLE, row=row))
    assert found.setup == setup
    assert found.findings["ratio"].state == state


def test_training_from_scratch_is_set_beside_pruning_by_its_total(judged):
    """Worked by hand: 90 + 10 epochs before and 40 after pruning to a half of the FLOPs.

    In epochs that is 140, so a small network trained anew for 140 is SX-A. In computation it is 90 + 10 + 40/2 = 120
    epochs of the unpruned network, and an epoch of the small one costs half of that: 240 epochs are SX-B. With 2.00x
    read as 1.995 to 2.005, and an epoch cut off or not, 300 epochs (150) are neither.
    """
    scratch = "{only: {fine_tuning: reinitialize}}"
    for epochs, beside in ((140, ("SX-A",)), (240, ("SX-B",)), (300, ())):
        found = judged(paper(WHOLE), paper({"fine_tuning": f"{{epochs: {epochs}}}"}, methods=scratch))
        assert (found.setup, found.beside) == ("S1", beside)
    assert found.label == "S1"
    scaled = judged(paper(WHOLE), paper({"fine_tuning": "{epochs_per_speedup: 120}"}, methods=scratch))
    assert scaled.label == "S1 and SX-B"  # int(120 x 1.995) = 239 to 240 epochs


def test_setups_grow_stricter_one_by_one():
    """Each setup of the chain holds all of the one before equal and one thing more; both others build on S1."""
    for weaker, stricter in pairwise(CHAIN.values()):
        assert set(weaker) < set(stricter)
        assert len(stricter) == len(weaker) + 1
    assert all(set(CHAIN["S1"]) < set(held) for held in BESIDE.values())
    assert set(MEANING) == set(CHAIN) | set(BESIDE)


def test_order_does_not_matter(everything):
    """On every pair of results of four papers the verdict is the same both ways round, and no setup is skipped."""
    placed = SetupsOfPairs(everything)
    keys = ("he2018soft", "zhuang2018discrimination", "liu2018rethinking", "peng2019collaborative")
    points = [point.point_id for key in keys for point in list(everything.papers[key].points)[:16]]
    seen = set()
    for one, other in combinations([placed.result(point) for point in points], 2):
        forth, back = verdict(one, other), verdict(other, one)
        assert (forth.setup, forth.beside, forth.next_setup) == (back.setup, back.beside, back.next_setup)
        assert {name: found.state for name, found in forth.findings.items()} == {
            name: found.state for name, found in back.findings.items()
        }
        satisfied = [forth.satisfies(name) for name in CHAIN]
        assert satisfied == sorted(satisfied, reverse=True)
        seen.add(forth.setup)
    assert {None, "S1", "S2"} <= seen


def test_wang_2023_scratch_against_sx_a(everything):
    """ResNet-34 on ImageNet-100 at 1.11x: 120 epochs from scratch and 30 + 90 around pruning are SX-A."""
    found = fair(everything, "wang2023why", "wang2023why")
    methods = {
        ("scratch", "sx-a-p30f90-1e-1"),
        ("scratch", "sx-a-p60f60-1e-2"),
        ("scratch", "sx-a-p90f30-1e-2"),
    }
    pairs = [
        v
        for v in found.placed
        if {v.one.point.method, v.other.point.method} in [set(pair) for pair in methods]
    ]
    assert len(pairs) == 18  # three ways, six ratios
    assert {pair.label for pair in pairs} == {"S1 and SX-A"}
    assert {pair.findings["base_model"].state for pair in pairs} == {DIFFERS}


def test_no_common_ground_is_said(judged, everything):
    """Two papers without a shared dataset and network have no verdict, two results are told what differs."""
    assert fair(everything, "srinivas2015learning", "li2016pruning").verdicts == ()
    alone = judged(paper(WHOLE), paper(WHOLE).replace("TinyNet", "WideNet"))
    assert (alone.setup, alone.label, alone.next_setup) == (None, NONE, "S1")
    assert alone.obstacle.said == "TinyNet and WideNet"


def test_text_and_json_tell_the_same(everything):
    """Both name the strictest setup; the JSON has every pair with every condition."""
    found = fair(everything, "he2018soft", "peng2019collaborative")
    tree = json.loads(to_json(found))
    assert f"strictest setup: {tree['strictest']} (" in text(found)
    assert len(tree["pairs"]) == len(found.verdicts)
    assert all(len(pair["conditions"]) == 10 for pair in tree["pairs"])


RUNS = """\
title: A study
authors: [The prunebase authors]
venue: ConfA
date: 2026-11-20
attribution: rerun
methods:
  global: {scheduling: one-shot, fine_tuning: continue}
  random: {scheduling: one-shot, fine_tuning: continue}
recipe:
  study: tiny
  initial: {a: {optimizer: adam, learning_rate: '0.001', epochs: '12', schedule: cosine, seed: '1'}}
  fine_tuning: {optimizer: adam, learning_rate: '0.0003', batch_size: '64', epochs: '4'}
receipts:
  unpruned: {a: {run: 0123456789abcdef}}
results:
  - where: study tiny, initial model a
    dataset: Scenes
    architecture: TinyNet
    unpruned: {top1: 70.00%}
    pruned:
      - {method: global, top1: 69%, compression_ratio: 2.00x}
      - {method: random, top1: 68%, compression_ratio: 2.00x}
"""


def test_runs_of_one_study_are_as_fair_as_can_be(small_corpus):
    """Two baselines under one recipe and from one initial model satisfy S4.2, training in total included."""
    loaded = corpus.load(small_corpus({"papers/prunebase2026tiny.yaml": RUNS}))
    found = fair(loaded, "prunebase2026tiny", "prunebase2026tiny")
    assert [(made.setup, made.satisfies("SX-A"), made.obstacle) for made in found.verdicts] == [
        ("S4.2", True, None)
    ]


@pytest.fixture(scope="module")
def audit(everything):
    return statistics()["fairness_audit"].data(everything)


def test_the_audit_places_every_claimed_comparison_once(audit, everything):
    """Counts add up to all comparisons, setup by setup too; shares add up to 1; strictest first."""
    assert audit["comparisons"].sum() == len(everything.comparisons)
    totals = audit.groupby("setup", sort=False)
    assert (totals["comparisons"].sum() == totals["in_setup"].first()).all()
    assert totals["share"].first().sum() == pytest.approx(1, abs=1e-9)
    places = [SETUPS.index(setup) for setup in audit["setup"]]
    assert places == sorted(places)
    assert set(audit["stricter_is"]) <= {"", DIFFERS, MISSING}


def test_a_comparison_of_the_audit_checked_from_its_results(audit, everything):
    """The example of each row, judged pair by pair, has the row's setup and no stricter one."""
    for row in audit.itertuples():
        one, other = row.example.split(" to ")
        labels = set()
        if all(next(iter(everything.papers[key].points), None) for key in (one, other)):
            usable = [
                made
                for made in fair(everything, one, other).placed
                for points in [(made.one.point, made.other.point)]
                if not any(point.released or "head_to_head" in point.excluded_from for point in points)
            ]
            labels = {made.label for made in usable}
        best = min(labels, key=SETUPS.index, default=NONE)
        assert best == row.setup, row.example


def test_the_column_of_head_to_head_is_the_strictest_pair(published):
    """Its setup is the one of the two papers' points in the panel; the reverse row has the same."""
    table = statistics()["head_to_head"].data(published)
    assert list(table.columns)[-1] == "setup"
    assert set(table["setup"]) <= set(SETUPS)
    panel = ["dataset", "architecture", "x_metric", "y_metric"]
    both = table.merge(table, left_on=[*panel, "paper", "other"], right_on=[*panel, "other", "paper"])
    assert len(both) == len(table)
    assert (both["setup_x"] == both["setup_y"]).all()
