"""Many operating points at once: points that print the same measures, as one point whose numbers are arrays.

The identities are arithmetic, so they apply to arrays as they do to numbers, at a fraction of the cost. Only released
runs are stacked: they come by the hundred, and nothing else has asked for their normal form before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.catalogue.corpus import OperatingPoint
from corpus.numbers.derive import Derivation, normal_form
from corpus.numbers.measures import FRACTION, measure_of
from corpus.numbers.quantity import Quantity

FEWEST_POINTS = 16
"""Fewer are read faster one by one."""


@dataclass(frozen=True, slots=True, eq=False)
class Quantities(Quantity):
    """As many quantities as there are points: value, low, high and std are arrays of shape (points,)."""

    @property
    def is_positive(self) -> bool:
        return bool(self.low.min() > 0)

    def spanning(
        self, value: np.ndarray, corners: Sequence[np.ndarray], std: np.ndarray | None
    ) -> Quantities:
        return Quantities(value, np.minimum.reduce(corners), np.maximum.reduce(corners), "", std)


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Points that print the same measures; `places` are their indices among all points."""

    places: np.ndarray
    points: list[OperatingPoint]
    leaves: Mapping[str, Derivation]
    values: Mapping[str, Derivation]


def stacked(points: Sequence[OperatingPoint], as_published: bool) -> tuple[list[Stack], list[int]]:
    """The points in stacks, and the indices of those that stand alone."""
    groups: dict[tuple[str, ...], list[int]] = {}
    alone: list[int] = []
    for place, point in enumerate(points):
        (groups.setdefault(tuple(point.leaves), []) if _is_stackable(point) else alone).append(place)
    found = []
    for places in groups.values():
        if len(places) < FEWEST_POINTS:
            alone += places
        else:
            found.append(_stack(places, [points[place] for place in places], as_published))
    return found, sorted(alone)


def _is_stackable(point: OperatingPoint) -> bool:
    """Whether no number of a released run touches an end of its range, so that the same identities apply to all."""
    return point.released and all(
        not leaf.inputs
        and leaf.quantity.low > 0
        and (leaf.quantity.high < 1 or measure_of(measure).kind != FRACTION)
        for measure, leaf in point.leaves.items()
    )


def _stack(places: list[int], points: list[OperatingPoint], as_published: bool) -> Stack:
    leaves = {measure: _pile([point.leaves[measure] for point in points]) for measure in points[0].leaves}
    return Stack(np.array(places), points, leaves, normal_form(leaves, as_published))


def _pile(leaves: list[Derivation]) -> Derivation:
    numbers = np.array([(leaf.quantity.value, leaf.quantity.low, leaf.quantity.high) for leaf in leaves])
    spreads = np.array([leaf.quantity.std for leaf in leaves], dtype=float)
    std = None if np.isnan(spreads).all() else spreads
    return Derivation(leaves[0].measure, Quantities(*numbers.T, "", std), "")
