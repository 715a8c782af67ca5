"""The verb `rerun` on the command line."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

from typer.testing import CliRunner

from app.cli.main import app
from app.cli.verbs import rerun as rerun_verb
from rerun import studies

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def prunebase(tmp_path, monkeypatch):
    """Calls the command in an empty folder; its exit code and all it said."""
    monkeypatch.chdir(tmp_path)

    def call(*words):
        result = CliRunner().invoke(app, ["rerun", *words])
        return result.exit_code, result.output

    return call


def test_every_study_is_listed(prunebase):
    """`rerun list` names each study with its runs and title."""
    code, said = prunebase("list")
    assert code == 0
    assert [line.split()[0] for line in said.splitlines()] == list(studies())


def test_a_list_waits_for_no_heavy_library():
    """`rerun list` is there at once: neither torch nor what draws figures is imported for it."""
    code = (
        "import sys; from app.cli.verbs.rerun import _list; _list(); "
        "print(sorted({'torch', 'torchvision', 'pandas', 'altair', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert len(done.stdout.splitlines()) == len(studies()) + 1


def test_a_study_runs_and_says_how_far_it_is(prunebase, tmp_path):
    """`--limit` stops, `status` counts, and a second start goes on; nothing lands outside build/."""
    assert prunebase("smoke", "--device", "cpu", "--limit", "3")[1].endswith(
        "3 runs done, 0 of them failed\n"
    )
    assert prunebase("status", "smoke") == (0, "3 finished, 0 failed, 0 interrupted, 28 missing\n")
    assert prunebase("smoke", "--device", "cpu", "--limit", "2")[1].endswith(
        "5 runs done, 0 of them failed\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["smok"], "did you mean 'smoke'"),
        (["status"], "status of which study?"),
        (["smoke", "twice"], "one word too many"),
        (["smoke", "--engine", "rays"], "--engine: 'rays' is unknown; expected local or ray"),
        (["smoke", "--device", "abacus"], "--device: 'abacus' cannot be used"),
        (["mnist-lenet-300-100"], "MNIST is needed"),
    ],
)
def test_mistakes_are_one_line(prunebase, words, message):
    """A mistake is one line on standard error and exit code 1."""
    code, said = prunebase(*words)
    assert code == 1
    assert message in said
    assert len(said.splitlines()) == 1


def test_without_torch_it_says_what_to_install(prunebase, monkeypatch):
    """On a light install the verb names the extra; the other verbs never ask for torch."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        rerun_verb.importlib.util, "find_spec", lambda name: None if name == "torch" else found(name)
    )
    code, said = prunebase("list")
    assert code == 1
    assert "prunebase[rerun]" in said
