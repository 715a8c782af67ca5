"""Arms: how long each trains, what it starts from, and that old runs keep their names."""

from dataclasses import replace

import pytest

pytest.importorskip("torch")

from corpus.schema.reader import CorpusError
from rerun import read_study, run
from rerun.engine.batching import batch_key
from rerun.pruning.filters.sizes import expected_saving
from rerun.study.arms import TrainingArm, arm_recipe
from rerun.study.recipe import TrainingRecipe
from rerun.study.smoke import smoke
from rerun.study.study_file import Invented

UNPRUNED = TrainingRecipe(
    optimizer="sgd",
    learning_rate=0.1,
    batch_size=64,
    epochs=160,
    schedule="step",
    milestones=(80, 120),
    sparsity=1e-4,
)
FINE_TUNING = TrainingRecipe(optimizer="sgd", learning_rate=0.001, batch_size=64, epochs=40)
STUDY = """title: x
key: prunebase2026arms
dataset: MNIST
invented: {training: 200, test: 50}
architecture: LeNet-5-Caffe
protocol: held-out
validation: 60
initial: {a: {seed: 1, optimizer: sgd, learning_rate: 0.01, momentum: 0.9, batch_size: 32, epochs: 1}}
fine_tuning: {optimizer: sgd, learning_rate: 0.01, momentum: 0.9, batch_size: 32, epochs: 1}
arms:
  fine-tune: {kind: fine-tune}
  scratch-e: {kind: scratch-e}
  scratch-b: {kind: scratch-b, at_most: 2}
baselines: [convolution-magnitude]
ratios: [1.02]
plans: [uniform-0.5]
seeds: [1, 2]
"""


@pytest.mark.parametrize(
    ("plan", "network", "epochs"),
    [
        ("resnet-56-a", "ResNet-56", 178),
        ("resnet-56-b", "ResNet-56", 220),
        ("resnet-110-a", "ResNet-110", 190),
        ("resnet-110-b", "ResNet-110", 260),
    ],
)
def test_scratch_b_lasts_as_printed(plan, network, epochs):
    """Liu et al. 2019: 160 epochs times the saving in multiply-adds, from exact counts, cut to whole epochs."""
    recipe = arm_recipe(
        TrainingArm(kind="scratch-b"), UNPRUNED, FINE_TUNING, expected_saving(plan, network)
    )
    assert recipe.epochs == epochs
    assert recipe.milestones == (epochs // 2, epochs * 3 // 4)
    assert (recipe.learning_rate, recipe.sparsity) == (0.1, 0)


def test_the_other_arms_last_as_defined():
    """Scratch-E as the unpruned network; with the cost of fine-tuning 40 epochs more; a limit holds before that."""
    lasts = {
        "scratch-e": 160,
        "scratch-b": 320,
        "scratch-b-and-fine-tuning": 360,
        "fine-tune": 40,
    }
    for kind, epochs in lasts.items():
        at_most = 2 if kind.startswith("scratch-b") else None
        assert (
            arm_recipe(TrainingArm(kind=kind, at_most=at_most), UNPRUNED, FINE_TUNING, 7.3).epochs == epochs
        )


def test_names_of_earlier_runs_stay():
    """A run of the study that has results keeps its name, whatever settings came later."""
    study = read_study("mnist-lenet-300-100")
    (one,) = [one for one in study.runs if one.label == "a: global-magnitude 2x seed 1"]
    assert one.name == "12eb7c6e2d02096d"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The study above and its rows by the runs' labels."""
    folder = tmp_path_factory.mktemp("arms")
    path = folder / "x.yaml"
    path.write_text(STUDY, encoding="utf-8")
    study = read_study(path)
    rows = run(study, work=folder / "work", results=folder / "results", device="cpu")
    again = run(study, work=folder / "elsewhere", results=folder / "results", device="cpu")
    return study, {one.label: rows[one.name] for one in study.runs}, rows == again


def test_arms_run_and_are_read_back(finished):
    """Every arm of every method has a row without failure, of the right length, and the record gives it back."""
    _, rows, read_back = finished
    assert read_back
    assert len(rows) == 1 + 2 * 2 * 3
    assert all(row["failure"] is None for row in rows.values())
    lengths = {row["arm"]: row["epochs"] for row in rows.values() if row.get("plan")}
    assert lengths == {"fine-tune": 1, "scratch-e": 1, "scratch-b": 2}
    smaller = rows["a: filter-l1-scratch-e uniform-0.5 seed 1"]
    assert smaller["params"] == 10 * 26 + 25 * 251 + 500 * 401 + 5010
    history = [float(hits) for hits in smaller["validation_history"].split()]
    assert float(smaller["trainability_accuracy"]) == pytest.approx(history[1], abs=1e-3)


def test_only_convolutions_lose_weights(finished):
    """Under convolution-magnitude the linear layers stay whole, also from scratch."""
    _, rows, _ = finished
    for arm in ("fine-tune", "scratch-b"):
        row = rows[f"a: convolution-magnitude-{arm} 1.02x seed 1"]
        kept = dict(pair.split("=") for pair in row["layer_densities"].split())
        assert kept["5"] == "400000/400000"
        assert kept["7"] == "5000/5000"
        assert row["params"] == round(431080 / 1.02)


def test_stacks_hold_one_shape_and_one_recipe(finished):
    """Runs of one company differ in nothing but seed and learning rate."""
    study, _, _ = finished
    groups = {}
    for one in study.runs[1:]:
        groups.setdefault(batch_key(one), set()).add((one.plan, one.arm))
    assert sorted(len(group) for group in groups.values()) == [1, 1, 1, 1, 1, 1]


def test_the_published_study_runs_on_images_made_in_code(tmp_path):
    """A small twin of the study of Table 6 of Wang et al. 2023: each of its six arms ends with its own recipe."""
    study = smoke(read_study("wang2023-finetune-lr"))
    small = {
        "architecture": "ResNet-8",
        "plans": ("uniform-0.9",),
        "invented": Invented(training=64, test=20),
    }
    study = replace(study, name="twin", file=study.file.model_copy(update=small))
    rows = run(study, work=tmp_path / "work", results=tmp_path / "results", device="cpu").values()
    assert [row.get("arm", "") for row in rows if row["failure"]] == []
    arms = ("scratch-step", "scratch-cosine", "step-0.001", "step-0.01", "cosine-0.001", "cosine-0.01")
    assert sorted(row["arm"] for row in rows if row.get("plan")) == sorted(arms)
    assert len({row["params"] for row in rows}) == 2


def test_a_bad_arm_is_one_clear_error(tmp_path):
    """What does not fit together is said before anything trains."""
    bad = {
        "{kind: scratch-e}": ("{kind: scratch}", "needs a recipe of its own"),
        "[uniform-0.5]": ("[resnet-56-a]", "3 stages; this network has 2"),
        "at_most: 2": ("at_most: 0.5", "at_most"),
        "[1.02]": ("[1.5]", "largest reachable ratio is 1.06"),
        "baselines: [convolution-magnitude]\n": ("", "'baselines' with 'ratios'"),
    }
    for old, (new, message) in bad.items():
        assert old in STUDY
        path = tmp_path / "x.yaml"
        path.write_text(STUDY.replace(old, new), encoding="utf-8")
        with pytest.raises(CorpusError) as caught:
            read_study(path)
        (problem,) = caught.value.problems
        assert message in str(problem)
