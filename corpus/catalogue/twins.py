"""Operating points of one paper that are the same result entered twice."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.catalogue.results import OperatingPoint
from corpus.numbers.measures import UNPRUNED
from corpus.schema.purposes import Purpose
from corpus.schema.reader import Document, Problem


def refuse_twins(points: Iterable[OperatingPoint], document: Document) -> None:
    """An error for each operating point that equals an earlier one in every value, unless one says so (`same_as`).

    Rows whose notes, versions or protocols differ are different results, and so are numbers of different papers. A row
    that is left out of every analysis may repeat another.
    """
    seen: dict[tuple[object, ...], OperatingPoint] = {}
    for point in points:
        if point.released or point.excluded_from.issuperset(Purpose):
            continue
        if all(measure.startswith(UNPRUNED) for measure in point.leaves):
            continue  # rows of one table may share its unpruned network
        twin = seen.setdefault(_likeness(point), point)
        if twin is not point and point.same_as is None and twin.same_as is None:
            message = (
                f"identical in every value to the operating point on line {twin.line}; "
                "remove one, or write `same_as: <its survey_row>`"
            )
            document.problems.append(Problem(document.file, point.line, point.column, message))


def _likeness(point: OperatingPoint) -> tuple[object, ...]:
    """What two rows of one paper share only if they are the same result."""
    values = frozenset(
        (name, leaf.quantity.value, leaf.quantity.std, leaf.quantity.unit)
        for name, leaf in point.leaves.items()
    )
    setting = (point.dataset, point.architecture, point.method, frozenset(point.protocol.items()))
    return (*setting, point.attribution, point.of, point.note, point.version, values)
