"""Iterative magnitude pruning with rewinding: rounds, masks, rewinding, resuming, records."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

import corpus
import rerun
from corpus.schema.reader import CorpusError
from rerun.architectures import architecture, scaled_name
from rerun.images.in_memory import fewer, invented
from rerun.pruning.counts import anatomy
from rerun.pruning.rounds import kept_after, prunable_weights, surviving
from rerun.record.rows import recorded_rows
from rerun.record.work_folder import WorkFolder
from rerun.study.smoke import smoke

ROOT = Path(__file__).parent.parent.parent
STUDY = """kind: iterative
title: x
key: prunebase2026iterative
dataset: MNIST
invented: {training: 220, test: 60}
architecture: LeNet-300-100
protocol: held-out
validation: 60
widths: [0.25, 0.5]
training_images: [100]
training: {optimizer: adam, learning_rate: 1e-3, batch_size: 50, epochs: 2}
rewind_epoch: 1
rounds: 3
seeds: [1, 2]
"""
TIMES = ("seconds", "networks_at_once")
"""What may differ between two ways through the same grid."""


def written(tmp_path: Path, text: str = STUDY) -> Path:
    path = tmp_path / "iterative.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def results(rows: dict[str, dict]) -> dict[str, dict]:
    return {
        name: {key: value for key, value in row.items() if key not in TIMES} for name, row in rows.items()
    }


def done(tmp_path: Path, folder: str = "work", **options) -> dict[str, dict]:
    return rerun.run(written(tmp_path), device="cpu", work=tmp_path / folder, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, dict[str, dict]]:
    """A small grid done in one go: its folder and its rows."""
    folder = tmp_path_factory.mktemp("iterative")
    return folder, done(folder)


def test_each_round_keeps_eighty_percent_within_the_last(whole):
    """After k rounds .8^k of the weights are left to within half a weight, and no weight ever comes back."""
    folder, rows = whole
    study = rerun.read_study(folder / "iterative.yaml")
    weights = {}
    for one in study.dense:
        shapes = prunable_weights(anatomy(one.architecture), True)
        weights[one.initial] = sum(map(math.prod, shapes.values()))
        chain = WorkFolder(folder / "work" / "iterative").load("chains", one.name)
        assert sum(int(keep.sum()) for keep in chain["keep"].values()) == round(
            weights[one.initial] * 0.8**3
        )
        for name, keep in chain["keep"].items():
            assert (chain["weights"][name][~keep] == 0).all()
            assert not (chain["rewound"][name] == 0).any()  # what is rewound to is the unpruned network
    for run in study.runs:
        row = rows[run.name]
        assert (
            abs(row["density"] * weights[row["initial"]] - weights[row["initial"]] * 0.8**run.round) <= 0.5
        )
        assert row["epochs"] == 2
        assert len(row["validation_history"].split()) == (
            3 if run.round == 0 else 2
        )  # rounds begin at the rewind epoch


def test_masks_take_the_largest_magnitudes_among_survivors():
    """Within an earlier mask, the largest magnitudes of all tensors together stay."""
    shapes = {"a": (2, 3), "b": (4,)}
    generator = torch.Generator().manual_seed(1)
    weights = {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    first = surviving(shapes, weights, 7, None)
    changed = {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    second = surviving(shapes, changed, 4, first)
    assert all(bool((~second[name] | first[name]).all()) for name in shapes)
    assert second.kept == 4
    kept = torch.cat([changed[name][second[name]].abs() for name in shapes])
    left = torch.cat([changed[name][first[name] & ~second[name]].abs() for name in shapes])
    assert kept.min() > left.max()


def test_biases_are_never_pruned_and_nothing_is_too_little():
    """Prunable are the weights of layers alone; a round that leaves none is refused."""
    counts = anatomy("LeNet-75-25")
    assert sum(map(math.prod, prunable_weights(counts, True).values())) == counts.params - 75 - 25 - 10
    assert (
        sum(map(math.prod, prunable_weights(counts, False).values())) == counts.params - 75 - 25 - 10 - 250
    )
    with pytest.raises(ValueError, match="nothing is left of 100 weights"):
        kept_after(25, 100, 0.8)


def test_stopping_changes_nothing(whole, tmp_path):
    """Stopped after every few rounds and in the middle of rounds, the grid ends with the same rows."""
    _, rows = whole
    for _ in range(20):
        part = done(tmp_path, minutes=0.0 if len(list(tmp_path.iterdir())) == 1 else None, limit=3)
        if len(part) == len(rows):
            break
    assert results(part) == results(rows)


def test_time_up_in_the_middle_of_a_round_goes_on_from_there(whole, tmp_path, monkeypatch):
    """Each start ends behind its first epoch; what is rewound to survives, and the rows are the same."""
    _, rows = whole
    from rerun.engine.attempt import Bench

    asked = iter(range(10**6))
    monkeypatch.setattr(Bench, "time_is_up", property(lambda _: next(asked) % 2 == 1))
    for _ in range(30):
        part = done(tmp_path)
        if len(part) == len(rows):
            break
    assert results(part) == results(rows)


def test_a_kill_loses_nothing(whole, tmp_path):
    """Killed at once and started again, the grid ends with the same rows."""
    _, rows = whole
    path, work = written(tmp_path), tmp_path / "work"
    code = (
        "import sys, rerun; from pathlib import Path; "
        "rerun.run(sys.argv[1], device='cpu', work=Path(sys.argv[2]), seconds_between_checkpoints=0)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(path), str(work)], cwd=ROOT)
    try:
        for _ in range(1200):
            if list(work.rglob("*.json")) or process.poll() is not None:
                break
            time.sleep(0.05)
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert results(done(tmp_path)) == results(rows)


def test_networks_together_equal_networks_alone(whole, tmp_path):
    """What else trains at the same time makes no difference."""
    _, rows = whole
    alone = rerun.run(
        written(tmp_path, STUDY + "networks_at_once: 1\n"), device="cpu", work=tmp_path / "work"
    )
    assert results(alone) == results(rows)


def test_the_record_is_a_document_of_the_corpus(whole, tmp_path):
    """The record reads without a problem, excluded from the survey's analyses, and gives every row back."""
    folder, rows = whole
    made = folder / "work" / "results"
    for kind in ("vocabulary", "papers"):
        (tmp_path / "corpus" / kind).mkdir(parents=True)
    for path in (ROOT / "corpus" / "vocabulary").glob("*.yaml"):
        (tmp_path / "corpus" / "vocabulary" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "rerun" / "results").mkdir(parents=True)
    for path in made.iterdir():
        (tmp_path / "rerun" / "results" / path.name).write_bytes(path.read_bytes())
    loaded = corpus.load(tmp_path / "corpus", reruns=True)
    points = [point for point in loaded.points if point.attribution == "rerun"]
    assert len(points) == 12
    assert {point.architecture for point in points} == {"LeNet-75-25", "LeNet-150-50"}
    assert not any(point.stands_beside_papers for point in points)
    scales = loaded.papers["prunebase2026iterative"].written.recipe["networks"]
    assert scales["w0.25-s2"] == {
        "architecture": "LeNet-75-25",
        "width": "0.25",
        "training_images": "100",
        "seed": "2",
        "prunable_weights": "60925",
    }
    back = recorded_rows(made, rerun.read_study(folder / "iterative.yaml"))
    assert set(back) == set(rows)
    for name, row in back.items():
        assert row["top1_hits"] == rows[name]["top1_hits"]
        assert row["density"] == pytest.approx(rows[name]["density"], rel=1e-5)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[0.25, 0.5]", "[0.3]", "'LeNet-90-30' is not in corpus/vocabulary"),
        ("[0.25, 0.5]", "[0.007]", "does not leave whole numbers of hidden units"),
        ("[0.25, 0.5]", "[0.5, 0.5]", "0.5 is repeated"),
        ("LeNet-300-100", "LeNet-5-Caffe", "LeNet-5-Caffe cannot be scaled so"),
        ("widths: [0.25, 0.5]", "depths: [3]", "no LeNet takes `depths`"),
        ("rewind_epoch: 1", "rewind_epoch: 2", "leaves no training after it: the recipe has 2 epochs"),
        ("dataset: MNIST", "dataset: ImageNet", "cannot be pruned in rounds"),
    ],
)
def test_a_bad_study_says_what_is_wrong(tmp_path, old, new, message):
    """The first message has place and reason."""
    assert old in STUDY
    with pytest.raises(CorpusError) as caught:
        rerun.read_study(written(tmp_path, STUDY.replace(old, new)))
    assert message in str(caught.value)
    assert "iterative.yaml:" in str(caught.value)


def test_more_rounds_keep_the_names_of_the_old_ones(tmp_path):
    """A grid that grows in rounds, widths or seeds keeps what is finished."""
    names = {run.name for run in rerun.read_study(written(tmp_path)).runs}
    for old, new in (
        ("rounds: 3", "rounds: 4"),
        ("[0.25, 0.5]", "[0.25, 0.5, 2]"),
        ("[1, 2]", "[1, 2, 3]"),
    ):
        assert names < {
            run.name for run in rerun.read_study(written(tmp_path, STUDY.replace(old, new))).runs
        }


@pytest.mark.parametrize("name", ["mnist-scaling", "cifar10-scaling"])
def test_the_smoke_of_a_shipped_study_is_small(name):
    """Each width once, three rounds of two epochs, under other names."""
    study = rerun.read_study(name)
    small = smoke(study)
    assert len(small.runs) == 3 * len(study.file.widths)
    assert not {run.name for run in small.runs} & {run.name for run in study.runs}


def test_a_scaled_network_has_a_name_and_a_size_of_its_own():
    """Width multiplies hidden units or channels, and depth adds blocks; the unscaled network keeps its name."""
    assert scaled_name("LeNet-300-100") == scaled_name("LeNet-300-100", 1.0) == "LeNet-300-100"
    assert scaled_name("ResNet-20", 0.5, 26) == "ResNet-26 (width 0.5)"
    assert anatomy("LeNet-150-50").multiply_adds == 784 * 150 + 150 * 50 + 50 * 10
    assert (
        anatomy("ResNet-26").params - anatomy("ResNet-20").params
        == anatomy("ResNet-32").params - anatomy("ResNet-26").params
    )
    whole, half = anatomy("ResNet-20").layers[3], anatomy("ResNet-20 (width 0.5)").layers[3]
    assert (whole.weights, half.weights) == (16 * 16 * 9, 8 * 8 * 9)
    assert architecture("ResNet-20 (width 0.5)").input_shape == (3, 32, 32)
    with pytest.raises(ValueError, match="name of an ImageNet network"):
        scaled_name("ResNet-20", 1.0, 50)


def test_smaller_training_parts_lie_within_larger_ones():
    """So many images, always the same, and no more than there are."""
    data = invented((1, 4, 4), training=60, test=10, validation=10)
    few, more = fewer(data, 10), fewer(data, 30)
    assert (len(few.training), len(more.training)) == (10, 30)
    larger = {image.numpy().tobytes() for image in more.training.images}
    assert {image.numpy().tobytes() for image in few.training.images} < larger
    with pytest.raises(ValueError, match="the training part has 50"):
        fewer(data, 51)


def test_a_misspelt_kind_gets_a_hint(tmp_path):
    """A study of an unknown kind is told at that word which kind there is."""
    with pytest.raises(CorpusError, match=r"iterative.yaml:\d+:\d+: .*'iterativ'.*iterative"):
        rerun.read_study(written(tmp_path, STUDY.replace("kind: iterative", "kind: iterativ")))
