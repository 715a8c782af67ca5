"""A study on a Ray cluster: the same rows as here, whatever happens to a worker."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

pytest.importorskip("torch")

import rerun
from rerun.engine import attempt, ray_engine, ray_worker
from rerun.engine.attempt import Checkpoint
from rerun.engine.run_study import read_data
from rerun.engine.task import Finished, Lost, Task
from rerun.images.folder import FolderData
from rerun.images.in_memory import SOURCES

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
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
  b: {seed: 2, optimizer: sgd, learning_rate: 1e-2, batch_size: 32, epochs: 2}
fine_tuning: {optimizer: adam, learning_rate: 3e-4, batch_size: 32, epochs: 30}
baselines: [global-magnitude, random-global]
ratios: [2, 16]
seeds: [1, 2]
"""
PASSING = ("seconds", "networks_at_once", "device")
# Ray's switch for machines that should be reached as 127.0.0.1 only; the driver has to know it as well.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
NO_RAY = pytest.mark.skipif(
    not ray_engine.installed(), reason="Ray is not installed (pip install 'prunebase[ray]')"
)

# The driver in a process of its own: the warnings of Ray's own libraries are no errors there. It asks for a worker's
# death when networks of two stacks are on their way, one of which is then on the worker that dies.
DRIVER = """
import json, sys
from pathlib import Path
import rerun
from rerun.engine.attempt import Progress
from rerun.engine.grid import Grid
take, under_way, killed = Grid._take, set(), []
def take_and_tell(self, event):
    take(self, event)
    if isinstance(event, Progress) and event.epochs == 30:
        under_way.add(event.names) if event.epoch < 30 else under_way.discard(event.names)
        if len(under_way) == 2 and not killed:
            killed.append(True)
            print("kill", flush=True)
            sys.stdin.readline()
Grid._take = take_and_tell
said = []
folder = Path(sys.argv[2])
rows = rerun.run(
    folder / "tiny.yaml", engine="ray", ray_address=sys.argv[1], work=folder / "work", results=folder / "results",
    seconds_between_checkpoints=0.5, report=lambda what, done, total: said.append(what),
)
(folder / "rows.json").write_text(json.dumps([rows, said]))
"""


def lasting(rows):
    """Rows without what may differ between two runs of the same settings."""
    return {name: {key: row[key] for key in row if key not in PASSING} for name, row in rows.items()}


@pytest.fixture
def cluster():
    """The running cluster's process, which has printed its address."""
    folder = tempfile.mkdtemp(prefix="r", dir="/tmp")
    words = [sys.executable, str(HERE / "ray_cluster.py"), folder]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, text=True, env=ENVIRONMENT, **pipes) as process:
        process.address = process.stdout.readline().strip()
        yield process
        process.stdin.close()
        process.wait(60)
    shutil.rmtree(folder, ignore_errors=True)


@NO_RAY
def test_one_worker_is_killed_and_the_rows_are_the_same(cluster, tmp_path, monkeypatch):
    """A head and two workers, one of them killed in the middle: every row equals the local one, bit for bit."""
    (tmp_path / "tiny.yaml").write_text(STUDY, encoding="utf-8")
    words = [sys.executable, "-c", DRIVER, cluster.address, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": ENVIRONMENT}
    with (
        open(tmp_path / "errors", "w") as errors,
        subprocess.Popen(words, stderr=errors, **pipes) as driver,
    ):
        patience = threading.Timer(300, driver.kill)
        patience.start()
        asked = driver.stdout.readline()
        cluster.stdin.write("kill\n")
        cluster.stdin.flush()
        assert cluster.stdout.readline() == "killed\n"
        driver.communicate("done\n")
        patience.cancel()
    assert (asked, driver.returncode) == ("kill\n", 0), (tmp_path / "errors").read_text()
    rows, said = json.loads((tmp_path / "rows.json").read_text())
    assert any(what.startswith("a worker was lost; its ") for what in said)
    here = rerun.run(
        tmp_path / "tiny.yaml", work=tmp_path / "here", results=tmp_path / "there", device="cpu"
    )
    assert lasting(rows) == lasting(here)
    assert len(rows) == 2 + 2 * 2 * 2 * 2
    assert not list((tmp_path / "work" / "tiny" / "checkpoints").glob("*"))
    assert (tmp_path / "results" / "prunebase2026test.yaml").is_file()
    monkeypatch.setattr(attempt, "SideBySide", None)  # what the driver has kept, no engine trains again
    assert (
        rerun.run(
            tmp_path / "tiny.yaml", work=tmp_path / "work", results=tmp_path / "results", device="cpu"
        )
        == rows
    )


def test_without_ray_it_says_what_to_install(monkeypatch):
    """The error names the extra."""
    monkeypatch.setattr(ray_engine, "installed", lambda: False)
    with pytest.raises(ValueError, match=r"pip install 'prunebase\[ray\]'"):
        rerun.run("smoke", engine="ray")


@NO_RAY
@pytest.mark.parametrize(
    ("address", "message"),
    [
        (
            "127.0.0.1:1",
            r"no Ray cluster found at 127\.0\.0\.1:1 \(.*refused\); start one with `ray start --head`",
        ),
        ("nonsense", r"no Ray cluster found at nonsense \(expected HOST:PORT\)"),
    ],
)
def test_without_a_cluster_it_says_how_to_have_one(address, message):
    """Nobody waits for minutes: a place where nobody listens is an error at once."""
    with pytest.raises(ValueError, match=message):
        rerun.run("smoke", engine="ray", ray_address=address)


def test_a_worker_without_the_images_or_with_other_versions_says_so(tmp_path):
    """Both errors name the machine, before anything trains."""
    study = rerun.read_study("smoke")
    task, missing = Task(study, "x", (study.dense[0].name,)), ((str(tmp_path / "a.png"), 0),)
    folder = FolderData(SOURCES["ImageNet"], missing, missing, missing, "x")
    with pytest.raises(ValueError, match=rf"a\.png is not on {platform.node()}; the images must lie"):
        list(ray_worker.train(task, None, folder, ray_worker.Order("cpu", None, 30)))
    data = read_data(study, None, False)
    with pytest.raises(
        ValueError, match=rf"{platform.node()} has torch .*, the driver torch 1; install the same"
    ):
        list(ray_worker.train(task, None, data, ray_worker.Order("cpu", None, 30, versions=("torch 1",))))


def test_a_lost_stack_goes_on_with_what_is_left():
    """Rows that came in are not done again; a checkpoint is where its networks go on, the others start anew."""
    study = rerun.read_study("smoke")
    names = tuple(run.name for run in study.runs if run.ratio > 1 and run.dense is study.dense[0])[:5]
    flight = ray_engine.Flight(Task(study, "whole", names, {}))
    assert list(flight.rest()) == [flight.task]
    flight.note(Checkpoint("two", {"runs": list(names[:2]), "training": {"epoch": 1}}))
    flight.note(Checkpoint("three", {"runs": list(names[2:]), "training": {"epoch": 1}}))
    flight.note(Finished({names[0]: {}, names[1]: {}}, {}))
    flight.note(Checkpoint("two", None))
    (left,) = flight.rest()
    assert (left.name, left.names, left.saved) == ("three", names[2:], {"epoch": 1})
    flight.note(Checkpoint("three", None))
    (left,) = flight.rest()
    assert (left.names, left.saved) == (names[2:], None)


def test_a_stack_that_loses_every_worker_is_given_up_and_the_others_are_done():
    """After four workers the stack is left for the next start, which is said when all others have come in."""
    study = rerun.read_study("smoke")
    good, bad = (
        Task(study, name, (run.name,), {}) for name, run in zip("gb", study.runs[2:], strict=False)
    )
    started, seen = [], []

    class Without(ray_engine.Ray):
        """No cluster: the good stack finishes, the bad one loses each of its workers."""

        def __init__(self):
            self._ray = self

        def wait(self, streams, num_returns):
            return streams[:num_returns], streams[num_returns:]

        def _started(self, task, _weights):
            started.append(task.name)
            return object()

        def _next(self, _stream, flight):
            if flight.task is bad:
                return Lost(bad.names)
            return None if flight.done else Finished({good.names[0]: {}}, {})

    with pytest.raises(ValueError, match="1 networks lost their worker 4 times in a row"):
        seen.extend(map(type, Without().carry_out([bad, good])))
    assert sorted(started) == ["b", "b", "b", "b", "g"]
    assert (seen.count(Lost), seen.count(Finished)) == (4, 1)
