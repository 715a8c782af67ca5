"""`prunebase query` and `build`: read-only answers as data, and files that are whole or not there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pytest

from corpus.database import public_tables
from corpus.database.public_tables import build, connect
from corpus.database.public_tables import run as ask
from corpus.database.tables import COLUMNS

TOY = str(Path(__file__).parent.parent.parent / "toy")


def test_query_as_json_is_one_array(run):
    """Null for missing, full precision, whole numbers whole, no row left out."""
    sql = "SELECT survey_row, top1, top1_std, label FROM points ORDER BY survey_row NULLS LAST"
    records = json.loads(run("query", sql, "--corpus", TOY, "--format", "json").stdout)
    assert (
        len(records) == 18
    )  # 14 rows with numbers of the sheet's 16, one of the fourth paper, three released runs
    assert records[0] == {"survey_row": 1, "top1": 69.0, "top1_std": None, "label": "Birch 2016"}
    assert records[-1]["survey_row"] is None
    total = json.loads(
        run("query", "SELECT sum(survey_row) AS n FROM points", "--corpus", TOY, "--format", "json").stdout
    )
    assert total == [{"n": 1 + 2 + 3 + 4 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17 + 20 + 21}]
    assert isinstance(total[0]["n"], int)
    third = json.loads(run("query", "SELECT 1 / 3 AS x", "--corpus", TOY, "--format", "json").stdout)
    assert third == [{"x": 1 / 3}]
    assert (
        json.loads(run("query", "SELECT 1 AS x WHERE false", "--corpus", TOY, "--format", "json").stdout)
        == []
    )


def test_query_json_is_json_for_every_kind_of_value(run):
    """Infinity, dates, lists and structures come out as JSON that any reader takes."""
    sql = "SELECT 'inf'::DOUBLE AS a, 'nan'::DOUBLE AS b, DATE '2020-01-02' AS c, [1, 2] AS d, {'e': 1} AS e, true AS f"
    text = run("query", sql, "--corpus", TOY, "--format", "json").stdout

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    [record] = json.loads(text, parse_constant=refuse)
    assert (record["b"], record["d"], record["e"], record["f"]) == (None, [1, 2], {"e": 1}, True)
    assert record["c"].startswith("2020-01-02")


def test_query_reads_standard_input_and_the_published_view(run):
    """`-` reads the statement; `--as-published` has the survey's papers alone."""
    asked = "SELECT count(*) AS n FROM papers\n"
    found = run("query", "-", "--corpus", TOY, "--format", "csv", stdin=asked).stdout
    assert found == "n\n4\n"
    published = run("query", asked, "--corpus", TOY, "--format", "csv", "--as-published").stdout
    assert published == "n\n3\n"


REFUSED = [
    "INSERT INTO papers SELECT * FROM papers",
    "DELETE FROM papers",
    "UPDATE papers SET title = ''",
    "DROP TABLE papers",
    "CREATE TABLE x AS SELECT 1",
    "EXPLAIN ANALYZE DELETE FROM papers",
    "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
    "ATTACH '{file}.duckdb'",
    "COPY papers TO '{file}'",
    "EXPLAIN ANALYZE COPY papers TO '{file}'",
    "EXPORT DATABASE '{file}'",
    "PRAGMA database_list",
    "PRAGMA enable_external_access = true",
    "SET enable_external_access = true",
    "SET memory_limit = '1GB'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CALL pragma_version()",
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_blob('{secret}')",
    "SELECT * FROM '{secret}'",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM sniff_csv('{secret}')",
    "SELECT getenv('HOME')",
    "SELECT 1; SELECT 2",
    "SELECT * FROM connection",
    "SELECT * FROM nothing",
    "SELEC 1",
    "",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_query_writes_and_reads_nothing_outside(run, tmp_path, sql):
    """Writes, settings, other databases and files are refused with one line; no file appears and none is shown."""
    secret = tmp_path / "secret.csv"
    secret.write_text("hidden\n42\n")
    text = sql.format(file=tmp_path / "out", secret=secret, folder=tmp_path)
    result = run("query", text, "--corpus", TOY, code=1)
    assert result.stdout == ""
    assert re.fullmatch(r"error: [^\n]+\n", result.stderr)
    assert "42" not in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_a_refused_write_leaves_the_tables_alone(toy):
    """Even a DELETE hidden in EXPLAIN ANALYZE changes nothing for the next query on the same connection."""
    with connect(toy) as connection:
        with pytest.raises(ValueError, match="read-only"):
            ask(connection, "EXPLAIN ANALYZE DELETE FROM papers")
        assert ask(connection, "SELECT count(*) AS n FROM papers")["n"].tolist() == [4]


def test_build_writes_every_table(run, tmp_path):
    """One DuckDB file with all public tables, and each as Parquet and CSV where asked for."""
    output = tmp_path / "deep" / "toy.duckdb"
    words = ["--parquet", str(tmp_path / "parquet"), "--csv", str(tmp_path / "csv")]
    printed = run("build", "-o", str(output), *words, "--corpus", TOY).stdout.splitlines()
    assert printed[0] == str(output)
    assert sorted(printed[1:]) == sorted(
        str(tmp_path / kind / f"{name}.{kind}") for kind in ("parquet", "csv") for name in COLUMNS
    )
    with duckdb.connect(str(output), read_only=True) as connection:
        assert {name for (name,) in connection.execute("SHOW TABLES").fetchall()} == set(COLUMNS)
        assert connection.execute("SELECT count(*) FROM papers").fetchall() == [(4,)]
    for path in printed:
        assert Path(path).stat().st_size > 0
    assert not [path for path in tmp_path.rglob("*") if ".tmp" in path.name]


def test_build_replaces_the_old_file_whole(run, tmp_path):
    """The old file stays until the new one is complete, and there is never a third."""
    output = tmp_path / "toy.duckdb"
    output.write_text("old")
    run("build", "-o", str(output), "--corpus", TOY, "--as-published")
    with duckdb.connect(str(output), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM papers").fetchall() == [(3,)]
    assert [path.name for path in tmp_path.iterdir()] == ["toy.duckdb"]


def test_a_failed_build_keeps_the_old_file(toy, tmp_path, monkeypatch):
    """If filling fails half way, the old file is as it was and no other is left."""
    output = tmp_path / "toy.duckdb"
    output.write_text("old")

    def fail(connection: duckdb.DuckDBPyConnection, _: object) -> None:
        connection.execute("CREATE TABLE half AS SELECT 1")
        raise OSError("disk full")

    monkeypatch.setattr(public_tables, "fill", fail)
    with pytest.raises(OSError, match="disk full"):
        build(toy, output)
    assert output.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["toy.duckdb"]


@pytest.mark.parametrize("output", ["{folder}", "{folder}/file/x.duckdb", "/proc/nowhere/x.duckdb"])
def test_a_place_that_cannot_be_written_is_one_line(run, tmp_path, output):
    """A folder, a file taken for a folder, a place without permission: one line, exit code 1, nothing left."""
    (tmp_path / "file").write_text("")
    result = run("build", "-o", output.format(folder=tmp_path), "--corpus", TOY, code=1)
    assert re.fullmatch(r"error: [^\n]+\n", result.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
