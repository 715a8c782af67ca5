"""Text from files and addresses as text: nothing in it is read as Markdown or HTML."""

from __future__ import annotations

import re
from urllib.parse import urlencode

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&@])")

_BREAKS = re.compile(r"[ \t\r\n\f\v\x00-\x1f\u2028\u2029]+")


def plain(text: object) -> str:
    """The text with every sign escaped that Markdown would act on, on one line."""
    return _MARKS.sub(r"\\\1", _BREAKS.sub(" ", str(text)))


def link(text: object, page: str, **address: object) -> str:
    """A Markdown link to a page of the app with the address that restores a view."""
    return f"[{plain(text)}]({place(page, **address)})"


def place(page: str, **address: object) -> str:
    """The address of a page, relative to any other page of the app."""
    kept = {name: value for name, value in address.items() if value not in (None, "")}
    return f"{page}?{urlencode(kept, doseq=True)}" if kept else page


def to_line(file: str, line: int, text: str | None = None) -> str:
    """A Markdown link to a line of the corpus."""
    return link(text or f"{file.rpartition('/')[2]}:{line}", "source", file=file, line=line)


def outside(text: str, url: str) -> str:
    """A Markdown link out of the app, for http and https only; just the text for anything else."""
    if not re.fullmatch(r"https?://[^\s<>()\[\]\\\"'`]+", url):
        return plain(text)
    return f"[{plain(text)}]({url})"


def counted(number: int, noun: str) -> str:
    """`1 paper`, `3 papers`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
