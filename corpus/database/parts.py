"""Builds the database of a corpus too large to hold in memory at ease: part by part, on all cores."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from corpus.catalogue.corpus import Corpus
from corpus.catalogue.papers import MANY_PAPERS, default_folder, in_parts, paper_files, read_paper, shown
from corpus.checks.check import load
from corpus.checks.facts import Facts, facts_of
from corpus.checks.report import report_of
from corpus.database.public_tables import build, quoted, typed, write_database
from corpus.database.tables import COLUMNS, columns
from corpus.schema.reader import CorpusError
from corpus.schema.vocabulary import Names, read_names

ORDER = {"survey_rows": "ORDER BY survey, row"}
"""Tables that are not simply one paper after another."""


def build_folder(
    folder: str | Path | None, path: str | Path, *, as_published: bool = False, reruns: bool = False
) -> Path:
    """As `database.build` of the corpus in `folder`; CorpusError with every problem if there is any error.

    `reruns` adds our own runs to the papers.
    """
    folder = Path(folder) if folder else default_folder()
    names, problems = read_names(folder / "vocabulary", shown(folder / "vocabulary"))
    paths = paper_files(folder, reruns=reruns)
    if len(paths) < MANY_PAPERS:
        return build(load(folder, as_published=as_published, reruns=reruns), path)
    with TemporaryDirectory(prefix="prunebase-") as scratch:
        write = partial(_write_part, folder, names, as_published, Path(scratch))
        parts = list(in_parts(write, list(paths.values())))
        facts = [found for part in parts for found in part]
        report = report_of(facts, paths, folder, problems, as_published)
        if report.errors:
            raise CorpusError(report.errors)
        return write_database(path, partial(_join, Path(scratch), [part[0].key for part in parts]))


def _write_part(
    folder: Path, names: Names, as_published: bool, scratch: Path, paths: Sequence[Path]
) -> list[Facts]:
    """The facts of these papers, whose rows of each public table it leaves in `scratch`."""
    readings = [read_paper(path, folder, names, as_published, path.name) for path in paths]
    found = [
        reading.resolution for reading in readings if reading.resolution and not reading.document.problems
    ]
    kept = [resolution for resolution in found if not as_published or resolution.paper.survey()]
    corpus = Corpus(
        {resolution.paper.key: resolution.paper for resolution in kept},
        names,
        as_published,
        tuple(pair for resolution in kept for pair in resolution.contradictions),
    )
    for name in COLUMNS:
        rows = columns(corpus, name)  # noqa: F841 (DuckDB reads it by its name)
        file = quoted(_part(scratch, name, paths[0].stem))
        _writer().execute(f"COPY ({typed(name)}) TO {file} (FORMAT parquet)")
    return [facts_of(path, reading, as_published) for path, reading in zip(paths, readings, strict=True)]


@lru_cache(maxsize=1)
def _writer() -> duckdb.DuckDBPyConnection:
    """The database through which a process writes its parts; the cores are busy, so it gets one thread."""
    return duckdb.connect(":memory:", config={"threads": 1})


def _join(scratch: Path, firsts: Sequence[str], connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the public tables from their parts, in order."""
    for name in COLUMNS:
        files = ", ".join(quoted(_part(scratch, name, first)) for first in firsts)
        connection.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_parquet([{files}]) {ORDER.get(name, '')}"
        )


def _part(scratch: Path, table: str, first: str) -> Path:
    """Where the rows of a table from the part that begins with paper `first` lie."""
    return scratch / f"{table}.{first}.parquet"
