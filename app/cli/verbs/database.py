"""The verbs on the public tables: `query` them, `build` them as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli import terminal
from app.cli.application import verb
from app.cli.options import (
    CorpusOption,
    PublishedOption,
    RerunsOption,
    TableFormatOption,
    load,
    require_known,
)


@verb("prunebase query \"SELECT label, compression_ratio FROM points WHERE architecture = 'VGG-16'\"")
def query(
    sql: Annotated[
        str, typer.Argument(help="One SELECT on the public tables, or - to read it from standard input.")
    ],
    format: TableFormatOption = "table",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
    reruns: RerunsOption = False,
) -> None:
    """Query the public tables with SQL, in memory, with no way out."""
    from metaanalysis.drawing.tables_as_text import TABLE_FORMATS

    require_known("--format", format, TABLE_FORMATS)
    text = sys.stdin.read() if sql == "-" else sql
    terminal.print_as(load(corpus, as_published, reruns).sql(text), format)


@verb("prunebase build -o prunebase.duckdb --parquet tables --csv tables")
def build(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE")] = Path("prunebase.duckdb"),
    parquet: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write each table as Parquet.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(metavar="DIR", help="Also write each table as CSV.")] = None,
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
    reruns: RerunsOption = False,
) -> None:
    """Build the database: the public tables as one DuckDB file."""
    from corpus.database import build as build_database
    from corpus.database import export

    print(build_database(load(corpus, as_published, reruns), output))
    for kind, folder in {"parquet": parquet, "csv": csv}.items():
        if folder is not None:
            for path in export(output, folder, kind):
                print(path)
