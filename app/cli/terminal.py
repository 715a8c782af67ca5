"""How the command line prints: errors to standard error, tables as wide as they need to be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

UNCUT = 10_000
"""The width of a table that goes to a pipe: no cell is cut or wrapped."""


def fail(message: str) -> None:
    """Prints an error, each line as it is, to standard error."""
    print(message, file=sys.stderr)


def print_as(data: pd.DataFrame, format: str) -> None:
    """Prints a frame as a `table`, or as text in one of the other formats of tables."""
    from metaanalysis.drawing.tables_as_text import table_text

    if format == "table":
        print_table(data)
    else:
        print(table_text(data, format), end="")


def print_table(data: pd.DataFrame, title: str = "") -> None:
    """Prints a frame as a table under its title; on a terminal long cells wrap, in a pipe they do not."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype
    from rich.console import Console
    from rich.table import Table

    from metaanalysis.drawing.tables_as_text import cell

    interactive = sys.stdout.isatty()
    if title:
        print(title)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, kind in zip(data.columns, data.dtypes, strict=True):
        is_number = is_numeric_dtype(kind) and not is_bool_dtype(kind)
        table.add_column(str(name), justify="right" if is_number else "left", no_wrap=not interactive)
    for row in data.itertuples(index=False):
        table.add_row(*[cell(value) for value in row])
    console = Console(highlight=False, markup=False, width=None if interactive else UNCUT)
    console.print(table)
