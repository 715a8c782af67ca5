"""Data frames as CSV, JSON, Markdown and LaTeX."""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import isinf
from pathlib import Path

import pandas as pd

from metaanalysis.drawing.render import write
from metaanalysis.registry import Entry

TABLE_FORMATS = ("table", "csv", "json", "md", "latex")


def csv_of(data: pd.DataFrame) -> str:
    """The frame as CSV, full precision, empty for missing."""
    return data.to_csv(index=False, lineterminator="\n")


def json_of(data: pd.DataFrame) -> str:
    """The frame as one JSON array of objects: null for missing, full precision, nothing left out."""
    records = data.astype(object).where(data.notna(), None).to_dict("records")
    rows = [json.dumps(_finite(record), ensure_ascii=False, default=_plain) for record in records]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def _finite(record: dict) -> dict:
    """The record with infinity as a word, since JSON has no number for it."""
    finite = {}
    for name, value in record.items():
        finite[name] = str(value) if isinstance(value, float) and isinf(value) else value
    return finite


def _plain(value: object) -> object:
    """What a NumPy value is in JSON: a number or a list; anything else as text."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def _lines(data: pd.DataFrame) -> list[list[str]]:
    """The cells of each row as a reader wants to see them."""
    return [[str(text) for text in line] for line in data.map(cell).to_numpy().tolist()]


def markdown_of(data: pd.DataFrame) -> str:
    """The frame as a Markdown table."""
    lines = []
    for cells in [list(map(str, data.columns)), ["---"] * len(data.columns), *_lines(data)]:
        joined = " | ".join(text.replace("|", "\\|") for text in cells)
        lines.append(f"| {joined} |\n")
    return "".join(lines)


def latex_of(data: pd.DataFrame) -> str:
    """The frame as a LaTeX tabular with booktabs rules."""
    align = ["r" if pd.api.types.is_numeric_dtype(kind) else "l" for kind in data.dtypes]
    lines = [rf"\begin{{tabular}}{{{''.join(align)}}}", r"\toprule", _latex_line(data.columns), r"\midrule"]
    lines += map(_latex_line, _lines(data))
    lines += [r"\bottomrule", r"\end{tabular}", ""]
    return "\n".join(lines)


def _latex_line(cells: Iterable[object]) -> str:
    escaped = [str(text).translate(_LATEX_ESCAPES) for text in cells]
    return " & ".join(escaped) + r" \\"


_LATEX_ESCAPES = str.maketrans({"%": r"\%", "_": r"\_", "&": r"\&", "#": r"\#", "$": r"\$"})


def cell(value: object) -> str:
    """A value as a reader wants to see it: four significant digits, nothing for missing."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def write_data(entry: Entry, data: pd.DataFrame, folder: Path, formats: Iterable[str]) -> list[Path]:
    """Writes the public columns as csv and json, where asked for."""
    public = entry.public(data)
    written = []
    for kind in formats:
        if kind in ("csv", "json"):
            written.append(write(folder / f"{entry.name}.{kind}", table_text(public, kind)))
    return written


def table_text(data: pd.DataFrame, kind: str) -> str:
    """A statistic as text in one of TABLE_FORMATS but `table`."""
    makers = {"csv": csv_of, "json": json_of, "md": markdown_of, "latex": latex_of}
    return makers[kind](data)
