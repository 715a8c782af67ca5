"""Finds the figures and statistics: a file in the folder is the registration."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from types import ModuleType
from typing import Literal

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from corpus.schema.suggest import did_you_mean
from metaanalysis.style import styled

PAPERS = "papers"
"""The option of figures that hold to the survey's papers by default."""


@dataclass(frozen=True)
class Option:
    """A keyword of `data` or `table`, with its default and, for a closed choice, what it may be."""

    name: str
    default: bool | int | str
    choices: tuple[str, ...] = ()

    def parse(self, text: str) -> bool | int | str:
        """The value that `text` means; ValueError says what was expected."""
        if self.choices and text not in self.choices:
            raise ValueError(f"{self.name}: '{text}' is not one of {', '.join(self.choices)}")
        if isinstance(self.default, bool):
            if text not in ("true", "false"):
                raise ValueError(f"{self.name}: '{text}' is neither true nor false")
            return text == "true"
        if isinstance(self.default, int):
            if not text.lstrip("-").isdigit():
                raise ValueError(f"{self.name}: '{text}' is not a whole number")
            return int(text)
        return text


@dataclass(frozen=True)
class Entry:
    """A figure or a statistic: its name, title, caption, options and functions."""

    name: str
    kind: Literal["figure", "statistic"]
    title: str
    caption: str
    options: tuple[Option, ...]
    columns: tuple[str, ...]
    _data: Callable[..., pd.DataFrame]
    _chart: Callable[[pd.DataFrame], alt.Chart] | None

    @property
    def rebuilds(self) -> str:
        """The printed figure or table it rebuilds (`Figure 3`), or an empty string."""
        printed = re.match(r"Rebuilds ((?:Figure|Table) \d+)", self.caption)
        return printed[1] if printed else ""

    @property
    def chooses_papers(self) -> bool:
        """Whether it holds to the survey's papers unless it is asked for all of them."""
        return any(option.name == PAPERS for option in self.options)

    def twin(self) -> Entry:
        """The same figure drawn from all papers of the corpus, under a name of its own."""
        return replace(
            self,
            name=f"{self.name}_all_papers",
            title=f"{self.title}: all papers",
            options=tuple(option for option in self.options if option.name != PAPERS),
            _data=partial(self._data, papers="all"),
        )

    def data(self, corpus: Corpus, **options) -> pd.DataFrame:
        """The numbers, with every column the chart needs."""
        return self._data(corpus, **options)

    def public(self, data: pd.DataFrame) -> pd.DataFrame:
        """The public columns of `data`, as exported."""
        return data[list(self.columns)] if self.columns else data

    def chart(self, data: pd.DataFrame, subtitle: str = "") -> alt.Chart:
        """The picture of `data` under this figure's title."""
        return styled(self._chart(data), self.title, subtitle)


@cache
def figures() -> dict[str, Entry]:
    """All figures by name."""
    return _entries("figure", "metaanalysis.figures", "data")


@cache
def statistics() -> dict[str, Entry]:
    """All statistics by name."""
    return _entries("statistic", "metaanalysis.statistics", "table")


def select(known: dict[str, Entry], names: list[str]) -> list[Entry]:
    """The entries called `names`, all of them if there are none; ValueError with a suggestion for an unknown name."""
    unknown = [name for name in names if name not in known]
    if unknown:
        kind = next(iter(known.values())).kind
        expected = f"; expected {', '.join(known)}"
        told = [f"no {kind} '{name}'{did_you_mean(name, known) or expected}" for name in unknown]
        raise ValueError("\n".join(told))
    return [known[name] for name in names] or list(known.values())


def _entries(kind: str, package: str, function: str) -> dict[str, Entry]:
    folder = importlib.import_module(package)
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    return {
        name: _entry(kind, name, importlib.import_module(f"{package}.{name}"), function) for name in names
    }


def _entry(kind: str, name: str, module: ModuleType, function: str) -> Entry:
    title, _, caption = inspect.getdoc(module).partition("\n")
    data = getattr(module, function)
    return Entry(
        name=name,
        kind=kind,
        title=title.strip().rstrip("."),
        caption=" ".join(caption.split()),
        options=_options(data),
        columns=tuple(getattr(module, "COLUMNS", ())),
        _data=data,
        _chart=getattr(module, "chart", None),
    )


def _options(function: Callable) -> tuple[Option, ...]:
    hints = typing.get_type_hints(function)
    keywords = [p for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
    return tuple(
        Option(keyword.name, keyword.default, tuple(map(str, typing.get_args(hints[keyword.name]))))
        for keyword in keywords
    )
