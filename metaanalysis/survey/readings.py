"""The readings of one corpus side by side, and their figures' numbers, each read or computed once."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from corpus.catalogue.corpus import Corpus, Paper
from metaanalysis.registry import figures


class Views(NamedTuple):
    """The survey's papers as published (its sheet and its rules), the sheet under our rules, and corrected."""

    published: Corpus
    sheet: Corpus
    corrected: Corpus


@lru_cache(maxsize=4)
def views(corpus: Corpus) -> Views:
    """The survey's papers in three readings; papers that entered the corpus later are in none of them.

    `sheet` differs from `corrected` by corrections and additions alone, from `published` by rules alone.
    """
    published = corpus if corpus.as_published else corpus.other_view
    corrected = corpus.other_view if corpus.as_published else corpus
    if corrected.papers.keys() != published.papers.keys():
        kept = {key: paper for key, paper in corrected.papers.items() if key in published.papers}
        corrected = replace(corrected, papers=kept)
    without_doubts = {key: _without_doubts(paper) for key, paper in published.papers.items()}
    sheet = replace(published, papers=without_doubts, as_published=False)
    return Views(published, sheet, corrected)


def _without_doubts(paper: Paper) -> Paper:
    """The paper with every comparison it lists, as the sheet has them."""
    if not any(comparison.doubt for comparison in paper.comparisons):
        return paper
    comparisons = [replace(comparison, doubt=None) for comparison in paper.comparisons]
    return replace(paper, comparisons=tuple(comparisons))


@lru_cache(maxsize=32)
def figure_data(name: str, corpus: Corpus) -> pd.DataFrame:
    """The numbers of the figure `name`, drawn from all papers of `corpus`; not to be changed."""
    figure = figures()[name]
    return figure.data(corpus, **({"papers": "all"} if figure.chooses_papers else {}))
