"""Which operating points a change adds, alters or removes, number by number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.derive import Derivation
from corpus.numbers.explain import formatted

NORMAL_FORM = ("compression_ratio", "theoretical_speedup", "top1_change", "top5_change")
"""Measures in which arithmetic may move although the changed number is another one."""
ABOUT = (
    *(
        "dataset",
        "architecture",
        "method",
        "label",
        "trials",
        "location",
        "survey_row",
        "same_as",
        "attribution",
    ),
    *("excluded_from", "verified", "doubt"),
)
PAIRED_BY_LIKENESS = 40_000
"""Most pairs of leftover points of one paper that are weighed; beyond it the point's own id decides."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after, each as printed (None: absent); `layer` is reported, derived or about."""

    what: str
    before: str | None
    after: str | None
    layer: str


@dataclass(frozen=True, slots=True)
class PointChange:
    """An operating point added, changed or removed, with the numbers (and facts about it) that differ."""

    kind: str
    point_id: str
    paper: str
    setting: str
    method: str | None
    location: str
    released: bool
    file: str
    line: int
    changes: tuple[Change, ...]


def point_changes(before: Corpus, after: Corpus) -> tuple[PointChange, ...]:
    """All points that differ, in the order of papers and files."""
    changes = []
    for key in sorted(before.papers.keys() | after.papers.keys()):
        if before.papers.get(key) is after.papers.get(key):
            continue
        old = list(before.papers[key].points) if key in before.papers else []
        new = list(after.papers[key].points) if key in after.papers else []
        for one, other in paired(old, new):
            if one is None or other is None:
                kind = "removed" if other is None else "added"
                changes.append(_change(kind, one or other, tuple(_numbers(one, other))))
            elif found := (*_numbers(one, other), *_about(one, other)):
                changes.append(_change("changed", other, found))
    return tuple(changes)


def _change(kind: str, point: OperatingPoint, changes: tuple[Change, ...]) -> PointChange:
    setting = f"{point.architecture} on {point.dataset}"
    about = (point.point_id, point.paper, setting, point.method, point.location, point.released)
    return PointChange(kind, *about, point.file, point.line, changes)


def paired(
    before: list[OperatingPoint], after: list[OperatingPoint]
) -> Iterator[tuple[OperatingPoint | None, OperatingPoint | None]]:
    """Points of one paper with their later selves; None for one that came or went.

    Rows that a block gains or loses shift the ids behind them, so equal points are paired first, then those with one
    survey row, then the likest.
    """
    old, new = list(before), list(after)
    for signature in (_everything, _survey_row):
        yield from _taken_out(old, new, signature)
    if len(old) * len(new) > PAIRED_BY_LIKENESS:
        yield from _taken_out(old, new, lambda point: point.point_id)
    else:
        yield from _likest(old, new)
    yield from ((point, None) for point in old)
    yield from ((None, point) for point in new)


def _everything(point: OperatingPoint) -> object:
    leaves = frozenset((name, _key(leaf)) for name, leaf in point.leaves.items())
    return (point.survey_row, point.dataset, point.architecture, point.method, point.location, leaves)


def _survey_row(point: OperatingPoint) -> object:
    return point.survey_row


def _taken_out(old: list, new: list, signature) -> Iterator[tuple[OperatingPoint, OperatingPoint]]:
    """Pairs with one signature (never None), which leave both lists."""
    waiting: dict[object, list[OperatingPoint]] = defaultdict(list)
    for point in old:
        if signature(point) is not None:
            waiting[signature(point)].append(point)
    pairs = [(waiting[signature(point)].pop(0), point) for point in new if waiting.get(signature(point))]
    gone, come = {id(one) for one, _ in pairs}, {id(other) for _, other in pairs}
    old[:] = [point for point in old if id(point) not in gone]
    new[:] = [point for point in new if id(point) not in come]
    yield from pairs


def _likest(old: list, new: list) -> Iterator[tuple[OperatingPoint, OperatingPoint]]:
    weighed = [(_likeness(one, other), -i, -j) for i, one in enumerate(old) for j, other in enumerate(new)]
    gone, come = set(), set()
    for likeness, i, j in sorted(weighed, reverse=True):
        if likeness >= 1 and -i not in gone and -j not in come:
            gone.add(-i)
            come.add(-j)
            yield old[-i], new[-j]
    old[:] = [point for number, point in enumerate(old) if number not in gone]
    new[:] = [point for number, point in enumerate(new) if number not in come]


def _likeness(one: OperatingPoint, other: OperatingPoint) -> float:
    """Printed numbers in common, and what says that one row is meant; 1 or more: the same row, altered."""
    shared = sum(
        1
        for name, leaf in one.leaves.items()
        if not name.startswith("unpruned_")
        and name in other.leaves
        and _key(leaf) == _key(other.leaves[name])
    )
    setting = (one.dataset, one.architecture, one.method) == (
        other.dataset,
        other.architecture,
        other.method,
    )
    return shared + 0.5 * setting + 0.5 * (one.point_id == other.point_id)


def _numbers(one: OperatingPoint | None, other: OperatingPoint | None) -> Iterator[Change]:
    """Printed numbers that differ, then arithmetic that they move."""
    old, new = (point.leaves if point else {} for point in (one, other))
    for name in _in_order(old, new):
        if _key(old.get(name)) != _key(new.get(name)):
            yield Change(name, *_both(old.get(name), new.get(name)), "reported")
    if one is None or other is None:
        return
    for name in NORMAL_FORM:
        before, after = one.values.get(name), other.values.get(name)
        if name not in old and name not in new and _moved(before, after):
            shown = (part and formatted(name, part.quantity.value) for part in (before, after))
            yield Change(name, *shown, "derived")


def _in_order(old: Iterable[str], new: Iterable[str]) -> list[str]:
    names = dict.fromkeys((*old, *new))
    return sorted(names, key=lambda name: (name.startswith("unpruned_"), name))


def _moved(before: Derivation | None, after: Derivation | None) -> bool:
    if before is None or after is None:
        return before is not after
    return before.quantity.value != after.quantity.value


def _key(leaf: Derivation | None) -> object:
    return leaf and (_printed(leaf), leaf.quantity.value, leaf.quantity.std, leaf.route)


def _printed(leaf: Derivation) -> str:
    return next(leaf.leaves()).quantity.printed


def _both(old: Derivation | None, new: Derivation | None) -> tuple[str | None, str | None]:
    """Both as printed; if that does not tell them apart, with the value, its spread and how it was read."""
    plain = tuple(leaf and _printed(leaf) for leaf in (old, new))
    return plain if plain[0] != plain[1] else tuple(leaf and _in_full(leaf) for leaf in (old, new))


def _in_full(leaf: Derivation) -> str:
    spread = "" if leaf.quantity.std is None else f" ± {leaf.quantity.std:g}"
    return f"{_printed(leaf)} (read as {leaf.quantity.value:.6g}{spread}, {leaf.route})"


def _about(one: OperatingPoint, other: OperatingPoint) -> Iterator[Change]:
    for name in ABOUT:
        before, after = getattr(one, name), getattr(other, name)
        if before != after:
            yield Change(name.replace("_", " "), told(before), told(after), "about")


def told(value: object) -> str | None:
    """A value of a paper's file in one line, None for an absent one."""
    if value is None or value in ((), frozenset()):
        return None
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {told(part)}" for name, part in value.items())
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(
            str(told(part)) for part in (sorted(value) if isinstance(value, frozenset) else value)
        )
    return str(value)
