"""Text that a verb reads from a file or from standard input."""

from __future__ import annotations

import sys
from pathlib import Path


def read_text(source: str) -> tuple[str, str]:
    """The text of a file, or of standard input for `-`, and what messages call it."""
    if source == "-":
        return sys.stdin.read(), "standard input"
    from corpus.contribute.tables.text import table_text

    return table_text(Path(source)), source
