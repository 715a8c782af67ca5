"""Remembers rendered pictures by what they were drawn from; its folder may be deleted at any time.

A picture is a pure function of its numbers, of this package and of the libraries that draw; a hash of all of them names
its file. Each file begins with a hash of what follows, so that a damaged one counts as absent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pandas as pd

MOST_FILES = 400
"""About ten versions of every figure as SVG and PNG, 60 MB; the oldest are dropped beyond it."""


def drawn_from(name: str, data: pd.DataFrame, subtitle: str) -> str:
    """A hash of all that decides what a figure looks like: program, title, numbers and their types."""
    parts = [_program(), name, subtitle, repr(data.attrs), repr(data.dtypes.to_dict()), data.to_csv()]
    return sha256("\0".join(parts).encode()).hexdigest()


@cache
def _program() -> str:
    """A hash of every module of this package, and the versions of the libraries that draw."""
    digest = sha256()
    for module in sorted(Path(__file__).parent.parent.rglob("*.py")):
        digest.update(module.read_bytes())
    libraries = [version(name) for name in ("altair", "pandas", "vl-convert-python")]
    return " ".join([digest.hexdigest(), *libraries])


class PictureCache:
    """Pictures in one folder (by default prunebase/pictures where the system keeps caches)."""

    def __init__(self, folder: Path | None = None):
        home = os.environ.get("XDG_CACHE_HOME", "")
        root = Path(home) if os.path.isabs(home) else Path.home() / ".cache"
        self.folder = folder or root / "prunebase" / "pictures"

    def picture(self, key: str, kind: str, render: Callable[[], bytes]) -> bytes:
        """The picture drawn from `key` as `kind` ("svg" or "png"): as remembered, else as `render` makes it now."""
        file = self.folder / f"{key}.{kind}"
        with suppress(OSError):
            digest, _, content = file.read_bytes().partition(b"\n")
            if digest == _digest(content):
                return content
        content = render()
        with suppress(OSError):  # a full disk or a read-only home costs time, not the picture
            self._keep(file, content)
        return content

    def _keep(self, file: Path, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.{os.getpid()}")
        unfinished.write_bytes(_digest(content) + b"\n" + content)
        unfinished.replace(file)
        by_age = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for oldest in by_age[:-MOST_FILES]:
            oldest.unlink(missing_ok=True)


def _digest(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()
