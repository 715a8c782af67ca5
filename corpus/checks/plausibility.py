"""The slips of one paper's file: each operating point judged by the one list of slips.

Certain ones are errors. The others are warnings of kind `unit` (a size that is a factor away, such as two FLOPs for a
multiply-add; one for each network and measure of a paper) or `contradiction`. A `doubt` on the row or block answers
those of the measures that it speaks of, but for what arithmetic finds; a doubt that names no measure answers all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.catalogue.results import OperatingPoint, Paper
from corpus.checks.arithmetic_slips import arithmetic
from corpus.checks.implied_unpruned import across_rows
from corpus.checks.row import Row, Slip, row_of
from corpus.checks.slips import once_a_number, slips_in
from corpus.numbers.measures import ACCURACY, CHANGE, COUNT, measure_of
from corpus.schema.reader import Problem
from corpus.schema.vocabulary import Names

WORDS = {
    "accuracy": r"top-?[15]|accurac|\berrors?\b|\bpoints?\b|baseline",
    "params": r"parameter|params|\bsizes?\b|weights?\b|compression|\d ?M\b",
    "flops": r"flops?\b|multiply-add|operations?\b|speed-?up|MACs?\b",
}
"""The words by which a doubt names what it is about: accuracies, parameters or multiply-adds."""


def slips(paper: Paper, names: Names) -> Iterator[Problem]:
    """What cannot be meant in one paper's own numbers, or against the vocabulary's reference networks."""
    told: set[tuple[str, str, str]] = set()
    for point, slip in _once_a_number(paper, names):
        if _kind(slip) == "unit":
            what = (point.dataset, point.architecture, slip.leaf.measure.removeprefix("unpruned_"))
            if what in told:
                continue
            told.add(what)
        yield _problem(slip)


def _once_a_number(paper: Paper, names: Names) -> Iterator[tuple[OperatingPoint, Slip]]:
    """The first slip at each place, with the operating point that it is of."""
    pairs = list(_slips(paper, names))
    point_of = {id(slip): point for point, slip in pairs}
    for slip in once_a_number(slip for _, slip in pairs):
        yield point_of[id(slip)], slip


def _slips(paper: Paper, names: Names) -> Iterator[tuple[OperatingPoint, Slip]]:
    blocks: dict[tuple[str | None, ...], list[tuple[OperatingPoint, Row]]] = {}
    for point in paper.points:
        if point.released:
            continue
        row = row_of(point)
        if point.doubt:
            for verdict in arithmetic(row):
                if verdict is not None:
                    yield point, verdict
        for slip in slips_in(row, names):
            if not (point.doubt and is_answered(point.doubt, slip.leaf.measure)):
                yield point, slip
        if not point.doubt:
            table = point.location.partition(", row '")[0]
            block = (table, point.dataset, point.architecture, point.attribution, point.of, point.version)
            blocks.setdefault(block, []).append((point, row))
    for members in blocks.values():
        rows = [row for _, row in members]
        for verdict in across_rows(rows):
            if verdict is not None:
                yield members[0][0], verdict


def is_answered(doubt: str, measure: str) -> bool:
    """Whether a doubt speaks of a measure, so that nothing more need be said of it.

    >>> is_answered("the unpruned top-1 of 72.46% lies above others", "unpruned_flops")
    False
    """
    named = {subject for subject, words in WORDS.items() if re.search(words, doubt, re.IGNORECASE)}
    return not named or _subject(measure) in named


def _subject(measure: str) -> str:
    """What a measure is about: `accuracy`, `params` or `flops`."""
    entry = measure_of(measure)
    if entry.kind in (ACCURACY, CHANGE):
        return "accuracy"
    return entry.amount_of or entry.name


def _kind(slip: Slip) -> str:
    """The kind of problem that a slip is: `error`, `unit` for a size in another unit, or `contradiction`."""
    if slip.certain:
        return "error"
    of_size = measure_of(slip.leaf.measure).kind == COUNT
    return "unit" if slip.kind == "unit" and of_size else "contradiction"


def _problem(slip: Slip) -> Problem:
    leaf = slip.leaf
    return Problem(leaf.file, leaf.line, leaf.column, slip.message, _kind(slip))
