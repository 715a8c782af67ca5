"""Hostile and broken queries: refused or stopped, with a reason, and nothing is different afterwards."""

from __future__ import annotations

import hashlib

import pytest

pytest.importorskip("streamlit", reason="streamlit is not installed")

from app.web.widgets import console
from corpus.database.public_tables import build

REFUSED = (
    "COPY papers TO '/tmp/stolen.csv'",
    "COPY (SELECT * FROM papers) TO 'out.parquet' (FORMAT parquet)",
    "COPY papers FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/stolen'",
    "IMPORT DATABASE '/tmp/stolen'",
    "ATTACH '/tmp/other.duckdb'",
    "ATTACH ':memory:' AS other",
    "DETACH prunebase",
    "USE information_schema",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '/tmp/evil.duckdb_extension'",
    "FORCE INSTALL spatial",
    "UPDATE EXTENSIONS",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "PRAGMA version",
    "SET memory_limit = '100GB'",
    "SET enable_external_access = true",
    "SET GLOBAL threads = 64",
    "RESET ALL",
    "CALL pragma_version()",
    "CHECKPOINT",
    "VACUUM",
    "ANALYZE",
    "BEGIN TRANSACTION",
    "CREATE TABLE t AS SELECT 1",
    "CREATE TEMP TABLE t AS SELECT 1",
    "CREATE OR REPLACE VIEW papers AS SELECT 1",
    "CREATE MACRO f(x) AS x + 1",
    "CREATE SECRET s (TYPE s3)",
    "CREATE SEQUENCE s",
    "DROP TABLE papers",
    "DELETE FROM papers",
    "UPDATE papers SET title = 'mine'",
    "INSERT INTO papers SELECT * FROM papers",
    "TRUNCATE papers",
    "ALTER TABLE papers ADD COLUMN x INTEGER",
    "MERGE INTO papers USING papers p ON true WHEN MATCHED THEN DELETE",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "EXPLAIN ANALYZE DELETE FROM papers",
    "EXPLAIN ANALYZE COPY papers TO '/tmp/stolen.csv'",
    "WITH gone AS (DELETE FROM papers RETURNING *) SELECT * FROM gone",
    "WITH more AS (INSERT INTO comparisons VALUES ('a', 'b', NULL) RETURNING *) SELECT * FROM more",
    "SELECT 1; DROP TABLE papers",
    "SELECT 1; SELECT 2",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('https://example.org/x.csv')",
    "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
    "SELECT * FROM read_json('/proc/self/environ')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_blob('/etc/shadow')",
    "SELECT * FROM glob('/**')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'https://example.org/x.parquet'",
    "SELECT * FROM sqlite_scan('a.db', 't')",
    "SELECT * FROM postgres_scan('host=localhost', 'public', 't')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_extensions()",
    "SELECT * FROM duckdb_temporary_files()",
    "SELECT * FROM pragma_database_size()",
    "SELECT * FROM information_schema.schemata",
    "SELECT * FROM sqlite_master",
    "SELECT current_setting('secret_directory')",
    "SELECT getenv('HOME')",
    "SELECT * FROM query('SELECT * FROM duckdb_settings()')",
    "SELECT * FROM query_table('papers')",
    "SELECT * FROM checkpoint()",
    "SELECT * FROM (SELECT * FROM read_csv('/etc/passwd')) x",
    "SELECT (SELECT count(*) FROM read_text('/etc/passwd'))",
    "SELECT * FROM papers WHERE paper IN (SELECT content FROM read_text('/etc/passwd'))",
    "WITH f AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM f",
    "SELECT * FROM papers UNION ALL SELECT * FROM '/etc/passwd'",
    "SELECT * FROM sys.path",
    "SELECT * FROM os",
    "",
    "   ;  ",
    "not sql at all",
    "SELECT " + "x" * 30_000,
)
BOMBS = (
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
    "WITH RECURSIVE t(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM t) SELECT max(len(s)) FROM t",
    "SELECT count(*) FROM measurements a, measurements b, measurements c, measurements d",
    "SELECT sum(a.value * b.value * c.value) FROM measurements a, measurements b, measurements c",
    "SELECT len(repeat('x', 4000000000))",
    "SELECT string_agg(repeat('x', 1000000), '') FROM range(100000)",
    "SELECT list(r) FROM range(100000000000) t(r)",
    "SELECT len(range(4000000000))",
    "SELECT * FROM range(1000000000000) a ORDER BY random()",
    "SELECT " + "(" * 9_000 + "1" + ")" * 9_000,
    "SELECT " + " + ".join(["1"] * 9_000),
    "SELECT regexp_matches(repeat('a', 100000000), '(a+)+$')",
)


@pytest.fixture(scope="module")
def database(everything, tmp_path_factory):
    """The public tables in a file, as the console reads them."""
    return build(everything, tmp_path_factory.mktemp("console") / "prunebase.duckdb")


def stamp(path) -> str:
    """The file's content in short."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_list_is_long_enough():
    """At least sixty attempts."""
    assert len({*REFUSED, *BOMBS}) >= 60


@pytest.mark.parametrize("query", REFUSED, ids=lambda query: query[:40])
def test_hostile_statements_are_refused(database, query):
    """A statement that writes, reads files, looks at settings or is no SELECT gets a reason and no rows."""
    before = stamp(database)
    answer = console.run(database, query)
    assert answer.rows is None
    assert answer.problem
    assert "Traceback" not in answer.problem
    assert "/tmp/" not in answer.problem.replace(query, "") or "/tmp/" in query
    assert stamp(database) == before


@pytest.mark.parametrize("query", BOMBS, ids=lambda query: query[:40])
def test_bombs_are_stopped(database, query):
    """A query without end or measure is stopped in time, or answered within the limits."""
    answer = console.run(database, query, seconds=1.5)
    assert answer.problem or len(answer.rows) <= console.MOST_ROWS


def test_the_console_works_after_all_that(database, everything):
    """A plain query still gives its rows."""
    assert console.run(database, "SELECT count(*) AS n FROM papers").rows["n"][0] == len(everything.papers)


def test_rows_are_limited_and_said_to_be(database):
    """No more than the limit comes back, and the answer tells that there is more."""
    answer = console.run(database, "SELECT * FROM range(1000000000)", most_rows=10)
    assert list(answer.rows["range"]) == list(range(10))
    assert answer.more


def test_cells_are_limited(database):
    """One enormous cell comes back cut."""
    answer = console.run(database, "SELECT repeat('x', 1000000) AS long")
    assert len(answer.rows["long"][0]) <= 2_001


def test_names_in_with_hide_nothing_else(database):
    """A name given by WITH may be used, and does not open a file of that name."""
    assert len(console.run(database, "WITH t AS (SELECT 1 AS one) SELECT * FROM t").rows) == 1
    assert console.run(database, 'WITH t AS (SELECT 1) SELECT * FROM t, "/etc/passwd"').refused
