"""How the command line prints: plain lines to a pipe, tables to a person."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from corpus.checks.check import Report
    from corpus.schema.reader import Problem


def fail(message: str) -> None:
    """Prints an error, each line as it is, to standard error."""
    print(message, file=sys.stderr)


def print_table(data: pd.DataFrame, title: str = "") -> None:
    """A frame as a table as wide as it needs to be."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype
    from rich.console import Console
    from rich.table import Table

    if title:
        print(title)
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for name, kind in zip(data.columns, data.dtypes, strict=True):
        numeric = is_numeric_dtype(kind) and not is_bool_dtype(kind)
        shown.add_column(str(name), justify="right" if numeric else "left", no_wrap=not sys.stdout.isatty())
    for row in data.itertuples(index=False):
        shown.add_row(*(_cell(value) for value in row))
    wide = (
        Console(highlight=False, markup=False)
        if sys.stdout.isatty()
        else Console(highlight=False, width=10_000)
    )
    wide.print(shown)


def _cell(value: object) -> str:
    from rich.markup import escape

    from metaanalysis.drawing.tables_as_text import cell

    return escape(cell(value))


def report_text(report: Report, listed: Iterable[str], named: Iterable[str] = ()) -> str:
    """What `check` says: problems, then counts; of warnings the kinds listed, and contradictions in the files named."""
    listed, files = set(listed), {os.path.relpath(file) for file in named}
    shown = [str(problem) for problem in report.errors]
    for problem in report.warnings if listed or files else ():  # a large corpus has many
        of_named = problem.kind == "contradiction" and os.path.relpath(problem.file) in files
        if of_named or problem.kind in listed:
            shown.append(_warning(problem))
    return "\n".join([*shown, *_counted(report)])


def _warning(problem: Problem) -> str:
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.kind}: {problem.message}"


def _counted(report: Report) -> list[str]:
    from corpus.checks.check import AXES, WARNINGS

    counts = report.counts
    numeric, verified = counts["numeric sheet rows"], counts["numeric sheet rows verified"]
    others = counts["rows with numbers"] - numeric
    elsewhere = counts["rows verified against the paper"] - verified
    axes = ", ".join(f"{name} {counts[f'axis {name}']}" for name in AXES)
    warned = ", ".join(_plural(counts[f"{kind}s"], kind) for kind in WARNINGS)
    hint = "" if report.errors else "  (list them with --warnings)"
    return [
        f"{_plural(counts['papers'], 'paper')}, {counts['survey rows']} sheet rows, "
        f"{_plural(len(report.errors), 'error')}",
        f"  {_plural(numeric, 'sheet row')} with numbers, {verified} verified against the papers; "
        f"{_plural(others, 'other row')}, {elsewhere} verified; {counts['released runs']:,} released runs",
        f"  {_plural(counts['comparisons'], 'comparison')}; "
        f"{_plural(counts['methods'], 'method')}, axes stated for: {axes}",
        *_own_runs(counts),
        f"  {warned}{hint}",
    ]


def _own_runs(counts: Mapping[str, int]) -> Iterable[str]:
    """A line on what was measured here, which is counted apart from what papers report."""
    studies, runs = counts.get("re-run studies", 0), counts.get("re-run runs", 0)
    if studies:
        yield f"  + {studies} re-run {'study' if studies == 1 else 'studies'}, {_plural(runs, 'run')}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def report_json(report: Report) -> str:
    """The whole report as one JSON object."""
    problems = {
        "errors": [_as_dict(problem) for problem in report.errors],
        "warnings": [_as_dict(problem) for problem in report.warnings],
    }
    return json.dumps({"counts": report.counts, **problems}, ensure_ascii=False, indent=1)


def _as_dict(problem: Problem) -> dict[str, object]:
    return {name: getattr(problem, name) for name in ("file", "line", "column", "kind", "message")}


def report_github(report: Report) -> str:
    """Problems as annotations of a GitHub workflow run."""
    lines = [_annotation("error", problem) for problem in report.errors]
    lines += [
        _annotation("warning", problem) for problem in report.warnings if problem.kind == "contradiction"
    ]
    return "\n".join([*lines, *_counted(report)])


def _annotation(level: str, problem: Problem) -> str:
    message = problem.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} file={problem.file},line={problem.line},col={problem.column}::{message}"
