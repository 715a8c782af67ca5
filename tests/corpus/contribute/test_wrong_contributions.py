"""Wrong contributions, each with one slip: what a contributor reads, and which check it is that catches it.

Each file in wrong/ says on top what slipped, which check catches it, and what is said, from the line on.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from corpus.catalogue.papers import default_folder, read_paper
from corpus.checks.plausibility import slips
from corpus.schema.paper import PaperFile
from corpus.schema.reader import read_file
from corpus.schema.validate import validated
from corpus.schema.vocabulary import read_names

FOLDER = default_folder()
FILES = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))
CHECKS = ("reading", "schema", "resolution", "arithmetic", "plausibility", "corpus")
"""In the order in which they see a file; `corpus` is what shows beside other papers only."""


def expected(path: Path, name: str) -> str:
    """What the file itself says about its slip."""
    return re.search(rf"^# {name}: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)[1]


@pytest.fixture(scope="module")
def names():
    found, problems = read_names(FOLDER / "vocabulary", "vocabulary")
    assert not problems
    return found


def caught_by(path: Path, names) -> str:
    """The first check that says anything about the file."""
    document = read_file(path)
    if document.problems:
        return "reading"
    validated(document, PaperFile)
    if document.problems:
        return "schema"
    reading = read_paper(path, FOLDER, names, False)
    if reading.document.problems:
        return "resolution"
    if reading.resolution.contradictions:
        return "arithmetic"
    return "plausibility" if any(slips(reading.resolution.paper, names)) else "corpus"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_slip_gives_one_message_that_names_line_and_remedy(path, problems_of, monkeypatch):
    """A wrong contribution gives exactly one line, at its place, as written down in the file itself."""
    monkeypatch.chdir(FOLDER.parent)
    assert [f"{found.line}:{found.column}: {found.message}" for found in problems_of(path)] == [
        expected(path, "says")
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_message_is_a_bare_refusal(path):
    """Every message says what to do: what was meant, what was expected, or what to write, remove or look at."""
    remedy = (
        r"did you mean|expected|write|remove|keep one|use spaces|in quotes|"
        r"swapped|check the name|missing key|among"
    )
    assert re.search(remedy, expected(path, "says"))


def test_which_check_catches_how_many(names):
    """At least twenty slips are kept, each is caught by the check its file names, and every check catches some."""
    found = {path.stem: caught_by(path, names) for path in FILES}
    assert found == {path.stem: expected(path, "caught by") for path in FILES}
    counted = Counter(found.values())
    print(", ".join(f"{check} {counted[check]}" for check in CHECKS), "of", counted.total())
    assert counted.total() >= 20
    assert all(counted[check] >= 2 for check in CHECKS)


def test_the_same_file_without_its_slip_is_right(problems_of, tmp_path):
    """A file like those in wrong/, with nothing wrong, gives no message at all."""
    wrong = (Path(__file__).parent / "wrong" / "slip2021percent-as-fraction.yaml").read_text(
        encoding="utf-8"
    )
    path = tmp_path / "slip2021nothing.yaml"
    path.write_text(wrong.replace("0.9306", "93.06%"), encoding="utf-8")
    assert problems_of(path) == []
