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
    return {
        name: str(value) if isinstance(value, float) and isinf(value) else value
        for name, value in record.items()
    }


def _plain(value: object) -> object:
    """What a NumPy value is in JSON: a number or a list; anything else as text."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def markdown_of(data: pd.DataFrame) -> str:
    """The frame as a Markdown table."""
    lines = [list(data.columns), ["---"] * len(data.columns), *data.map(cell).to_numpy().tolist()]
    return (
        "\n".join(
            "| " + " | ".join(str(text).replace("|", "\\|") for text in line) + " |" for line in lines
        )
        + "\n"
    )


def latex_of(data: pd.DataFrame) -> str:
    """The frame as a LaTeX tabular with booktabs rules."""
    escape = str.maketrans({"%": r"\%", "_": r"\_", "&": r"\&", "#": r"\#", "$": r"\$"})
    lines = [[str(text).translate(escape) for text in line] for line in data.map(cell).to_numpy().tolist()]
    head = [str(name).translate(escape) for name in data.columns]
    body = [" & ".join(line) + r" \\" for line in (head, *lines)]
    align = "".join("r" if pd.api.types.is_numeric_dtype(kind) else "l" for kind in data.dtypes)
    return (
        "\n".join(
            [
                rf"\begin{{tabular}}{{{align}}}",
                r"\toprule",
                body[0],
                r"\midrule",
                *body[1:],
                r"\bottomrule",
                r"\end{tabular}",
            ]
        )
        + "\n"
    )


def cell(value: object) -> str:
    """A value as a reader wants to see it: four significant digits, nothing for missing."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def write_data(entry: Entry, data: pd.DataFrame, folder: Path, formats: Iterable[str]) -> list[Path]:
    """Writes the public columns as csv and json, where asked for."""
    public = entry.public(data)
    makers = {"csv": csv_of, "json": json_of}
    return [
        write(folder / f"{entry.name}.{kind}", makers[kind](public)) for kind in formats if kind in makers
    ]


def table_text(data: pd.DataFrame, kind: str) -> str:
    """A statistic as text in one of TABLE_FORMATS but `table`."""
    return {"csv": csv_of, "json": json_of, "md": markdown_of, "latex": latex_of}[kind](data)
