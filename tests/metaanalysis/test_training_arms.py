"""Fine-tuning against training from scratch: reported and measured, on numbers worked by hand."""

from math import isnan, nan, sqrt

import pytest
import yaml

import corpus
from metaanalysis.own_runs.differences import CANNOT_BE_TOLD, DOES_NOT_HOLD, HOLDS
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import ArmResult, PrunedNetwork, difference, judged
from metaanalysis.registry import figures, statistics
from metaanalysis.statistics.recipe_cross_validation import judged as cross_validated

T_OF_TWO = 0.95 / sqrt(2 * 0.975 * 0.025)
"""The 97.5 % quantile of Student's t with two degrees of freedom, which has this closed form: 4.3027."""
TOOLS = "rerun"
UNIFORM = {
    "fine-tune": [92.0, 92.1, 92.2],
    "scratch-e": [91.0, 91.3, 91.3],
    "scratch-b": [95.0, 95.1, 95.2],
}
"""Accuracies of three seeds after pruning 4x."""


def arm(name, mean, std=nan, n=None, images=None, by_seed=None):
    """A way of training; its name says whether it starts anew."""
    return ArmResult(name, name.startswith("scratch"), name, mean, std, n, images, None, by_seed or {})


def network(*arms):
    """A pruned network with these arms."""
    return PrunedNetwork("reported", "x", "X 2020", "CIFAR-10", "ResNet-56", "", 2.0, None, arms)


@pytest.fixture
def measured(tmp_path, write_study):
    """The corpus with one invented study of two baselines, each with three arms at 4x."""

    def read(**changes):
        curves = {"global-magnitude": UNIFORM, "random-layerwise": UNIFORM | changes}
        flat = {
            f"{base}-{name}": {4.0: values}
            for base, arms in curves.items()
            for name, values in arms.items()
        }
        path = write_study(tmp_path, "arms", {"a": (93.0, flat)})
        document = yaml.safe_load(path.read_text("utf-8"))
        for name, method in document["methods"].items():
            method["fine_tuning"] = "reinitialize" if "scratch" in name else "continue"
        path.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
        table = tmp_path / "prunebase2026arms.a.csv"
        header, *lines = table.read_text("utf-8").splitlines()
        lines = [f"{line},{_arm_of(line.partition(',')[0])},80.5" for line in lines]
        table.write_text("\n".join([f"{header},arm,trainability_accuracy", *lines, ""]), "utf-8")
        return corpus.load(reruns_from=tmp_path)

    return read


def _arm_of(method):
    return method.removeprefix("global-magnitude-").removeprefix("random-layerwise-")


def test_reported_differences_add_the_variances_of_means():
    """Two arms of three runs each: Student's t of two degrees times the root of s1²/3 + s2²/3."""
    apart = difference(arm("l1", 93.0, 0.3, 3), arm("scratch", 92.0, 0.4, 3))
    assert apart.mean == pytest.approx(1.0)
    assert apart.high - apart.mean == pytest.approx(T_OF_TWO * sqrt((0.09 + 0.16) / 3))


def test_single_reported_runs_are_as_uncertain_as_their_test_set():
    """Without deviations the binomial variances of both accuracies are left; without test images nothing is said."""
    apart = difference(arm("l1", 90.0, images=10_000), arm("scratch", 80.0, images=10_000))
    assert apart.high - apart.mean == pytest.approx(1.96 * sqrt(0.09 + 0.16))
    assert difference(arm("l1", 90.0), arm("scratch", 80.0)) is None


def test_the_claim_is_judged_by_the_best_arm_of_either_sort():
    """Scratch ahead: holds. Fine-tuning ahead: does not. An interval with zero in it, or none: cannot be told."""
    tuned = arm("l1", 92.0, 0.1, 3)
    assert judged(network(tuned, arm("scratch", 95.0, 0.1, 3))).verdict == HOLDS
    assert (
        judged(network(tuned, arm("l1-slow", 80.0, 0.1, 3), arm("scratch", 90.0, 0.1, 3))).verdict
        == DOES_NOT_HOLD
    )
    found = judged(network(tuned, arm("scratch", 92.1, 0.1, 3), arm("scratch-e", 91.0, 0.1, 3)))
    assert (found.verdict, found.why.partition(":")[0]) == (CANNOT_BE_TOLD, "l1 over scratch")
    assert judged(network(arm("l1", 92.0), arm("scratch", 50.0))).verdict == CANNOT_BE_TOLD


def test_papers_with_both_sorts_are_found(everything):
    """Tables 6 and 7 of Wang et al. have six arms at four amounts each; no other network is made of two tables."""
    found = [one for one in configurations(everything) if one.source == "reported" and one.is_pair]
    of = {
        network: [one for one in found if one.architecture == network]
        for network in ("ResNet-56", "VGG-19")
    }
    for networks in of.values():
        assert [len(one.arms) for one in networks] == [6, 6, 6, 6]
        assert [len(one.of(anew=True)) for one in networks] == [2, 2, 2, 2]
    assert {one.paper for one in found} == {"liu2018rethinking", "wang2023why"}


def test_printed_deviations_decide_every_speedup_of_wangs_table_4(everything):
    """With its deviations and at least three runs, the best fine-tuned arm beats scratch at all six speedups."""
    table = statistics()["scratch_verdicts"].data(everything)
    rows = table[(table["paper"] == "wang2023why") & (table["dataset"] == "ImageNet-100")]
    verdicts = rows.groupby("theoretical_speedup")["verdict"].unique().map(tuple).to_dict()
    assert verdicts == dict.fromkeys((1.11, 1.41, 1.93, 3.09, 7.68, 12.06), (DOES_NOT_HOLD,))


def test_our_own_arms_are_compared_seed_by_seed(measured):
    """By hand: fine-tuning minus scratch-E is 1.0, 0.8 and 0.9; minus scratch-B it is -3 for every seed."""
    table = statistics()["scratch_verdicts"].data(measured())
    rows = table[(table["source"] == TOOLS) & (table["pruning"] == "global-magnitude")].set_index("arm")
    assert rows["accuracy"].to_dict() == pytest.approx(
        {"fine-tune": 92.1, "scratch-e": 91.2, "scratch-b": 95.1}
    )
    assert rows["difference"].to_dict() == pytest.approx(
        {"fine-tune": 0.0, "scratch-e": 0.9, "scratch-b": -3.0}
    )
    sampling = 91.2 * 8.8 / 10_000 + 92.1 * 7.9 / 10_000
    half = sqrt((T_OF_TWO * 0.1 / sqrt(3)) ** 2 + 1.96**2 * sampling)
    assert rows.loc["scratch-e", "difference_high"] - 0.9 == pytest.approx(half)
    assert set(rows["verdict"]) == {HOLDS}


def test_distances_are_in_joint_standard_deviations(measured, everything):
    """Every reported cell is there, not run; ours on MNIST have no paper beside them; the distance is by hand."""
    table = statistics()["arms_beside_papers"].data(measured())
    standings = table.groupby("standing").size()
    assert standings["no paper reports it"] == 6
    cells = table[(table["paper"] == "wang2023why") & (table["architecture"] == "ResNet-56")]
    assert len(cells) == 24
    from metaanalysis.statistics import arms_beside_papers

    reported = next(
        one for one in configurations(everything) if one.architecture == "ResNet-56" and len(one.arms) == 6
    )
    ours = PrunedNetwork(
        *("rerun", "y", "study y", "CIFAR-10", "ResNet-56", "filter-l1 uniform-0.3"),
        *(reported.compression_ratio * 1.005, 1.4, (arm("step-0.01", 94.0, 0.1, 3),), "filter"),
    )
    assert arms_beside_papers.same_network(reported, ours)
    theirs = next(one for one in reported.arms if one.name == "l1-step-0.01")
    row = arms_beside_papers._beside(reported, theirs, ours, ours.arms[0])
    assert row["distance"] == pytest.approx((94.0 - theirs.mean) / sqrt(theirs.std**2 + 0.01))
    assert row["standing"] == "beside each other"


def test_recipes_are_cross_validated(measured):
    """A way of pruning that leads under both recipes wins; where they disagree, the highest accuracy does."""
    levels = {"fine-tune": 90.0, "fine-tune-2": 94.0, "scratch-e": 91.0}
    a = {name: arm(name, value, 0.1, 3) for name, value in levels.items()}
    b = {"fine-tune": arm("fine-tune", 91.0, 0.1, 3), "fine-tune-2": arm("fine-tune-2", 93.0, 0.1, 3)}
    cells = a["fine-tune"], b["fine-tune"], a["fine-tune-2"], b["fine-tune-2"]
    leads = difference(*cells[:2]), difference(*cells[2:])
    winner, why = cross_validated(("a", "b"), cells, leads)
    assert winner == "a"
    assert why.startswith("the recipes disagree; has the highest accuracy, 94.00 %; each lead is larger")
    turned = cells[0], cells[1], cells[3], cells[2]
    winner, why = cross_validated(("a", "b"), turned, (leads[0], difference(*turned[2:])))
    assert (winner, why) == ("b", "leads under both recipes; each lead is larger than its interval")
    table = statistics()["recipe_cross_validation"].data(measured(**{"fine-tune-2": [90.0, 90.0, 90.0]}))
    assert table.empty  # one recipe that both share is nothing to cross


def test_trainability_is_drawn_where_it_is_known(measured):
    """Six printed cells of Wang et al., at the printed final accuracies; of ours the mean over seeds of each arm."""
    data = figures()["trainability"].data(measured())
    printed = data[data["source"] == "reported"].set_index("arm")
    assert len(printed) == 6
    assert printed.loc["s4.2-p90f30-1e-4", ["trainability_accuracy", "accuracy"]].to_list() == [
        37.93,
        29.89,
    ]
    ours = data[data["source"] == TOOLS]
    assert len(ours) == 6
    assert set(ours["trainability_accuracy"]) == {80.5}
    assert figures()["trainability"].chart(data).to_dict()


def test_the_picture_says_who_is_ahead(measured):
    """Each network has one line with its verdict, and arms without an interval have no bar."""
    figure = figures()["scratch_or_finetune"]
    data = figure.data(measured())
    ours = data[data["source"] == TOOLS]
    assert set(ours["verdict"]) == {HOLDS}
    assert ours[~ours["from_scratch"]]["low"].map(isnan).all()
    assert ours[ours["from_scratch"]]["low"].notna().all()
    assert "scratch is ahead" in str(figure.chart(data).to_dict())
