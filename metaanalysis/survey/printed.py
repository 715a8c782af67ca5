"""The numbers that the 2020 survey prints, read from printed/blalock2020.yaml.

Only findings, the report, the app and tests may import this: what computes must not know what should come out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class PrintedSentence:
    """A counted sentence: its number or words as printed, the whole it counts in, its place and what it is about."""

    id: str
    place: str
    about: str
    value: int | str | None = None
    words: str | None = None
    of: int | None = None

    def __str__(self) -> str:
        printed = str(self.value) if self.words is None else self.words
        if self.words is not None and self.value is not None and not self.words.endswith(str(self.value)):
            printed = f"{self.words} ({self.value})"
        return f"{printed} of {self.of}" if self.of else printed


@dataclass(frozen=True, slots=True)
class PrintedPair:
    """A row of the survey's Table 1."""

    dataset: str
    architecture: str
    papers: int


@dataclass(frozen=True, slots=True)
class Printed:
    """Everything the survey prints about its corpus; `legends` are by figure, and panel where it has two."""

    source: str
    sentences: tuple[PrintedSentence, ...]
    table_1: tuple[PrintedPair, ...]
    legends: dict[tuple[str, str | None], tuple[str, ...]]

    def sentence(self, name: str) -> PrintedSentence:
        """The sentence with this id; KeyError if there is none."""
        for sentence in self.sentences:
            if sentence.id == name:
                return sentence
        raise KeyError(f"no sentence '{name}' in printed/blalock2020.yaml")


@cache
def printed() -> Printed:
    """The printed numbers of Blalock et al. (2020)."""
    file = resources.files("metaanalysis").joinpath("printed", "blalock2020.yaml")
    tree = yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    sentences = [PrintedSentence(**entry) for entry in tree["sentences"]]
    pairs = [PrintedPair(**entry) for entry in tree["table_1"]["pairs"]]
    legends = {
        ("figure_1", None): tuple(tree["figure_1"]["legend"]),
        ("figure_3", None): tuple(tree["figure_3"]["legend"]),
        ("figure_5", "magnitude"): tuple(tree["figure_5"]["upper"]["legend"]),
        ("figure_5", "other"): tuple(tree["figure_5"]["lower"]["legend"]),
    }
    return Printed(tree["source"], tuple(sentences), tuple(pairs), legends)
