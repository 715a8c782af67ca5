"""Reads a table as pasted or saved from a paper (CSV, TSV, Markdown, LaTeX tabular) into cells with their places."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.schema.reader import CorpusError, Problem

FORMATS = ("csv", "tsv", "markdown", "latex")
_RULE = re.compile(
    r"\\(?:top|mid|bottom)rule(?:\[[^]]*\])?|\\hline|\\c(?:mid)?(?:rule|line)(?:\([^)]*\))?\{[^}]*\}"
)
_SPAN = re.compile(r"\\multicolumn\s*\{(\d+)\}\s*\{[^{}]*(?:\{[^}]*\}[^{}]*)*\}\s*\{(.*)\}\s*$", re.S)
_TALL = re.compile(r"\\multirow\s*\{(\d+)\}\s*\{[^}]*\}\s*\{(.*)\}\s*$", re.S)


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell, and where it starts (from 1)."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """Column heads and rows of cells, all of one length."""

    file: str
    format: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def problem(self, cell: Cell, message: str) -> Problem:
        """What is wrong with a cell, at its place."""
        return Problem(self.file, cell.line, cell.column, message)


def read_table(text: str, file: str, format: str | None = None) -> Table:
    """The table in `text`; CorpusError says where it is not one."""
    format = format or guess_format(text)
    lines, head_rows = {"csv": _csv, "tsv": _csv, "markdown": _markdown, "latex": _latex}[format](text)
    lines = [line for line in lines if any(cell.text for cell in line)]
    if len(lines) < 2:
        message = f"no table here; expected a row of column names and rows under it ({format})"
        raise CorpusError([Problem(file, 1, 1, message)])
    head_rows = min(head_rows, len(lines) - 1)
    width = len(lines[0])
    for line in lines:
        if len(line) != width:
            message = f"{len(line)} cells; expected {width}, as in the first row"
            raise CorpusError([Problem(file, line[0].line, line[0].column, message)])
    heads = tuple(_stacked(column) for column in zip(*lines[:head_rows], strict=True))
    return Table(file, format, heads, tuple(tuple(line) for line in lines[head_rows:]))


def guess_format(text: str) -> str:
    """csv, tsv, markdown or latex, by the marks that only one of them has."""
    lines = [line for line in text.splitlines() if line.strip()]
    if r"\begin{tabular" in text or (lines and all("&" in line or "\\" in line for line in lines)):
        return "latex"
    if any(re.fullmatch(r"\s*\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*", line) for line in lines[1:2]):
        return "markdown"
    return "tsv" if any("\t" in line for line in lines) else "csv"


def _stacked(cells: tuple[Cell, ...]) -> Cell:
    """One column head from its lines, each part once."""
    parts = list(dict.fromkeys(cell.text for cell in cells if cell.text))
    return Cell(" ".join(parts), cells[-1].line, cells[-1].column)


def _csv(text: str) -> tuple[list[list[Cell]], int]:
    delimiter = (
        "\t" if guess_format(text) == "tsv" else ";" if text.partition("\n")[0].count(";") > 1 else ","
    )
    reader = csv.reader(
        io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter, skipinitialspace=True
    )
    source = text.splitlines()
    lines, before = [], 0
    for values in reader:
        line, before = before + 1, reader.line_num
        shown = source[line - 1] if line <= len(source) else ""
        lines.append(_placed(values, shown, line, delimiter))
    return lines, 1


def _markdown(text: str) -> tuple[list[list[Cell]], int]:
    lines = []
    for number, shown in enumerate(text.splitlines(), 1):
        inner = shown.strip().removeprefix("|").removesuffix("|")
        if "|" in shown and not re.fullmatch(r"[\s:|-]*-[\s:|-]*", inner):
            values = re.split(r"(?<!\\)\|", inner)
            lines.append(_placed(values, shown, number, "|"))
    return lines, 1


def _placed(values: list[str], shown: str, line: int, delimiter: str) -> list[Cell]:
    """Cells with the column at which each one's text is found in the line."""
    cells, start = [], 0
    for value in values:
        found = shown.find(value.strip(), start)
        start = found if found >= 0 else start
        cells.append(Cell(plain(value), line, start + 1))
        following = shown.find(delimiter, start + len(value.strip()))
        start = following + 1 if following >= 0 else start
    return cells


def _latex(text: str) -> tuple[list[list[Cell]], int]:
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
            pending[len(cells)] = (int(tall[1]), plain(tall[2]))
        value = plain(tall[2] if tall else span[2] if span else raw)
        for _ in range(int(span[1]) if span else 1):
            left, above = pending.get(len(cells), (0, ""))
            cells.append(Cell(value or (above if left > 0 else ""), line, column))
    for number, (left, above) in list(pending.items()):
        pending[number] = (left - 1, above)
    return cells


_PLAIN = (
    (
        re.compile(
            r"\\(?:textbf|textit|textrm|mathbf|mathrm|text|emph|underline|bf|it|makecell|small)\b\s*"
        ),
        "",
    ),
    (re.compile(r"\*\*|__|`"), ""),
    (re.compile(r"\\pm\b|\+/-|\+-"), "±"),
    (re.compile(r"\\times\b"), "×"),
    (re.compile(r"\\(?:downarrow|Downarrow)\b"), "↓"),
    (re.compile(r"\\(?:uparrow|Uparrow)\b"), "↑"),
    (re.compile(r"\\Delta\b"), "Δ"),
    (re.compile(r"\\(?:cite[tp]?|footnotemark|tnote|footnote)\s*(?:\[[^]]*\])?\{[^}]*\}"), ""),
    (re.compile(r"\^\s*\{?\s*(?:\\?(?:dagger|ddagger|ast|star)|[*†‡§])\s*\}?|[†‡§]|(?<=[\d%])\*+"), ""),
    (re.compile(r"_\s*\{\s*±"), " ± {"),
    (re.compile(r"\\([%#&_$])"), r"\1"),
    (re.compile(r"[−–](?=\s*[\d.])"), "-"),
    (re.compile(r"\$|\\,|\\;|\\!|\{|\}|~"), ""),
    (re.compile(r"\\\\"), " "),
)


def plain(text: str) -> str:
    """A cell without its markup: no bold face, footnote marks or dollars; `\\pm` is ±, a minus is `-`."""
    for pattern, replacement in _PLAIN:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())
