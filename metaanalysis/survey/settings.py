"""Which rows, datasets and architectures the survey's counts include."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.catalogue.corpus import Corpus, ResultEntry
from corpus.schema.purposes import Purpose


def is_known(corpus: Corpus, dataset: str | None, architecture: str | None) -> bool:
    """Whether the names given stand for something that the paper names, and not for `???`; None is not looked at."""
    for vocabulary, name in ((corpus.names.datasets, dataset), (corpus.names.architectures, architecture)):
        if name is not None and vocabulary[name].placeholder == "unknown":
            return False
    return True


def named_settings(corpus: Corpus) -> Iterator[ResultEntry]:
    """Rows that counts include; as published, only those whose dataset and architecture are both known."""
    for entry in corpus.entries:
        if entry.released or not entry.serves(Purpose.SETTING_COUNTS):
            continue
        if not corpus.as_published or is_known(corpus, entry.dataset, entry.architecture):
            yield entry


def known_datasets(corpus: Corpus) -> set[str]:
    """The datasets of the rows that counts include."""
    names = {entry.dataset for entry in named_settings(corpus)}
    return {name for name in names if is_known(corpus, name, None)}


def known_architectures(corpus: Corpus) -> set[str]:
    """The architectures of the rows that counts include."""
    names = {entry.architecture for entry in named_settings(corpus)}
    return {name for name in names if is_known(corpus, None, name)}


def papers_by_pair(corpus: Corpus) -> dict[tuple[str, str], set[str]]:
    """Papers that use each (dataset, architecture) pair, both known."""
    papers: dict[tuple[str, str], set[str]] = {}
    for entry in named_settings(corpus):
        if is_known(corpus, entry.dataset, entry.architecture):
            papers.setdefault((entry.dataset, entry.architecture), set()).add(entry.paper)
    return papers


def common_pairs(corpus: Corpus, at_least: int = 4) -> list[tuple[str, str, int]]:
    """Dataset, architecture and number of papers of the pairs that `at_least` papers use, the most used first."""
    counts = []
    for (dataset, architecture), papers in papers_by_pair(corpus).items():
        if len(papers) >= at_least:
            counts.append((dataset, architecture, len(papers)))
    return sorted(counts, key=lambda pair: (-pair[2], pair[0], pair[1]))
