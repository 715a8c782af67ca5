"""Reads a table as pasted or saved from a paper (CSV, TSV, Markdown, LaTeX tabular) into cells with their places."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from corpus.contribute.tables.cell import Cell, Table
from corpus.contribute.tables.latex import latex_lines
from corpus.contribute.tables.markup import cites, plain
from corpus.contribute.tables.shape import broken_up, stacked_heads, upright
from corpus.contribute.tables.sub_columns import split_cells
from corpus.schema.reader import MAX_BYTES, CorpusError, Problem
from corpus.schema.suggest import did_you_mean

Lines = list[list[Cell]]
_MARKDOWN_RULE = re.compile(r"[\s:|-]*-[\s:|-]*")
_BEFORE_TEXT = ("\ufeff",)


def read_table(text: str, file: str, format: str | None = None) -> Table:
    """The table in `text`, called `file` in messages; CorpusError says where it is not one.

    Rows of a Markdown table may be shorter or longer than its head; heads may have two rows; measures may run down the
    first column (the table is then turned); a cell with several numbers becomes several columns.

    >>> read_table("Model,Params\\nA,2.76M(81.6%)\\n", "t").heads[2].text
    'Params in brackets'
    """
    if format is not None and format not in _READERS:
        known = ", ".join(_READERS)
        hint = did_you_mean(format, _READERS)
        raise ValueError(f"--format: '{format}' is unknown{hint}; expected one of: {known}")
    format = format or guess_format(text)
    lines, head_rows = _READERS[format](text)
    lines = [line for line in lines if any(cell.text for cell in line)]
    if len(lines) < 2:
        message = f"no table here; expected a row of column names and rows under it ({format})"
        raise CorpusError([Problem(file, 1, 1, message)])
    lines = _of_one_width(lines, file, format)
    head_rows = min(head_rows, len(lines) - 1)
    heads, rows = stacked_heads(lines, head_rows)
    table = Table(file, format, tuple(heads), tuple(map(tuple, rows)))
    return split_cells(upright(broken_up(table)))


def read_table_file(path: Path, format: str | None = None) -> Table:
    """As `read_table`, of a file of at most 1 MiB; ValueError if it cannot be read as text."""
    return read_table(table_text(path), str(path), format)


def table_text(path: Path) -> str:
    """The text of a file of at most 1 MiB in UTF-8 or, with its mark, UTF-16; ValueError says what it is instead."""
    with open(path, "rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"{path}:1:1: file is over 1 MiB")
    if content[:4] == b"PK\x03\x04":
        raise ValueError(
            f"{path}:1:1: a spreadsheet or an archive; save the sheet as CSV (UTF-8) and give that"
        )
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError(f"{path}:1:1: not UTF-8 text; save the file as UTF-8") from None


def guess_format(text: str) -> str:
    """csv, tsv, markdown or latex, by the marks that only one of them has."""
    lines = [line for line in text.splitlines() if line.strip()]
    if r"\begin{tabular" in text or (lines and all("&" in line or "\\" in line for line in lines)):
        return "latex"
    if any("|" in line and _MARKDOWN_RULE.fullmatch(line) for line in lines):
        return "markdown"
    return "tsv" if any("\t" in line for line in lines) else "csv"


def _of_one_width(lines: Lines, file: str, format: str) -> Lines:
    """Rows as long as the head; only Markdown tables are filled up, in others a row too long hides a split number."""
    width = len(lines[0])
    if format != "markdown":
        for line in lines:
            if len(line) != width:
                message = f"{len(line)} cells; expected {width}, as in the first row"
                raise CorpusError([Problem(file, line[0].line, line[0].column, message)])
        return lines
    width = max(map(len, lines))
    return [[*line, *[Cell("", line[-1].line, line[-1].column)] * (width - len(line))] for line in lines]


def _separated(text: str) -> tuple[Lines, int]:
    """Lines of a CSV, TSV or semicolon-separated table."""
    first = text.partition("\n")[0]
    delimiter = "\t" if guess_format(text) == "tsv" else ";" if first.count(";") > first.count(",") else ","
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


def _markdown(text: str) -> tuple[Lines, int]:
    """Lines of the first Markdown table in a text; lines of rules are left out wherever they stand."""
    lines = []
    for number, shown in enumerate(text.splitlines(), 1):
        inner = shown.strip().removeprefix("|")
        if inner.endswith("|") and not inner.endswith("\\|"):
            inner = inner[:-1]
        if "|" in shown and not _MARKDOWN_RULE.fullmatch(inner):
            values = re.split(r"(?<!\\)\|", inner)
            lines.append(_placed(values, shown, number, "|"))
    return lines, 1


def _placed(values: list[str], shown: str, line: int, delimiter: str) -> list[Cell]:
    """Cells with the column at which each one's text stands in the line."""
    cells, start = [], 0
    for value in values:
        place = shown.find(value.strip(), start)
        start = place if place >= 0 else start
        cells.append(Cell(plain(value), line, start + 1, cites(value)))
        following = shown.find(delimiter, start + len(value.strip()))
        start = following + 1 if following >= 0 else start
    return cells


_READERS: dict[str, Callable[[str], tuple[Lines, int]]] = {
    "csv": _separated,
    "tsv": _separated,
    "markdown": _markdown,
    "latex": latex_lines,
}
