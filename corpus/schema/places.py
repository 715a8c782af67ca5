"""Where files lie: the corpus that comes with the program, our own runs beside it, and paths as a person types them."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def default_folder() -> Path:
    """The corpus beside this module: the checkout's, or the one packaged in the wheel."""
    return Path(__file__).parent.parent


def own_results(folder: Path) -> Path:
    """Where our own runs lie: beside the corpus in `folder`, in a checkout as in the wheel."""
    return folder.parent / "rerun" / "results"


def shown(path: Path) -> str:
    """The path as a person in the current directory would type it; the whole path for one that lies outside."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def last_change(folder: Path) -> str | None:
    """The date of the last change of data, as CHANGELOG.md of a corpus says it; None if it does not.

    The newest line `Last change of data: 2026-11-21.` counts, wherever it stands.
    """
    try:
        text = (folder / "CHANGELOG.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    dates = re.findall(r"^Last change of data: (\d{4}-\d\d-\d\d)", text, re.MULTILINE)
    return max(dates, default=None)
