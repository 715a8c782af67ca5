"""The tree of printed numbers behind a value, as text."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.numbers.derive import Derivation, routes
from corpus.numbers.measures import formatted

__all__ = ["formatted", "point_tree", "tree_lines"]


def point_tree(chosen: Derivation, leaves: Mapping[str, Derivation]) -> list[str]:
    """The derivation of a value as indented lines, and whether the other routes to it agree.

    `leaves` are all printed numbers of the same operating point, by measure.
    """
    lines = tree_lines(chosen)
    for other in routes(leaves, chosen.measure):
        if other.formula == chosen.formula:
            continue
        verdict = "agrees" if other.quantity.overlaps(chosen.quantity) else "CONTRADICTS"
        lines.append(f"  also, {verdict}: {_in_words(other, other.formula)}")
    return lines


def tree_lines(derivation: Derivation, depth: int = 0) -> list[str]:
    """The derivation as indented lines, printed numbers with file and line."""
    lines = ["  " * (depth + 1) + _in_words(derivation, derivation.route)]
    for part in derivation.inputs:
        lines += tree_lines(part, depth + 1)
    return lines


def _in_words(derivation: Derivation, route: str) -> str:
    """The value with its interval; a derived one with `route`, a printed one with its string and place."""
    measure, quantity = derivation.measure, derivation.quantity
    value, low, high = (
        formatted(measure, end, quantity.unit) for end in (quantity.value, quantity.low, quantity.high)
    )
    value, interval = f"{measure} = {value}", f"[{low}, {high}]"
    if derivation.inputs:
        return f"{value} {interval} = {route}"
    spread = "" if quantity.std is None else f" ± {quantity.std:g}"
    place = f"{derivation.file}:{derivation.line}"
    return f"{value}{spread} {interval} {derivation.route}: '{quantity.printed}'  {place}"
