"""The one list of slips: whatever cannot be meant in a row of results, in a paper's file and in a loose table alike.

`check` and `tablecheck` both ask `slips_in`; a check added to CHECKS speaks in both. What a slip needs to be told from
a possible number is in `corpus.checks.tolerances`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus.checks import accuracy_slips, size_slips
from corpus.checks.arithmetic_slips import arithmetic, grown
from corpus.checks.row import Row, Slip, Verdict
from corpus.schema.vocabulary import Names

Check = Callable[[Row, Names], Iterator[Verdict]]


def _arithmetic(row: Row, names: Names) -> Iterator[Verdict]:  # noqa: ARG001
    yield from arithmetic(row)


def _grown(row: Row, names: Names) -> Iterator[Verdict]:  # noqa: ARG001
    yield from grown(row)


CHECKS: tuple[Check, ...] = (
    size_slips.broken_counts,
    size_slips.fewer_flops_than_params,
    _arithmetic,
    _grown,
    accuracy_slips.top5_below_top1,
    accuracy_slips.fractions_for_percents,
    accuracy_slips.errors_for_accuracies,
    accuracy_slips.below_guessing,
    size_slips.almost_nothing_pruned,
    size_slips.unlike_reference,
    accuracy_slips.unlike_reference,
    accuracy_slips.between_images,
)
"""In the order in which they explain a number: the first slip at a printed number is the one that is told."""


def verdicts(row: Row, names: Names) -> Iterator[Verdict]:
    """Whatever the checks set side by side in a row: None for a pair that can be right, a Slip for the others."""
    for check in CHECKS:
        yield from check(row, names)


def slips_in(row: Row, names: Names) -> list[Slip]:
    """The slips of a row, one for each printed number at fault.

    Parameters
    ----------
    row
        The printed numbers with the network they are of.
    names
        Vocabularies: datasets give classes and test images, architectures reference sizes.
    """
    return once_a_number(verdict for verdict in verdicts(row, names) if verdict is not None)


def once_a_number(slips: Iterator[Slip]) -> list[Slip]:
    """The first slip at each place of a file."""
    by_place: dict[tuple[str, int, int], Slip] = {}
    for slip in slips:
        by_place.setdefault((slip.leaf.file, slip.leaf.line, slip.leaf.column), slip)
    return list(by_place.values())
