"""Studies that are stopped by the clock, a full disk or a damaged file: one clear error, and nothing is lost."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

from rerun import run

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
fine_tuning: {optimizer: adam, learning_rate: 3e-4, batch_size: 32, epochs: 3}
baselines: [global-magnitude]
ratios: [2, 16]
seeds: [1]
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The study above, as a file."""
    path = tmp_path_factory.mktemp("study") / "tiny.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def started(study, folder, **options):
    """All rows so far, without what depends on the clock."""
    options = {"seconds_between_checkpoints": 0, "device": "cpu", **options}
    rows = run(study, work=folder / "work", results=folder / "results", **options)
    return {name: {key: row[key] for key in row if key != "seconds"} for name, row in rows.items()}


@pytest.fixture(scope="module")
def reference(study, tmp_path_factory):
    """The rows of an undisturbed run."""
    return started(study, tmp_path_factory.mktemp("reference"))


def test_the_time_limit_stops_behind_an_epoch_and_the_next_start_goes_on(reference, study, tmp_path):
    """With no time at all each start does one epoch and keeps a checkpoint; after as many as needed all is the same."""
    checkpoints, seen = tmp_path / "work" / "tiny" / "checkpoints", []
    for _ in range(5):
        rows = started(study, tmp_path, minutes=0, seconds_between_checkpoints=600)
        seen.append((len(rows), len(list(checkpoints.glob("*")))))
    assert seen == [(0, 1), (1, 0), (1, 1), (1, 1), (3, 0)]
    assert rows == reference


def test_a_full_disk_stops_the_study_and_more_room_lets_it_go_on(reference, study, tmp_path):
    """Where no file may grow beyond 50 kB the weights cannot be kept: one line says so, and later nothing is lost."""
    words = [sys.executable, "-m", "app.cli", "rerun", str(study), "--device", "cpu"]

    def small_files_only():
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    options = {"capture_output": True, "text": True, "timeout": 120, "cwd": tmp_path, "env": environment}
    died = subprocess.run(words, **options, preexec_fn=small_files_only, check=False)
    assert died.returncode == 1
    (line,) = [line for line in died.stderr.splitlines() if "error" in line]
    assert line.endswith("cannot be written: File too large; free some space and start the study again")
    assert not [path for path in (tmp_path / "build").rglob("*") if path.name.endswith(".tmp")]
    (tmp_path / "build" / "rerun").rename(tmp_path / "work")
    assert started(study, tmp_path) == reference


def test_a_damaged_checkpoint_is_one_error_and_its_runs_start_again(reference, study, tmp_path):
    """Cut short, a checkpoint stops the study with its name; deleted as told, the study ends as it would have."""
    for _ in range(3):
        started(study, tmp_path, minutes=0)
    (checkpoint,) = (tmp_path / "work" / "tiny" / "checkpoints").glob("*")
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(
        ValueError, match=rf"{checkpoint.name} is damaged; delete it, and its runs will start again"
    ):
        started(study, tmp_path)
    checkpoint.unlink()
    assert started(study, tmp_path) == reference


def test_too_little_memory_for_the_unpruned_networks_is_halved_too(study, tmp_path, monkeypatch):
    """A single network that does not fit is recorded as failed with the reason, and so is what depends on it."""
    import torch

    from rerun.training.on_cpu import SideBySide

    def too_large(*_):
        raise torch.OutOfMemoryError("invented")

    monkeypatch.setattr(SideBySide, "begin_epoch", too_large)
    reasons = [row["failure"] for row in started(study, tmp_path).values()]
    assert reasons == ["out of memory with a single network", *["the unpruned network a failed"] * 2]
