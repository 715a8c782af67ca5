"""A paper of the corpus as BibTeX."""

from __future__ import annotations

import re

from corpus.catalogue.corpus import Paper

_SPECIAL = str.maketrans(
    {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "~": r"\~{}", "^": r"\^{}"}
)
PREPRINT = "arXiv"


def bibtex(paper: Paper, venue_kind: str | None) -> str:
    """The entry for `paper`; `venue_kind` is conference, journal, workshop or preprint."""
    written = paper.written
    kind, place = {"journal": ("article", "journal"), "preprint": ("misc", "howpublished")}.get(
        venue_kind or "", ("inproceedings", "booktitle")
    )
    fields = {
        "title": "{" + _text(written.title) + "}",
        "author": " and ".join(_text(author) for author in written.authors),
        place: _text(paper.venue),
        "year": str(paper.year),
        "eprint": written.arxiv,
        "archivePrefix": PREPRINT if written.arxiv else None,
        "doi": written.doi,
        "url": written.url,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{paper.key},\n" + ",\n".join(lines) + "\n}\n"


def _text(value: str) -> str:
    """The text with LaTeX's signs escaped and braces, which would end the field, left out."""
    return re.sub(r"[{}\\]", "", value).translate(_SPECIAL)
