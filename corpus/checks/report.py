"""Sets the facts of all papers side by side: the errors that only show then, and the report of a check."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from operator import attrgetter
from pathlib import Path

from corpus.catalogue.corpus import Corpus
from corpus.catalogue.papers import shown
from corpus.checks.duplicates import papers_twice
from corpus.checks.facts import COUNTED, WARNINGS, Facts
from corpus.checks.unpruned_across_papers import Baseline, unlike_others
from corpus.schema.reader import Problem
from corpus.schema.suggest import did_you_mean

_in_order = attrgetter("file", "line", "column", "message", "kind")


@dataclass
class Report:
    """What a check found; `corpus` is None if there was any error, or if only the report was asked for."""

    corpus: Corpus | None
    errors: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    list_warnings: Callable[[], list[Problem]] = list

    @cached_property
    def warnings(self) -> list[Problem]:
        """Everything doubtful, in order; listed when it is first asked for."""
        return self.list_warnings()


def report_of(
    facts: Iterable[Facts],
    paths: Mapping[str, Path],
    folder: Path,
    problems: Iterable[Problem],
    as_published: bool = False,
) -> Report:
    """The report on papers with these facts and files; `problems` are errors found before."""
    facts = list(facts)
    prefixes = _prefixes(paths)
    errors = list(problems)
    if not paths:
        errors.append(
            Problem(shown(folder / "papers"), 1, 1, "no paper files here; expected papers/<key>.yaml")
        )
    standing = [found for found in facts if found.stands and (found.in_survey or not as_published)]
    errors += [
        Problem(prefixes[found.key] + file, *rest) for found in facts for file, *rest in found.errors
    ]
    seen = [found for found in facts if found.in_survey or not as_published]
    errors += _unknown_comparisons(seen, paths, prefixes)
    errors += _rows_used_twice(seen, prefixes)
    files = {found.key: f"{prefixes[found.key]}{found.key}.yaml" for found in seen}
    errors += papers_twice(seen, files)
    unlike = list(
        unlike_others(
            (found.key, files[found.key], Baseline(*fields)) for found in seen for fields in found.baselines
        )
    )
    counts = _counts(standing) | _kinds(facts, unlike)
    warnings = partial(_warnings, facts, prefixes, unlike)
    return Report(None, sorted(set(errors), key=_in_order), counts, warnings)


def _warnings(
    facts: Iterable[Facts], prefixes: Mapping[str, str], unlike: Iterable[Problem]
) -> list[Problem]:
    own = (
        Problem(prefixes[found.key] + file, *rest)
        for found in facts
        for file, *rest in json.loads(found.warnings)
    )
    return sorted((*own, *unlike), key=_in_order)


def _prefixes(paths: Mapping[str, Path]) -> dict[str, str]:
    """What stands before a bare file name, for each key, when it is shown to a person."""
    folders = {key: str(path).rpartition(os.sep)[0] for key, path in paths.items()}
    before = {folder: shown(Path(folder)) for folder in set(folders.values())}
    return {key: "" if before[folder] == "." else f"{before[folder]}/" for key, folder in folders.items()}


def _unknown_comparisons(
    facts: Iterable[Facts], paths: Mapping[str, Path], prefixes: Mapping[str, str]
) -> Iterator[Problem]:
    hints: dict[str, str] = {}  # a renamed paper is missed by many others
    for found in facts:
        for other, line, column in found.comparisons:
            if other not in paths:
                if other not in hints:
                    hints[other] = did_you_mean(other, paths)
                message = f"compares_to: '{other}' is not a paper of the corpus{hints[other]}"
                yield Problem(f"{prefixes[found.key]}{found.key}.yaml", line, column, message)


def _rows_used_twice(facts: list[Facts], prefixes: Mapping[str, str]) -> Iterator[Problem]:
    rows = [row for found in facts for row in found.survey_rows[::3]]
    if len(rows) == len(set(rows)):
        return
    first: dict[int, tuple[str, int, int]] = {}
    for found in facts:
        file, listed = f"{prefixes[found.key]}{found.key}.yaml", found.survey_rows
        for row, line, column in zip(listed[::3], listed[1::3], listed[2::3], strict=True):
            place = first.setdefault(row, (file, line, column))
            if place != (file, line, column):
                yield Problem(
                    file, line, column, f"survey_row {row} is used already in {place[0]}, line {place[1]}"
                )


def _counts(facts: list[Facts]) -> dict[str, int]:
    sums = [sum(column) for column in zip(*(found.counts for found in facts), strict=True)]
    return {"papers": len(facts), **dict(zip(COUNTED, sums or [0] * len(COUNTED), strict=True))}


def _kinds(facts: Iterable[Facts], unlike: Iterable[Problem]) -> dict[str, int]:
    """How many warnings there are of each kind."""
    kinds = Counter(problem.kind for problem in unlike)
    sums = [sum(column) for column in zip(*(found.warned for found in facts), strict=True)] or [0] * len(
        WARNINGS
    )
    return {f"{kind}s": own + kinds[kind] for kind, own in zip(WARNINGS, sums, strict=True)}
