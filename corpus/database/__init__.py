"""The public tables: built into a DuckDB file, queried, searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.database.public_tables import build, export, query

__all__ = ["build", "export", "query"]


def __getattr__(name: str) -> Any:
    """Imports the public names when they are first used: DuckDB is slow to import, and few verbs need it."""
    if name not in __all__:
        raise AttributeError(f"module 'corpus.database' has no attribute '{name}'")
    from corpus.database import public_tables

    return getattr(public_tables, name)
