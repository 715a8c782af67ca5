"""The slips of one paper's file: each operating point judged by the one list of slips.

Certain ones are errors. The others are warnings of kind `contradiction`; a `doubt` on the row or block answers all but
those that arithmetic finds.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.catalogue.results import Paper
from corpus.checks.arithmetic_slips import arithmetic
from corpus.checks.implied_unpruned import across_rows
from corpus.checks.row import Row, Slip, row_of
from corpus.checks.slips import once_a_number, slips_in
from corpus.schema.reader import Problem
from corpus.schema.vocabulary import Names


def slips(paper: Paper, names: Names) -> Iterator[Problem]:
    """What cannot be meant in one paper's own numbers, or against the vocabulary's reference networks."""
    yield from map(_problem, once_a_number(_slips(paper, names)))


def _slips(paper: Paper, names: Names) -> Iterator[Slip]:
    blocks: dict[tuple[str | None, ...], list[Row]] = {}
    for point in paper.points:
        if point.released:
            continue
        row = row_of(point)
        if point.doubt:
            yield from (verdict for verdict in arithmetic(row) if verdict is not None)
            continue
        yield from slips_in(row, names)
        table = point.location.partition(", row '")[0]
        block = (table, point.dataset, point.architecture, point.attribution, point.of, point.version)
        blocks.setdefault(block, []).append(row)
    for rows in blocks.values():
        yield from (verdict for verdict in across_rows(rows) if verdict is not None)


def _problem(slip: Slip) -> Problem:
    leaf = slip.leaf
    return Problem(
        leaf.file, leaf.line, leaf.column, slip.message, "error" if slip.certain else "contradiction"
    )
