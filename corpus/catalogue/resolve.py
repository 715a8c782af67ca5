"""Turns a paper's file as written into a paper with names, corrections and arithmetic resolved."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from corpus.catalogue.blocks import BlockResolver, PaperContext
from corpus.catalogue.recipes import applied_recipes
from corpus.catalogue.results import OperatingPoint, Paper, PaperComparison, ResultEntry
from corpus.catalogue.spelling import Spelling
from corpus.catalogue.training import AppliedRecipe
from corpus.catalogue.twins import refuse_twins
from corpus.numbers.derive import Contradiction
from corpus.schema.paper import AXES, Method, PaperFile
from corpus.schema.reader import Document
from corpus.schema.roles import Role
from corpus.schema.vocabulary import Names


@dataclass(slots=True)
class Resolution:
    """A resolved paper, and the numbers in it that contradict each other, each with its operating point."""

    paper: Paper
    contradictions: list[tuple[OperatingPoint, Contradiction]] = field(default_factory=list)


def resolve(
    written: PaperFile,
    document: Document,
    key: str,
    names: Names,
    *,
    file: str,
    tables: Path | None,
    as_published: bool,
) -> Resolution:
    """The paper in `written`; problems are added to `document`.

    `key` is the paper's, `file` its name inside the corpus, `tables` the folder in which the tables that it names are
    looked for (None if there can be none). `as_published` leaves corrections and later additions out.
    """
    spelling = Spelling(document, names, as_published)
    venue, date = spelling.venue(written), spelling.date(written)
    author = written.label or surname(written.authors[0])
    year = int(date[:4])
    context = PaperContext(
        written=written,
        document=document,
        key=key,
        file=file,
        label=f"{author} {year}",
        tables=tables,
        names=names,
        as_published=as_published,
    )
    blocks = BlockResolver(context, spelling)
    entries: list[ResultEntry] = []
    quoted: list[OperatingPoint] = []
    for role, index, block in written.blocks:
        rows = blocks.entries(role, index, block)
        if role is Role.QUOTED:
            quoted += (row.point for row in rows if row.point is not None)
        else:
            entries += rows
    refuse_twins([*(entry.point for entry in entries if entry.point), *quoted], document)
    paper = Paper(
        key=key,
        written=written,
        file=file,
        author=author,
        year=year,
        date=date,
        venue=venue,
        peer_reviewed=venue in names.venues.entries and names.venues[venue].peer_reviewed,
        methods=_methods(written, entries, as_published),
        comparisons=tuple(PaperComparison(key, other.key, other.doubt) for other in written.compares_to),
        entries=tuple(entries),
        quoted=tuple(quoted),
        recipes=_recipes(context, tuple(entries)),
        values=tuple(blocks.values),
    )
    return Resolution(paper, blocks.contradictions)


def _recipes(context: PaperContext, entries: tuple[ResultEntry, ...]) -> tuple[AppliedRecipe, ...]:
    """How results were trained; the survey's sheet has none of it."""
    if context.as_published or context.written.recipe is None:
        return ()
    return applied_recipes(context.written, context.document, context.names, context.file, entries)


def _methods(written: PaperFile, entries: list[ResultEntry], as_published: bool) -> dict[str, Method]:
    """The paper's methods; as published without those that only rows added since use, and without later findings.

    Axes with a source of their own (`sources`) were found after the survey's analysis.
    """
    if not as_published:
        return written.methods
    used = {entry.method for entry in entries}
    methods = {}
    for key, method in written.methods.items():
        if key in used:
            later = dict.fromkeys((name for name in method.sources or () if name in AXES), "unknown")
            methods[key] = method.model_copy(update=later) if later else method
    return methods


def surname(author: str) -> str:
    """The last word of an author's name, in plain letters: `Miguel Á. Carreira-Perpiñán` -> `Carreira-Perpinan`."""
    decomposed = unicodedata.normalize("NFD", author.split()[-1])
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
