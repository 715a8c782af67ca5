"""The reported-results database: papers as YAML files, their numbers, and the checks on both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.checks.check import check_corpus, load
    from corpus.schema.reader import CorpusError, Problem

__all__ = ["CorpusError", "Problem", "check_corpus", "load"]
_HOMES = {
    "check_corpus": "corpus.checks.check",
    "load": "corpus.checks.check",
    "CorpusError": "corpus.schema.reader",
    "Problem": "corpus.schema.reader",
}


def __getattr__(name: str) -> Any:
    """Imports the public names when they are first used, so that `import corpus` stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
