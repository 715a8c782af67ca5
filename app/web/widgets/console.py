"""The SQL console: the database it reads, and the limits under which a query runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from app.web.loaded import corpus, fingerprint, is_published
from corpus.catalogue.corpus import Corpus
from corpus.database.public_tables import build

SECONDS = 5.0
MOST_ROWS = 1_000
LONGEST_QUERY = 20_000
AT_ONCE = 4
PROCESS = Path(__file__).parent.parent / "query_process.py"
_turn = threading.BoundedSemaphore(AT_ONCE)

EXAMPLES = {
    "Papers by year": "SELECT year, count(*) AS papers, count(*) FILTER (peer_reviewed) AS peer_reviewed\n"
    "FROM papers GROUP BY year ORDER BY year",
    "ResNet-50 on ImageNet at 2x to 4x": "SELECT label, compression_ratio, top1_change, location, file, line\n"
    "FROM points\n"
    "WHERE dataset = 'ImageNet' AND architecture = 'ResNet-50'\n"
    "  AND compression_ratio BETWEEN 2 AND 4 AND survey_row IS NOT NULL\nORDER BY compression_ratio",
    "Papers that compare to nobody": "SELECT paper, title FROM papers\n"
    "WHERE paper NOT IN (SELECT paper FROM comparisons WHERE doubt IS NULL)\nORDER BY paper",
    "Most used pairs": "SELECT dataset, architecture, count(DISTINCT paper) AS papers\nFROM settings\n"
    "GROUP BY ALL ORDER BY papers DESC LIMIT 15",
    "Where a number comes from": "SELECT measure, value, low, high, layer, route, printed, file, line\n"
    "FROM measurements WHERE point_id = 'li2016pruning/142'",
    "Contradictions": "SELECT * FROM contradictions",
    "Columns of a table": "DESCRIBE points",
}


@dataclass(frozen=True)
class QueryAnswer:
    """The rows of a query, or the reason why there are none; `refused` if it was not run at all."""

    rows: pd.DataFrame | None = None
    more: bool = False
    problem: str = ""
    refused: bool = False


def ask(sql: str) -> QueryAnswer:
    """The answer to one SELECT over the public tables of the corpus that this session looks at."""
    return run(_database(corpus(), fingerprint(), is_published()), sql)


def run(database: Path, sql: str, seconds: float = SECONDS, most_rows: int = MOST_ROWS) -> QueryAnswer:
    """Runs `sql` on a database file in a process of its own, for at most `seconds`."""
    if not sql.strip():
        return QueryAnswer(problem="write a SELECT first", refused=True)
    if len(sql) > LONGEST_QUERY:
        return QueryAnswer(
            problem=f"the query has {len(sql):,} characters; at most {LONGEST_QUERY:,} are taken",
            refused=True,
        )
    if not _turn.acquire(timeout=2 * seconds):
        return QueryAnswer(problem="too many queries are running; try again in a moment", refused=True)
    try:
        return _answered(database, sql, seconds, most_rows)
    finally:
        _turn.release()


def _answered(database: Path, sql: str, seconds: float, most_rows: int) -> QueryAnswer:
    request = json.dumps({"sql": sql, "most_rows": most_rows}).encode()
    command = [sys.executable, "-I", str(PROCESS), str(database)]
    try:
        done = subprocess.run(
            command, input=request, capture_output=True, timeout=seconds, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        return QueryAnswer(problem=f"the query took longer than {seconds:g} s and was stopped")
    try:
        reply = json.loads(done.stdout)
    except ValueError:
        return QueryAnswer(problem="the query could not be run: it exceeded the limits of memory or depth")
    if "refused" in reply:
        return QueryAnswer(problem=reply["refused"], refused=True)
    if "wrong" in reply:
        return QueryAnswer(problem=reply["wrong"])
    return QueryAnswer(_frame(reply), reply["more"])


def _frame(reply: dict) -> pd.DataFrame:
    """Rows as a frame; columns of one name are distinguished by a number, as a frame needs it."""
    names: list[str] = []
    for name, _ in reply["columns"]:
        same = sum(other.partition(" #")[0] == name for other in names)
        names.append(f"{name} #{same + 1}" if same else name)
    return pd.DataFrame(reply["rows"], columns=names)


@st.cache_resource(
    show_spinner="Building the tables …", max_entries=4, on_release=lambda path: _remove(path)
)
def _database(_corpus: Corpus, stamp: str, as_published: bool) -> Path:  # noqa: ARG001 (the key)
    """A database file of the public tables in a folder that only this server can read."""
    return build(_corpus, Path(tempfile.mkdtemp(prefix="prunebase-")) / "prunebase.duckdb")


def _remove(path: Path) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)
