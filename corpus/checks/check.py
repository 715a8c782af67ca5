"""Loads a corpus and says everything that is wrong with it, and everything that is doubtful."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache as remembered
from pathlib import Path

from corpus.catalogue.papers import paper_files, read_paper
from corpus.checks.own_runs import read_reruns, with_reruns
from corpus.checks.paper_report import WARNINGS, axes, paper_report
from corpus.checks.report import Report, report_of
from corpus.database.queryable import QueryableCorpus
from corpus.schema.paper import AXES
from corpus.schema.places import default_folder, last_change, shown
from corpus.schema.reader import CorpusError
from corpus.schema.vocabulary import read_names

__all__ = [
    "AXES",
    "WARNINGS",
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
) -> QueryableCorpus:
    """The corpus in a folder: papers with names, corrections and arithmetic resolved.

    Parameters
    ----------
    folder
        Where `papers/` and `vocabulary/` lie; the corpus of this checkout, or the packaged one, if not given.
    as_published
        Gives the world as the 2020 survey's sheet has it: no corrections, nothing added, survey papers only.
    reruns
        Adds our own runs to the papers; `Corpus.reruns` has them in any case.
    reruns_from
        The folder with the documents of our own runs; that beside the corpus if not given.

    Raises
    ------
    CorpusError
        With every problem, if there is any error.

    Examples
    --------
    >>> import corpus
    >>> papers = corpus.load()
    >>> papers.find(architecture="ResNet-50", compression=(3, 5))  # doctest: +SKIP
    """
    report = check_corpus(folder, as_published=as_published, reruns=reruns, reruns_from=reruns_from)
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
    """Reads every paper and says what is wrong; the report has the corpus too if nothing is.

    Parameters
    ----------
    folder, as_published, reruns, reruns_from
        As for `load`.
    files
        Papers to read as well; one that lies outside the corpus stands in for the same key of it.

    Examples
    --------
    >>> import corpus
    >>> report = corpus.check_corpus()
    >>> report.errors
    []
    """
    root, files = _folder(folder), tuple(files)
    names, problems = read_names(root / "vocabulary", shown(root / "vocabulary"))
    paths = paper_files(root, files, reruns)
    resolutions, papers = [], []
    for path in paths.values():
        reading = read_paper(path, root, names, as_published)
        papers.append(paper_report(reading, names, as_published))
        if reading.resolution is not None:
            resolutions.append(reading.resolution)
    report = report_of(papers, paths, root, problems, as_published)
    if report.errors:
        return report

    def other_view() -> QueryableCorpus:
        other = check_corpus(
            root, files=files, as_published=not as_published, reruns=reruns, reruns_from=reruns_from
        )
        if other.corpus is None:
            raise CorpusError(other.errors)
        return other.corpus

    own_results = Path(reruns_from) if reruns_from else None
    kept = [resolution for resolution in resolutions if not as_published or resolution.paper.survey()]
    contradictions = [pair for resolution in kept for pair in resolution.contradictions]
    report.corpus = QueryableCorpus(
        papers={resolution.paper.key: resolution.paper for resolution in kept},
        names=names,
        as_published=as_published,
        contradictions=tuple(contradictions),
        changed=last_change(root),
        read_other_view=other_view,
        read_reruns=remembered(lambda: read_reruns(root, names, own_results)),
    )
    return report


def check_papers(
    folder: str | Path | None = None,
    *,
    files: Iterable[str | Path] = (),
    reruns: bool = False,
) -> Report:
    """As `check_corpus`, without the corpus: each paper is forgotten once it is read, so that large ones fit.

    `reruns` checks our own runs too, counted apart.
    """
    root = _folder(folder)
    names, problems = read_names(root / "vocabulary", shown(root / "vocabulary"))
    paths = paper_files(root, files)
    papers = [paper_report(read_paper(path, root, names, False), names) for path in paths.values()]
    report = report_of(papers, paths, root, problems)
    return with_reruns(report, root, names, paths) if reruns else report


def _folder(folder: str | Path | None) -> Path:
    return Path(folder) if folder else default_folder()
