"""Every number of every operating point, as columns: printed, derived, and printed ones that another overrode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.database.stacks import Stack, stacked
from corpus.numbers.derive import Derivation


def numbers_of_points(corpus: Corpus) -> Iterator[np.ndarray]:
    """The columns of the public table `measurements`, in its order."""
    points = corpus.points
    stacks, alone = stacked(points, corpus.as_published)
    parts = [
        _numbers_alone(points, alone),
        *(part for stack in stacks for part in _numbers_of_stack(stack)),
    ]
    places, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(places, kind="stable")  # a point's numbers stand in the order of its normal form
    return (column[order] for column in columns)


def _numbers_alone(points: Sequence[OperatingPoint], places: list[int]) -> Iterator[np.ndarray]:
    """Indices and columns of the numbers of points that stand alone."""
    numbers = [
        (place, measure, found)
        for place in places
        for measure, found in _all_numbers(points[place], points[place].values)
    ]
    derivations = [derivation for _, _, derivation in numbers]
    yield np.array([place for place, _, _ in numbers], dtype=int)
    yield _texts(points[place].point_id for place, _, _ in numbers)
    yield _texts(measure for _, measure, _ in numbers)
    for name in ("value", "low", "high"):
        yield np.array([getattr(derivation.quantity, name) for derivation in derivations], dtype=float)
    yield _texts(derivation.layer for derivation in derivations)
    yield _texts(derivation.route for derivation in derivations)
    yield _texts(derivation.quantity.printed or None for derivation in derivations)
    leaves = [next(derivation.leaves()) if derivation.inputs else derivation for derivation in derivations]
    yield _texts(leaf.file for leaf in leaves)
    yield np.array([leaf.line for leaf in leaves], dtype=float)


def _numbers_of_stack(stack: Stack) -> Iterator[tuple[np.ndarray, ...]]:
    """For each number of the stack's normal form: indices and columns of that number in each of its points."""
    count = len(stack.points)
    ids = _texts(point.point_id for point in stack.points)
    for measure, found in _all_numbers(stack, stack.values):
        quantity, first = found.quantity, next(found.leaves()).measure
        leaves = [point.leaves[first] for point in stack.points]
        yield (
            *(stack.places, ids, _texts([measure] * count), quantity.value, quantity.low, quantity.high),
            _texts([found.layer] * count),
            _texts([found.route] * count if found.inputs else [leaf.route for leaf in leaves]),
            _texts([None] * count if found.inputs else [leaf.quantity.printed or None for leaf in leaves]),
            _texts(leaf.file for leaf in leaves),
            np.array([leaf.line for leaf in leaves], dtype=float),
        )


def _texts(cells: Iterable[str | None]) -> np.ndarray:
    return np.array(list(cells), dtype=object)


def _all_numbers(
    point: OperatingPoint | Stack, values: Mapping[str, Derivation]
) -> Iterator[tuple[str, Derivation]]:
    """The value in normal form of each measure, and every printed number that another route overrode."""
    for measure, derivation in values.items():
        yield measure, derivation
        leaf = point.leaves.get(measure)
        if leaf is not None and leaf is not derivation:
            yield measure, leaf
