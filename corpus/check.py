"""Loads a corpus and says everything that is wrong with it, and everything that is doubtful."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from corpus.catalogue import Corpus, Entry, Paper
from corpus.derive import Contradiction, Derivation
from corpus.fields import KEY_PATTERN
from corpus.names import Names, read_names
from corpus.paper import Method, PaperFile
from corpus.reader import CorpusError, Document, Problem, read_file
from corpus.resolve import Resolution, resolve
from corpus.schema_errors import validated
from corpus.suggest import did_you_mean

AXES = ("structure", "scoring", "scope", "scheduling", "fine_tuning")
WARNINGS = ("contradiction", "doubt", "unknown location")


@dataclass(slots=True)
class Report:
    """What a check found; `corpus` is None if there was any error."""

    corpus: Corpus | None
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


@lru_cache(maxsize=1)
def default_folder() -> Path:
    """The corpus beside this module: the checkout's, or the one packaged in the wheel."""
    return Path(__file__).parent


def load(folder: str | Path | None = None, *, as_published: bool = False, reruns: bool = False) -> Corpus:
    """The corpus in `folder`; CorpusError with every problem if there is any error.

    `as_published` gives the world as the 2020 survey's sheet has it: no corrections, nothing added, survey papers only.
    `reruns` adds our own runs.
    """
    report = check_corpus(folder, as_published=as_published, reruns=reruns)
    if report.corpus is None:
        raise CorpusError(report.errors)
    return report.corpus


def check_corpus(
    folder: str | Path | None = None,
    *,
    files: Iterable[str | Path] = (),
    as_published: bool = False,
    reruns: bool = False,
) -> Report:
    """Reads and checks every paper; a file of `files` that lies outside stands in for the same key of the corpus."""
    folder = Path(folder) if folder else default_folder()
    names, errors = read_names(folder / "vocabulary", _shown(folder / "vocabulary"))
    paths = {path.stem: path for path in sorted((folder / "papers").glob("*.yaml"))}
    stand_ins = {Path(file).stem: Path(file) for file in files}
    paths |= stand_ins
    if reruns:
        paths |= {path.stem: path for path in sorted((folder.parent / "rerun" / "results").glob("*.yaml"))}
    if not paths:
        errors.append(Problem(_shown(folder / "papers"), 1, 1, "no paper files here; expected papers/<key>.yaml"))
    resolutions = [
        resolution
        for key, path in sorted(paths.items())
        if (resolution := _read_paper(path, folder, names, as_published, errors)) is not None
    ]
    if as_published:
        resolutions = [found for found in resolutions if found.paper.survey()]
    papers = {found.paper.key: found.paper for found in resolutions}
    shown = {key: _shown(path) for key, path in paths.items()}
    errors += _cross_errors(papers, paths.keys(), shown)
    contradictions = tuple(pair for found in resolutions for pair in found.contradictions)
    corpus = Corpus(papers, names, as_published, contradictions)
    warnings = sorted({problem for paper in papers.values() for problem in _warnings(paper, shown[paper.key])})
    warnings += [_contradiction_problem(point.file, found) for point, found in contradictions]
    return Report(None if errors else corpus, sorted(set(errors)), sorted(set(warnings)), _counts(corpus, warnings))


def _read_paper(path: Path, folder: Path, names: Names, as_published: bool, errors: list[Problem]) -> Resolution | None:
    document = read_file(path, _shown(path))
    written = validated(document, PaperFile)
    resolution = None
    if written is not None:
        _check_key(path.stem, document)
        try:
            inside = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        except ValueError:
            inside = _shown(path)
        resolution = resolve(written, document, path, names, file=inside, as_published=as_published)
    errors += document.problems
    return resolution if not document.problems else None


def _check_key(stem: str, document: Document) -> None:
    if not re.fullmatch(KEY_PATTERN, stem):
        message = f"file name '{stem}.yaml' is not a paper key; expected surname, year, word: han2015learning.yaml"
        document.problems.append(Problem(document.file, 1, 1, message))


def _cross_errors(papers: dict[str, Paper], keys: Iterable[str], shown: dict[str, str]) -> list[Problem]:
    """Errors that only show when all papers are side by side."""
    keys = set(keys)
    errors = []
    survey_rows: dict[int, Entry] = {}
    for paper in papers.values():
        file = shown[paper.key]
        errors += _comparison_errors(paper, keys, file)
        for entry in paper.entries:
            if entry.survey_row is None:
                continue
            first = survey_rows.setdefault(entry.survey_row, entry)
            if first is not entry:
                message = f"survey_row {entry.survey_row} is used already in {first.file}, line {first.line}"
                errors.append(Problem(file, entry.line, 1, message))
        errors += _same_as_errors(paper, file)
    return errors


def _comparison_errors(paper: Paper, keys: set[str], file: str) -> list[Problem]:
    messages = []
    counted = Counter(comparison.compares_to for comparison in paper.comparisons)
    for other, times in counted.items():
        if other == paper.key:
            messages.append((other, f"compares_to: '{other}' is this paper itself"))
        elif other not in keys:
            hint = did_you_mean(other, keys)
            messages.append((other, f"compares_to: '{other}' is not a paper of the corpus{hint}"))
        if times > 1:
            messages.append((other, f"compares_to: '{other}' is listed {times} times"))
    if not messages:
        return []
    document = read_file(Path(file), file)
    return [document.problem(("compares_to", _index_of(document, other)), message) for other, message in messages]


def _index_of(document: Document, key: str) -> int:
    listed = document.tree["compares_to"] if isinstance(document.tree, dict) else []
    found = [index for index, item in enumerate(listed) if key in (item, item["key"] if isinstance(item, dict) else "")]
    return found[-1] if found else 0


def _same_as_errors(paper: Paper, file: str) -> list[Problem]:
    rows = {entry.survey_row for entry in paper.entries}
    return [
        Problem(file, point.line, point.column, f"same_as: {point.same_as} is not a survey_row of this paper")
        for point in paper.points
        if point.same_as is not None and (point.same_as not in rows or point.same_as == point.survey_row)
    ]


def _warnings(paper: Paper, file: str) -> Iterable[Problem]:
    for comparison in paper.comparisons:
        if comparison.doubt:
            message = f"comparison to {comparison.compares_to}: {comparison.doubt}"
            yield Problem(file, 1, 1, message, "doubt")
    if paper.written.doubt:
        yield Problem(file, 1, 1, paper.written.doubt, "doubt")
    for point in paper.points:
        if point.doubt:
            yield Problem(file, point.line, point.column, point.doubt, "doubt")
    unknown = [entry for entry in paper.entries if entry.location == "unknown"]
    for entry in unknown:
        what = f"where: unknown for {entry.architecture} on {entry.dataset}"
        yield Problem(file, entry.line, 1, what, "unknown location")


def _contradiction_problem(file: str, found: Contradiction) -> Problem:
    leaf = next(found.b.leaves())
    hint = f"; {found.hint}" if found.hint else ""
    message = f"{found.measure}: {_told(found.a)} but {_told(found.b)}{hint}"
    return Problem(file, leaf.line, leaf.column, message, "contradiction")


def _told(route: Derivation) -> str:
    quantity = route.quantity
    return f"{quantity.value:.6g} ({quantity.printed if not route.inputs else route.route})"


def _counts(corpus: Corpus, warnings: list[Problem]) -> dict[str, int]:
    entries = [entry for entry in corpus.entries if not entry.released]
    kinds = Counter(warning.kind for warning in warnings)
    methods = [method for paper in corpus.papers.values() for method in paper.methods.values()]
    numeric = [entry.point for entry in entries if entry.point]
    return {
        "papers": len(corpus.papers),
        "rows": len(entries),
        "survey rows": sum(entry.survey_row is not None for entry in entries),
        "rows with numbers": len(numeric),
        "rows verified against the paper": sum(point.verified is not None for point in numeric),
        "released runs": sum(entry.released for entry in corpus.entries),
        "comparisons": len(corpus.comparisons),
        "methods": len(methods),
        **{f"axis {name}": sum(axes(method)[name] is not None for method in methods) for name in AXES},
        **{f"{kind}s": kinds[kind] for kind in WARNINGS},
    }


def axes(method: Method) -> dict[str, str | None]:
    """The survey's five axes of a method; None where no source states it."""
    return {name: value if (value := getattr(method, name)) != "unknown" else None for name in AXES}


def _shown(path: Path) -> str:
    """The path as a person in the current directory would type it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
