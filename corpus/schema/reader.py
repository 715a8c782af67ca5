"""Reads YAML into plain text trees that know line and column of every key and value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

MAX_BYTES = 1 << 20
MAX_READ = (16 << 20) + 1  # a released table may have 16 MiB
MAX_DEPTH = 12
LONGEST_MESSAGE = 2000
Path = tuple[str | int, ...]
"""Keys and list positions from the top of a document down to one value."""
_REFUSED_CHARACTER = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one place (lines and columns count from 1); `kind` is error or a kind of warning."""

    file: str
    line: int
    column: int
    message: str
    kind: str = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {one_line(self.message)}"


def one_line(message: str) -> str:
    """The message with line breaks and control characters of a quoted value written out, a very long one cut short."""
    if len(message) > LONGEST_MESSAGE:
        message = f"{message[: LONGEST_MESSAGE // 2]} ... {message[-LONGEST_MESSAGE // 2 :]}"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in message)


class CorpusError(ValueError):
    """Everything found wrong, shown together."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Document:
    """A file as written: nested dicts and lists of text, and where each of them stands."""

    file: str
    tree: object = None
    positions: dict[Path, tuple[int, int]] = field(default_factory=dict)
    key_positions: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def position(self, path: Path) -> tuple[int, int]:
        """Line and column of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def problem(self, path: Path, message: str, kind: str = "error") -> Problem:
        """A problem placed at the value of `path`."""
        return Problem(self.file, *self.position(path), message, kind)

    def problem_with_key(self, path: Path, message: str) -> Problem:
        """A problem placed at the key that ends `path`."""
        return Problem(self.file, *self.key_positions.get(path, self.position(path)), message)


def read_contents(path: FilePath) -> bytes:
    """The bytes of a file, cut off where it is larger than anything that would be accepted."""
    with open(path, "rb") as stream:
        return stream.read(MAX_READ)


def read_file(path: FilePath, shown_as: str | None = None) -> Document:
    """The document in `path`, called `shown_as` in errors; what cannot be read is a problem inside it, no exception."""
    file = shown_as or str(path)
    try:
        return read_bytes(read_contents(path), file)
    except OSError as error:
        return Document(file, problems=[Problem(file, 1, 1, f"cannot be read: {error.strerror}")])


def read_bytes(content: bytes, file: str) -> Document:
    """As `read_file`, from bytes."""
    if len(content) > MAX_BYTES:
        message = "file is over 1 MiB; put large tables into a CSV beside it"
        return Document(file, problems=[Problem(file, 1, 1, message)])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        return Document(
            file, problems=[Problem(file, line, column, "not UTF-8 text; save the file as UTF-8")]
        )
    return read_text(text, file)


def read_text(text: str, file: str) -> Document:
    """As `read_file`, from text."""
    document = Document(file)
    try:
        loader = _Loader(text)
        try:
            _TreeBuilder(loader.get_event, document).build()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        document.problems.append(_syntax_problem(error, text, file))
    except _Refused as refusal:
        document.problems.append(Problem(file, *refusal.place, refusal.message))
    if document.problems:
        document.tree = None
    return document


class _Refused(Exception):
    def __init__(self, event: yaml.Event, message: str):
        self.place = _place(event)
        self.message = message


def _place(event: yaml.Event) -> tuple[int, int]:
    """Line and column where the event begins, counted from 1."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


class _TreeBuilder:
    """Turns YAML events into text trees; a scalar is never turned into a float, a date or a bool."""

    def __init__(self, next_event: Callable[[], Any], document: Document):
        self._next = next_event
        self._document = document

    def build(self) -> None:
        """Reads the whole document; _Refused at the first thing that no tree may have."""
        self._next()  # stream start
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            raise _Refused(event, "the file is empty; expected a mapping that starts with 'title:'")
        self._document.tree = self._value(self._next(), (), 0)
        self._next()  # document end
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise _Refused(event, "a second YAML document starts here; expected one per file")

    def _value(self, event: Any, path: Path, depth: int) -> object:
        self._document.positions[path] = _place(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _Refused(event, "YAML anchors and aliases are not allowed; write the value out")
        if event.tag is not None:
            message = f"YAML tags are not allowed (found {event.tag}); write the value plainly"
            raise _Refused(event, message)
        if depth > MAX_DEPTH:
            raise _Refused(event, f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, depth)
        return self._mapping(path, depth)

    def _sequence(self, path: Path, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, object]:
        entries: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = event.value if _is_plain(event) else self._key(event)
            here = (*path, key)
            line, column = place = _place(event)
            if key in entries:
                first = self._document.key_positions[here][0]
                message = f"key '{key}' is repeated (first on line {first}); keep one"
                self._document.problems.append(Problem(self._document.file, line, column, message))
            self._document.key_positions[here] = place
            event = self._next()
            if depth < MAX_DEPTH and _is_plain(event):
                # as `_value` does, without the call: most values are such, and a large corpus has millions
                self._document.positions[here] = _place(event)
                entries[key] = event.value
            else:
                entries[key] = self._value(event, here, depth + 1)
        return entries

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(event, "a key must be plain text")
        return str(self._value(event, ("?",), 0))


def _is_plain(event: Any) -> bool:
    """Whether the event is text without anchor or tag."""
    return type(event) is yaml.ScalarEvent and event.anchor is None and event.tag is None


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else _control_character(text)
    lines = text.splitlines()
    shown = lines[line - 1] if line <= len(lines) else ""
    detail = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be parsed"
    if "\t" in shown[: max(column, 1)]:
        detail = "a tab is used for indentation; use spaces"
    elif mark is None:
        detail = "a control character; remove it"
    elif ": " in shown.partition(": ")[2] and "mapping values" in detail:
        detail = "a value contains ': '; put the value in quotes"
    return Problem(file, line, column, f"invalid YAML: {detail}")


def _control_character(text: str) -> tuple[int, int]:
    """Line and column of the first character that YAML does not allow in a file."""
    refused = _REFUSED_CHARACTER.search(text)
    before = text[: refused.start()] if refused else ""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
