"""What the corrections and additions to the survey's sheet change.

First every number or name that was corrected, halved because the paper counts two FLOPs per multiply-add, doubted or
added, as the sheet has it and as it holds, with reason, source and line. Then, for every figure, each point or count
that moves, appears or leaves: the sheet's data against the corrected ones, both under our rules, so that nothing but
the corrections and additions tells them apart. The same in both views. `rows` are rows of the survey's sheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from metaanalysis.drawing.tables_as_text import cell
from metaanalysis.style import source_page
from metaanalysis.survey.corrections import Change, changes
from metaanalysis.survey.moved_points import KINDS, WATCHED, Move, moves
from metaanalysis.survey.readings import Views, views

COLUMNS = (
    "figure",
    "kind",
    "paper",
    "rows",
    "what",
    "sheet",
    "corrected",
    "because",
    "from",
    "file",
    "line",
)


def table(corpus: Corpus, *, show: Literal["all", "numbers", "points", "figures"] = "all") -> pd.DataFrame:
    """One row per number that differs and per point of a figure that does; `figures` counts the points by figure."""
    readings = views(corpus)
    if show == "figures":
        return _by_figure(moves(readings))
    numbers = changes(readings.corrected)
    rows = [] if show == "points" else [_number(change) for change in numbers]
    if show != "numbers":
        rows += _points(moves(readings), readings, numbers)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"line": "Int64"})


def _number(change: Change) -> tuple:
    rows = ", ".join(map(str, change.rows))
    about = (change.because, change.source, change.file, change.line)
    return ("", change.kind, change.paper, rows, change.what, change.sheet, change.corrected, *about)


def _points(found: list[Move], readings: Views, numbers: list[Change]) -> Iterator[tuple]:
    points = (*readings.sheet.points, *readings.corrected.points)
    by_id = {point.point_id: point for point in points}
    by_page = {source_page(point.file, point.line): point for point in points}
    reasons: dict[int, dict[str, None]] = {}
    for change in numbers:
        for row in change.rows:
            reasons.setdefault(row, {})[f"{change.what} {change.kind}"] = None
    for move in found:
        point = by_id.get(move.key.get("point_id")) or by_page.get(move.key.get("url"))
        because = ", ".join(reasons.get(point.survey_row if point else None, ()))
        numbers_of = (_numbers(move.before), _numbers(move.after), because, "")
        yield (move.figure, move.kind, *_who(move, point), _what(move), *numbers_of, *_place(move, point))


def _who(move: Move, point: OperatingPoint | None) -> tuple[str, str]:
    if point is None:
        return str(move.key.get("paper", "")), ""
    return point.paper, "" if point.survey_row is None else str(point.survey_row)


def _place(move: Move, point: OperatingPoint | None) -> tuple[str, int | None]:
    if point is not None:
        return point.file, point.line
    return str(move.row.get("file", "")), move.row.get("line")


def _what(move: Move) -> str:
    """The panel, cell or line of the figure."""
    named = {name: value for name, value in move.key.items() if name not in ("point_id", "url", "paper")}
    return ", ".join(str(value) for value in named.values())


def _numbers(values: tuple | None) -> str:
    return "" if values is None else ", ".join(cell(value) for value in values if value == value)


def _by_figure(found: list[Move]) -> pd.DataFrame:
    counts = Counter((move.figure, move.kind) for move in found)
    rows = [(name, *(counts[name, kind] for kind in KINDS)) for name in WATCHED]
    return pd.DataFrame(rows, columns=["figure", *KINDS])
