"""Which papers, names and operating points a change adds, alters or removes, number by number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from corpus.numbers.derive import Derivation
from corpus.numbers.explain import formatted
from corpus.schema.vocabulary import Names

NORMAL_FORM = ("compression_ratio", "theoretical_speedup", "top1_change", "top5_change")
"""Measures in which arithmetic may move although the changed number is another one."""
PAPER_FIELDS = (
    "title",
    "authors",
    "label",
    "venue",
    "date",
    "arxiv",
    "doi",
    "url",
    "code",
    "published",
    "is_pruning",
    "attribution",
    "note",
    "doubt",
    "correction",
    "compares_to",
    "surveys",
)
"""What a paper's file says beside methods and results."""
POINT_FIELDS = (
    "dataset",
    "architecture",
    "method",
    "label",
    "trials",
    "location",
    "survey_row",
    "same_as",
    "attribution",
    "excluded_from",
    "checked",
    "doubt",
)
"""What a paper's file says of a point beside its numbers."""
PAIRED_BY_LIKENESS = 40_000
"""Most pairs of leftover points of one paper that are weighed; beyond it the point's own id decides."""
PointPair = tuple[OperatingPoint | None, OperatingPoint | None]
"""A point before and after; None where it is absent."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value before and after, each as printed (None: absent); `layer` is reported, derived or about."""

    what: str
    before: str | None
    after: str | None
    layer: str


@dataclass(frozen=True, slots=True)
class PaperChange:
    """A paper added, changed or removed; `fields` are the parts that differ but results, `points` counts its points."""

    kind: str
    key: str
    title: str
    file: str
    points: int
    fields: tuple[tuple[str, str | None, str | None], ...] = ()


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
    changes: tuple[ValueChange, ...]


def paper_changes(before: Corpus, after: Corpus) -> tuple[PaperChange, ...]:
    """Papers that come, go or change in anything but their results, by key."""
    changes = []
    for key in sorted(before.papers.keys() | after.papers.keys()):
        old, new = before.papers.get(key), after.papers.get(key)
        if old is None and new is not None:
            changes.append(_paper_change("added", new))
        elif new is None and old is not None:
            changes.append(_paper_change("removed", old))
        elif old is not None and new is not None and old is not new:
            fields = _field_changes(old, new)
            if fields:
                changes.append(_paper_change("changed", new, fields))
    return tuple(changes)


def _paper_change(
    kind: str, paper: Paper, fields: tuple[tuple[str, str | None, str | None], ...] = ()
) -> PaperChange:
    points = sum(1 for _ in paper.points)
    return PaperChange(kind, paper.key, paper.written.title, paper.file, points, fields)


def _field_changes(old: Paper, new: Paper) -> tuple[tuple[str, str | None, str | None], ...]:
    """Bibliographic fields and methods that differ: name, before, after."""
    changes = []
    for name in PAPER_FIELDS:
        before, after = getattr(old.written, name), getattr(new.written, name)
        if before != after:
            changes.append((name, in_one_line(before), in_one_line(after)))
    for method in sorted(old.methods.keys() | new.methods.keys()):
        before, after = old.methods.get(method), new.methods.get(method)
        if before != after:
            changes.append((f"method {method}", in_one_line(before), in_one_line(after)))
    return tuple(changes)


def name_changes(before: Names, after: Names) -> tuple[tuple[str, str], ...]:
    """Vocabulary entries that differ: what happened, and to which: `("added", "dataset CIFAR-10")`."""
    changes = []
    for kind in ("architectures", "datasets", "venues"):
        old, new = getattr(before, kind).entries, getattr(after, kind).entries
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) == new.get(name):
                continue
            what = "changed"
            if name not in old:
                what = "added"
            elif name not in new:
                what = "removed"
            changes.append((what, f"{kind.removesuffix('s')} {name}"))
    return tuple(changes)


def point_changes(before: Corpus, after: Corpus) -> tuple[PointChange, ...]:
    """All points that differ, in the order of papers and files."""
    changes = []
    for key in sorted(before.papers.keys() | after.papers.keys()):
        if before.papers.get(key) is after.papers.get(key):
            continue
        old = list(before.papers[key].points) if key in before.papers else []
        new = list(after.papers[key].points) if key in after.papers else []
        for earlier, later in paired(old, new):
            numbers = tuple(_number_changes(earlier, later))
            if later is None and earlier is not None:
                changes.append(_point_change("removed", earlier, numbers))
            elif earlier is None and later is not None:
                changes.append(_point_change("added", later, numbers))
            elif earlier is not None and later is not None:
                values = (*numbers, *_fact_changes(earlier, later))
                if values:
                    changes.append(_point_change("changed", later, values))
    return tuple(changes)


def _point_change(kind: str, point: OperatingPoint, changes: tuple[ValueChange, ...]) -> PointChange:
    return PointChange(
        kind=kind,
        point_id=point.point_id,
        paper=point.paper,
        setting=f"{point.architecture} on {point.dataset}",
        method=point.method,
        location=point.location,
        released=point.released,
        file=point.file,
        line=point.line,
        changes=changes,
    )


def paired(before: list[OperatingPoint], after: list[OperatingPoint]) -> Iterator[PointPair]:
    """Points of one paper with their later selves; None for one that came or went.

    Rows that a block gains or loses shift the ids behind them, so equal points are paired first, then those with one
    survey row, then the likest.
    """
    old, new = list(before), list(after)
    yield from _taken_out(old, new, _everything)
    yield from _taken_out(old, new, lambda point: point.survey_row)
    if len(old) * len(new) > PAIRED_BY_LIKENESS:
        yield from _taken_out(old, new, lambda point: point.point_id)
    else:
        yield from _likest(old, new)
    for point in old:
        yield point, None
    for point in new:
        yield None, point


def _everything(point: OperatingPoint) -> object:
    leaves = frozenset((name, _number_key(leaf)) for name, leaf in point.leaves.items())
    return (point.survey_row, point.dataset, point.architecture, point.method, point.location, leaves)


def _taken_out(
    old: list[OperatingPoint], new: list[OperatingPoint], signature: Callable[[OperatingPoint], object]
) -> Iterator[PointPair]:
    """Pairs with one signature (never None), which leave both lists."""
    waiting: dict[object, list[OperatingPoint]] = defaultdict(list)
    for point in old:
        if signature(point) is not None:
            waiting[signature(point)].append(point)
    unpaired = []
    gone: set[int] = set()  # points are told apart by identity: two of one paper may be equal
    for later in new:
        candidates = waiting.get(signature(later))
        if candidates:
            earlier = candidates.pop(0)
            gone.add(id(earlier))
            yield earlier, later
        else:
            unpaired.append(later)
    old[:] = [point for point in old if id(point) not in gone]
    new[:] = unpaired


def _likest(old: list[OperatingPoint], new: list[OperatingPoint]) -> Iterator[PointPair]:
    """Pairs that have something in common, the likest first and of equally like ones the first in the file."""
    weighed = []
    for i, earlier in enumerate(old):
        for j, later in enumerate(new):
            weighed.append((_likeness(earlier, later), -i, -j))
    gone, come = set(), set()
    for likeness, minus_i, minus_j in sorted(weighed, reverse=True):
        i, j = -minus_i, -minus_j
        if likeness >= 1 and i not in gone and j not in come:
            gone.add(i)
            come.add(j)
            yield old[i], new[j]
    old[:] = [point for number, point in enumerate(old) if number not in gone]
    new[:] = [point for number, point in enumerate(new) if number not in come]


def _likeness(earlier: OperatingPoint, later: OperatingPoint) -> float:
    """Printed numbers in common, and what says that one row is meant; 1 or more: the same row, altered."""
    likeness = 0.0
    for name, leaf in earlier.leaves.items():
        if name.startswith("unpruned_") or name not in later.leaves:
            continue
        if _number_key(leaf) == _number_key(later.leaves[name]):
            likeness += 1
    same_setting = earlier.dataset == later.dataset and earlier.architecture == later.architecture
    if same_setting and earlier.method == later.method:
        likeness += 0.5
    if earlier.point_id == later.point_id:
        likeness += 0.5
    return likeness


def _number_changes(earlier: OperatingPoint | None, later: OperatingPoint | None) -> Iterator[ValueChange]:
    """Printed numbers that differ, then arithmetic that they move."""
    old = earlier.leaves if earlier else {}
    new = later.leaves if later else {}
    for name in sorted(old.keys() | new.keys(), key=lambda name: (name.startswith("unpruned_"), name)):
        before, after = old.get(name), new.get(name)
        if _number_key(before) != _number_key(after):
            # the printed numbers; if these do not tell the two apart, all that does
            shown = _printed if _printed(before) != _printed(after) else _in_full
            yield ValueChange(name, shown(before), shown(after), "reported")
    if earlier is None or later is None:
        return
    for name in NORMAL_FORM:
        before, after = earlier.values.get(name), later.values.get(name)
        if name not in old and name not in new and _value(before) != _value(after):
            yield ValueChange(name, _shown_value(name, before), _shown_value(name, after), "derived")


def _value(derivation: Derivation | None) -> float | None:
    return None if derivation is None else derivation.quantity.value


def _shown_value(name: str, derivation: Derivation | None) -> str | None:
    return None if derivation is None else formatted(name, derivation.quantity.value)


def _number_key(leaf: Derivation | None) -> object:
    """What makes two readings of one number the same."""
    if leaf is None:
        return None
    return _printed(leaf), leaf.quantity.value, leaf.quantity.std, leaf.route


def _printed(leaf: Derivation | None) -> str | None:
    return None if leaf is None else next(leaf.leaves()).quantity.printed


def _in_full(leaf: Derivation | None) -> str | None:
    """A number as printed, with its value, its spread and how it was read."""
    if leaf is None:
        return None
    spread = "" if leaf.quantity.std is None else f" ± {leaf.quantity.std:g}"
    return f"{_printed(leaf)} (read as {leaf.quantity.value:.6g}{spread}, {leaf.route})"


def _fact_changes(earlier: OperatingPoint, later: OperatingPoint) -> Iterator[ValueChange]:
    for name in POINT_FIELDS:
        before, after = getattr(earlier, name), getattr(later, name)
        if before != after:
            yield ValueChange(name.replace("_", " "), in_one_line(before), in_one_line(after), "about")


def in_one_line(value: object) -> str | None:
    """A value of a paper's file in one line, None for an absent one."""
    if value is None or value in ((), frozenset()):
        return None
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {in_one_line(part)}" for name, part in value.items())
    if isinstance(value, frozenset):
        return _joined(sorted(value))
    return _joined(value) if isinstance(value, tuple | list) else str(value)


def _joined(values: Iterable[object]) -> str:
    return ", ".join(str(in_one_line(value)) for value in values)
