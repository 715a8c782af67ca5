"""Names of architectures, datasets and venues: canonical, alias, family, placeholder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from types import GenericAlias
from typing import Generic, Literal, TypeVar

from pydantic import Field

from corpus.schema.fields import Flag, Text, WholeNumber, Written
from corpus.schema.paper import Correction, UnprunedMeasureName, UnprunedNumbers
from corpus.schema.reader import Document, Path, Problem, read_file
from corpus.schema.roles import ROLES
from corpus.schema.suggest import did_you_mean
from corpus.schema.validate import validated


class Reference(UnprunedNumbers):
    """Size and accuracy of an unpruned ImageNet model, from a table outside the corpus."""

    name: Text = Field(description="as the table prints it")
    source: Literal["tan2019", "bianco2018"]
    published_reference: Flag = Field(
        True, description="false if the 2020 analysis could not join it by name"
    )
    correction: dict[UnprunedMeasureName, Correction] | None = None


class Name(Written):
    """What every vocabulary entry may carry."""

    aliases: tuple[Text, ...] = ()
    survey_name: Text | None = Field(
        None, description="spelling in the 2020 survey's sheet, where it differs"
    )
    placeholder: Literal["unknown", "several"] | None = Field(
        None, description="if it stands for something not named, or for several things at once"
    )
    note: Text | None = None


class ArchitectureName(Name):
    family: Text | None = None
    source: Text | None = None
    references: tuple[Reference, ...] = ()


class Dataset(Name):
    classes: WholeNumber | None = None
    test_size: WholeNumber | None = None


class Venue(Name):
    full: Text | None = None
    peer_reviewed: Flag
    kind: Literal["conference", "journal", "workshop", "preprint"] | None = None


NamedThing = TypeVar("NamedThing", bound=Name)


class Vocabulary(Generic[NamedThing]):
    """Canonical names of one kind, found by any spelling they list."""

    def __init__(self, kind: str, entries: dict[str, NamedThing]):
        self.kind = kind
        self.entries = entries
        self._spellings = {name: name for name in entries}
        for name, entry in entries.items():
            self._spellings.update(dict.fromkeys(entry.aliases, name))

    def __getitem__(self, name: str) -> NamedThing:
        return self.entries[name]

    def canonical(self, spelling: str) -> str | None:
        """The canonical name for `spelling`, or None if no entry lists it."""
        return self._spellings.get(spelling)

    def canonical_ignoring_case(self, spelling: str) -> str | None:
        """As `canonical`, whatever is a capital letter and what is not."""
        for known, name in self._spellings.items():
            if known.lower() == spelling.lower():
                return name
        return None

    def survey_name(self, spelling: str) -> str:
        """How the 2020 survey's sheet spells what `spelling` means."""
        name = self.canonical(spelling)
        if name is None:
            return spelling
        return self.entries[name].survey_name or name

    def unknown(self, spelling: str) -> str:
        """The message for a spelling that no entry lists."""
        known = f"unknown {self.kind} '{spelling}'; expected a name in vocabulary/{self.kind}s.yaml"
        return known + did_you_mean(spelling, self._spellings)


@dataclass(frozen=True, slots=True)
class Names:
    """The three vocabularies of a corpus."""

    architectures: Vocabulary[ArchitectureName]
    datasets: Vocabulary[Dataset]
    venues: Vocabulary[Venue]

    def family(self, architecture: str) -> str:
        """The family of a canonical architecture name, or the name itself if it belongs to none."""
        return self.architectures[architecture].family or architecture


def misspelt(document: Document, names: Names) -> list[Problem]:
    """Unknown names in a paper's file that has other errors too, so that one reading finds all."""
    problems = []
    for path, kind, spelling in spelled(document.tree):
        vocabulary = getattr(names, kind)
        if vocabulary.entries and vocabulary.canonical(spelling) is None:
            problems.append(document.problem(path, vocabulary.unknown(spelling)))
    return problems


def spelled(tree: object) -> Iterator[tuple[Path, str, str]]:
    """Place, kind of vocabulary and spelling of each name in a paper's tree, whatever else is wrong with it."""
    if not isinstance(tree, dict):
        return
    if isinstance(tree.get("venue"), str):
        yield ("venue",), "venues", tree["venue"]
    for role in ROLES:
        blocks = tree.get(role)
        for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
            for key in ("dataset", "architecture"):
                if isinstance(block, dict) and isinstance(block.get(key), str):
                    yield (role, index, key), f"{key}s", block[key]


def read_names(folder: FilePath, shown_as: str) -> tuple[Names, list[Problem]]:
    """The vocabularies in `folder`; problems are collected, never raised."""
    problems: list[Problem] = []
    architectures = _vocabulary("architecture", ArchitectureName, folder, shown_as, problems)
    datasets = _vocabulary("dataset", Dataset, folder, shown_as, problems)
    venues = _vocabulary("venue", Venue, folder, shown_as, problems)
    return Names(architectures, datasets, venues), problems


def _vocabulary(
    kind: str, model: type[NamedThing], folder: FilePath, shown_as: str, problems: list[Problem]
) -> Vocabulary[NamedThing]:
    """The names of one kind; no two of them may share a spelling."""
    document = read_file(folder / f"{kind}s.yaml", f"{shown_as}/{kind}s.yaml")
    entries: dict[str, NamedThing] = validated(document, GenericAlias(dict, (Text, model))) or {}  # type: ignore[arg-type]
    if not entries and not document.problems:
        document.problems.append(document.problem((), "no names here; expected a mapping of names"))
    problems += document.problems
    seen: dict[str, str] = {}
    for name, entry in entries.items():
        for spelling in (name, *entry.aliases):
            other = seen.setdefault(spelling.lower(), name)
            if other != name:
                problems.append(document.problem((name,), f"'{spelling}' already names '{other}'"))
    return Vocabulary(kind, entries)
