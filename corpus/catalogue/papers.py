"""Reads the papers of a folder: which files they are, and each of them, one after another or on all cores."""

from __future__ import annotations

import gc
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from corpus.catalogue.resolve import Resolution, resolve
from corpus.checks.plausibility import slips
from corpus.checks.unpruned_across_papers import Baseline, baselines_of
from corpus.schema.fields import KEY_PATTERN
from corpus.schema.paper import PaperFile
from corpus.schema.reader import Document, Problem, read_contents, read_file
from corpus.schema.validate import validated
from corpus.schema.vocabulary import Names, misspelt

MANY_PAPERS = 400
"""From here on, starting a second process costs less than it saves (a paper takes about a millisecond)."""
PAPERS_AT_ONCE = 256
Result = TypeVar("Result")


@dataclass(slots=True)
class Reading:
    """A paper's file as read; `resolution` is None if it does not fit the schema (see `document.problems`)."""

    document: Document
    written: PaperFile | None
    resolution: Resolution | None
    slips: tuple[Problem, ...] = ()
    """What the file's own numbers, or the reference networks, speak against."""
    baselines: tuple[Baseline, ...] = ()
    """What it says of unpruned networks, for comparison with other papers."""


@lru_cache(maxsize=1)
def default_folder() -> Path:
    """The corpus beside this module: the checkout's, or the one packaged in the wheel."""
    return Path(__file__).parent.parent


def shown(path: Path) -> str:
    """The path as a person in the current directory would type it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def paper_files(folder: Path, files: Iterable[str | Path] = (), reruns: bool = False) -> dict[str, Path]:
    """Each key with its file; one of `files` that lies outside stands in for it, `reruns` adds our own runs."""
    papers = folder / "papers"
    paths = {name[:-5]: papers / name for name in _listed(papers) if name.endswith(".yaml")}
    outside = [Path(file) for file in files if Path(file).resolve().parent != papers.resolve()]
    paths |= {path.stem: path for path in outside}
    if reruns:
        paths |= {path.stem: path for path in own_results(folder).glob("*.yaml")}
    return dict(sorted(paths.items()))


def own_results(folder: Path) -> Path:
    """Where our own runs lie: beside the corpus in `folder`, in a checkout as in the wheel."""
    return folder.parent / "rerun" / "results"


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []


def read_paper(
    path: Path,
    folder: Path,
    names: Names,
    as_published: bool,
    shown_as: str | None = None,
    read: Callable[[Path], bytes] = read_contents,
) -> Reading:
    """The paper in `path`, called `shown_as` in errors; `read` gives the bytes of its file and of its tables."""
    document = read_file(path, shown_as or shown(path), read)
    written = validated(document, PaperFile)
    resolution = None
    if written is not None:
        if not re.fullmatch(KEY_PATTERN, path.stem, re.ASCII):
            message = f"file name '{path.name}' is not a paper key; expected surname, year, word: han2015learning.yaml"
            document.problems.append(Problem(document.file, 1, 1, message))
        resolution = resolve(
            written, document, path, names, file=_inside(path, folder), as_published=as_published, read=read
        )
    else:
        document.problems += misspelt(document, names)
    if (
        resolution is None or as_published or document.problems
    ):  # an error makes others appear that are none
        return Reading(document, written, resolution)
    found = (tuple(slips(resolution.paper, names)), tuple(baselines_of(resolution.paper, names)))
    return Reading(document, written, resolution, *found)


def _inside(path: Path, folder: Path) -> str:
    """The file's name inside the corpus, the same wherever the corpus lies."""
    if path.parent == folder / "papers":
        return f"{folder.name}/papers/{path.name}"
    return f"rerun/results/{path.name}" if path.parent == own_results(folder) else shown(path)


@contextmanager
def no_collection() -> Iterator[None]:
    """Holds the garbage collector off: papers have no cycles, and it would walk over all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def in_parts(work: Callable[[Sequence[Path]], Result], files: Sequence[Path]) -> Iterator[Result]:
    """What `work` makes of the files, in their order: at once if there are few, else in parts on all cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    # A process that runs threads must not be forked: a lock one of them holds would stay locked in the copy.
    can_fork = hasattr(os, "fork") and threading.active_count() == 1
    with no_collection():
        if len(files) < MANY_PAPERS or cores == 1 or not can_fork:
            yield work(files)
            return
        from concurrent.futures import ProcessPoolExecutor  # slow to import, and small corpora do without
        from multiprocessing import get_context

        size = min(
            PAPERS_AT_ONCE, -(-len(files) // (4 * cores))
        )  # four parts a core, so that all end together
        parts = [files[start : start + size] for start in range(0, len(files), size)]
        with ProcessPoolExecutor(cores, get_context("fork"), _begin, (work,)) as processes:
            yield from processes.map(_work_on, parts)


_work: Callable | None = None


def _begin(work: Callable) -> None:
    """In a new process: keeps `work`, which came with the fork and so need not be packed for every part."""
    global _work
    _work = work


def _work_on(part: Sequence[Path]) -> object:
    return _work(part)
