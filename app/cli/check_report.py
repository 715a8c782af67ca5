"""What `check` says, for a person, a program, or a GitHub workflow run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.checks.check import Report
    from corpus.schema.reader import Problem

KINDS_IN_WORDS = {
    "own-text": "verified against the papers' own text",
    "authors-material": "against the authors' material",
    "recomputed": "recomputed",
    "survey-second-table": "against the survey's second table",
    "quoted": "against papers that quote them",
    "at odds": "at odds with what was checked",
    "unchecked": "unchecked",
}
"""What the summary says of each kind of check, the one that says most first."""
NOUNS = {"unit": "doubtful unit"}
"""What the summary calls a warning, where its kind alone would not be understood."""
NUMBERS_AT_ODDS = ("contradiction", "unit")
"""Kinds of warning that a contributor hears of unasked in the files named."""
PARTS_OF_A_PROBLEM = ("file", "line", "column", "kind", "message")


def report_text(report: Report, listed: Iterable[str], named: Iterable[str] = ()) -> str:
    """Errors, then warnings of the kinds `listed` and numbers at odds in the files `named`, then counts."""
    kinds = set(listed)
    files = {os.path.relpath(file) for file in named}
    lines = [str(problem) for problem in report.errors]
    if kinds or files:  # a large corpus has many warnings
        for warning in report.warnings:
            in_named_file = warning.kind in NUMBERS_AT_ODDS and os.path.relpath(warning.file) in files
            if in_named_file or warning.kind in kinds:
                place = f"{warning.file}:{warning.line}:{warning.column}"
                lines.append(f"{place}: {warning.kind}: {warning.message}")
    return "\n".join([*lines, *_count_lines(report)])


def report_json(report: Report) -> str:
    """The whole report as one JSON object: counts, errors, warnings."""
    content = {
        "counts": report.counts,
        "errors": [_as_dict(problem) for problem in report.errors],
        "warnings": [_as_dict(problem) for problem in report.warnings],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def report_github(report: Report) -> str:
    """Errors, contradictions and slips of a unit as annotations of a GitHub workflow run, then counts."""
    lines = [_annotation("error", problem) for problem in report.errors]
    for problem in report.warnings:
        if problem.kind in NUMBERS_AT_ODDS:
            lines.append(_annotation("warning", problem))
    return "\n".join([*lines, *_count_lines(report)])


def _count_lines(report: Report) -> list[str]:
    """How much the corpus holds, how much of it is verified, what is doubted."""
    from corpus.checks.check import AXES, WARNINGS

    counts = report.counts
    numeric = counts["numeric sheet rows"]
    other_rows = counts["rows with numbers"] - numeric
    axes = ", ".join(f"{name} {counts[f'axis {name}']}" for name in AXES)
    warnings = ", ".join(_plural(counts[f"{kind}s"], NOUNS.get(kind, kind)) for kind in WARNINGS)
    hint = "" if report.errors else "  (list them with --warnings)"
    return [
        f"{_plural(counts['papers'], 'paper')}, {counts['survey rows']} sheet rows, "
        f"{_plural(len(report.errors), 'error')}",
        f"  {_plural(numeric, 'sheet row')} with numbers, {_plural(other_rows, 'other row')}; "
        f"{counts['released runs']:,} released runs",
        _values_line(counts),
        f"  {_plural(counts['comparisons'], 'comparison')}; "
        f"{_plural(counts['methods'], 'method')}, axes stated for: {axes}",
        *_own_run_lines(counts),
        f"  {warnings}{hint}",
    ]


def _values_line(counts: Mapping[str, int]) -> str:
    """How many printed values were checked against which kind of source; each counts under its best one."""
    parts = [f"{counts[kind]:,} {words}" for kind, words in KINDS_IN_WORDS.items() if counts[kind]]
    said = f": {', '.join(parts)}" if parts else ""
    return f"  {counts['printed values']:,} printed values{said}"


def _own_run_lines(counts: Mapping[str, int]) -> list[str]:
    """A line on what was measured here, which is counted apart from what papers report; none without runs."""
    studies, runs = counts.get("re-run studies", 0), counts.get("re-run runs", 0)
    if not studies:
        return []
    return [f"  + {studies} re-run {'study' if studies == 1 else 'studies'}, {_plural(runs, 'run')}"]


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _as_dict(problem: Problem) -> dict[str, object]:
    return {part: getattr(problem, part) for part in PARTS_OF_A_PROBLEM}


def _annotation(level: str, problem: Problem) -> str:
    """A workflow command; line breaks and percent signs are escaped as GitHub asks."""
    message = problem.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} file={problem.file},line={problem.line},col={problem.column}::{message}"
