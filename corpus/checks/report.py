"""Sets all papers side by side: the errors that only show then, and the report of a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.checks.duplicates import papers_twice
from corpus.checks.paper_report import COUNTED, WARNINGS, PaperReport, PlacedValue
from corpus.checks.unpruned_across_papers import unlike_others
from corpus.database.queryable import QueryableCorpus
from corpus.schema.places import shown
from corpus.schema.reader import Problem
from corpus.schema.suggest import did_you_mean


@dataclass
class Report:
    """What a check found; `corpus` is None if there was any error, or if only the report was asked for.

    `counts` says how many papers, rows, methods ... stand, and how many warnings there are of each kind.
    """

    corpus: QueryableCorpus | None
    errors: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)


def report_of(
    papers: Iterable[PaperReport],
    paths: Mapping[str, Path],
    folder: Path,
    problems: Iterable[Problem],
    as_published: bool = False,
) -> Report:
    """The report on `papers`, whose keys and files are `paths`.

    `folder` is the corpus's, for the error that it has no papers; `problems` are errors that were known before. As
    published, papers that are not in the survey do not count and are not set beside others.
    """
    papers = list(papers)
    errors = list(problems)
    if not paths:
        place = shown(folder / "papers")
        errors.append(Problem(place, 1, 1, "no paper files here; expected papers/<key>.yaml"))
    for paper in papers:
        errors += paper.errors
    seen = [paper for paper in papers if paper.in_survey or not as_published]
    errors += _unknown_papers(seen, paths)
    errors += _unknown_methods(seen, paths)
    errors += _rows_used_twice(seen)
    errors += papers_twice(seen)
    unlike = list(
        unlike_others((paper.key, paper.file, baseline) for paper in seen for baseline in paper.baselines)
    )
    warnings = [*unlike]
    for paper in papers:
        warnings += paper.warnings
    counts = _counts([paper for paper in seen if paper.stands]) | _kinds(warnings)
    return Report(None, sorted(set(errors)), counts, sorted(warnings))


def _unknown_papers(papers: Iterable[PaperReport], paths: Mapping[str, Path]) -> Iterator[Problem]:
    """An error for each key of another paper that there is no file of."""
    hints: dict[str | int, str] = {}  # a renamed paper is missed by many others
    for paper in papers:
        named = [("compares_to", comparison) for comparison in paper.comparisons]
        named += [("of", origin) for origin in paper.origins]
        for what, placed in named:
            key = placed.value
            if key in paths:
                continue
            if key not in hints:
                hints[key] = did_you_mean(str(key), paths)
            remedy = "" if what == "compares_to" else "; expected a key, or `of: {outside: name and year}`"
            message = f"{what}: '{key}' is not a paper of the corpus{hints[key] or remedy}"
            yield Problem(paper.file, placed.line, placed.column, message)


def _unknown_methods(papers: Iterable[PaperReport], paths: Mapping[str, Path]) -> Iterator[Problem]:
    """An error for each `same_method` that no paper has; a paper with errors of its own may have it."""
    papers = list(papers)
    methods = {paper.key: paper.methods for paper in papers if paper.stands}
    for paper in papers:
        for placed in paper.same_methods:
            key, _, method = str(placed.value).partition("/")
            message = ""
            if key not in paths:
                hint = did_you_mean(key, paths)
                message = f"same_method: '{key}' is not a paper of the corpus{hint}"
            elif key in methods and method not in methods[key]:
                known = (
                    did_you_mean(method, methods[key]) or f"; expected one of: {', '.join(methods[key])}"
                )
                message = f"same_method: {key} has no method '{method}'{known}"
            if message:
                yield Problem(paper.file, placed.line, placed.column, message)


def _rows_used_twice(papers: Iterable[PaperReport]) -> Iterator[Problem]:
    """An error for each row of the survey's sheet that stands in a second place."""
    first: dict[str | int, tuple[str, PlacedValue]] = {}
    for paper in papers:
        for row in paper.survey_rows:
            file, place = first.setdefault(row.value, (paper.file, row))
            if (file, place) != (paper.file, row):
                message = f"survey_row {row.value} is used already in {file}, line {place.line}"
                yield Problem(paper.file, row.line, row.column, message)


def _counts(papers: list[PaperReport]) -> dict[str, int]:
    counts = {"papers": len(papers), **dict.fromkeys(COUNTED, 0)}
    for paper in papers:
        for name, count in paper.counts.items():
            counts[name] += count
    return counts


def _kinds(warnings: Iterable[Problem]) -> dict[str, int]:
    """How many warnings there are of each kind."""
    kinds = Counter(problem.kind for problem in warnings)
    return {f"{kind}s": kinds[kind] for kind in WARNINGS}
