"""The public tables: built into a DuckDB file, queried, searched."""

from corpus.database.public_tables import build, export, query

__all__ = ["build", "export", "query"]
