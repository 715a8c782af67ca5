"""Reads the papers of a folder: which files they are, and each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.catalogue.resolve import Resolution, resolve
from corpus.schema.fields import KEY_PATTERN
from corpus.schema.paper import PaperFile
from corpus.schema.places import default_folder, own_results, shown
from corpus.schema.reader import Document, Problem, read_bytes, read_file
from corpus.schema.validate import validated
from corpus.schema.vocabulary import Names, misspelt

__all__ = ["PaperReading", "default_folder", "own_results", "paper_files", "read_paper", "shown"]


@dataclass(slots=True)
class PaperReading:
    """A paper's file as read; `resolution` is None if it does not fit the schema (see `document.problems`)."""

    key: str
    document: Document
    written: PaperFile | None
    resolution: Resolution | None


def paper_files(folder: Path, files: Iterable[str | Path] = (), reruns: bool = False) -> dict[str, Path]:
    """Each key with its file; one of `files` that lies outside stands in for it, `reruns` adds our own runs."""
    papers = folder / "papers"
    paths = {path.stem: path for path in papers.glob("*.yaml")}
    outside = [Path(file) for file in files if Path(file).resolve().parent != papers.resolve()]
    paths |= {path.stem: path for path in outside}
    if reruns:
        paths |= {path.stem: path for path in own_results(folder).glob("*.yaml")}
    return dict(sorted(paths.items()))


def read_paper(
    path: Path,
    folder: Path,
    names: Names,
    as_published: bool,
    shown_as: str | None = None,
    content: bytes | None = None,
) -> PaperReading:
    """The paper in `path`, with its names and arithmetic resolved.

    Parameters
    ----------
    path
        The file `<key>.yaml`; tables it names are looked for beside it.
    folder
        The corpus that it belongs to, or is read as if it did.
    names
        The vocabularies of that corpus.
    as_published
        Whether corrections and later additions are left out.
    shown_as
        What errors call the file; its path as a person would type it if not given.
    content
        Bytes to read in place of the file's, which then need not be there; such a paper has no tables.
    """
    file = shown_as or shown(path)
    document = read_file(path, file) if content is None else read_bytes(content, file)
    written = validated(document, PaperFile)
    if written is None:
        document.problems += misspelt(document, names)
        return PaperReading(path.stem, document, None, None)
    if not re.fullmatch(KEY_PATTERN, path.stem, re.ASCII):
        message = f"file name '{path.name}' is not a paper key; expected surname, year, word: han2015learning.yaml"
        document.problems.append(Problem(document.file, 1, 1, message))
    tables = path.parent if content is None else None
    resolution = resolve(
        written,
        document,
        path.stem,
        names,
        file=_inside(path, folder),
        tables=tables,
        as_published=as_published,
    )
    return PaperReading(path.stem, document, written, resolution)


def _inside(path: Path, folder: Path) -> str:
    """The file's name inside the corpus, the same wherever the corpus lies."""
    if path.parent == folder / "papers":
        return f"{folder.name}/papers/{path.name}"
    if path.parent == own_results(folder):
        return f"rerun/results/{path.name}"
    return shown(path)
