"""Studies from start to record: nothing lost, nothing twice, failures kept."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

import corpus
from rerun import read_study, run
from rerun.engine import attempt, grid
from rerun.engine import status as standing
from rerun.record.work_folder import WorkFolder, write_whole
from rerun.training.on_cpu import SideBySide

ROOT = Path(__file__).parent.parent.parent
STUDY = """
title: A study for tests
key: prunebase2026test
dataset: MNIST
invented: {training: 300, test: 100}
architecture: LeNet-300-100
protocol: held-out
validation: 60
initial:
  a: {seed: 1, optimizer: adam, learning_rate: 1e-3, batch_size: 32, epochs: 2}
  b: {seed: 2, optimizer: adam, learning_rate: 1e-3, batch_size: 32, epochs: 2}
fine_tuning: {optimizer: adam, learning_rate: 3e-4, batch_size: 32, epochs: 3}
baselines: [global-magnitude, random-same-proportions-of-global-magnitude]
ratios: [2, 16]
seeds: [1, 2]
"""
PASSING = ("seconds", "networks_at_once")


@pytest.fixture
def study(tmp_path):
    """The study above, as a file."""
    path = tmp_path / "tiny.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def started(study, folder, **options):
    """All rows of the study, run in a folder of its own, without what depends on the clock."""
    options = {"seconds_between_checkpoints": 0, "device": "cpu", **options}
    return lasting(run(study, work=folder / "work", results=folder / "results", **options))


def lasting(rows):
    """Rows without what may differ between two runs of the same settings."""
    return {name: {key: row[key] for key in row if key not in PASSING} for name, row in rows.items()}


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """The rows of an uninterrupted run, and its folder."""
    folder = tmp_path_factory.mktemp("reference")
    path = folder / "tiny.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return started(path, folder), folder


def test_every_run_of_the_grid_is_there(reference, study):
    """Two initial models, 2 baselines, 2 ratios, 2 seeds: 18 rows, none failed, sizes as requested."""
    rows, _ = reference
    assert set(rows) == {one.name for one in read_study(study).runs}
    assert len(rows) == 2 + 2 * 2 * 2 * 2
    for row in rows.values():
        assert row["failure"] is None
        assert abs(row["params"] - 266_610 / row.get("requested_ratio", 1)) <= 0.5


def test_finished_runs_are_never_repeated(reference, study, monkeypatch):
    """A second start trains nothing, neither from the work folder nor from the record alone."""
    rows, folder = reference
    monkeypatch.setattr(attempt, "SideBySide", None)
    assert started(study, folder) == rows
    from_record = run(study, work=folder / "elsewhere", results=folder / "results", device="cpu")
    assert lasting(from_record) == rows


def test_the_order_and_the_company_do_not_matter(reference, study, tmp_path):
    """Run five at a time with stops between, the results are the same bit for bit."""
    for _ in range(5):
        rows = started(study, tmp_path, limit=5)
    assert rows == reference[0]


def test_kill_and_start_again(reference, study, tmp_path):
    """Killed (SIGKILL) at its second checkpoint of pruned networks and started again, nothing is lost or changed."""
    code = f"""
import rerun, os, signal
from pathlib import Path
from rerun.record import work_folder
save, seen = work_folder.WorkFolder.save, []
def save_and_die(self, kind, name, content):
    save(self, kind, name, content)
    seen.append(kind)
    if kind == "checkpoints" and seen.count("dense") == 2 and seen.count(kind) > 2:
        os.kill(os.getpid(), signal.SIGKILL)
work_folder.WorkFolder.save = save_and_die
folder = Path({str(tmp_path)!r})
rerun.run({str(study)!r}, work=folder / "work", results=folder / "results", device="cpu", seconds_between_checkpoints=0)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, "-c", code], env=environment, timeout=240, check=False)
    assert died.returncode == -signal.SIGKILL
    counts, _ = standing.status(study, work=tmp_path / "work", results=tmp_path / "results")
    assert counts["interrupted"] > 0
    assert started(study, tmp_path) == reference[0]
    counts, _ = standing.status(study, work=tmp_path / "work", results=tmp_path / "results")
    assert counts == {"finished": 18}
    assert not list((tmp_path / "work" / "tiny" / "checkpoints").glob("*"))


def test_out_of_memory_halves_the_stack_and_goes_on(reference, study, tmp_path, monkeypatch):
    """When more than two networks do not fit from the second epoch on, the results are the same."""
    begin = SideBySide.begin_epoch
    sizes = []

    def begin_if_it_fits(self, epoch):
        sizes.append(len(self))
        if len(self) > 2 and epoch == 1:
            raise torch.OutOfMemoryError("invented")
        begin(self, epoch)

    monkeypatch.setattr(SideBySide, "begin_epoch", begin_if_it_fits)
    assert started(study, tmp_path) == reference[0]
    assert 4 in sizes


def test_the_record_is_a_document_of_the_corpus(reference, tmp_path):
    """The corpus loads the record beside the papers: sizes, ratios and accuracies derived from what was counted."""
    rows, folder = reference
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(folder / "results", tmp_path / "rerun" / "results")
    loaded = corpus.load(tmp_path / "corpus", reruns=True)
    points = [point for point in loaded.points if point.attribution == "rerun"]
    pruned = [row for row in rows.values() if "method" in row]
    assert len(points) == len(pruned)
    assert sorted(point.value("top1") for point in points) == sorted(row["top1_hits"] for row in pruned)
    for point in points:
        assert point.value("compression_ratio") == pytest.approx(266_610 / point.value("params"))
        assert point.value("theoretical_speedup") == pytest.approx(266_200 / point.value("flops"))
        assert point.value("unpruned_top1") is not None
    without = {point.attribution for point in corpus.load(tmp_path / "corpus").points}
    assert without == {"reported", "reproduced"}  # what papers say of themselves and of others, and nothing of ours


def test_invented_images_stay_out_of_the_corpus(study, tmp_path, monkeypatch):
    """A study on invented images never writes into rerun/results unless told another folder."""
    monkeypatch.setattr(grid, "write_record", lambda folder, *_: seen.append(folder))
    seen = []
    run(study, work=tmp_path / "work", device="cpu", limit=1)
    assert seen == [tmp_path / "work" / "results"]


def test_a_failed_run_is_recorded_and_the_rest_goes_on(study, tmp_path):
    """A fine-tuning that diverges is kept with its reason, in the record too, and is not tried again."""
    study.write_text(STUDY.replace("learning_rate: 3e-4", "learning_rate: 1e30"), encoding="utf-8")
    rows = started(study, tmp_path)
    failed = {name for name, row in rows.items() if row["failure"]}
    assert len(failed) == 16
    assert {rows[name]["failure"] for name in failed} == {"diverged in epoch 1: the loss is not finite"}
    head = (tmp_path / "results" / "prunebase2026test.yaml").read_text(encoding="utf-8")
    assert "18 in the grid, 2 finished, 16 failed" in head
    assert "no_numbers" in head
    assert (
        lasting(run(study, work=tmp_path / "new", results=tmp_path / "results", device="cpu")).keys()
        == rows.keys()
    )


def test_an_unpruned_network_that_is_too_bad_is_not_pruned(study, tmp_path):
    """Above the error that the study allows, the initial model and its pruned runs are recorded as failed."""
    limit = STUDY.replace("{seed: 1,", "{seed: 1, validation_error_at_most: 0.01,")
    study.write_text(limit, encoding="utf-8")
    rows = started(study, tmp_path)
    reasons = {row["failure"] for row in rows.values() if row["initial"] == "a"}
    assert any("above the 0.01 % that the study allows" in reason for reason in reasons)
    assert "the unpruned network a failed" in reasons
    assert all(row["failure"] is None for row in rows.values() if row["initial"] == "b")


def test_damaged_files_are_named(tmp_path):
    """A checkpoint or result cut short is one clear error that says what to do."""
    place = WorkFolder(tmp_path)
    place.save("checkpoints", "x", {"runs": ["x"], "training": {}})
    path = tmp_path / "checkpoints" / "x.pt"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match=r"x\.pt is damaged; delete it"):
        list(place.checkpoints())
    place.finish("y", {"a": 1})
    (tmp_path / "runs" / "y.json").write_text("{")
    with pytest.raises(ValueError, match=r"y\.json is damaged; delete it"):
        place.finished()


def test_a_full_disk_is_a_clear_error_and_keeps_the_old_file(tmp_path, monkeypatch):
    """When writing fails the file that was there stays whole, and nothing half-written is left."""
    path = tmp_path / "kept.json"
    write_whole(path, b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device; free some space"):
        write_whole(path, b"new")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"]


def test_bad_devices_are_refused(study, tmp_path):
    """A device that is not there, and half precision on a CPU, are errors before any training."""
    for options, message in (({"device": "nonsense"}, "--device"), ({"precision": "bf16"}, "fp32 only")):
        with pytest.raises(ValueError, match=message):
            started(study, tmp_path, **options)
    assert not (tmp_path / "work").exists()


def test_progress_ends_at_one(study, tmp_path):
    """The images reported as done grow, and end at the number announced, after a stop too."""
    seen = []
    for limit in (7, None):
        seen.clear()
        started(study, tmp_path, limit=limit, report=lambda _, done, total: seen.append((done, total)))
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)
        assert seen[-1][0] == seen[-1][1]
