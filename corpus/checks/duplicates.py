"""Tells whether two entries are one paper: by arXiv id, by DOI, or by title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.schema.reader import Problem

if TYPE_CHECKING:
    from corpus.checks.paper_report import PaperReport

SAME_WORDS = 0.8
"""Share of words two titles must have in common; the nearest pair among the survey's 81 papers shares 0.6."""
FEWEST_WORDS = 3
"""Shorter titles may be shared by chance."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What identifies a paper."""

    title: str
    arxiv: str | None = None
    doi: str | None = None

    @property
    def work(self) -> str | None:
        """The DOI, lower case; the one arXiv itself gives out counts as the arXiv id."""
        if self.doi:
            return self.doi.lower()
        return f"10.48550/arxiv.{self.arxiv}" if self.arxiv else None


@dataclass(frozen=True, slots=True)
class Match:
    """Two entries for what seems to be one paper; `certain` unless only the words of the titles are alike."""

    because: str
    certain: bool
    key: str  # of the paper's file on which both agree: arxiv, doi or title


def same_paper(one: Imprint, other: Imprint) -> Match | None:
    """Why the two are one paper, or None."""
    if one.arxiv and one.arxiv == other.arxiv:
        return Match(f"same arXiv id {one.arxiv}", True, "arxiv")
    if one.work and one.work == other.work:
        return Match(f"same DOI {one.work}", True, "doi" if one.doi else "arxiv")
    a, b = _words(one.title), _words(other.title)
    if a == b and len(a) >= FEWEST_WORDS:
        return Match("same title", True, "title")
    if a and len(a & b) >= SAME_WORDS * len(a | b):
        return Match(f"nearly the same title: '{other.title}'", False, "title")
    return None


def twins(imprints: Mapping[str, Imprint]) -> Iterator[tuple[str, str, Match]]:
    """Every key whose paper stands under an earlier key already, with that key; only what is certain."""
    first: dict[object, str] = {}
    for key, imprint in imprints.items():
        marks = [mark for mark in (imprint.arxiv, imprint.work, _words(imprint.title)) if mark]
        known = next((first[mark] for mark in marks if mark in first), None)
        if known is not None:
            match = same_paper(imprint, imprints[known])
            if match is not None and match.certain:
                yield key, known, match
        for mark in marks:
            first.setdefault(mark, key)


def papers_twice(papers: Iterable[PaperReport]) -> Iterator[Problem]:
    """An error for each paper that stands in the corpus under two keys, in the file that is not the survey's."""
    survey_first = sorted(papers, key=lambda paper: (not paper.in_survey, paper.key))
    by_key = {paper.key: paper for paper in survey_first if paper.imprint}
    imprints = {}
    for key, paper in by_key.items():
        imprints[key] = Imprint(**{name: str(placed.value) for name, placed in paper.imprint.items()})
    for key, other, match in twins(imprints):
        place = by_key[key].imprint[match.key]
        message = (
            f"this paper is in the corpus already, as {by_key[other].file} ({match.because}); "
            "keep one of the two files"
        )
        yield Problem(by_key[key].file, place.line, place.column, message)


@lru_cache(maxsize=4096)
def _words(title: str) -> frozenset[str]:
    plain = title.lower()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return frozenset(re.findall(r"[a-z0-9]+", plain))
