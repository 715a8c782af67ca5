"""Remembers the facts of each paper between checks; safe to delete at any time.

What is remembered of a paper holds as long as everything it was made from is the same: the program (every module of
this package and the libraries that read files), the bytes of its file and tables, and the vocabulary entries it names.
One file holds the whole memory of a corpus. It is replaced in one step, so that a reader sees an old or a new one and
never half of one, and of several writers the last one wins. Its first line is a hash of all that follows; a file that
does not match it, or was written by another version of the program, counts as absent.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from secrets import token_hex

import pydantic
import yaml

from corpus.catalogue.papers import read_paper
from corpus.checks.facts import Facts, facts_of
from corpus.checks.fingerprint import Recorder, Seen, Tokens, fingerprint, modules_fingerprint, seen_again
from corpus.schema.vocabulary import Names

FEWEST_PAPERS = 300
"""A smaller corpus is read about as fast as it would be looked up."""
FEWEST_NEWS = 100
"""Fewer changed papers are read again, next time, sooner than the whole memory is written."""


@dataclass(frozen=True, slots=True)
class Record:
    """The facts of a paper, and the files and vocabulary entries (as one hash) that they were made from."""

    facts: Facts
    files: tuple[Seen, ...]
    names: str


def read_records(folder: Path, names: Names, paths: Iterable[Path]) -> list[Record]:
    """Each paper's facts and what they were made from; no files where one could not be read."""
    tokens, records = Tokens(names), []
    for path in paths:
        recorder = Recorder()
        facts = facts_of(path, read_paper(path, folder, names, False, path.name, recorder))
        records.append(
            Record(
                facts,
                tuple(recorder.files) if recorder.complete else (),
                tokens.of(json.loads(facts.spellings)),
            )
        )
    return records


def usual_folder() -> Path:
    """Where caches belong: `$XDG_CACHE_HOME/prunebase`, or `~/.cache/prunebase`."""
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(chosen) if os.path.isabs(chosen) else Path.home() / ".cache") / "prunebase"


class Cache:
    """The memory of one corpus, in a file named after its folder; a small corpus is not worth one."""

    def __init__(
        self,
        folder: Path,
        caches: Path | None = None,
        fewest_papers: int = FEWEST_PAPERS,
        fewest_news: int = FEWEST_NEWS,
    ):
        name = f"check-{fingerprint(os.fsencode(folder.resolve()))}.json"
        self.folder, self.file = folder, (caches or usual_folder()) / name
        self.fewest_papers, self.fewest_news = fewest_papers, fewest_news
        self._papers = str(folder / "papers")
        self._lines: dict[str, str] = {}
        self._news = 0

    def unchanged(self, paths: Mapping[str, Path], names: Names) -> dict[str, Facts]:
        """What is known of the papers that have not changed."""
        if len(paths) < self.fewest_papers:
            return {}
        vocabulary, stored = self._stored()
        tokens, found = Tokens(names), {}
        self._news = 0 if vocabulary == tokens.digest else self.fewest_news
        for key in paths.keys() & stored.keys():
            listed, files, seal = stored[key]
            facts = Facts(*listed)
            if vocabulary != tokens.digest and seal != tokens.of(json.loads(facts.spellings)):
                del self._lines[key]
                continue
            if not self._is_own(paths[key]):
                continue
            now = seen_again(paths[key].parent, files)
            if now is None:
                del self._lines[key]
                continue
            found[key] = facts
            if now != files:
                self._lines[key] = _line(listed, now, seal)
                self._news += 1
        return found

    def keep(self, paths: Mapping[str, Path], records: Iterable[Record], names: Names) -> None:
        """Remembers these records beside what was unchanged; a cache that cannot be written is done without."""
        for record in records:
            if record.files and self._is_own(paths[record.facts.key]):
                files = [[file.name, file.digest, *file.status] for file in record.files]
                self._lines[record.facts.key] = _line(astuple(record.facts), files, record.names)
                self._news += 1
        if self._news >= self.fewest_news and _program() and len(paths) >= self.fewest_papers:
            known = [self._lines[key] for key in paths if key in self._lines]
            with suppress(OSError):
                self._write("\n".join([json.dumps([_program(), Tokens(names).digest]), *known]))

    def _is_own(self, path: Path) -> bool:
        """Whether the file is the corpus's own, not one that stands in for it."""
        return str(path).rpartition(os.sep)[0] == self._papers

    def _stored(self) -> tuple[str, dict[str, list]]:
        """The vocabulary's fingerprint and what is stored by key: facts, files, fingerprint of the names used."""
        try:
            checksum, _, content = self.file.read_bytes().partition(b"\n")
            if checksum.decode("ascii") != fingerprint(content):
                return "", {}
            head, *lines = content.decode("utf-8").split("\n")
            program, vocabulary = json.loads(head)
            if program != _program() or not program:
                return "", {}
            items = {item[0][0]: item for item in json.loads(f"[{','.join(lines)}]")}
            self._lines = dict(zip(items, lines, strict=True))
        except (OSError, ValueError, TypeError, LookupError):
            return "", {}
        return vocabulary, items

    def _write(self, content: str) -> None:
        written = content.encode("utf-8")
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self.file.with_suffix(f".{token_hex(8)}.tmp")
        try:
            unfinished.write_bytes(fingerprint(written).encode("ascii") + b"\n" + written)
            unfinished.replace(self.file)
        finally:
            unfinished.unlink(missing_ok=True)


def _line(facts: Sequence, files: list, seal: str) -> str:
    return json.dumps([facts, files, seal], ensure_ascii=True, separators=(",", ":"))


@lru_cache(maxsize=1)
def _program() -> str:
    """A fingerprint of what turns files into facts: this package's modules, Python, and the libraries that read.

    The year belongs to it, since no date may lie in the future. Empty if a module was changed while this one ran.
    """
    modules = modules_fingerprint(Path(__file__).parent.parent)
    versions = (
        sys.version,
        pydantic.VERSION,
        yaml.__version__,
        str(yaml.__with_libyaml__),
        str(date.today().year),
    )
    return modules and fingerprint(*(part.encode() for part in (modules, *versions)))
