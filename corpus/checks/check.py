"""Loads a corpus and says everything that is wrong with it, and everything that is doubtful."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache as remembered
from functools import partial
from pathlib import Path

from corpus.catalogue.corpus import Corpus
from corpus.catalogue.own_runs import read_reruns, with_reruns
from corpus.catalogue.papers import default_folder, in_parts, no_collection, paper_files, read_paper, shown
from corpus.checks.cache import Cache, read_records
from corpus.checks.facts import AXES, Facts, axes, facts_of
from corpus.checks.report import WARNINGS, Report, report_of
from corpus.schema.reader import CorpusError
from corpus.schema.vocabulary import Names, read_names

__all__ = [
    "AXES",
    "WARNINGS",
    "Cache",
    "Report",
    "axes",
    "check_corpus",
    "check_papers",
    "default_folder",
    "load",
]


def load(
    folder: str | Path | None = None,
    *,
    as_published: bool = False,
    reruns: bool = False,
    reruns_from: str | Path | None = None,
) -> Corpus:
    """The corpus in `folder`; CorpusError with every problem if there is any error.

    `as_published` gives the world as the 2020 survey's sheet has it: no corrections, nothing added, survey papers only.
    `reruns` adds our own runs to the papers; `Corpus.reruns` has them in any case, from the folder `reruns_from`.
    """
    return _loaded(check_corpus(folder, as_published=as_published, reruns=reruns, reruns_from=reruns_from))


def _loaded(report: Report) -> Corpus:
    if report.corpus is None:
        raise CorpusError(report.errors)
    return report.corpus


def check_corpus(
    folder: str | Path | None = None,
    *,
    files: Iterable[str | Path] = (),
    as_published: bool = False,
    reruns: bool = False,
    reruns_from: str | Path | None = None,
) -> Report:
    """Reads and checks every paper; a file of `files` that lies outside stands in for the same key of the corpus."""
    folder, files = Path(folder) if folder else default_folder(), tuple(files)
    names, problems = read_names(folder / "vocabulary", shown(folder / "vocabulary"))
    paths = paper_files(folder, files, reruns)
    with no_collection():
        readings = {key: read_paper(path, folder, names, as_published) for key, path in paths.items()}
    facts = [facts_of(paths[key], reading, as_published) for key, reading in readings.items()]
    report = report_of(facts, paths, folder, problems, as_published)
    if not report.errors:
        found = [reading.resolution for reading in readings.values()]
        kept = [resolution for resolution in found if not as_published or resolution.paper.survey()]
        view = {"files": files, "reruns": reruns, "reruns_from": reruns_from}
        report.corpus = Corpus(
            {resolution.paper.key: resolution.paper for resolution in kept},
            names,
            as_published,
            tuple(pair for resolution in kept for pair in resolution.contradictions),
            lambda: _loaded(check_corpus(folder, as_published=not as_published, **view)),
            remembered(lambda: read_reruns(folder, names, Path(reruns_from) if reruns_from else None)),
        )
    return report


def check_papers(
    folder: str | Path | None = None,
    *,
    files: Iterable[str | Path] = (),
    cache: Cache | None = None,
    reruns: bool = False,
) -> Report:
    """As `check_corpus`, without the corpus: made for large ones. `reruns` checks our own runs too, counted apart.

    What is known of unchanged files comes from the cache; the others are read on all cores and forgotten.
    """
    folder = Path(folder) if folder else default_folder()
    names, problems = read_names(folder / "vocabulary", shown(folder / "vocabulary"))
    paths = paper_files(folder, files)
    with no_collection():
        report = report_of(_facts(folder, paths, names, cache), paths, folder, problems)
        return with_reruns(report, folder, names, paths) if reruns else report


def _facts(folder: Path, paths: Mapping[str, Path], names: Names, cache: Cache | None) -> list[Facts]:
    facts = cache.unchanged(paths, names) if cache else {}
    changed = [path for key, path in paths.items() if key not in facts]
    records = [
        record for part in in_parts(partial(read_records, folder, names), changed) for record in part
    ]
    if cache:
        cache.keep(paths, records, names)
    facts |= {record.facts.key: record.facts for record in records}
    return [facts[key] for key in paths]
