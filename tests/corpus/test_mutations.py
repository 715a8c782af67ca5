"""Real papers spoiled at random: never a traceback, and what is accepted comes back whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from corpus.catalogue.resolve import resolve
from corpus.checks.check import default_folder
from corpus.schema.paper import PaperFile
from corpus.schema.reader import Document, read_bytes, read_text
from corpus.schema.validate import validated
from corpus.schema.vocabulary import Names, read_names

FOLDER = default_folder()
PAPERS = sorted((FOLDER / "papers").glob("*.yaml"))
PER_PAPER = 30
STRANGE = (
    *(
        "\x00",
        "\x07",
        "\x85",
        "\u2028",
        "\ufeff",
        "\ud800",
        "é",
        "٣",
        "％",
        "−",
        "😀",
        "\t",
        "\r",
        "\n",
        " ",
    ),
    *(
        "#",
        ": ",
        "- ",
        "? ",
        "&a ",
        "*a",
        "!!int ",
        "%",
        "|",
        ">",
        "{",
        "}",
        "[",
        "]",
        ",",
        "'",
        '"',
        "~",
        "---\n",
        "<<: ",
    ),
)
NUMBERS = (
    *(
        "0",
        "-1",
        "1e400",
        "1e-400",
        ".nan",
        ".inf",
        "-.inf",
        "1_000",
        "0x1F",
        "12:30",
        "9" * 400,
        "1.",
        ".5",
        "+3%",
    ),
    *(
        "50%",
        "100.0001%",
        "0.5",
        "1e3",
        "2x",
        "1.5M",
        "none",
        "null",
        "true",
        "2017-13",
        "2017-02-30",
        "1608.08710",
    ),
)
VALUES = (
    "",
    "[]",
    "{}",
    "[a]",
    "{a: b}",
    "[[[[[[[[[[[[[[a]]]]]]]]]]]]]]",
    "text",
    "'quoted'",
    "|\n  block",
    *NUMBERS,
)


def _lines(text: str, generator: random.Random) -> tuple[list[str], int]:
    lines = text.splitlines(keepends=True)
    return lines, generator.randrange(len(lines))


def delete_characters(text: str, generator: random.Random) -> str:
    start = generator.randrange(len(text))
    return text[:start] + text[start + generator.randint(1, 12) :]


def delete_line(text: str, generator: random.Random) -> str:
    lines, at = _lines(text, generator)
    return "".join(lines[:at] + lines[at + 1 :])


def repeat_line(text: str, generator: random.Random) -> str:
    lines, at = _lines(text, generator)
    return "".join([*lines[:at], lines[at], *lines[at:]])


def swap_lines(text: str, generator: random.Random) -> str:
    lines, at = _lines(text, generator)
    other = generator.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]
    return "".join(lines)


def indent_line(text: str, generator: random.Random) -> str:
    lines, at = _lines(text, generator)
    lines[at] = generator.choice(["  " + lines[at], lines[at].removeprefix("  "), "\t" + lines[at]])
    return "".join(lines)


def insert_something_strange(text: str, generator: random.Random) -> str:
    start = generator.randrange(len(text))
    return text[:start] + generator.choice(STRANGE) + text[start:]


def change_a_number(text: str, generator: random.Random) -> str:
    digits = [place for place, letter in enumerate(text) if letter.isdigit()]
    start = generator.choice(digits)
    end = next(
        (place for place in range(start, len(text)) if text[place] not in "0123456789.e%xMG"), len(text)
    )
    return text[:start] + generator.choice(NUMBERS) + text[end:]


def change_a_value(text: str, generator: random.Random) -> str:
    colons = [place for place in range(len(text) - 1) if text[place : place + 2] == ": "]
    start = generator.choice(colons) + 2
    end = next((place for place in range(start, len(text)) if text[place] in "\n,}]"), len(text))
    return text[:start] + generator.choice(VALUES) + text[end:]


def misspell_a_word(text: str, generator: random.Random) -> str:
    letters = [
        place for place, letter in enumerate(text[:-1]) if letter.isalpha() and text[place + 1].isalpha()
    ]
    at = generator.choice(letters)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    *(delete_characters, delete_line, repeat_line, swap_lines, indent_line),
    *(insert_something_strange, change_a_number, change_a_value, misspell_a_word),
)


def mutated(text: str, generator: random.Random) -> str:
    """The text after one to three mutations."""
    for _ in range(generator.choice([1, 1, 1, 2, 3])):
        text = generator.choice(MUTATIONS)(text, generator) or "x"
    return text


def scalars(tree: object, path: tuple = ()) -> Iterator[tuple[tuple, str]]:
    """Every scalar with the keys that lead to it; list positions do not count, a lone entry may lose its list."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from scalars(value, (*path, key))
    elif isinstance(tree, list):
        for value in tree:
            yield from scalars(value, path)
    else:
        yield path, tree


@pytest.fixture(scope="module")
def names() -> Names:
    return read_names(FOLDER / "vocabulary", "vocabulary")[0]


def accepted(document: Document, path: Path, names: Names) -> PaperFile | None:
    """The paper if nothing is wrong with it in either view."""
    written = validated(document, PaperFile)
    if written is None:
        return None
    for as_published in (False, True):
        resolve(
            written,
            document,
            path.stem,
            names,
            file=path.name,
            tables=path.parent,
            as_published=as_published,
        )
    return None if document.problems else written


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_a_spoiled_paper_is_refused_clearly_or_comes_back_whole(path: Path, names: Names):
    """Each spoiled paper gives one-line errors inside its text, or every scalar again when written out."""
    generator = random.Random(path.stem)
    text = path.read_text(encoding="utf-8")
    for number in range(PER_PAPER):
        spoiled = mutated(text, generator)
        content = spoiled.encode("utf-8", "surrogatepass")
        document = read_bytes(content, path.name)
        paper = accepted(document, path, names)
        if paper is None:
            assert document.problems, f"mutation {number} was refused without a reason"
            for problem in document.problems:
                assert problem.message
                assert "\n" not in str(problem)
                assert 1 <= problem.line <= spoiled.count("\n") + 2 + spoiled.count("\r")
        else:
            again = read_text(yaml.safe_dump(paper.as_tree(), allow_unicode=True), "again.yaml")
            assert Counter(scalars(again.tree)) == Counter(scalars(document.tree)), f"mutation {number}"


def test_there_are_enough_spoiled_papers_and_both_outcomes(names: Names):
    """At least 2,000 papers are spoiled above, and mutations like these leave some papers whole and refuse others."""
    assert PER_PAPER * len(PAPERS) >= 2000
    generator = random.Random(0)
    text = (FOLDER / "papers" / "li2016pruning.yaml").read_text(encoding="utf-8")
    outcomes = Counter()
    for _ in range(100):
        document = read_bytes(
            mutated(text, generator).encode("utf-8", "surrogatepass"), "li2016pruning.yaml"
        )
        outcomes[accepted(document, FOLDER / "papers" / "li2016pruning.yaml", names) is not None] += 1
    assert outcomes[True] >= 5
    assert outcomes[False] >= 30
