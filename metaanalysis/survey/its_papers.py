"""Which papers a figure of the 2020 survey is drawn from: the survey's own, or all of the corpus."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Literal

from corpus.catalogue.corpus import Corpus

Papers = Literal["survey", "all"]
"""`survey`: the rebuilt figure holds to the papers that the printed one has; `all`: its living twin."""


@lru_cache(maxsize=8)
def limited_to(papers: Papers, corpus: Corpus) -> Corpus:
    """The corpus with the survey's papers alone, or the whole of it.

    A corpus without any paper of the survey has nothing to be limited to, and is given back whole.

    >>> len(limited_to("survey", corpus).papers)
    81
    """
    kept = {key: paper for key, paper in corpus.papers.items() if paper.survey()}
    if papers == "all" or not kept or len(kept) == len(corpus.papers):
        return corpus
    return replace(corpus, papers=kept)
