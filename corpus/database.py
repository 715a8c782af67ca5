"""The public tables in DuckDB: built into a file, or queried in memory with no way out of it."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pandas as pd

from corpus.catalogue import Corpus
from corpus.tables import COLUMNS, table


def connect(corpus: Corpus) -> duckdb.DuckDBPyConnection:
    """An in-memory database of the public tables with external access off and settings locked."""
    connection = duckdb.connect(":memory:")
    _fill(connection, corpus)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def query(corpus: Corpus, sql: str) -> pd.DataFrame:
    """The rows of one read-only statement; ValueError says what is wrong with it."""
    with connect(corpus) as connection:
        return run(connection, sql)


def run(connection: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    """As `query`, on an open connection."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise ValueError(_told(error)) from None
    if len(statements) != 1 or statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        raise ValueError("expected one SELECT statement; the tables are read-only")
    try:
        return connection.execute(statements[0]).df()
    except duckdb.Error as error:
        raise ValueError(_told(error)) from None


def build(corpus: Corpus, path: str | Path) -> Path:
    """Writes the public tables to a DuckDB file, whole or not at all, and returns its path."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with duckdb.connect(str(unfinished)) as connection:
            _fill(connection, corpus)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def export(corpus: Corpus, folder: str | Path, kind: str) -> list[Path]:
    """Writes each public table to `folder` as `kind` (parquet or csv) and returns the paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    options = {"parquet": "FORMAT parquet", "csv": "FORMAT csv, HEADER"}[kind]
    paths = []
    with duckdb.connect(":memory:") as connection:
        _fill(connection, corpus)
        for name in COLUMNS:
            path = folder / f"{name}.{kind}"
            unfinished = folder / f".{name}.{os.getpid()}.tmp"
            connection.execute(f"COPY {name} TO '{str(unfinished).replace(chr(39), chr(39) * 2)}' ({options})")
            unfinished.replace(path)
            paths.append(path)
    return paths


def _fill(connection: duckdb.DuckDBPyConnection, corpus: Corpus) -> None:
    for name, columns in COLUMNS.items():
        rows = table(corpus, name)  # noqa: F841 (DuckDB reads it by its name)
        wanted = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in columns.items())
        connection.execute(f"CREATE TABLE {name} AS SELECT {wanted} FROM rows")


def _told(error: duckdb.Error) -> str:
    """DuckDB's message without its class name and ASCII art."""
    lines = [line for line in str(error).splitlines() if line.strip() and not line.startswith("LINE ")]
    return " ".join(line.strip() for line in lines if set(line.strip()) != {"^"})
