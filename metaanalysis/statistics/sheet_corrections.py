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
from metaanalysis.survey.corrections import SheetChange, changes
from metaanalysis.survey.moved_points import KINDS, Move, followed_figures, moves
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
NOT_SHOWN = ("point_id", "url", "paper")
"""Parts of a point's name that stand in columns of their own."""


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


def _number(change: SheetChange) -> dict[str, object]:
    return {
        "figure": "",
        "kind": change.kind,
        "paper": change.paper,
        "rows": ", ".join(map(str, change.rows)),
        "what": change.what,
        "sheet": change.sheet,
        "corrected": change.corrected,
        "because": change.because,
        "from": change.source,
        "file": change.file,
        "line": change.line,
    }


def _points(moved: list[Move], readings: Views, numbers: list[SheetChange]) -> Iterator[dict[str, object]]:
    by_id: dict[object, OperatingPoint] = {}
    by_page: dict[object, OperatingPoint] = {}
    for point in (*readings.sheet.points, *readings.corrected.points):
        by_id[point.point_id] = point
        by_page[source_page(point.file, point.line)] = point
    reasons = _reasons(numbers)
    for move in moved:
        mover = by_id.get(move.key.get("point_id")) or by_page.get(move.key.get("url"))
        row = mover.survey_row if mover else None
        yield {
            "figure": move.figure,
            "kind": move.kind,
            **_who(move, mover),
            "what": _what(move),
            "sheet": _numbers(move.before),
            "corrected": _numbers(move.after),
            "because": ", ".join(reasons.get(row, ())),
            "from": "",
        }


def _reasons(numbers: list[SheetChange]) -> dict[int | None, list[str]]:
    """What changed in each row of the sheet, each change once."""
    reasons: dict[int | None, list[str]] = {}
    for change in numbers:
        for row in change.rows:
            reason = f"{change.what} {change.kind}"
            if reason not in reasons.setdefault(row, []):
                reasons[row].append(reason)
    return reasons


def _who(move: Move, point: OperatingPoint | None) -> dict[str, object]:
    """Paper, row of the sheet, file and line of what moves; of a count, what the figure says of them."""
    if point is None:
        return {
            "paper": str(move.key.get("paper", "")),
            "rows": "",
            "file": str(move.row.get("file", "")),
            "line": move.row.get("line"),
        }
    row = "" if point.survey_row is None else str(point.survey_row)
    return {"paper": point.paper, "rows": row, "file": point.file, "line": point.line}


def _what(move: Move) -> str:
    """The panel, cell or line of the figure."""
    return ", ".join(str(value) for name, value in move.key.items() if name not in NOT_SHOWN)


def _numbers(values: tuple[float, ...] | None) -> str:
    known = [value for value in values or () if not pd.isna(value)]
    return ", ".join(map(cell, known))


def _by_figure(moved: list[Move]) -> pd.DataFrame:
    counts = Counter((move.figure, move.kind) for move in moved)
    rows = []
    for name in followed_figures():
        rows.append({"figure": name, **{kind: counts[name, kind] for kind in KINDS}})
    return pd.DataFrame(rows, columns=["figure", *KINDS])
