"""Reads a LaTeX tabular into lines of cells with their places; spanning cells fill what they span."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.contribute.tables.cell import Cell
from corpus.contribute.tables.markup import cites, plain

_RULE = re.compile(
    r"\\(?:top|mid|bottom)rule(?:\[[^]]*\])?|\\hline|\\c(?:mid)?(?:rule|line)(?:\([^)]*\))?\{[^}]*\}"
)
_SPAN = re.compile(r"\\multicolumn\s*\{(\d+)\}\s*\{[^{}]*(?:\{[^}]*\}[^{}]*)*\}\s*\{(.*)\}\s*$", re.S)
_TALL = re.compile(r"\\multirow\s*\{(\d+)\}\s*\{[^}]*\}\s*\{(.*)\}\s*$", re.S)


def latex_lines(text: str) -> tuple[list[list[Cell]], int]:
    """Rows of a tabular; those above the first rule that follows a row are heads."""
    text = re.sub(r"(?<!\\)%[^\n]*", "", text)  # comments
    body = re.search(r"\\begin\{tabular[xy*]?\}(.*?)\\end\{tabular", text, re.S)
    start = _after_preamble(text, body.start(1)) if body else 0
    end = body.end(1) if body else len(text)
    lines: list[list[Cell]] = []
    pending: dict[int, tuple[int, str]] = {}  # column -> rows still covered by a \multirow, its text
    head_rows = 0
    for piece, at in _pieces(text[start:end]):
        if lines and not head_rows and _RULE.search(piece):
            head_rows = len(lines)
        if _RULE.sub("", piece).strip():
            lines.append(_latex_row(piece, start + at, text, pending))
    return lines, head_rows or 1


def _after_preamble(text: str, at: int) -> int:
    """The position after the column specification `{l|cc}` (and a width before it)."""
    depth = 0
    for position in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0 and text[position] == "}" and text[position + 1 : position + 2] != "{":
            return position + 1
    return at


def _pieces(body: str) -> Iterator[tuple[str, int]]:
    start = 0
    for match in re.finditer(r"\\\\(?:\s*\[[^]]*\])?", body):
        yield body[start : match.start()], start
        start = match.end()
    yield body[start:], start


def _latex_row(piece: str, at: int, text: str, pending: dict[int, tuple[int, str]]) -> list[Cell]:
    cells: list[Cell] = []
    piece = _RULE.sub(lambda rule: " " * len(rule[0]), piece)
    for match in re.finditer(r"(?:\\.|[^&\\])+|(?<=&)(?=&)|^(?=&)|(?<=&)$", piece, re.S):
        raw = match[0].strip()
        offset = at + match.start() + len(match[0]) - len(match[0].lstrip())
        line = text.count("\n", 0, offset) + 1
        column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        span = _SPAN.match(raw)
        if tall := _TALL.match(span[2].strip() if span else raw):
            pending[len(cells)] = (int(tall[1]), plain(tall[2], latex=True))
        source = tall[2] if tall else span[2] if span else raw
        value = plain(source, latex=True)
        for _ in range(int(span[1]) if span else 1):
            left, above = pending.get(len(cells), (0, ""))
            cells.append(Cell(value or (above if left > 0 else ""), line, column, cites(source)))
    for number, (left, above) in list(pending.items()):
        pending[number] = (left - 1, above)
    return cells
