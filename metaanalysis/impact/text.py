"""Tells an impact as Markdown for a pull request, plain text, JSON or a page with pictures."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from importlib import resources

from metaanalysis.drawing.report import inline
from metaanalysis.impact.corpus_changes import Impact
from metaanalysis.impact.differences import PaperChange, PointChange, ValueChange
from metaanalysis.impact.tables import RowChange, TableChange
from metaanalysis.registry import statistics

LONGEST_VALUE = 160
MOST_CHARACTERS = 60_000
"""Longer comments are refused by GitHub (its limit is 65,536)."""
MARK = "<!-- prunebase impact -->"
"""Lets a workflow find the comment that it wrote before."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a sentence and a list; `code` spans stand between backticks."""

    title: str
    lead: str
    items: tuple[str, ...] = ()


def sections(impact: Impact) -> list[Section]:
    """What there is to say, most important first; only a summary if nothing differs."""
    if impact.is_empty:
        return [Section("No change", f"The corpus says the same as that of {_clean(impact.base)}.")]
    candidates = [
        _summary(impact),
        _flips(impact),
        _papers(impact),
        _points(impact),
        _contradictions(impact),
        _graph(impact),
        _statistics(impact),
        _figures(impact),
        _published(impact),
        _wording(impact),
    ]
    return [section for section in candidates if section is not None]


def _summary(impact: Impact) -> Section:
    before, after = impact.counts_before, impact.counts_after
    items = []
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(after, field.name)
        name = field.name.replace("_", " ").replace("outside survey", "papers outside the 2020 survey")
        if old != new:
            items.append(f"{name}: {old:,} → {new:,} ({new - old:+,})")
        elif old:
            items.append(f"{name}: {old:,}, as before")
    return Section("Summary", f"Compared with {_clean(impact.base)}.", tuple(items))


def _flips(impact: Impact) -> Section | None:
    if "findings" not in statistics():
        return None
    items = []
    for key, name, old, new in impact.flips:
        items.append(f"{_clean(key)}: {name} {_arrow(old, new)}")
    lead = "These findings of the 2020 survey come out otherwise." if items else "None flips."
    return Section("Headline findings", lead, tuple(items))


def _papers(impact: Impact) -> Section | None:
    items = [_paper(change) for change in impact.papers]
    items += [f"{what}: {_clean(name)} (vocabulary)" for what, name in impact.names]
    return Section("Papers and names", _tally(impact.papers), tuple(items)) if items else None


def _paper(change: PaperChange) -> str:
    head = f"{change.kind}: `{_clean(change.key)}` {_clean(change.title)}"
    if change.kind != "changed":
        return f"{head} ({_plural(change.points, 'point')})"
    parts = [f"{_clean(name)} {_arrow(old, new)}" for name, old, new in change.fields]
    return f"{head}: {'; '.join(parts)}"


def _points(impact: Impact) -> Section | None:
    if not impact.points:
        return None
    return Section("Numbers", f"{_tally(impact.points)}.", tuple(map(_point, impact.points)))


def _point(change: PointChange) -> str:
    setting = _clean(change.setting)
    if change.method:
        setting += f", {_clean(change.method)}"
    numbers = "; ".join(_number(number, change.kind) for number in change.changes)
    return (
        f"{change.kind}: `{_clean(change.point_id)}` {setting}, {_clean(change.location)}: {numbers} "
        f"({_clean(change.file)}:{change.line})"
    )


def _number(change: ValueChange, kind: str) -> str:
    name = change.what.replace("_", " ")
    if change.layer == "derived":
        name += " (derived)"
    if kind == "added":
        return f"{name} `{_clean(change.after)}`"
    if kind == "removed":
        return f"{name} `{_clean(change.before)}`"
    return f"{name} {_arrow(change.before, change.after)}"


def _contradictions(impact: Impact) -> Section | None:
    items = [f"new: {_clean(line)}" for line in impact.new_contradictions]
    items += [f"settled: {_clean(line)}" for line in impact.settled_contradictions]
    new, settled = len(impact.new_contradictions), len(impact.settled_contradictions)
    return Section("Contradictions", f"{new} new, {settled} settled.", tuple(items)) if items else None


def _graph(impact: Impact) -> Section | None:
    before, after = impact.graph_before, impact.graph_after
    items = [f"new: `{_clean(one)}` compares to `{_clean(other)}`" for one, other in impact.edges_added]
    items += [f"gone: `{_clean(one)}` compared to `{_clean(other)}`" for one, other in impact.edges_removed]
    if not items and before == after:
        return None
    numbers = [
        _count("papers", before.papers, after.papers),
        _count("edges", before.edges, after.edges),
        _count("components", before.components, after.components),
        _count("papers in the largest", before.largest, after.largest),
        _count("papers alone", before.alone, after.alone),
    ]
    lead = ", ".join(numbers)
    return Section("Comparison graph", f"{lead[0].upper()}{lead[1:]}.", tuple(items))


def _count(name: str, old: int, new: int) -> str:
    return f"{name} {old}" if old == new else f"{name} {old} → {new}"


def _statistics(impact: Impact) -> Section | None:
    items = []
    for change in impact.statistics:
        items += [f"`{change.name}` {_row_line(row)}" for row in change.rows]
    lead = f"{_plural(len(impact.statistics), 'statistic')} moved."
    return Section("Statistics", lead, tuple(items)) if items else None


def _row_line(row: RowChange) -> str:
    cells = []
    for name, old, new in row.cells:
        shown = _arrow(old, new) if row.kind == "changed" else f"`{_clean(old if new is None else new)}`"
        cells.append(f"{_clean(name.replace('_', ' '))} {shown}")
    return f"{row.kind}: {_clean(row.key)}: {', '.join(cells)}".removesuffix(": ")


def _figures(impact: Impact) -> Section | None:
    items = tuple(map(_table, impact.figures))
    return Section("Figures", f"{_plural(len(items), 'figure')} moved.", items) if items else None


def _table(change: TableChange) -> str:
    counts = []
    for kind in ("added", "changed", "removed"):
        if change.count(kind):
            counts.append(f"{change.count(kind)} {kind}")
    return f"`{change.name}` {_clean(change.title)}: rows {', '.join(counts)}"


def _published(impact: Impact) -> Section:
    lead = "Nothing moves: the sheet's papers, numbers and comparisons are the same."
    if impact.published:
        lead = "The view of 2020 moves too; only the transcription of the survey's sheet, or code, should do that."
    return Section("As published in 2020", lead, tuple(map(_table, impact.published)))


def _wording(impact: Impact) -> Section | None:
    items = tuple(f"`{_clean(key)}`" for key in impact.reworded)
    return Section("Only reworded", "Files that differ without any of the above.", items) if items else None


def _tally(changes: Iterable[PaperChange | PointChange]) -> str:
    kinds = [change.kind for change in changes]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("added", "changed", "removed"))


def _arrow(before: str | None, after: str | None) -> str:
    return f"{_quoted(before)} → {_quoted(after)}"


def _quoted(text: str | None) -> str:
    return "nothing" if text is None else f"`{_clean(text)}`"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _clean(value: str | None) -> str:
    """One line without backticks, cut if it is very long."""
    line = " ".join(str(value).replace("`", "'").split())
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"


def markdown(impact: Impact, most: int = MOST_CHARACTERS) -> str:
    """The impact as Markdown of fewer than `most` characters (and bytes); cut lists say how much is missing."""
    parts = sections(impact)
    longest = max(len(part.items) for part in parts)
    whole = _markdown(parts, longest)
    if len(whole.encode()) < most:
        return whole
    # the greatest length of lists at which the text fits, by halving: `fits` does, `too_long` does not
    fits, too_long = 0, longest
    while fits < too_long - 1:
        middle = (fits + too_long) // 2
        if len(_markdown(parts, middle).encode()) < most:
            fits = middle
        else:
            too_long = middle
    return _markdown(parts, fits)


def _markdown(parts: list[Section], longest: int) -> str:
    lines = [MARK, "# What this changes"]
    for part in parts:
        lines += ["", f"## {_escaped(part.title)}", "", _escaped(part.lead)]
        if part.items:
            lines += ["", *(f"- {_escaped(item)}" for item in _cut(part.items, longest))]
    return "\n".join(lines) + "\n"


def text(impact: Impact) -> str:
    """The impact for a terminal, whole."""
    blocks = []
    for part in sections(impact):
        lines = [f"{part.title}: {part.lead}", *part.items]
        blocks.append("\n  ".join(lines))
    return "\n\n".join(blocks).replace("`", "") + "\n"


def to_json(impact: Impact) -> str:
    """The whole impact as one object."""
    tree = asdict(impact) | {"flips": impact.flips, "no_change": impact.is_empty}
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def page(impact: Impact, pictures: Mapping[str, tuple[str, str]] | None = None) -> str:
    """The impact as one page without scripts; `pictures` are SVGs before and after by name of the figure."""
    body = []
    for part in sections(impact):
        body.append(f"<section><h2>{html.escape(part.title)}</h2><p>{_marked_up(part.lead)}</p><ul>")
        body += [f"<li>{_marked_up(item)}</li>" for item in part.items]
        body.append("</ul></section>")
    titles = {change.name: change.title for change in impact.figures}
    for name, (before, after) in (pictures or {}).items():
        body.append(_pair(name, titles.get(name, name), before, after))
    style = resources.files("metaanalysis").joinpath("drawing/report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f"<title>What this changes</title><style>{style}</style></head><body><main><h1>What this changes</h1>"
        f"{''.join(body)}</main></body></html>\n"
    )


def _pair(name: str, title: str, before: str, after: str) -> str:
    parts = [f'<section id="{html.escape(name)}"><h2>{html.escape(title)}</h2>']
    for when, svg in (("before", before), ("after", after)):
        label = html.escape(f"{title}, {when}")
        parts.append(
            f'<figure><figcaption>{when}</figcaption><div class=chart role=img aria-label="{label}">'
        )
        parts.append(inline(svg, f"{name}-{when}"))
        parts.append("</div></figure>")
    parts.append("</section>")
    return "".join(parts)


def _cut(items: tuple[str, ...], longest: int) -> tuple[str, ...]:
    left = len(items) - longest
    return items if left <= 0 else (*items[:longest], f"… and {left:,} more of {len(items):,}")


def _escaped(line: str) -> str:
    """Text outside `code` without meaning to Markdown: no markup, no mention of anybody, no HTML."""
    parts = line.split("`")  # every second part is code
    for place in range(0, len(parts), 2):
        escaped = re.sub(r"([\\*_\[\]<>#|~!@])", r"\\\1", parts[place])
        # a zero-width space keeps @name from notifying anybody
        parts[place] = escaped.replace("\\@", "@\u200b")
    return "`".join(parts)


def _marked_up(line: str) -> str:
    """Text as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(line))
