"""The public tables in DuckDB: built into a file, or queried in memory with no way out of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from corpus.catalogue.corpus import Corpus
from corpus.database.tables import COLUMNS, columns

if TYPE_CHECKING:
    import pandas as pd


def connect(corpus: Corpus) -> duckdb.DuckDBPyConnection:
    """An in-memory database of the public tables with external access off and settings locked."""
    connection = duckdb.connect(":memory:")
    fill(connection, corpus)
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
    if len(statements) != 1 or statements[0].type not in (
        duckdb.StatementType.SELECT,
        duckdb.StatementType.EXPLAIN,
    ):
        raise ValueError("expected one SELECT statement; the tables are read-only")
    connection.execute("BEGIN TRANSACTION READ ONLY")  # EXPLAIN ANALYZE runs what it explains, a DELETE too
    try:
        result = connection.execute(statements[0])
        kinds = {column[0]: str(column[1]) for column in result.description}
        return _whole(result.df(), kinds)
    except duckdb.Error as error:
        raise ValueError(_told(error)) from None
    finally:
        connection.execute("ROLLBACK")


def _whole(rows: pd.DataFrame, kinds: dict[str, str]) -> pd.DataFrame:
    """The rows with sums of whole numbers as whole numbers; DuckDB's HUGEINT reaches pandas as a float."""
    exact = [
        name for name in rows if kinds.get(name) == "HUGEINT" and (rows[name].abs().max() or 0) < 2**53
    ]
    return rows.astype(dict.fromkeys(exact, "Int64"))


def build(corpus: Corpus, path: str | Path) -> Path:
    """Writes the public tables to a DuckDB file, whole or not at all, and returns its path."""
    return write_database(path, lambda connection: fill(connection, corpus))


def write_database(path: str | Path, fill_it: Callable[[duckdb.DuckDBPyConnection], object]) -> Path:
    """A DuckDB file with what `fill_it` puts into it, written whole or not at all; returns its path."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with duckdb.connect(str(unfinished)) as connection:
            fill_it(connection)
        unfinished.replace(path)
    except (duckdb.IOException, IsADirectoryError) as error:
        raise ValueError(f"{path}: cannot be written: {_told(error)}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def export(tables: Corpus | str | Path, folder: str | Path, kind: str) -> list[Path]:
    """Writes each public table, of a corpus or of a built database, as `kind` (parquet or csv); returns the paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    options = {"parquet": "FORMAT parquet", "csv": "FORMAT csv, HEADER"}[kind]
    paths = []
    is_built = not isinstance(tables, Corpus)
    with (
        duckdb.connect(str(tables), read_only=True)
        if is_built
        else duckdb.connect(":memory:") as connection
    ):
        if not is_built:
            fill(connection, tables)
        for name in COLUMNS:
            path = folder / f"{name}.{kind}"
            unfinished = folder / f".{name}.{os.getpid()}.tmp"
            connection.execute(f"COPY {name} TO {quoted(unfinished)} ({options})")
            unfinished.replace(path)
            paths.append(path)
    return paths


def quoted(path: Path) -> str:
    """The path as a string in SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def fill(connection: duckdb.DuckDBPyConnection, corpus: Corpus) -> None:
    """Creates the public tables in an open database."""
    for name in COLUMNS:
        rows = columns(corpus, name)  # noqa: F841 (DuckDB reads it by its name)
        connection.execute(f"CREATE TABLE {name} AS {typed(name)}")


def typed(name: str) -> str:
    """The SELECT that gives `rows`, the columns of the public table `name`, the types of that table."""
    wanted = (f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in COLUMNS[name].items())
    return f"SELECT {', '.join(wanted)} FROM rows"


def _told(error: Exception) -> str:
    """DuckDB's message without its class name and ASCII art."""
    lines = [line for line in str(error).splitlines() if line.strip() and not line.startswith("LINE ")]
    return " ".join(line.strip() for line in lines if set(line.strip()) != {"^"})
