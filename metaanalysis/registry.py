"""Finds the figures and statistics: a file in the folder is the registration.

>>> from metaanalysis import registry
>>> figure = registry.figures()["fragmentation"]
>>> figure.chart(figure.data(corpus)).save("fragmentation.html")
"""

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
from typing import Any, Literal

import pandas as pd
from altair.typing import ChartType

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
class Following:
    """How a figure's row is known again in another reading of the corpus: the columns that name it (`identity`) and
    those whose numbers may move (`values`). `only` is a column and the value that it has in the rows followed."""

    identity: tuple[str, ...]
    values: tuple[str, ...]
    only: tuple[str, str] | None = None


@dataclass(frozen=True)
class Entry:
    """A figure or a statistic: its name, title, caption, options, public columns and functions.

    `following` is how corrections are followed through a figure's rows, None for a statistic and for a figure that says
    in `not_followed` why they are not.
    """

    name: str
    kind: Literal["figure", "statistic"]
    title: str
    caption: str
    options: tuple[Option, ...]
    columns: tuple[str, ...]
    following: Following | None
    not_followed: str
    _data: Callable[..., pd.DataFrame]
    _chart: Callable[[pd.DataFrame], ChartType] | None

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

    def data(self, corpus: Corpus, **options: Any) -> pd.DataFrame:
        """The numbers, with every column the chart needs; `options` by name, as `self.options` lists them."""
        return self._data(corpus, **options)

    def public(self, data: pd.DataFrame) -> pd.DataFrame:
        """The public columns of `data`, as exported."""
        return data[list(self.columns)] if self.columns else data

    def chart(self, data: pd.DataFrame, subtitle: str = "") -> ChartType:
        """The picture of `data` under this figure's title, an Altair chart; ValueError for a statistic."""
        if self._chart is None:
            raise ValueError(f"{self.name} is a {self.kind}, which has no picture")
        return styled(self._chart(data), self.title, subtitle)


@cache
def figures() -> dict[str, Entry]:
    """All figures by name, in alphabetical order."""
    return _entries("figure", "metaanalysis.figures")


@cache
def statistics() -> dict[str, Entry]:
    """All statistics by name, in alphabetical order."""
    return _entries("statistic", "metaanalysis.statistics")


def select(known: dict[str, Entry], names: list[str]) -> list[Entry]:
    """The entries called `names`, all of them if there are none; ValueError with a suggestion for an unknown name."""
    messages = []
    for name in names:
        if name not in known:
            kind = next(iter(known.values())).kind
            hint = did_you_mean(name, known) or f"; expected {', '.join(known)}"
            messages.append(f"no {kind} '{name}'{hint}")
    if messages:
        raise ValueError("\n".join(messages))
    return [known[name] for name in names] or list(known.values())


def _entries(kind: Literal["figure", "statistic"], package: str) -> dict[str, Entry]:
    folder = importlib.import_module(package)
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    entries = {}
    for name in names:
        entries[name] = _entry(kind, name, importlib.import_module(f"{package}.{name}"))
    return entries


def _entry(kind: Literal["figure", "statistic"], name: str, module: ModuleType) -> Entry:
    title, _, caption = (inspect.getdoc(module) or "").partition("\n")
    data = module.data if kind == "figure" else module.table
    following = _following(module) if kind == "figure" else None
    return Entry(
        name=name,
        kind=kind,
        title=title.strip().rstrip("."),
        caption=" ".join(caption.split()),
        options=_options(data),
        columns=tuple(getattr(module, "COLUMNS", ())),
        following=following,
        not_followed=getattr(module, "NOT_FOLLOWED", ""),
        _data=data,
        _chart=getattr(module, "chart", None),
    )


def _following(module: ModuleType) -> Following | None:
    """What the file of a figure says of its rows; ValueError if it says nothing, or two things."""
    is_followed = hasattr(module, "IDENTITY") and hasattr(module, "VALUES")
    if is_followed == bool(getattr(module, "NOT_FOLLOWED", "")):
        raise ValueError(
            f"{module.__name__}: expected either IDENTITY and VALUES, the columns that name a row and those that a "
            "correction may move, or NOT_FOLLOWED, the reason why no correction is followed through it"
        )
    if not is_followed:
        return None
    return Following(module.IDENTITY, module.VALUES, getattr(module, "ONLY", None))


def _options(function: Callable) -> tuple[Option, ...]:
    hints = typing.get_type_hints(function)
    options = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY:
            choices = tuple(map(str, typing.get_args(hints[parameter.name])))
            options.append(Option(parameter.name, parameter.default, choices))
    return tuple(options)
