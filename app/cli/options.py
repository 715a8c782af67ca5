"""The options that several verbs share, and what they stand for: a corpus, our own runs, one word of a few."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.schema.suggest import did_you_mean

if TYPE_CHECKING:
    from corpus.catalogue.corpus import Corpus

CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="DIR", help="The corpus folder (default: this checkout's)."),
]
PublishedOption = Annotated[
    bool,
    typer.Option(
        "--as-published", help="The world as the 2020 sheet has it: nothing corrected, nothing added."
    ),
]
RerunsOption = Annotated[
    bool,
    typer.Option("--reruns", help="With our own runs, under attribution 'rerun' (never as published)."),
]
RerunsFromOption = Annotated[
    Path | None, typer.Option("--reruns-from", metavar="DIR", help="Our own runs (default: rerun/results).")
]
OutputOption = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where files go.")]
TableFormatOption = Annotated[str, typer.Option("--format", help="table, csv, json, md or latex.")]
TextFormatOption = Annotated[str, typer.Option("--format", help="text or json.")]


def require_known(option: str, value: str, known: Collection[str]) -> None:
    """Nothing if `value` is among `known`, else ValueError with a suggestion."""
    if value not in known:
        expected = ", ".join(known)
        raise ValueError(f"{option}: '{value}' is unknown{did_you_mean(value, known)}; expected {expected}")


def corpus_folder(folder: Path | None) -> Path:
    """The corpus to read: the one named, else this checkout's, else the packaged one; ValueError if it is none."""
    from corpus.checks.check import default_folder

    if folder is not None:
        if not (folder / "papers").is_dir():
            raise ValueError(f"{folder}: not a corpus; expected a folder with papers/ and vocabulary/")
        return folder
    here = Path.cwd()
    for parent in (here, *here.parents):
        if (parent / "corpus" / "vocabulary").is_dir():
            return parent / "corpus"
    return default_folder()


def load(
    folder: Path | None,
    as_published: bool = False,
    reruns: bool = False,
    reruns_from: Path | None = None,
) -> Corpus:
    """The corpus that the shared options name; CorpusError with every problem if it is not sound."""
    import corpus

    return corpus.load(
        corpus_folder(folder),
        as_published=as_published,
        reruns=with_reruns(reruns, as_published),
        reruns_from=results_folder(reruns_from),
    )


def with_reruns(reruns: bool, as_published: bool) -> bool:
    """Whether our own runs are wanted; ValueError if the published world is too, which has none."""
    if reruns and as_published:
        raise ValueError("--reruns: the world as published has no re-runs; leave out --as-published")
    return reruns


def results_folder(folder: Path | None) -> Path | None:
    """The folder of our own runs if one is named; ValueError if no document is in it."""
    if folder is not None and not any(folder.glob("*.yaml")):
        raise ValueError(
            f"--reruns-from: no documents in {folder}; expected <key>.yaml, as `prunebase rerun` writes"
        )
    return folder
