"""What the report says first, for a reader in a hurry; every number is a cell of its tables."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.registry import Entry

TILES = {
    "legend_papers": "papers report a result on any of the four settings used most outside MNIST",
    "most_common_pair_share": "papers share the most common network and dataset",
    "corpus_compare_to_none": "papers compare to no earlier method",
    "modern_never_compared_to": "papers since 2010 that no other paper compares to",
    "points_per_curve": "tradeoff curves that are a single point",
    "flops_spread": "as many multiply-adds in one paper as in another, for one unpruned network",
}
"""Findings on top of the page, and what their number counts, in words that need no survey beside them."""
GRID = "fragmentation"
"""The figure whose moved points are counted in the sentence on corrections."""


def summary(corpus: Corpus, tables: Mapping[Entry, pd.DataFrame]) -> str:
    """The top of the page as HTML; empty for a corpus without the survey's papers."""
    by_name = {entry.name: data for entry, data in tables.items()}
    findings = by_name.get("findings")
    if findings is None or not any(paper.survey() for paper in corpus.papers.values()):
        return ""
    column = "as_published" if corpus.as_published else "corrected"
    answers = dict(zip(findings["id"], findings[column], strict=True))
    parts = ["<section id=summary><h2>In short</h2><div class=tiles>"]
    for name, counted in TILES.items():
        if answers.get(name):
            parts.append(_tile(answers[name], counted))
    parts.append(f"</div><p>{_agreement(findings)}</p>")
    parts.append(f"<p>{_corrections(by_name.get('sheet_corrections'))}</p>{HOW}</section>")
    return "".join(parts)


HOW = (
    "<p>So results of two methods can seldom be set side by side: check dataset, network, unpruned accuracy and how "
    "FLOPs are counted first. <a href=#fragmentation>The tradeoff grid</a> shows what there is, "
    "<a href=#baseline_drift>the unpruned networks</a> why equal names may mean unequal starts.</p>"
)


def _tile(answer: str, counted: str) -> str:
    """A number, its share if the answer has one, and what it counts."""
    number, _, share = answer.partition(" (")
    if " of " not in number:
        number = f"{float(number):.2g}x"
    rest = f"<small>{html.escape(share.rstrip(')'))}</small>" if share else ""
    return f"<div class=tile><b>{html.escape(number)}</b>{rest}<span>{html.escape(counted)}</span></div>"


def _agreement(findings: pd.DataFrame) -> str:
    verdicts = Counter(findings["verdict"])
    counted = len(findings) - verdicts["not counted"]
    published = verdicts["agrees"] + verdicts["agrees as published"]
    corrected = verdicts["agrees"] + verdicts["agrees corrected"]
    return (
        f"Of {len(findings)} counted statements of the 2020 survey, the corpus can count {counted}; {published} of "
        f"them come out as printed under its rules, {corrected} after corrections. "
        "<a href=#findings>Each sentence, with the reason where it differs</a>."
    )


def _corrections(changes: pd.DataFrame | None) -> str:
    if changes is None:
        return ""
    numbers = Counter(changes["kind"][changes["figure"] == ""])
    grid = Counter(changes["kind"][changes["figure"] == GRID])
    rows = f" and {numbers['row added']} rows" if numbers["row added"] else ""
    return (
        f"Since then {numbers['corrected']} numbers and names of its sheet were corrected and {numbers['added']} "
        f"numbers{rows} added: in the tradeoff grid {grid['moves']} points move, {grid['appears']} appear and "
        f"{grid['leaves']} leave. <a href=#corrections_on_the_grid>Drawn</a>, "
        "<a href=#sheet_corrections>listed with reasons</a>."
    )
