"""The README names everything there is to call, draw and query."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from app.cli.main import app
from corpus.database.tables import COLUMNS
from metaanalysis.registry import figures, statistics

README = Path(__file__).parent.parent / "README.md"
VERBS = sorted(typer.main.get_command(app).commands)


@pytest.fixture(scope="module")
def text() -> str:
    return README.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def quoted(text) -> str:
    """Everything in backticks, inline and in blocks."""
    blocks = re.findall(r"^```.*?^```", text, flags=re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return "\n".join([*blocks, *inline])


def mentions(quoted: str, name: str) -> bool:
    """Whether a name stands there as a whole word."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", quoted) is not None


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_shown(quoted, verb):
    """Each verb of the command line stands in the README as it is typed."""
    assert mentions(quoted, f"prunebase {verb}")


@pytest.mark.parametrize("name", [*figures(), *statistics()])
def test_every_figure_and_statistic_is_named(quoted, name):
    """Each figure and statistic stands in the README under its name."""
    assert mentions(quoted, name)


@pytest.mark.parametrize("table", COLUMNS)
def test_every_public_table_has_its_columns_listed(text, quoted, table):
    """Each table stands in the README with all its columns, in their order."""
    assert mentions(quoted, table)
    listed = ", ".join(COLUMNS[table])
    plain = re.sub(r"\s+", " ", text.replace("`", ""))
    assert listed in plain, f"the README does not list: {listed}"


def test_the_two_commands_come_first(text):
    """`make figures` and `make test` come before anything else to type."""
    commands = re.findall(r"^(make|prunebase|pip|python)\b.*", text, flags=re.MULTILINE)
    assert commands[:2] == ["make", "make"]
    assert text.index("make figures") < text.index("make test") < text.index("prunebase find")


def test_links_inside_the_repository_lead_somewhere(text):
    """Each relative link of the README is a file of the repository."""
    targets = [
        target for target in re.findall(r"\]\(([^)]+)\)", text) if not target.startswith(("http", "#"))
    ]
    assert targets
    assert [target for target in targets if not (README.parent / target.partition("#")[0]).exists()] == []


def test_the_differences_of_the_default_view_are_told(text):
    """What the default does differently from the published analysis is in the README, with its numbers."""
    for words in ("--as-published", "69 curves", "51 / 135 / 195", "1993", "37 of 81", "36"):
        assert words in text
