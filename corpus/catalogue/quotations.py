"""Numbers that one paper repeats from another, each set beside the other's own result where that is in the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.catalogue.results import OperatingPoint, Paper
from corpus.numbers.derive import Derivation
from corpus.numbers.measures import COUNT, UNPRUNED, measure_of

if TYPE_CHECKING:
    from corpus.catalogue.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Quotation:
    """One number as the quoting paper prints it, and the quoted paper's own operating point that it is of, if known."""

    point: OperatingPoint
    number: Derivation
    matched: OperatingPoint | None


def quotations(corpus: Corpus) -> Iterator[Quotation]:
    """Every quoted number once, in the order of papers and files; those of an unpruned network before their rows."""
    for paper in corpus.papers.values():
        seen: set[tuple[int, int]] = set()
        for point in paper.quoted:
            candidates = list(_candidates(point, paper, corpus.papers.get(point.of or "")))
            leaves = sorted(point.leaves.items(), key=lambda item: not item[0].startswith(UNPRUNED))
            for _, number in leaves:
                if (number.line, number.column) not in seen:  # rows of a block share its unpruned network
                    seen.add((number.line, number.column))
                    yield Quotation(point, number, _matched(point, number, candidates))


def _candidates(quoted: OperatingPoint, quoting: Paper, paper: Paper | None) -> Iterator[OperatingPoint]:
    """Results of the quoted `paper` in the same configuration, by the same method where that is told."""
    if paper is None:
        return
    method = _method(quoted, quoting, paper)
    for point in paper.points:
        same_setting = (point.dataset, point.architecture) == (quoted.dataset, quoted.architecture)
        if same_setting and method in (None, point.method):
            yield point


def _method(quoted: OperatingPoint, quoting: Paper, paper: Paper) -> str | None:
    """Which method of `paper` the quoted row names, by reference or in its note; None where it names none."""
    written = quoting.methods.get(quoted.method or "")
    if written is not None and written.same_method is not None:
        key, _, method = written.same_method.partition("/")
        return method if key == paper.key else None
    note = (quoted.note or "").lower()
    named = [
        (len(method.name), slug)
        for slug, method in paper.methods.items()
        if method.name and method.name.lower() in note
    ]
    return max(named)[1] if named else None


def _matched(
    quoted: OperatingPoint, number: Derivation, candidates: Iterable[OperatingPoint]
) -> OperatingPoint | None:
    """The candidate that has the same number, within the printed digits of both.

    One that was pruned by another amount is none, unless the number is of the unpruned network. Where several remain,
    the one that shares most numbers of the row wins, and then the nearest value.
    """
    best, best_rank = None, (0, 0.0)
    for point in candidates:
        own = point.values.get(number.measure)
        if own is None or not own.quantity.overlaps(number.quantity):
            continue
        agreeing, amounts_differ = _agreement(quoted, point)
        if amounts_differ and not number.measure.startswith(UNPRUNED):
            continue
        rank = (agreeing, -abs(own.quantity.value - number.quantity.value))
        if best is None or rank > best_rank:
            best, best_rank = point, rank
    return best


def _agreement(quoted: OperatingPoint, point: OperatingPoint) -> tuple[int, bool]:
    """How many printed numbers of a quoted row `point` has too, and whether it says another amount of pruning."""
    agreeing, amounts_differ = 0, False
    for measure, leaf in quoted.leaves.items():
        own = point.values.get(measure)
        if own is None:
            continue
        if own.quantity.overlaps(leaf.quantity):
            agreeing += 1
        elif not measure.startswith(UNPRUNED):
            entry = measure_of(measure)
            amounts_differ |= entry.axis == "x" or entry.kind == COUNT
    return agreeing, amounts_differ
