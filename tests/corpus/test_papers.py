"""Every file of the corpus, each its own case."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml

from corpus.checks.check import default_folder
from corpus.schema.paper import PaperFile
from corpus.schema.reader import read_file, read_text
from corpus.schema.validate import validated
from corpus.schema.vocabulary import Names, read_names

FOLDER = default_folder()
PAPERS = sorted((FOLDER / "papers").glob("*.yaml"))
VOCABULARY = sorted((FOLDER / "vocabulary").glob("*.yaml"))
each_paper = pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)


@cache
def names() -> Names:
    found, problems = read_names(FOLDER / "vocabulary", "vocabulary")
    assert problems == []
    return found


@cache
def validator() -> jsonschema.protocols.Validator:
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


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


@each_paper
def test_a_paper_is_read_without_a_problem(path: Path):
    """A paper's file is YAML that fits the model."""
    document = read_file(path)
    assert validated(document, PaperFile) is not None
    assert document.problems == []


@each_paper
def test_every_scalar_comes_back(path: Path):
    """A paper written out with a YAML library and read again has every scalar of its file, character by character."""
    document = read_file(path)
    written = yaml.safe_dump(validated(document, PaperFile).as_tree(), allow_unicode=True)
    again = read_text(written, "again.yaml")
    assert again.problems == []
    assert Counter(scalars(again.tree)) == Counter(scalars(document.tree))
    assert validated(again, PaperFile) == validated(document, PaperFile)


@each_paper
def test_names_are_in_the_vocabulary(path: Path):
    """Venue, datasets and architectures are listed names, and compared papers are files of the corpus."""
    paper = validated(read_file(path), PaperFile)
    assert names().venues.canonical(paper.venue) is not None
    for block in paper.results:
        assert names().datasets.canonical(block.dataset) is not None
        assert names().architectures.canonical(block.architecture) is not None
    assert {other.key for other in paper.compares_to} <= {other.stem for other in PAPERS} - {path.stem}


@each_paper
def test_the_exported_schema_accepts_a_paper(path: Path, read_as_editors_do):
    """An editor that reads the file with an ordinary YAML library and the exported schema marks nothing."""
    tree = read_as_editors_do(path.read_text(encoding="utf-8"))
    assert [error.json_path for error in validator().iter_errors(tree)] == []


@each_paper
def test_a_paper_names_its_schema(path: Path):
    """The first line lets editors complete and check the file."""
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=../schema.json\n")


@pytest.mark.parametrize("path", VOCABULARY, ids=lambda path: path.stem)
def test_every_spelling_leads_to_its_entry(path: Path):
    """A name or alias, in any case, stands for exactly one entry."""
    vocabulary = getattr(names(), path.stem)
    assert vocabulary.entries
    for name, entry in vocabulary.entries.items():
        for spelling in (name, *entry.aliases):
            assert vocabulary.canonical(spelling) == name
            assert vocabulary.canonical_ignoring_case(spelling.swapcase()) == name


def test_tables_beside_papers_are_pointed_to():
    """Every CSV of the corpus is the table of a block."""
    pointed = {
        block.table
        for path in PAPERS
        for block in validated(read_file(path), PaperFile).results
        if block.table
    }
    assert pointed == {path.name for path in (FOLDER / "papers").glob("*.csv")}
