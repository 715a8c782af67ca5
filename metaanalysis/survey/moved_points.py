"""Which points of a figure the corrections and additions move, bring in or take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from metaanalysis.registry import Following, figures
from metaanalysis.survey.readings import Views, figure_data

MOVES, APPEARS, LEAVES, STAYS = "moves", "appears", "leaves", "stays"
KINDS = (MOVES, APPEARS, LEAVES)


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of a row: its name, and its numbers before and after (None where it is absent).

    `row` is the whole row, as it is after the corrections where it is there.
    """

    figure: str
    kind: str
    key: dict[str, object]
    before: tuple[float, ...] | None
    after: tuple[float, ...] | None
    row: dict[str, object]


def followed_figures() -> dict[str, Following]:
    """Every figure that says how its rows are followed through corrections, by name."""
    followed = {}
    for name, entry in figures().items():
        if entry.following is not None:
            followed[name] = entry.following
    return followed


def moves(views: Views) -> list[Move]:
    """All differences between the sheet under our rules and the corrected corpus, figure by figure."""
    differing = []
    for name, following in followed_figures().items():
        before, after = figure_data(name, views.sheet), figure_data(name, views.corrected)
        for move in compared(name, before, after, following):
            if move.kind != STAYS:
                differing.append(move)
    return differing


def compared(
    figure: str, before: pd.DataFrame, after: pd.DataFrame, following: Following
) -> Iterator[Move]:
    """Every row of a figure in either of two readings, with what becomes of it."""
    old_rows, new_rows = _by_name(before, following), _by_name(after, following)
    for name in old_rows | new_rows:
        old, new = old_rows.get(name), new_rows.get(name)
        old_numbers, new_numbers = _numbers(old, following), _numbers(new, following)
        key = dict(zip(following.identity, name, strict=True))
        kind = _kind(old_numbers, new_numbers)
        yield Move(figure, kind, key, old_numbers, new_numbers, new or old or {})


def _by_name(data: pd.DataFrame, following: Following) -> dict[tuple, dict]:
    """The rows that are followed, by what names them."""
    rows = {}
    for row in data.to_dict("records"):
        if following.only is None or row[following.only[0]] == following.only[1]:
            rows[tuple(row[name] for name in following.identity)] = row
    return rows


def _numbers(row: dict | None, following: Following) -> tuple[float, ...] | None:
    return None if row is None else tuple(row[name] for name in following.values)


def _kind(before: tuple[float, ...] | None, after: tuple[float, ...] | None) -> str:
    if before is None:
        return APPEARS
    if after is None:
        return LEAVES
    return STAYS if all(map(_alike, before, after)) else MOVES


def _alike(a: float, b: float) -> bool:
    """Equal but for the last bits, or both missing."""
    both_missing = a != a and b != b  # only a missing number is not equal to itself
    return a == b or both_missing or abs(a - b) <= 1e-9 * max(abs(a), abs(b))
