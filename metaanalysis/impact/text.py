"""Tells an impact as Markdown for a pull request, plain text, JSON or a page with pictures."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from importlib import resources

from metaanalysis.impact.corpus_changes import Impact
from metaanalysis.impact.sections import Section, sections

MOST_CHARACTERS = 60_000
"""Longer comments are refused by GitHub (its limit is 65,536)."""
MARK = "<!-- prunebase impact -->"
"""Lets a workflow find the comment that it wrote before."""


def markdown(impact: Impact, most: int = MOST_CHARACTERS) -> str:
    """The impact as Markdown of fewer than `most` characters (and bytes); cut lists say how much is missing."""
    parts = sections(impact)
    low, high = 0, max((len(part.items) for part in parts), default=0)
    if _fits(shown := _markdown(parts, high), most):
        return shown
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _fits(_markdown(parts, middle), most) else (low, middle)
    return _markdown(parts, low)


def _fits(text: str, most: int) -> bool:
    return len(text.encode()) < most


def _markdown(parts: list[Section], longest: int) -> str:
    lines = [MARK, "# What this changes"]
    for part in parts:
        lines += ["", f"## {_escaped(part.title)}", "", _escaped(part.lead)]
        lines += ["", *(f"- {_escaped(item)}" for item in _cut(part.items, longest))] if part.items else []
    return "\n".join(lines) + "\n"


def text(impact: Impact) -> str:
    """The impact for a terminal, whole."""
    blocks = []
    for part in sections(impact):
        blocks.append("\n".join([f"{part.title}: {part.lead}", *(f"  {item}" for item in part.items)]))
    return "\n\n".join(blocks).replace("`", "") + "\n"


def to_json(impact: Impact) -> str:
    """The whole impact as one object."""
    tree = asdict(impact) | {"flips": impact.flips, "no_change": impact.is_empty}
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def page(impact: Impact, pictures: Mapping[str, tuple[str, str]] | None = None) -> str:
    """The impact as one page without scripts; `pictures` are SVGs before and after by name of the figure."""
    body = []
    for part in sections(impact):
        items = "".join(f"<li>{_marked_up(item)}</li>" for item in part.items)
        body.append(
            f"<section><h2>{html.escape(part.title)}</h2><p>{_marked_up(part.lead)}</p><ul>{items}</ul></section>"
        )
    titles = {change.name: change.title for change in impact.figures}
    body += [_pair(name, titles.get(name, name), *pair) for name, pair in (pictures or {}).items()]
    style = resources.files("metaanalysis").joinpath("drawing/report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f"<title>What this changes</title><style>{style}</style></head><body><main><h1>What this changes</h1>"
        f"{''.join(body)}</main></body></html>\n"
    )


def _pair(name: str, title: str, before: str, after: str) -> str:
    from metaanalysis.drawing.report import inline

    pictures = (("before", before), ("after", after))
    drawn = "".join(
        f'<figure><figcaption>{when}</figcaption><div class=chart role=img aria-label="{html.escape(title)}, {when}">'
        f"{inline(svg, f'{name}-{when}')}</div></figure>"
        for when, svg in pictures
    )
    return f'<section id="{html.escape(name)}"><h2>{html.escape(title)}</h2>{drawn}</section>'


def _cut(items: tuple[str, ...], longest: int) -> tuple[str, ...]:
    left = len(items) - longest
    return items if left <= 0 else (*items[:longest], f"… and {left:,} more of {len(items):,}")


def _escaped(line: str) -> str:
    """Text outside `code` without meaning to Markdown: no markup, no mention of anybody, no HTML."""
    parts = line.split("`")
    parts[::2] = [
        re.sub(r"([\\*_\[\]<>#|~!@])", r"\\\1", part).replace("\\@", "@\u200b") for part in parts[::2]
    ]
    return "`".join(parts)


def _marked_up(line: str) -> str:
    parts = [html.escape(part) for part in line.split("`")]
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
