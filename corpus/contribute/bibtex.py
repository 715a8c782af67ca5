"""What a BibTeX entry says about a paper, in the words of a paper's file; and a key for it."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.schema.reader import CorpusError, Problem

if TYPE_CHECKING:
    from bibtexparser.model import Entry

    from corpus.schema.vocabulary import Names

_ARXIV = re.compile(
    r"(?:arxiv[:./ ]|arxiv\.org/(?:abs|pdf)/)\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.I
)
_BARE_ARXIV = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SKIPPED = frozenset(
    [
        *("a", "an", "the", "on", "of", "in", "for", "to", "and", "with", "by", "via", "from", "as", "at"),
        *("is", "are", "be", "do", "does", "what", "why", "how", "toward", "towards", "using"),
    ]
)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The bibliographic part of a paper's file; an empty field is not known."""

    title: str = ""
    authors: tuple[str, ...] = ()
    venue: str = ""
    date: str = ""
    arxiv: str = ""
    doi: str = ""
    url: str = ""

    def over(self, other: Bibliography) -> Bibliography:
        """These fields, and those of `other` where one is empty."""
        return Bibliography(*(getattr(self, name) or getattr(other, name) for name in self.__slots__))


def from_bibtex(text: str, file: str) -> Bibliography:
    """The one entry of a BibTeX text; CorpusError if there is not exactly one."""
    import bibtexparser
    from bibtexparser import middlewares

    logging.getLogger("bibtexparser").setLevel(
        logging.CRITICAL
    )  # what it could not read is told below, once
    decode = [
        middlewares.LatexDecodingMiddleware(),
        middlewares.SeparateCoAuthors(),
        middlewares.SplitNameParts(),
    ]
    library = bibtexparser.parse_string(text, append_middleware=decode)
    if library.failed_blocks:
        line = (library.failed_blocks[0].start_line or 0) + 1
        raise CorpusError(
            [Problem(file, line, 1, "cannot be read as BibTeX; expected @article{key, title=...}")]
        )
    if len(library.entries) != 1:
        found = ", ".join(entry.key for entry in library.entries) or "no entry"
        raise CorpusError(
            [Problem(file, 1, 1, f"found {found}; expected the one BibTeX entry of the paper")]
        )
    return _from_entry(library.entries[0])


def _from_entry(entry: Entry) -> Bibliography:
    fields = {field.key.lower(): field.value for field in entry.fields}
    text = {name: _plain(value) for name, value in fields.items() if isinstance(value, str)}
    arxiv = _arxiv_id(text)
    return Bibliography(
        title=text.get("title", ""),
        authors=tuple(_authors(fields.get("author", ()))),
        venue=_venue(text, bool(arxiv)),
        date=_date(text, arxiv),
        arxiv=arxiv,
        doi=re.sub(r"^https?://(dx\.)?doi\.org/", "", text.get("doi", "")),
        url=text.get("url", ""),
    )


def _plain(value: str) -> str:
    return " ".join(re.sub(r"[{}]", "", value).split())


def _authors(names: object) -> Iterator[str]:
    for name in names if isinstance(names, list) else ():
        parts = [*name.first, *name.von, *name.last, *name.jr]
        if [part.lower() for part in parts] != ["others"]:
            yield _plain(" ".join(parts))


def _arxiv_id(text: dict[str, str]) -> str:
    is_arxiv = "arxiv" in (text.get("archiveprefix", "") + text.get("eprinttype", "")).lower()
    if is_arxiv and (match := _BARE_ARXIV.fullmatch(text.get("eprint", ""))):
        return match[1]
    places = (
        text.get(name, "") for name in ("eprint", "url", "journal", "note", "howpublished", "volume", "doi")
    )
    found = (match[1] for place in places if (match := _ARXIV.search(place)))
    return next(found, "")


def _venue(text: dict[str, str], on_arxiv: bool) -> str:
    printed = text.get("booktitle") or text.get("journal") or ""
    if on_arxiv and (not printed or "arxiv" in printed.lower() or printed == "CoRR"):
        return "arXiv"
    return printed


def _date(text: dict[str, str], arxiv: str) -> str:
    """Year and month; a preprint without month has that of its first version, which its id names."""
    year = text.get("year") or text.get("date", "")[:4]
    month = text.get("month", "").lower()[:3]
    if month in _MONTHS:
        return f"{year}-{_MONTHS.index(month) + 1:02d}"
    if month.isdigit():
        return f"{year}-{int(month):02d}"
    if arxiv[:4].isdigit() and _venue(text, True) == "arXiv":
        return f"20{arxiv[:2]}-{arxiv[2:4]}"
    return text.get("date", "")[:7] or year


def known_venue(printed: str, names: Names) -> str | None:
    """The vocabulary's name for a venue as BibTeX prints it, or None; of several the longest name wins."""
    if found := names.venues.canonical(printed) or names.venues.canonical_ignoring_case(printed):
        return found
    # `arXiv preprint arXiv:1608.08710` and `Proceedings of the ...` hold the name as whole words
    spelt = {
        spelling: name
        for name, entry in names.venues.entries.items()
        for spelling in (name, *entry.aliases)
    }
    spelt |= {entry.full: name for name, entry in names.venues.entries.items() if entry.full}
    spelt |= {re.sub(r"^IEEE |^ACM ", "", full): name for full, name in spelt.items()}
    words = f" {_as_words(printed)} "
    if re.search(r" (workshops?|wksh\w*|ws|wrksh\w*) ", words):
        spelt = {
            spelling: name for spelling, name in spelt.items() if names.venues[name].kind == "workshop"
        }
    held = [
        (len(spelling), name) for spelling, name in spelt.items() if f" {_as_words(spelling)} " in words
    ]
    return max(held)[1] if held else None


def _as_words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def keys_for(bibliography: Bibliography) -> Iterator[str]:
    """Keys in the corpus's manner, best first: surname, year and a word of the title, then with other words."""
    stem = f"{surname_of(bibliography)}{bibliography.date[:4]}"
    words = [
        word for word in re.findall(r"[a-z0-9]+", _letters(bibliography.title)) if word not in _SKIPPED
    ]
    for word in words or ["paper"]:
        yield stem + word
    for letter in "bcdefghijklmnopqrstuvwxyz":
        yield stem + "".join(words[:1]) + letter


def surname_of(bibliography: Bibliography) -> str:
    """The first author's last name in small plain letters, as keys begin; ValueError if no letter is left."""
    name = re.sub(r"[^a-z-]", "", _letters(bibliography.authors[0].split()[-1])).strip("-")
    if not name:
        raise ValueError(
            f"authors: '{bibliography.authors[0]}' has no surname in Latin letters; name the paper by --key"
        )
    return name


def free_key(bibliography: Bibliography, taken: Collection[str]) -> str:
    """The best key that no paper of the corpus has."""
    return next(key for key in keys_for(bibliography) if key not in taken)


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
