"""Which papers and vocabulary entries a change adds, alters or removes."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.catalogue.corpus import Corpus, Paper
from corpus.schema.vocabulary import Names
from metaanalysis.impact.points import told

PAPER_FIELDS = (
    *(
        "title",
        "authors",
        "label",
        "venue",
        "date",
        "arxiv",
        "doi",
        "url",
        "code",
        "published",
        "is_pruning",
    ),
    *("attribution", "note", "doubt", "correction", "compares_to", "surveys"),
)


@dataclass(frozen=True, slots=True)
class PaperChange:
    """A paper added, changed or removed; `fields` are the parts that differ but results, `points` counts its points."""

    kind: str
    key: str
    title: str
    file: str
    points: int
    fields: tuple[tuple[str, str | None, str | None], ...] = ()


def paper_changes(before: Corpus, after: Corpus) -> tuple[PaperChange, ...]:
    """Papers that come, go or change in anything but their results, by key."""
    changes = []
    for key in sorted(before.papers.keys() | after.papers.keys()):
        old, new = before.papers.get(key), after.papers.get(key)
        if old is new:
            continue
        kind = "changed" if old and new else "added" if new else "removed"
        paper = new or old
        fields = _fields(old, new) if old and new else ()
        if kind != "changed" or fields:
            points = sum(1 for _ in paper.points)
            changes.append(PaperChange(kind, key, paper.written.title, paper.file, points, fields))
    return tuple(changes)


def _fields(old: Paper, new: Paper) -> tuple[tuple[str, str | None, str | None], ...]:
    """Bibliographic fields and methods that differ: name, before, after."""
    changes = []
    for name in PAPER_FIELDS:
        values = getattr(old.written, name), getattr(new.written, name)
        if values[0] != values[1]:
            changes.append((name, *map(told, values)))
    for method in sorted(old.methods.keys() | new.methods.keys()):
        values = old.methods.get(method), new.methods.get(method)
        if values[0] != values[1]:
            changes.append((f"method {method}", *map(told, values)))
    return tuple(changes)


def name_changes(before: Names, after: Names) -> tuple[tuple[str, str], ...]:
    """Vocabulary entries that differ: what happened, and to which."""
    changes = []
    for kind in ("architectures", "datasets", "venues"):
        old, new = getattr(before, kind).entries, getattr(after, kind).entries
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                what = "changed" if name in old and name in new else "added" if name in new else "removed"
                changes.append((what, f"{kind.removesuffix('s')} {name}"))
    return tuple(changes)
