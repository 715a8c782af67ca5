"""The public tables in DuckDB: built into a file, or queried in memory with no way out of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from corpus.catalogue.corpus import Corpus
from corpus.database.rows import Cells, rows_of
from corpus.database.tables import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

ROWS_AT_ONCE = 50_000
"""So many rows go into a table at a time; all of a large corpus at once would take more memory than the corpus."""
LARGEST_EXACT = 2**53
"""Up to here a float holds every whole number."""


def connect(corpus: Corpus) -> duckdb.DuckDBPyConnection:
    """An in-memory database of the public tables with external access off and settings locked."""
    connection = duckdb.connect(":memory:")
    fill(connection, corpus)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def query(corpus: Corpus, sql: str) -> pd.DataFrame:
    """The rows of one read-only statement on the public tables of `corpus`.

    Raises
    ------
    ValueError
        With what is wrong with the statement: DuckDB's message, or that it is not one SELECT.

    Examples
    --------
    >>> import corpus
    >>> from corpus.database import query
    >>> query(corpus.load(), "SELECT label, top1_change FROM points LIMIT 3")  # doctest: +SKIP
    """
    with connect(corpus) as connection:
        return run(connection, sql)


def run(connection: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    """As `query`, on an open connection."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise ValueError(_message(error)) from None
    if len(statements) != 1 or statements[0].type not in (
        duckdb.StatementType.SELECT,
        duckdb.StatementType.EXPLAIN,
    ):
        raise ValueError("expected one SELECT statement; the tables are read-only")
    connection.execute("BEGIN TRANSACTION READ ONLY")  # EXPLAIN ANALYZE runs what it explains, a DELETE too
    try:
        result = connection.execute(statements[0])
        kinds = {column[0]: str(column[1]) for column in result.description or ()}
        return _with_whole_sums(result.df(), kinds)
    except duckdb.Error as error:
        raise ValueError(_message(error)) from None
    finally:
        connection.execute("ROLLBACK")


def _with_whole_sums(rows: pd.DataFrame, kinds: dict[str, str]) -> pd.DataFrame:
    """The rows with sums of whole numbers as whole numbers; DuckDB's HUGEINT reaches pandas as a float."""
    exact = []
    for name in rows:
        if kinds.get(str(name)) == "HUGEINT" and (rows[name].abs().max() or 0) < LARGEST_EXACT:
            exact.append(name)
    return rows.astype(dict.fromkeys(exact, "Int64"))


def build(corpus: Corpus, path: str | Path) -> Path:
    """Writes the public tables to a DuckDB file, whole or not at all.

    Parameters
    ----------
    corpus
        What `corpus.load` gives.
    path
        The file; one that is there is replaced, and missing folders are made.

    Returns
    -------
    Path
        The file's path.

    Raises
    ------
    ValueError
        If the file cannot be written.

    Examples
    --------
    >>> import corpus
    >>> from corpus.database import build
    >>> build(corpus.load(), "prunebase.duckdb")  # doctest: +SKIP
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with duckdb.connect(str(unfinished)) as connection:
            fill(connection, corpus)
        unfinished.replace(path)
    except (duckdb.IOException, IsADirectoryError) as error:
        raise ValueError(f"{path}: cannot be written: {_message(error)}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def export(tables: Corpus | str | Path, folder: str | Path, kind: str) -> list[Path]:
    """Writes each public table as a file of its own, `<table>.<kind>`.

    Parameters
    ----------
    tables
        A corpus, or the path of a built database.
    folder
        Where the files go; it is made if it is missing.
    kind
        `parquet` or `csv`.

    Returns
    -------
    list of Path
        The files, one for each table.

    Examples
    --------
    >>> import corpus
    >>> from corpus.database import export
    >>> export(corpus.load(), "tables", "csv")  # doctest: +SKIP
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    options = {"parquet": "FORMAT parquet", "csv": "FORMAT csv, HEADER"}[kind]
    if isinstance(tables, Corpus):
        connection = duckdb.connect(":memory:")
        fill(connection, tables)
    else:
        connection = duckdb.connect(str(tables), read_only=True)
    paths = []
    with connection:
        for name in COLUMNS:
            path = folder / f"{name}.{kind}"
            unfinished = folder / f".{name}.{os.getpid()}.tmp"
            connection.execute(f"COPY {name} TO {_quoted(unfinished)} ({options})")
            unfinished.replace(path)
            paths.append(path)
    return paths


def _quoted(path: Path) -> str:
    """The path as a string in SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def fill(connection: duckdb.DuckDBPyConnection, corpus: Corpus) -> None:
    """Creates the public tables in an open database."""
    for name, kinds in COLUMNS.items():
        typed_columns = ", ".join(f'"{column}" {kind}' for column, kind in kinds.items())
        connection.execute(f"CREATE TABLE {name} ({typed_columns})")
        rows = iter(rows_of(corpus, name))
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            batch_columns = _columns(batch, kinds)  # noqa: F841 (DuckDB reads it by its name)
            connection.execute(f"INSERT INTO {name} SELECT * FROM batch_columns")


def _columns(rows: Sequence[Cells], kinds: dict[str, str]) -> dict[str, np.ndarray]:
    """The rows as columns; numbers that are missing are masked, so that DuckDB has NULL and not NaN for them."""
    columns = {}
    for name, kind in kinds.items():
        columns[name] = _column((row.get(name) for row in rows), kind)
    return columns


def _column(cells: Iterable[object], kind: str) -> np.ndarray:
    if kind in ("DOUBLE", "INTEGER"):
        return np.ma.masked_invalid(np.array(list(cells), dtype=float))
    return np.array(list(cells), dtype=object)


def _message(error: Exception) -> str:
    """DuckDB's message without its class name and ASCII art."""
    lines = [line for line in str(error).splitlines() if line.strip() and not line.startswith("LINE ")]
    return " ".join(line.strip() for line in lines if set(line.strip()) != {"^"})
