"""Each verb's help ends with an example, and the examples do what they say."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from app.cli.application import examples
from app.cli.main import app

ROOT = Path(__file__).parent.parent.parent.parent
COMMANDS = typer.main.get_command(app).commands
ONLY_PARSED = {
    "app": "serves until it is stopped",
    "rerun": "trains networks; tests/rerun does so",
}
PAPER = "wang2023trainability"
BIBTEX = """@misc{wang2023trainability,
  title={Trainability Preserving Neural Pruning}, author={Huan Wang and Yun Fu}, year={2023},
  eprint={2207.12534}, archivePrefix={arXiv}}
"""
TRIALS = "study,treatment_a,treatment_b,effect,standard_error\nS1,new,placebo,-0.4,0.2\nS2,old,placebo,-0.1,0.1\n"
TABLE = "Method,Params pruned (%),Top-1 (%)\nL1,49.82,93.51\nTPP,49.82,93.46\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_an_example_that_parses(run, name):
    """The last line of `--help` is a command line of the verb, and the verb takes every word of it."""
    shown = run(name, "--help").output.rstrip().splitlines()
    assert shown[-2].strip() == "Example:"
    assert shown[-1].strip() == examples[name]
    program, verb, *words = shlex.split(examples[name])
    assert (program, verb) == ("prunebase", name)
    with COMMANDS[name].make_context(name, words) as context:
        assert context.params


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A repository with the corpus, in which tables and a BibTeX entry lie about."""
    folder = tmp_path_factory.mktemp("checkout")
    left_out = shutil.ignore_patterns("*.py", "__pycache__", f"{PAPER}.*")
    shutil.copytree(ROOT / "corpus", folder / "corpus", ignore=left_out)
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        ("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "start"),
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    (folder / "trials.csv").write_text(TRIALS, encoding="utf-8")
    (folder / "paper.bib").write_text(BIBTEX, encoding="utf-8")
    return folder


RUN = sorted(set(examples) - set(ONLY_PARSED))


@pytest.mark.parametrize("name", RUN)
def test_the_example_runs(run, checkout, monkeypatch, name):
    """The command line of the help succeeds as it stands in a checkout, whichever examples ran before it."""
    monkeypatch.chdir(checkout)
    if name == "add-table":
        run(*shlex.split(examples["new"])[1:])
    try:
        result = run(*shlex.split(examples[name])[1:])
    finally:
        # a paper that is only begun is an error to every verb that reads the corpus
        Path(f"corpus/papers/{PAPER}.yaml").unlink(missing_ok=True)
        Path("second-reading.csv").unlink(missing_ok=True)
    assert result.output.strip()
