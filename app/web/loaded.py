"""The corpus that all sessions share: read once, and read again when one of its files changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pandas as pd
import streamlit as st

from corpus.catalogue.corpus import Corpus
from corpus.checks.check import Report, check_corpus, default_folder
from metaanalysis.registry import Entry

FOLDER_VARIABLE = "PRUNEBASE_CORPUS"
PUBLISHED_KEY = "as_published"


def folder() -> Path:
    """The corpus folder that this server shows."""
    return Path(os.environ.get(FOLDER_VARIABLE) or default_folder())


def reruns_folder() -> Path:
    """Where our own runs lie, if there are any."""
    return folder().parent / "rerun" / "results"


def fingerprint() -> str:
    """A short text that changes when a file of the corpus is added, removed or saved."""
    stamps = "\n".join(sorted(_stamps()))
    return sha256(stamps.encode()).hexdigest()[:16]


def _stamps() -> Iterator[str]:
    for place in (folder() / "papers", folder() / "vocabulary", reruns_folder()):
        if place.is_dir():
            for item in os.scandir(place):
                about = item.stat()
                yield f"{item.path} {about.st_size} {about.st_mtime_ns}"


def is_published() -> bool:
    """Whether this session looks at the world as the 2020 sheet has it."""
    return bool(st.session_state.get(PUBLISHED_KEY, False))


@st.cache_resource(show_spinner="Reading the corpus …", max_entries=6)
def _read(path: str, stamp: str, as_published: bool, reruns: bool) -> Report:  # noqa: ARG001 (the stamp is the key)
    return check_corpus(path, as_published=as_published, reruns=reruns)


def report(*, as_published: bool = False, reruns: bool = False) -> Report:
    """What a check of the corpus says, the corpus in it."""
    return _read(str(folder()), fingerprint(), as_published, reruns)


def corpus() -> Corpus:
    """The corpus as this session looks at it."""
    return report(as_published=is_published()).corpus


def entry_data(entry: Entry, **options: bool | int | str) -> pd.DataFrame:
    """The numbers of a figure or statistic; shared between sessions, so not to be changed in place."""
    chosen = tuple(sorted(options.items()))
    return _computed(entry, corpus(), entry.kind, entry.name, chosen, is_published(), fingerprint())


def entry_spec(entry: Entry, subtitle: str, **options: bool | int | str) -> dict:
    """The Vega-Lite specification of a figure; shared between sessions, so not to be changed in place."""
    data = entry_data(entry, **options)
    return _drawn(
        entry, data, entry.name, subtitle, tuple(sorted(options.items())), is_published(), fingerprint()
    )


@st.cache_resource(show_spinner="Drawing …", max_entries=48)
def _drawn(
    _entry: Entry,
    _data: pd.DataFrame,
    name: str,  # noqa: ARG001 (this and the three at the end are the key)
    subtitle: str,
    options: tuple,  # noqa: ARG001
    as_published: bool,  # noqa: ARG001
    stamp: str,  # noqa: ARG001
) -> dict:
    return _entry.chart(_data, subtitle).to_dict(validate=False)


@st.cache_resource(show_spinner="Computing …", max_entries=128)
def _computed(
    _entry: Entry,
    _corpus: Corpus,
    kind: str,  # noqa: ARG001 (this and the three below are the key)
    name: str,  # noqa: ARG001
    options: tuple,
    as_published: bool,  # noqa: ARG001
    stamp: str,  # noqa: ARG001
) -> pd.DataFrame:
    return _entry.data(_corpus, **dict(options))


def in_corpus(name: str) -> str:
    """What the corpus calls the file `name` of its papers: `corpus/papers/li2016pruning.yaml`."""
    return f"{folder().name}/papers/{name}"


def source_text(file: str) -> str | None:
    """The text of a file that the corpus names, or None if it names no such file."""
    view = report(as_published=is_published(), reruns=True).corpus
    known = {paper.file for paper in view.papers.values()} | {point.file for point in view.points}
    if file not in known:
        return None
    return (folder().parent / file).read_text(encoding="utf-8")
