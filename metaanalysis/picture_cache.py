"""Remembers rendered pictures by what they were rendered from; safe to delete at any time.

A picture is a pure function of its specification, the converter's version and the scale, and these name its file. Each
file starts with a hash of what follows; one that does not match counts as absent.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

FORMAT = 2
"""Raised when the same specification comes to give another picture."""
MOST_FILES = 400
HASH_LENGTH = 64


class PictureCache:
    """Pictures in one folder, the oldest dropped when there are more than MOST_FILES."""

    def __init__(self, folder: Path | None = None):
        home = os.environ.get("XDG_CACHE_HOME", "")
        root = Path(home) if os.path.isabs(home) else Path.home() / ".cache"
        self.folder = folder or root / "prunebase" / "pictures"

    def is_empty(self) -> bool:
        """Whether nothing has been remembered yet."""
        return not (self.folder.is_dir() and any(self.folder.iterdir()))

    def get(self, spec: dict, kind: str, make: Callable[[], bytes]) -> bytes:
        """The picture of `spec` as `kind`, from memory or made now and remembered."""
        file = self.folder / f"{_name(spec)}.{kind}"
        with suppress(OSError):
            digest, content = _split(file.read_bytes())
            if hashlib.sha256(content).hexdigest().encode() == digest:
                return content
        content = make()
        with suppress(OSError):  # a full disk or a read-only home costs time, not the picture
            self._keep(file, hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        return content

    def _keep(self, file: Path, stored: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.{os.getpid()}")
        unfinished.write_bytes(stored)
        unfinished.replace(file)
        files = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in files[: max(0, len(files) - MOST_FILES)]:
            old.unlink(missing_ok=True)


def _name(spec: dict) -> str:
    import vl_convert

    made_from = json.dumps([FORMAT, vl_convert.__version__, spec], sort_keys=True, default=str)
    return hashlib.sha256(made_from.encode()).hexdigest()


def _split(stored: bytes) -> tuple[bytes, bytes]:
    return stored[:HASH_LENGTH], stored[HASH_LENGTH + 1 :]
