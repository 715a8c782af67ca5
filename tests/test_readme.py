"""The documents name everything there is to call, draw and query, and what they say runs and is current."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from app.cli.five_numbers import key_numbers
from app.cli.main import app
from corpus.database.tables import COLUMNS
from metaanalysis.registry import figures, statistics

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "ARCHITECTURE.md"
DOCUMENTS = [README, ARCHITECTURE, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = typer.main.get_command(app).commands
BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def text() -> str:
    return README.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def quoted(text) -> str:
    """Everything in backticks, inline and in blocks."""
    return "\n".join([*BLOCK.findall(text), *inline_code(text)])


def inline_code(text: str) -> list[str]:
    """What stands in single backticks."""
    return re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))


def mentions(quoted: str, name: str) -> bool:
    """Whether a name stands there as a whole word."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", quoted) is not None


@pytest.mark.parametrize("verb", sorted(COMMANDS))
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


def test_every_baseline_is_named(quoted):
    """Each file of rerun/baselines stands in the README."""
    names = [path.stem for path in (ROOT / "rerun" / "baselines").glob("[a-z]*.py")]
    assert names
    assert [name for name in names if not mentions(quoted, name)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_inside_the_repository_lead_somewhere(document):
    """Each relative link is a file of the repository."""
    targets = re.findall(r"\]\(([^)]+)\)", document.read_text(encoding="utf-8"))
    local = [target.partition("#")[0] for target in targets if not target.startswith(("http", "#"))]
    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_shown_is_one_that_parses(document):
    """Each `prunebase ...` in a document, with all its words, is taken by the command line."""
    text = document.read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    lines += inline_code(text)
    for line in lines:
        words = shlex.split(line.removeprefix("$ "), comments=True) if "prunebase " in line else []
        if words[:1] != ["prunebase"] or not set(words[1:]) - {"VERB", "--help"}:
            continue
        verb, *options = words[1:]
        assert verb in COMMANDS, line
        if options and "..." not in options:
            COMMANDS[verb].make_context(verb, options).close()


def test_the_readme_and_the_architecture_stay_short():
    """At most 140 lines before the generated tables of the README, at most 150 of ARCHITECTURE."""
    prose = README.read_text(encoding="utf-8").partition("<!-- begin generated: figures -->")[0]
    assert len(prose.splitlines()) <= 140
    assert len(ARCHITECTURE.read_text(encoding="utf-8").splitlines()) <= 150


def test_every_path_in_the_architecture_exists():
    """Each path of the repository that ARCHITECTURE names is there; capitals and stars stand for a name."""
    paths = [code for code in inline_code(ARCHITECTURE.read_text(encoding="utf-8")) if "/" in code]
    missing = []
    for path in paths:
        kept = re.sub(r"[^/]*([A-Z*])[^/]*$", "", path)
        if path.split("/")[0] not in ("build",) and not (ROOT / kept).exists():
            missing.append(path)
    assert paths
    assert missing == []


def test_the_five_numbers_are_read_from_the_corpus(everything, published):
    """Each number is in bold in its sentence, and the world as published gives other ones."""
    numbers = key_numbers(everything)
    assert len(numbers) == 5
    for number in numbers:
        assert re.match(r"\*\*\d", number.sentence)
        assert number.statistic in statistics()
    assert key_numbers(published)[0].sentence.startswith("**195** combinations of 49 datasets and 132")
    unchanged = {number.sentence for number in numbers} & {
        number.sentence for number in key_numbers(published)
    }
    assert len(unchanged) <= 1  # a share rounded to percent may be the same


def test_the_differences_of_the_default_view_are_told():
    """What the default does differently from the published analysis is in its document, with its numbers."""
    text = (ROOT / "docs" / "as-published.md").read_text(encoding="utf-8")
    for words in ("--as-published", "69 curves", "51 / 135 / 195", "1993", "37 of 81", "36"):
        assert words in text
