"""Which points of each figure the corrections and additions move, bring in or take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from metaanalysis.survey.readings import Views, figure_data

MOVES, APPEARS, LEAVES, STAYS = "moves", "appears", "leaves", "stays"
KINDS = (MOVES, APPEARS, LEAVES)


@dataclass(frozen=True, slots=True)
class Watched:
    """How to follow a figure's rows from one reading to the other: what names a row, and which numbers may move."""

    identity: tuple[str, ...]
    values: tuple[str, ...]
    only: tuple[str, str] | None = None


WATCHED = {
    "baseline_drift": Watched(
        ("dataset", "architecture", "measure", "paper", "value"), ("ratio", "points")
    ),
    "checklist_by_year": Watched(("criterion", "years"), ("yes", "partly", "no")),
    "comparison_counts": Watched(("direction", "degree", "peer_reviewed"), ("papers",)),
    "comparison_graph": Watched(("paper", "compares_to"), (), ("kind", "comparison")),
    "fragmentation": Watched(("dataset", "architecture", "x_metric", "y_metric", "point_id"), ("x", "y")),
    "reported_and_rerun": Watched(
        ("dataset", "architecture", "x_metric", "y_metric", "url"), ("x", "y"), ("source", "reported")
    ),
    "scratch_or_finetune": Watched(
        ("title", "panel", "arm", "url"), ("accuracy", "difference"), ("source", "reported")
    ),
    "pruned_vs_architectures": Watched(("x_metric", "y_metric", "url"), ("x", "y"), ("series", "pruned")),
    "resnet50_magnitude": Watched(("panel", "label", "url"), ("params", "top1")),
    "results_per_paper": Watched(("panel", "count", "peer_reviewed"), ("n",)),
}
"""Every figure that shows the survey's sheet; its rows are points, or counts of papers."""
NOT_OF_THE_SHEET = ("initial_models", "rerun_tradeoffs", "scaling_law", "trainability")
"""Figures of our own runs, released tables and papers outside the survey: no correction of the sheet is in them."""


@dataclass(frozen=True, slots=True)
class Move:
    """A row of a figure that differs: its name, and its numbers before and after (None where it is absent)."""

    figure: str
    kind: str
    key: dict[str, object]
    before: tuple[float, ...] | None
    after: tuple[float, ...] | None
    row: dict[str, object]


def moves(views: Views) -> list[Move]:
    """All differences between the sheet under our rules and the corrected corpus, figure by figure."""
    return [move for name in WATCHED for move in followed(name, views) if move.kind != STAYS]


def followed(name: str, views: Views) -> Iterator[Move]:
    """Every row of a figure in either reading, with what becomes of it."""
    watched = WATCHED[name]
    before = _rows(figure_data(name, views.sheet), watched)
    after = _rows(figure_data(name, views.corrected), watched)
    for key in before | after:
        old, new = before.get(key), after.get(key)
        numbers = tuple(row and tuple(row[value] for value in watched.values) for row in (old, new))
        yield Move(
            name, _kind(*numbers), dict(zip(watched.identity, key, strict=True)), *numbers, new or old
        )


def _rows(data: pd.DataFrame, watched: Watched) -> dict[tuple, dict]:
    rows = data.to_dict("records")
    if watched.only:
        column, wanted = watched.only
        rows = [row for row in rows if row[column] == wanted]
    return {tuple(row[name] for name in watched.identity): row for row in rows}


def _kind(before: tuple | None, after: tuple | None) -> str:
    if before is None:
        return APPEARS
    if after is None:
        return LEAVES
    return STAYS if all(map(_alike, before, after)) else MOVES


def _alike(a: float, b: float) -> bool:
    """Equal but for the last bits, or both missing."""
    return a == b or (a != a and b != b) or abs(a - b) <= 1e-9 * max(abs(a), abs(b))
