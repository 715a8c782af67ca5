"""Tells whether something is what it was: files by their bytes, vocabulary entries by what they say."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from time import time_ns

from corpus import LOADED_SINCE
from corpus.schema.reader import MAX_READ
from corpus.schema.vocabulary import Names

CLOCK_TICK = 20_000_000
"""Nanoseconds by which the time of a file may lag behind the clock."""
SETTLED_AFTER = 2_000_000_000
"""Nanoseconds a file must have been left alone before its times are trusted: FAT's stamps are two seconds apart."""


def fingerprint(*contents: bytes) -> str:
    """One hash of several byte strings, 128 bit in hexadecimal."""
    total = blake2b(digest_size=16)
    for content in contents:
        total.update(len(content).to_bytes(8, "big"))
        total.update(content)
    return total.hexdigest()


def modules_fingerprint(*folders: Path) -> str:
    """One hash of all modules in these folders; empty if one was changed after this program began to load."""
    modules = [module for folder in folders for module in sorted(folder.rglob("*.py"))]
    if max(module.stat().st_mtime_ns for module in modules) > LOADED_SINCE - CLOCK_TICK:
        return ""
    return fingerprint(*(module.read_bytes() for module in modules))


@dataclass(frozen=True, slots=True)
class Seen:
    """A file when it was read: its bytes' fingerprint and, if it had settled, what the file system said of it."""

    name: str
    digest: str
    status: tuple[int, ...]


class Recorder:
    """Reads files and remembers what was seen of each; `complete` unless one could not be read."""

    def __init__(self) -> None:
        self.files: list[Seen] = []
        self.complete = True

    def __call__(self, path: Path) -> bytes:
        """The bytes of a file, cut off where it is larger than anything that would be accepted."""
        try:
            content, seen = _read(path)
        except OSError:
            self.complete = False
            raise
        self.files.append(seen)
        return content


def _read(path: Path) -> tuple[bytes, Seen]:
    with open(path, "rb") as stream:
        started, status = time_ns(), os.fstat(stream.fileno())
        content = stream.read(MAX_READ)
    return content, Seen(path.name, fingerprint(content), _trusted(status, started))


def _trusted(status: os.stat_result, read_at: int) -> tuple[int, ...]:
    """What identifies a file's state without reading it, or nothing if it could change again and look the same.

    On POSIX no program sets the time of change, so the same size, inode and times mean the same bytes, but for two
    changes within one tick of the clock; a file that has only just changed is therefore not trusted.
    """
    has_settled = read_at - max(status.st_mtime_ns, status.st_ctime_ns) > SETTLED_AFTER
    return _state(status) if has_settled and os.name == "posix" else ()


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def seen_again(folder: Path, files: Sequence[Sequence]) -> list | None:
    """The files (name, digest, state) as they are now, if their bytes are still the same; else None."""
    now = []
    for file in files:
        name, digest, *state = file
        path = f"{folder}/{name}"
        try:
            if state and list(_state(os.stat(path))) == state:
                now.append(file)
                continue
            _, seen = _read(Path(path))
        except OSError:
            return None
        if seen.digest != digest:
            return None
        now.append([name, digest, *seen.status])
    return now


class Tokens:
    """Fingerprints of what a vocabulary says on the names that a paper uses."""

    def __init__(self, names: Names):
        self._names = names
        self._known: dict[tuple[str, str], bytes] = {}

    @cached_property
    def digest(self) -> str:
        """The fingerprint of all vocabularies."""
        kinds = (self._names.architectures, self._names.datasets, self._names.venues)
        return fingerprint(*(repr(vocabulary.entries).encode() for vocabulary in kinds))

    def of(self, spellings: Iterable[Sequence[str]]) -> str:
        """The fingerprint of what is said on these names, each after its kind; any change counts for an unknown one."""
        return fingerprint(*(self._said(kind, name) for kind, name in spellings))

    def _said(self, kind: str, spelling: str) -> bytes:
        if (kind, spelling) not in self._known:
            vocabulary = getattr(self._names, kind)
            name = vocabulary.canonical(spelling)
            said = f"{name}: {vocabulary[name]!r}" if name is not None else f"unknown in {self.digest}"
            self._known[kind, spelling] = said.encode()
        return self._known[kind, spelling]
