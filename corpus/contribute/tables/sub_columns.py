"""Makes a column of each number in cells that hold several: `15.09M(40.8%)`, `70.99%/89.68%`, `83.1 → 81.1`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.contribute.tables.cell import Cell, Head, Table
from corpus.contribute.tables.cell_numbers import Part, Parts, is_missing, number_in, parts_of

MOSTLY = 0.7
"""A column is split if at least this share of its cells with digits are numbers: a note in one cell spoils nothing."""
ORDINALS = ("first", "2nd", "3rd", "4th")
NAMES_A_SHARE = r"reduc|\bpr\b|prun|rate|ratio|drop|↓|Δ|change|kept|remain|speed|diff|loss|sav|compress"
"""What brackets in a head say of the number in a cell's brackets; other brackets belong to the whole head."""
AROUND_AN_ARROW = ("before", "after", "change")


@dataclass(frozen=True, slots=True)
class Layout:
    """How many numbers the cells of a column hold at most, in each of their places."""

    main: int = 1
    bracket: int = 0
    is_arrow: bool = False


def split_cells(table: Table) -> Table:
    """The table with a column for each number of a cell; tables with one number in each cell stay as they are."""
    heads: list[Cell] = []
    columns: list[list[Cell]] = []
    for number, head in enumerate(table.heads):
        cells = [row[number] for row in table.rows]
        layout = _layout([cell.text for cell in cells])
        if layout is None:
            heads.append(head)
            columns.append(cells)
            continue
        heads += _heads(head, layout, number)
        split = [_split(cell, layout) for cell in cells]
        columns += [list(column) for column in zip(*split, strict=True)]
    return replace(table, heads=tuple(heads), rows=tuple(zip(*columns, strict=True)))


def _layout(texts: Sequence[str]) -> Layout | None:
    """The places of numbers in a column's cells; None if no cell holds several, or if it is no column of numbers."""
    filled = [text for text in texts if not is_missing(text) and number_in(text) is not None]
    parts = [found for text in filled if (found := parts_of(text))]
    if not any(found.is_several for found in parts) or len(parts) < MOSTLY * len(filled):
        return None
    if any(found.before for found in parts):
        return Layout(is_arrow=True)
    return Layout(
        max(len(found.main) for found in parts),
        max(len(found.bracket) for found in parts),
    )


def _heads(head: Cell, layout: Layout, number: int) -> list[Head]:
    if layout.is_arrow:
        return [_head(head, f"{head.text} {part}", part, number) for part in AROUND_AN_ARROW]
    outer, inner = _outer_and_inner(head.text)
    names = _in_parts(outer, layout.main)
    heads = [
        _head(head, name, ORDINALS[index] if layout.main > 1 else "", number)
        for index, name in enumerate(names)
    ]
    inner_names = _in_parts(inner or outer, layout.bracket)
    for index in range(layout.bracket):
        of = names[index] if index < len(names) and layout.bracket == layout.main else outer
        text = f"{of} in brackets" if not inner else f"{of} ({inner_names[index]})"
        heads.append(_head(head, text, "bracket", number, of))
    return heads


def _head(head: Cell, text: str, part: str, number: int, of: str = "") -> Head:
    return Head(text, head.line, head.column, part=part, of=of or head.text, printed=number)


def _outer_and_inner(head: str) -> tuple[str, str]:
    """`Params (Reduction)` as its two names; a unit in brackets stays with the first."""
    match = re.fullmatch(r"(.*?)\s*\(([^()]*)\)\s*", head)
    is_unit = match and re.fullmatch(r"[KMGB]|%|[x×]|\d.*|million|billion", match[2].strip(), re.I)
    if match is None or is_unit or not match[1] or not re.search(NAMES_A_SHARE, match[2], re.I):
        return head, ""
    return match[1], match[2]


def _in_parts(name: str, count: int) -> list[str]:
    """A name for each of `count` numbers: `Top-1/Top-5 Acc` gives `Top-1 Acc` and `Top-5 Acc`."""
    if count <= 1:
        return [name]
    names = [part.strip() for part in name.split("/")]
    if len(names) != count:
        return [f"{name}, {ORDINALS[min(index, 3)]} number" for index in range(count)]
    last, *rest = names[-1].split(" ", 1)
    common = f" {rest[0]}" if rest else ""
    return [part + common if common and not part.endswith(common) else part for part in [*names[:-1], last]]


def _split(cell: Cell, layout: Layout) -> list[Cell]:
    """The numbers of a cell at their places; a cell that is no number stays whole in the first."""
    parts = parts_of(cell.text) or Parts()
    if layout.is_arrow:
        pieces = [parts.before, parts.after, parts.change]
    else:
        pieces = [_at(parts.main, index) for index in range(layout.main)]
        pieces += [_at(parts.bracket, index) for index in range(layout.bracket)]
    if not any(pieces) and cell.text:
        return [cell, *[replace(cell, text="")] * (len(pieces) - 1)]
    return [_piece(cell, piece) for piece in pieces]


def _at(parts: Sequence[Part], index: int) -> Part | None:
    return parts[index] if index < len(parts) else None


def _piece(cell: Cell, part: Part | None) -> Cell:
    if part is None:
        return replace(cell, text="")
    return replace(cell, text=part.text, column=cell.column + part.offset)
