"""The worked example of CONTRIBUTING.md, run as it stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from app.cli.reference import DOCUMENTS, SECTIONS, rewritten

DOCUMENT = next(path for path in DOCUMENTS if path.name == "CONTRIBUTING.md")
ROOT = DOCUMENT.parent
KEY = "wang2023trainability"


def commands() -> str:
    """Every line of the example that a reader would run, in order."""
    section = (
        DOCUMENT.read_text(encoding="utf-8").partition("## A worked example\n")[2].partition("\n## ")[0]
    )
    return "".join(re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))


def in_shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    prunebase = f'prunebase() {{ "{sys.executable}" -m app.cli "$@"; }}\n'
    environment = os.environ | {"PYTHONPATH": str(ROOT), "GIT_CONFIG_GLOBAL": "/dev/null"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", prunebase + script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A clone with the corpus alone, on its main branch, in which the example has been run; and what it printed."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(
        ROOT / "corpus", folder / "corpus", ignore=shutil.ignore_patterns("*.py", "__pycache__", f"{KEY}.*")
    )
    git = "git -c user.name=test -c user.email=test@example.org"
    start = in_shell(f"git init -q -b main && git add . && {git} commit -q -m start", folder)
    assert start.returncode == 0, start.stderr
    return folder, in_shell(commands(), folder)


def test_the_example_runs_and_its_check_passes(checkout):
    """Every command of the worked example succeeds, and the file it makes passes the check."""
    folder, run = checkout
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 errors" in run.stdout
    assert KEY in run.stdout.partition(" 0 errors")[2], "`impact` does not name the new paper"
    assert (folder / "corpus" / "papers" / f"{KEY}.yaml").is_file()


def test_from_new_to_a_passing_check_takes_under_ten_commands():
    """The example's own commands, files written included, are fewer than ten."""
    ran = re.findall(r"^(?:prunebase|cat) ", commands(), re.MULTILINE)
    assert ran[0] == "cat "
    assert 4 <= len(ran) < 10


def test_the_numbers_in_the_file_are_those_of_the_table(checkout):
    """Every digit of the table and of the options stands in the file as printed; columns left out do not."""
    folder, _ = checkout
    written = yaml.safe_load((folder / "corpus" / "papers" / f"{KEY}.yaml").read_text(encoding="utf-8"))
    (block,) = written["results"]
    assert block["unpruned"] == {"top1": "93.78%", "params": "0.85M", "flops": "0.25G"}
    assert (block["where"], block["flops_counts"], block["trials"]) == ("Table 1", "flops", 3)
    assert [tuple(row.values()) for row in block["pruned"]] == [
        ("l1", "49.82%", "1.99x", "93.51% ± 0.07%"),
        ("l1", "90.39%", "11.41x", "86.75% ± 0.31%"),
        ("tpp", "49.82%", "1.99x", "93.46%"),
        ("tpp", "90.39%", "11.41x", "89.63%"),
    ]
    assert (written["arxiv"], written["venue"], written["compares_to"]) == (
        "2207.12534",
        "ICLR",
        ["li2016pruning"],
    )


def test_what_the_document_shows_is_what_add_table_prints(checkout):
    """The mapping shown in the document is the one that the command shows."""
    shown = re.search(
        r"^```text\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )[1]
    assert shown in checkout[1].stdout


def test_the_example_cannot_be_run_twice(checkout):
    """Started again, the example stops at `new`, which names the file and why."""
    folder, _ = checkout
    again = in_shell(commands(), folder)
    assert again.returncode == 1
    assert re.match(
        rf"corpus/papers/{KEY}\.yaml:\d+:\d+: this paper is in the corpus already", again.stderr
    )


def test_reference_sections_are_current():
    """The sections of README and CONTRIBUTING that the code writes are as the code writes them (app.cli.reference)."""
    texts = [document.read_text(encoding="utf-8") for document in DOCUMENTS]
    assert set(re.findall(r"begin generated: (\w+)", "".join(texts))) == set(SECTIONS)
    for text in texts:
        assert text == rewritten(text)
