"""What there is to say about an impact: headings, sentences and lists, most important first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from metaanalysis.impact.corpus_changes import Impact
from metaanalysis.impact.papers import PaperChange
from metaanalysis.impact.points import Change, PointChange
from metaanalysis.impact.tables import RowChange, TableChange
from metaanalysis.registry import statistics

LONGEST_VALUE = 160


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a sentence and a list; `code` spans stand between backticks."""

    title: str
    lead: str
    items: tuple[str, ...] = ()


def sections(impact: Impact) -> list[Section]:
    """What there is to say, most important first; only a summary if nothing differs."""
    if impact.is_empty:
        return [Section("No change", f"The corpus says the same as that of {_value(impact.base)}.")]
    told = [_summary(impact), _flips(impact), _papers(impact), _points(impact), _contradictions(impact)]
    told += [_graph(impact), _statistics(impact), _figures(impact), _published(impact), _wording(impact)]
    return [section for section in told if section]


def _summary(impact: Impact) -> Section:
    before, after = impact.counts_before, impact.counts_after
    items = []
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old or new:
            name = field.name.replace("_", " ").replace("outside survey", "papers outside the 2020 survey")
            items.append(
                f"{name}: {old:,}" + (f" → {new:,} ({new - old:+,})" if old != new else ", as before")
            )
    return Section("Summary", f"Compared with {_value(impact.base)}.", tuple(items))


def _flips(impact: Impact) -> Section | None:
    if "findings" not in statistics():
        return None
    items = tuple(f"{_value(key)}: {name} {_arrow(old, new)}" for key, name, old, new in impact.flips)
    lead = "These findings of the 2020 survey come out otherwise." if items else "None flips."
    return Section("Headline findings", lead, items)


def _papers(impact: Impact) -> Section | None:
    items = [_paper(change) for change in impact.papers]
    items += [f"{what}: {_value(name)} (vocabulary)" for what, name in impact.names]
    return Section("Papers and names", _tally(impact.papers), tuple(items)) if items else None


def _paper(change: PaperChange) -> str:
    head = f"{change.kind}: `{_value(change.key)}` {_value(change.title)}"
    if change.kind != "changed":
        return f"{head} ({_plural(change.points, 'point')})"
    return head + ": " + "; ".join(f"{_value(name)} {_arrow(old, new)}" for name, old, new in change.fields)


def _points(impact: Impact) -> Section | None:
    return (
        Section("Numbers", _tally(impact.points) + ".", tuple(map(_point, impact.points)))
        if impact.points
        else None
    )


def _point(change: PointChange) -> str:
    method = f", {_value(change.method)}" if change.method else ""
    place = f"{_value(change.setting)}{method}, {_value(change.location)}"
    numbers = "; ".join(_number(part, change.kind) for part in change.changes)
    return f"{change.kind}: `{_value(change.point_id)}` {place}: {numbers} ({_value(change.file)}:{change.line})"


def _number(change: Change, kind: str) -> str:
    name = change.what.replace("_", " ") + (" (derived)" if change.layer == "derived" else "")
    if kind == "added":
        return f"{name} `{_value(change.after)}`"
    return (
        f"{name} `{_value(change.before)}`"
        if kind == "removed"
        else f"{name} {_arrow(change.before, change.after)}"
    )


def _contradictions(impact: Impact) -> Section | None:
    items = [f"new: {_value(one)}" for one in impact.new_contradictions]
    items += [f"settled: {_value(one)}" for one in impact.settled_contradictions]
    new, settled = len(impact.new_contradictions), len(impact.settled_contradictions)
    return Section("Contradictions", f"{new} new, {settled} settled.", tuple(items)) if items else None


def _graph(impact: Impact) -> Section | None:
    before, after = impact.graph_before, impact.graph_after
    items = [f"new: `{_value(one)}` compares to `{_value(other)}`" for one, other in impact.edges_added]
    items += [f"gone: `{_value(one)}` compared to `{_value(other)}`" for one, other in impact.edges_removed]
    if not items and before == after:
        return None
    numbers = {
        "papers": (before.papers, after.papers),
        "edges": (before.edges, after.edges),
        "components": (before.components, after.components),
        "papers in the largest": (before.largest, after.largest),
        "papers alone": (before.alone, after.alone),
    }
    lead = ", ".join(
        f"{name} {old}" + (f" → {new}" if old != new else "") for name, (old, new) in numbers.items()
    )
    return Section("Comparison graph", lead[0].upper() + lead[1:] + ".", tuple(items))


def _statistics(impact: Impact) -> Section | None:
    items = [f"`{change.name}` {_row(row)}" for change in impact.statistics for row in change.rows]
    lead = f"{_plural(len(impact.statistics), 'statistic')} moved."
    return Section("Statistics", lead, tuple(items)) if items else None


def _row(row: RowChange) -> str:
    cells = []
    for name, old, new in row.cells:
        shown = _arrow(old, new) if row.kind == "changed" else f"`{_value(old if new is None else new)}`"
        cells.append(f"{_value(name.replace('_', ' '))} {shown}")
    return f"{row.kind}: {_value(row.key)}: {', '.join(cells)}".removesuffix(": ")


def _figures(impact: Impact) -> Section | None:
    items = tuple(map(_table, impact.figures))
    return Section("Figures", f"{_plural(len(items), 'figure')} moved.", items) if items else None


def _table(change: TableChange) -> str:
    counts = ", ".join(
        f"{change.count(kind)} {kind}" for kind in ("added", "changed", "removed") if change.count(kind)
    )
    return f"`{change.name}` {_value(change.title)}: rows {counts}"


def _published(impact: Impact) -> Section:
    if not impact.published:
        return Section(
            "As published in 2020",
            "Nothing moves: the sheet's papers, numbers and comparisons are the same.",
        )
    lead = (
        "The view of 2020 moves too; only the transcription of the survey's sheet, or code, should do that."
    )
    return Section("As published in 2020", lead, tuple(map(_table, impact.published)))


def _wording(impact: Impact) -> Section | None:
    items = tuple(f"`{_value(key)}`" for key in impact.reworded)
    return Section("Only reworded", "Files that differ without any of the above.", items) if items else None


def _tally(changes: Iterable[PaperChange | PointChange]) -> str:
    kinds = [change.kind for change in changes]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("added", "changed", "removed"))


def _arrow(before: str | None, after: str | None) -> str:
    old, new = (f"`{_value(text)}`" if text is not None else "nothing" for text in (before, after))
    return f"{old} → {new}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _value(value: str | None) -> str:
    """One line without backticks, cut if it is very long."""
    line = " ".join(str(value).replace("`", "'").split())
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"
