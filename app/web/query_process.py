"""Runs one query in a process of its own: `python query_process.py DATABASE`, the request on standard input.

The process opens the database read-only with external access off, under limits of memory and processor time, checks the
statement, runs it, writes one JSON object and ends. Whatever a statement does, it dies with this process.
"""

from __future__ import annotations

import json
import sys

import duckdb

MEMORY = 256 << 20
ADDRESS_SPACE = 2 << 30
LONGEST_CELL = 2_000
TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
REFUSED_FUNCTIONS = (
    "current_setting",
    "getenv",
    "getvariable",
    "write_log",
    "nextval",
    "currval",
    "read_",
    "pragma_",
)
SETTINGS = (
    f"SET memory_limit = '{MEMORY >> 20}MB'",
    "SET threads = 1",
    "SET temp_directory = ''",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class Refused(Exception):
    """A statement that this console does not run, with the reason."""


def answer(database: str, sql: str, most_rows: int) -> dict:
    """Columns, types and at most `most_rows` rows of the one SELECT in `sql`, and whether there are more."""
    connection = duckdb.connect(database, read_only=True)
    for setting in SETTINGS:
        connection.execute(setting)
    _limit()
    _examine(connection, sql)
    result = connection.execute(sql)
    columns = [(column[0], str(column[1])) for column in result.description]
    rows = result.fetchmany(most_rows + 1)
    shown = [[_plain(value) for value in row] for row in rows[:most_rows]]
    return {"columns": columns, "rows": shown, "more": len(rows) > most_rows}


def _limit() -> None:
    """Bounds memory and processor time where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _examine(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuses all but one SELECT over the public tables (by DuckDB's own reading of it, not by words in it)."""
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1:
        raise Refused(f"found {len(statements)} statements; expected one SELECT")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise Refused(f"found {statements[0].type.name}; expected one SELECT: the tables are read-only")
    parsed = json.loads(connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()[0])
    if parsed.get("error"):
        raise Refused(f"{parsed.get('error_message', 'cannot be read')}; expected one SELECT")
    tables = {
        name
        for (name,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
    }
    _walk(parsed["statements"], tables | _named_parts(parsed))


def _named_parts(node: object) -> set[str]:
    """Names that WITH gives to parts of the query."""
    names = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            names |= {
                entry["key"] for entry in (part.get("cte_map") or {}).get("map", ()) if "key" in entry
            }
            if part.get("type") in ("RECURSIVE_CTE_NODE", "CTE_NODE"):
                names.add(part.get("cte_name", ""))
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    return {name.lower() for name in names}


def _walk(node: object, tables: set[str]) -> None:
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            stack += part
        elif isinstance(part, dict):
            _examine_part(part, tables)
            stack += part.values()


def _examine_part(part: dict, tables: set[str]) -> None:
    kind = part.get("type")
    if kind in ("INSERT_QUERY_NODE", "DELETE_QUERY_NODE", "UPDATE_QUERY_NODE", "MERGE_QUERY_NODE"):
        raise Refused("the tables are read-only; expected one SELECT")
    if kind == "BASE_TABLE":
        name = part.get("table_name", "")
        if part.get("schema_name", "") not in ("", "main") or name.lower() not in tables:
            raise Refused(f"no table '{name}'; expected one of: {', '.join(sorted(tables))}")
    function = str(part.get("function_name", "")).lower()
    if kind == "TABLE_FUNCTION":
        called = str((part.get("function") or {}).get("function_name", "")).lower()
        if called not in TABLE_FUNCTIONS:
            raise Refused(f"the table function '{called}' is not allowed; expected a public table")
    elif function.startswith(REFUSED_FUNCTIONS):
        raise Refused(f"the function '{function}' is not allowed here")


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"


def _message(error: Exception) -> str:
    """DuckDB's message without its class name, ASCII art and hints about settings that cannot be changed here."""
    lines = [line.strip() for line in str(error).splitlines()]
    kept = [
        line for line in lines if line and not line.startswith(("LINE ", "*", "Possible solutions", "^"))
    ]
    return " ".join(kept)[:500]


def main() -> None:
    """Reads {sql, most_rows}, writes the answer or {refused} or {wrong}."""
    request = json.load(sys.stdin)
    try:
        reply = answer(sys.argv[1], request["sql"], request["most_rows"])
    except Refused as reason:
        reply = {"refused": str(reason)}
    except (duckdb.OutOfMemoryException, MemoryError):
        reply = {"wrong": f"the query needs more than {MEMORY >> 20} MB; ask for less at once"}
    except (duckdb.Error, RecursionError, ValueError, OverflowError) as error:
        reply = {"wrong": _message(error)}
    json.dump(reply, sys.stdout)


if __name__ == "__main__":
    main()
