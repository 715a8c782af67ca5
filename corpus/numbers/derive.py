"""Brings one operating point into normal form, keeps the tree behind each value, and finds contradictions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from corpus.numbers.identities import IDENTITIES, Identity
from corpus.numbers.measures import ACCURACY, CHANGE, MEASURES, RATIO, UNPRUNED, measure_of
from corpus.numbers.quantity import Quantity

_COMPARED_MEASURES = [name for name, measure in MEASURES.items() if measure.compares_routes]
_COMPARED_OF_BOTH = [name for name in _COMPARED_MEASURES if MEASURES[name].of_unpruned]
COMPARED = (
    *_COMPARED_OF_BOTH,
    *(f"{UNPRUNED}{name}" for name in _COMPARED_OF_BOTH),
    *(name for name in _COMPARED_MEASURES if name not in _COMPARED_OF_BOTH),
)
"""Values on which all routes are set against each other: of both networks first, then what pruning changed."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """A value, its interval, and what it was made from; a leaf is a number that stands in a file."""

    measure: str
    quantity: Quantity
    route: str
    inputs: tuple[Derivation, ...] = ()
    file: str = ""
    line: int = 0
    column: int = 0

    @property
    def layer(self) -> str:
        """`reported` for a number as printed, `derived` for arithmetic on such numbers."""
        return "derived" if self.inputs else "reported"

    @property
    def formula(self) -> str:
        """The whole route down to printed numbers: `1 / (1 - params_pruned)`; the route itself for a printed one."""
        formula = self.route
        for part in self.inputs:
            if part.inputs:
                formula = re.sub(rf"\b{part.measure}\b", f"({part.formula})", formula)
        return formula

    def leaves(self) -> Iterator[Derivation]:
        """The printed numbers under this value."""
        if not self.inputs:
            yield self
        for part in self.inputs:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two routes to one measure whose intervals do not overlap, and the likely slip if there is a usual one."""

    measure: str
    a: Derivation
    b: Derivation
    hint: str


class NormalForm(Mapping[str, Derivation]):
    """Every measure that the leaves give, by the identities in their order; worked out when first asked for.

    The first identity that can be computed wins. A check of a large corpus never asks for most of them.
    """

    __slots__ = ("_as_published", "_leaves", "_values")

    def __init__(self, leaves: Mapping[str, Derivation], as_published: bool = False):
        self._leaves, self._as_published = leaves, as_published
        self._values: dict[str, Derivation] | None = None

    def _all(self) -> dict[str, Derivation]:
        if self._values is None:
            self._values = _worked_out(self._leaves, self._as_published)
        return self._values

    def __getitem__(self, measure: str) -> Derivation:
        return self._all()[measure]

    def __contains__(self, measure: object) -> bool:
        return measure in self._all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def normal_form(leaves: Mapping[str, Derivation], as_published: bool = False) -> NormalForm:
    """Every measure that the printed numbers `leaves` give, each with its derivation.

    As published, the one identity with a wrong sign of the 2020 analysis takes the place of ours.
    """
    return NormalForm(leaves, as_published)


def _worked_out(leaves: Mapping[str, Derivation], as_published: bool) -> dict[str, Derivation]:
    values = dict(leaves)
    for identity in _within_reach(frozenset(leaves), as_published):
        known = values.get(identity.gives)
        if known is not None and (known.inputs or not identity.wins_over_printed):
            continue
        inputs = tuple([values[name] for name in identity.needs if name in values])
        if len(inputs) == len(identity.needs) and _can_apply(identity, inputs):
            values[identity.gives] = apply(identity, inputs)
    return values


@lru_cache(maxsize=4096)
def _within_reach(printed: frozenset[str], as_published: bool) -> tuple[Identity, ...]:
    """The identities, in order, that could apply to a point that prints these measures; most points print alike."""
    known = set(printed)
    reached = []
    for identity in _identities(as_published):
        if known.issuperset(identity.needs):
            known.add(identity.gives)
            reached.append(identity)
    return tuple(reached)


@lru_cache(maxsize=2)
def _identities(as_published: bool) -> tuple[Identity, ...]:
    return tuple(identity for identity in IDENTITIES if identity.published in (None, as_published))


def apply(identity: Identity, inputs: tuple[Derivation, ...]) -> Derivation:
    """The identity's value with the interval spanned by its inputs' corners (each is monotone in every input)."""
    quantities = [part.quantity for part in inputs]
    value = identity.function(*[quantity.value for quantity in quantities])
    ends = product(*[(quantity.low, quantity.high) for quantity in quantities])
    corners = [identity.function(*corner) for corner in ends]
    # 100 minus an accuracy deviates as the accuracy does, minus a drop as the drop does; of all else it is not known
    keeps_std = identity.restates and measure_of(identity.gives).kind in (ACCURACY, CHANGE)
    std = quantities[0].std if keeps_std else None
    quantity = Quantity(value, min(corners), max(corners), "", std)
    return Derivation(identity.gives, quantity, identity.text, inputs)


def _can_apply(identity: Identity, inputs: Sequence[Derivation]) -> bool:
    """No division by an interval that touches zero (a fraction kept of 0 % has no ratio)."""
    return "/" not in identity.text or inputs[-1].quantity.low > 0


def routes(leaves: Mapping[str, Derivation], measure: str) -> Iterator[Derivation]:
    """Every way to `measure` that rests on printed numbers and definitions alone."""
    for plan in _plans(frozenset(leaves), measure):
        derivation = _followed(plan, leaves)
        if derivation is not None:
            yield derivation


Plan = str | tuple[Identity, tuple["Plan", ...]]
"""A printed measure, or an identity and the plans of what it needs."""


@lru_cache(maxsize=16384)
def _plans(printed: frozenset[str], measure: str, seen: frozenset[str] = frozenset()) -> tuple[Plan, ...]:
    """The routes to `measure` for any point that prints these measures; many points print alike."""
    plans: list[Plan] = [measure] if measure in printed else []
    for identity in _by_measure().get(measure, ()):
        if seen.intersection(identity.needs):
            continue
        options: list[tuple[Plan, ...]] = []
        if identity.restates:
            options = [_plans(printed, identity.needs[0], seen | {measure})]
        elif identity.wins_over_printed:
            options = [_restated(printed, name) for name in identity.needs]
        else:
            continue
        for parts in product(*options):
            plans.append((identity, parts))
    return tuple(plans)


def _restated(printed: frozenset[str], measure: str) -> tuple[Plan, ...]:
    plans: list[Plan] = [measure] if measure in printed else []
    for identity in _by_measure().get(measure, ()):
        if identity.restates and identity.needs[0] in printed:
            plans.append((identity, identity.needs))
    return tuple(plans)


def _followed(plan: Plan, leaves: Mapping[str, Derivation]) -> Derivation | None:
    """The derivation that a plan gives; None if it would divide by an interval that touches zero."""
    if isinstance(plan, str):
        return leaves[plan]
    identity, parts = plan
    inputs = []
    for part in parts:
        derivation = _followed(part, leaves)
        if derivation is None:
            return None
        inputs.append(derivation)
    return apply(identity, tuple(inputs)) if _can_apply(identity, inputs) else None


@lru_cache(maxsize=1)
def _by_measure() -> dict[str, list[Identity]]:
    grouped: dict[str, list[Identity]] = {}
    for identity in _identities(False):
        grouped.setdefault(identity.gives, []).append(identity)
    return grouped


def contradictions(leaves: Mapping[str, Derivation]) -> list[Contradiction]:
    """All pairs of routes that cannot both be right, given the digits printed."""
    pairs, printed = [], frozenset(leaves)
    for measure in COMPARED:
        if len(_plans(printed, measure)) < 2:
            continue
        for a, b in combinations(routes(leaves, measure), 2):
            if not a.quantity.overlaps(b.quantity):
                hint = likely_slip(measure, a.quantity.value, b.quantity.value)
                pairs.append(Contradiction(measure, a, b, hint))
    return pairs


def likely_slip(measure: str, a: float, b: float) -> str:
    """A usual slip that would explain why `a` and `b` differ, or an empty string."""
    kind = measure_of(measure).kind
    if kind in (ACCURACY, CHANGE) and _near(a, -b) and abs(a) > 0.05:
        return "the sign may be swapped"
    if kind == ACCURACY and _near(a, 100 - b):
        return "an error may stand in the accuracy column, or an accuracy in the error column"
    if kind == RATIO and min(a, b) > 1 and _near(1 / a, 1 - 1 / b):
        return "pruned and kept may be swapped"
    if a == 0 or b == 0:
        return ""
    usual_factors = {100: "a percent may be read as a fraction", 2: "multiply-adds against FLOPs"}
    for factor, reason in usual_factors.items():
        if _near(a, factor * b) or _near(b, factor * a):
            return f"x{factor}: {reason}"
    return ""


def _near(a: float, b: float, tolerance: float = 0.02) -> bool:
    return abs(a - b) <= tolerance * max(abs(a), abs(b))
