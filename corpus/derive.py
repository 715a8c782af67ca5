"""Brings one operating point into normal form, keeps the tree behind each value, and finds contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from corpus.identities import IDENTITIES, Identity
from corpus.quantities import Quantity, measure_of

COMPARED = (
    *("top1", "top5", "unpruned_top1", "unpruned_top5", "top1_change", "top5_change"),
    *("compression_ratio", "theoretical_speedup"),
)
"""Measures on which all routes are set against each other."""


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


def normal_form(leaves: Mapping[str, Derivation], as_published: bool = False) -> dict[str, Derivation]:
    """Every measure that the leaves give, by the identities in their order; the first that can be computed wins."""
    values = dict(leaves)
    for identity in _identities(as_published):
        known = values.get(identity.gives)
        if known is not None and not (identity.wins_over_printed and not known.inputs):
            continue
        inputs = [values.get(name) for name in identity.needs]
        if None not in inputs and _can_apply(identity, inputs):
            values[identity.gives] = apply(identity, tuple(inputs))
    return values


@lru_cache(maxsize=2)
def _identities(as_published: bool) -> tuple[Identity, ...]:
    return tuple(identity for identity in IDENTITIES if identity.published in (None, as_published))


def apply(identity: Identity, inputs: tuple[Derivation, ...]) -> Derivation:
    """The identity's value with the interval spanned by its inputs' corners (each is monotone in every input)."""
    function = identity.function
    value = function(*(part.quantity.value for part in inputs))
    corners = [function(*ends) for ends in product(*((part.quantity.low, part.quantity.high) for part in inputs))]
    is_accuracy = identity.restates and measure_of(identity.gives).kind == "accuracy"
    spread = inputs[0].quantity.std if is_accuracy else None
    quantity = Quantity(value, min(corners), max(corners), "", spread)
    return Derivation(identity.gives, quantity, identity.text, inputs)


def _can_apply(identity: Identity, inputs: list[Derivation]) -> bool:
    """No division by an interval that touches zero (a fraction kept of 0 % has no ratio)."""
    divisor = inputs[-1].quantity if "/" in identity.text else None
    return divisor is None or divisor.low > 0


def routes(leaves: Mapping[str, Derivation], measure: str, seen: frozenset[str] = frozenset()) -> Iterator[Derivation]:
    """Every way to `measure` that rests on printed numbers and definitions alone."""
    if measure in leaves:
        yield leaves[measure]
    for identity in _by_measure().get(measure, ()):
        if seen.intersection(identity.needs):
            continue
        if identity.restates:
            options = [list(routes(leaves, identity.needs[0], seen | {measure}))]
        elif identity.wins_over_printed:
            options = [list(_restated(leaves, name)) for name in identity.needs]
        else:
            continue
        for inputs in product(*options):
            if _can_apply(identity, list(inputs)):
                yield apply(identity, inputs)


def _restated(leaves: Mapping[str, Derivation], measure: str) -> Iterator[Derivation]:
    if measure in leaves:
        yield leaves[measure]
    for identity in _by_measure().get(measure, ()):
        if identity.restates and identity.needs[0] in leaves:
            yield apply(identity, (leaves[identity.needs[0]],))


@lru_cache(maxsize=1)
def _by_measure() -> dict[str, list[Identity]]:
    grouped: dict[str, list[Identity]] = {}
    for identity in _identities(False):
        grouped.setdefault(identity.gives, []).append(identity)
    return grouped


def contradictions(leaves: Mapping[str, Derivation]) -> list[Contradiction]:
    """All pairs of routes that cannot both be right, given the digits printed."""
    found = []
    for measure in COMPARED:
        for a, b in combinations(routes(leaves, measure), 2):
            if not a.quantity.overlaps(b.quantity):
                found.append(Contradiction(measure, a, b, likely_slip(measure, a.quantity.value, b.quantity.value)))
    return found


def likely_slip(measure: str, a: float, b: float) -> str:
    """A usual slip that would explain why `a` and `b` differ, or an empty string."""
    kind = measure_of(measure).kind
    if kind in ("accuracy", "change") and _near(a, -b) and abs(a) > 0.05:
        return "the sign may be swapped"
    if kind == "accuracy" and _near(a, 100 - b):
        return "an error may stand in the accuracy column, or an accuracy in the error column"
    if kind == "ratio" and min(a, b) > 1 and _near(1 / a, 1 - 1 / b):
        return "pruned and kept may be swapped"
    for factor, reason in ((100, "a percent may be read as a fraction"), (2, "multiply-adds against FLOPs")):
        if a and b and (_near(a, factor * b) or _near(b, factor * a)):
            return f"x{factor}: {reason}"
    return ""


def _near(a: float, b: float, tolerance: float = 0.02) -> bool:
    return abs(a - b) <= tolerance * max(abs(a), abs(b))
