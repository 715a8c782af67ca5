"""Errors of a corpus with one paper under test."""

from __future__ import annotations

import pytest

from corpus.checks.check import check_corpus

OTHER = """\
title: Another paper
authors: [Bo Cato]
venue: ConfA
date: 2017
results:
  - {where: Table 1, dataset: Scenes, architecture: TinyNet, pruned: [{top1: 50%}]}
"""


@pytest.fixture
def problems(small_corpus):
    """Place and message of every error in a corpus with this paper and another, which must not be taken as good."""

    def found(content: str | bytes, **more: str) -> list[tuple[str, str]]:
        files = {"papers/ada2016first.yaml": content, "papers/other2017paper.yaml": OTHER, **more}
        report = check_corpus(small_corpus(files))
        assert report.corpus is None
        lines = [str(problem) for problem in report.errors]
        assert all("\n" not in line for line in lines)
        return [tuple(line.split(": ", 1)) for line in lines]

    return found
