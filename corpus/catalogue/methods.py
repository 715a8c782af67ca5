"""Methods by what they are called: the same method in several papers is found under any of its names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.catalogue.corpus import Corpus
from corpus.schema.paper import Method


def methods_called(corpus: Corpus, text: str) -> tuple[str, ...]:
    """The methods of that name, acronym or alias, and all that are the same method in other papers.

    Parameters
    ----------
    corpus
        Where to look.
    text
        A name in any case, with or without hyphens: `ThiNet`, `l1-norm filter pruning`, `SFP`,
        `li2016pruning/l1-filter`.

    Returns
    -------
    tuple of str
        `paper/short-name` of each, in the order of the papers; empty if nothing is called so.

    Examples
    --------
    >>> import corpus
    >>> methods_called(corpus.load(), "ThiNet")  # doctest: +SKIP
    """
    wanted = _folded(text)
    called = {
        name
        for name, method in _all_methods(corpus)
        if wanted in {_folded(word) for word in _names(name, method)}
    }
    together = {_root(corpus, name) for name in called}
    return tuple(name for name, _ in _all_methods(corpus) if _root(corpus, name) in together)


def reimplementations(corpus: Corpus, name: str) -> tuple[str, ...]:
    """The other papers' methods that are the same as `name` (`paper/short-name`), the original among them."""
    root = _root(corpus, name)
    return tuple(
        other for other, _ in _all_methods(corpus) if other != name and _root(corpus, other) == root
    )


def _all_methods(corpus: Corpus) -> Iterator[tuple[str, Method]]:
    for key, paper in corpus.papers.items():
        for short, method in paper.methods.items():
            yield f"{key}/{short}", method


def _names(name: str, method: Method) -> list[str]:
    """Everything that a method goes by."""
    names = [name, method.name, method.full_name, method.acronym, *(method.aliases or ())]
    return [word for word in names if word]


def _folded(text: str) -> str:
    """A name without case, hyphens and double spaces."""
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


def _root(corpus: Corpus, name: str) -> str:
    """The method that all of the same method lead to; the method itself if it leads to none."""
    seen = [name]
    while True:
        key, _, short = seen[-1].partition("/")
        paper = corpus.papers.get(key)
        method = paper.methods.get(short) if paper else None
        following = method.same_method if method else None
        if following is None or following in seen:
            return seen[-1]
        seen.append(following)
