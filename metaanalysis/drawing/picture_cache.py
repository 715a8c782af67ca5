"""Remembers rendered pictures by what they were drawn from; safe to delete at any time.

A picture is a pure function of its numbers, of this package and of the libraries that draw, and these name its file.
Each file starts with a hash of what follows; one that does not match counts as absent.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.checks.fingerprint import fingerprint, modules_fingerprint

if TYPE_CHECKING:
    import pandas as pd

MOST_FILES = 400
HASH_LENGTH = 64


def drawn_from(name: str, data: pd.DataFrame, subtitle: str) -> str | None:
    """A hash of all that decides what a figure looks like; None if that cannot be told."""
    program = _program()
    told = (name, subtitle, repr(data.attrs), repr(data.dtypes.to_dict()), data.to_csv())
    return fingerprint(program.encode(), *(part.encode() for part in told)) if program else None


@cache
def _program() -> str:
    """A hash of this package and of the libraries that draw; empty if a module was changed while this one ran."""
    modules = modules_fingerprint(Path(__file__).parent.parent)
    return modules and " ".join(
        (modules, *(version(name) for name in ("altair", "pandas", "vl-convert-python")))
    )


class PictureCache:
    """Pictures in one folder, the oldest dropped when there are more than MOST_FILES."""

    def __init__(self, folder: Path | None = None):
        home = os.environ.get("XDG_CACHE_HOME", "")
        root = Path(home) if os.path.isabs(home) else Path.home() / ".cache"
        self.folder = folder or root / "prunebase" / "pictures"

    def is_empty(self) -> bool:
        """Whether nothing has been remembered yet."""
        return not (self.folder.is_dir() and any(self.folder.iterdir()))

    def get(self, key: str | None, kind: str) -> bytes | None:
        """The picture drawn from `key` as `kind`, if it is remembered whole."""
        if key is not None:
            with suppress(OSError):
                stored = self._file(key, kind).read_bytes()
                digest, content = stored[:HASH_LENGTH], stored[HASH_LENGTH + 1 :]
                if hashlib.sha256(content).hexdigest().encode() == digest:
                    return content
        return None

    def keep(self, key: str | None, kind: str, content: bytes) -> None:
        """Remembers a picture; a full disk or a read-only home costs time, not the picture."""
        if key is not None:
            with suppress(OSError):
                self._write(
                    self._file(key, kind), hashlib.sha256(content).hexdigest().encode() + b"\n" + content
                )

    def _file(self, key: str, kind: str) -> Path:
        return self.folder / f"{key}.{kind}"

    def _write(self, file: Path, stored: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.{os.getpid()}")
        unfinished.write_bytes(stored)
        unfinished.replace(file)
        files = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in files[: max(0, len(files) - MOST_FILES)]:
            old.unlink(missing_ok=True)
