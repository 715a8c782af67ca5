"""Invented corpora of a few papers, written as files and read like any other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import corpus
from corpus.catalogue.corpus import Corpus

TOY = Path(__file__).parents[2] / "toy"
Block = dict[str, object]


@pytest.fixture(scope="session")
def block() -> Callable[..., Block]:
    """Writes a table on TinyNet and Scenes, whose unpruned network has `top1`."""

    def table(pruned: list[dict[str, object]], top1: str = "70.00%", **others: object) -> Block:
        setting = {"where": "Table 1", "dataset": "Scenes", "architecture": "TinyNet"}
        return {**setting, "unpruned": {"top1": top1}, "pruned": pruned, **others}

    return table


@pytest.fixture
def invented(tmp_path) -> Callable[..., Corpus]:
    """Reads a corpus of papers given as `author2017word={"results": [...]}`, with the names of the toy corpus."""

    def read(**papers: dict[str, object]) -> Corpus:
        shutil.copytree(TOY / "vocabulary", tmp_path / "vocabulary")
        (tmp_path / "papers").mkdir()
        for key, written in papers.items():
            author = key.partition("2")[0].title()
            head = {
                "title": f"Invented by {author}",
                "authors": [f"Ann {author}"],
                "venue": "ConfA",
                "date": key[len(author) :][:4] + "-01",
            }
            path = tmp_path / "papers" / f"{key}.yaml"
            path.write_text(yaml.safe_dump({**head, **written}), encoding="utf-8")
        return corpus.load(tmp_path)

    return read
