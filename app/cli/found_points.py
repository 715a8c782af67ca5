"""Operating points that `find` found, as tables for a person: by role and protocol, the newest last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from corpus.numbers.measures import (
    ACCURACY,
    CHANGE,
    LISTING,
    MEASURES,
    PARTS_OF_ONE,
    RATIO,
    SCORE,
    shown_in,
)

USUAL = ("compression_ratio", "theoretical_speedup", "top1_change", "top5_change")
"""Measures that a listing shows where any row has one of them."""
NEGLIGIBLE = 1e-9
"""A half-width below this is a rounding error of floating point, not an interval."""
ONE_SCREEN = 30
"""More rows than these are shortened: papers that have several get one line each."""
ROWS_OF_A_PAPER = 3
"""Rows that a paper keeps in a shortened listing."""
HEADS = {
    "reported": "Reported by the papers themselves",
    "rerun": "Our own runs",
    "reproduced": "Another's method, run by the paper",
    "quoted": "Quoted from others; not counted above",
}
"""What stands above the rows of each attribution, in the order in which they come."""


@dataclass(frozen=True, slots=True)
class FoundSection:
    """Rows of one role, and of one protocol where the measure asked for needs one."""

    head: str
    rows: pd.DataFrame


def sections(
    points: pd.DataFrame, measure: str | None = None, shorten: bool = True
) -> Iterator[FoundSection]:
    """The tables of a listing: own results, reproduced ones and quoted ones apart.

    With a `measure` that needs a protocol, rows of one protocol stand together, and no others beside them.
    """
    shorten = shorten and len(points) > ONE_SCREEN
    setting = _only_setting(points)
    shown = measures_shown(points, measure)
    by_protocol = measure is not None and bool(MEASURES[measure].protocol)
    for attribution, head in HEADS.items():
        of_role = points[points["attribution"] == attribution]
        if not by_protocol and len(of_role):
            yield FoundSection(
                f"{head}{setting}", _without_setting(found_table(of_role, shown, shorten), setting)
            )
            continue
        for protocol, rows in of_role.groupby("protocol", sort=True):
            table = found_table(rows, shown, shorten)
            yield FoundSection(f"{head}{setting}; {protocol}", _without_setting(table, setting))


def _only_setting(points: pd.DataFrame) -> str:
    """`: ResNet-50 on ImageNet` where all rows are of one network on one data set; empty otherwise."""
    settings = points[["architecture", "dataset"]].drop_duplicates()
    return f": {' on '.join(settings.iloc[0])}" if len(settings) == 1 else ""


def _without_setting(table: pd.DataFrame, setting: str) -> pd.DataFrame:
    """The table without the columns that its heading says."""
    return table.drop(columns=["architecture", "dataset"]) if setting else table


def measures_shown(points: pd.DataFrame, measure: str | None) -> tuple[str, ...]:
    """The measures worth a column: the one asked for and the amounts of pruning, or else the usual ones."""
    present = [name for name in shown_in(LISTING) if points[name].notna().any()]
    if measure is not None:
        amounts = [name for name in present if MEASURES[name].axis == "x" and name != measure]
        return (*amounts, measure)
    return USUAL if not present or set(USUAL) & set(present) else tuple(present)


def found_table(
    points: pd.DataFrame, measures: tuple[str, ...] = USUAL, shorten: bool = False
) -> pd.DataFrame:
    """One row per operating point with its place, and one per method for all of its released runs together.

    Values stand with the half-width of their interval (`2.7x ±0.05`), released runs as the span of their values; with
    `shorten` so do the results of a paper that has many.
    """
    released = points["released"].astype(bool)
    rows = [*_released_rows(points[released], measures)]
    singles = points[~released]
    many = singles.groupby("paper")["paper"].transform("size") > ROWS_OF_A_PAPER
    if shorten:
        rows += _rows_of_papers(singles[many], measures)
        singles = singles[~many]
    rows = [*_single_rows(singles, measures), *rows]
    names = ["year", "label", "of", "architecture", "dataset"]
    columns = [*names, *(MEASURES[name].short for name in measures), "in the paper", "file"]
    table = pd.DataFrame(rows, columns=columns).sort_values(["year", "label"], kind="stable")
    return table if table["of"].astype(bool).any() else table.drop(columns="of")


def _single_rows(points: pd.DataFrame, measures: tuple[str, ...]) -> Iterator[dict[str, object]]:
    for point in points.to_dict("records"):
        row = _about(point)
        for measure in measures:
            ends = (point[f"{measure}_low"], point[f"{measure}_high"])
            row[MEASURES[measure].short] = _with_interval(measure, point[measure], *ends)
        row["in the paper"] = point["location"]
        row["file"] = f"{point['file']}:{point['line']}"
        yield row


def _released_rows(points: pd.DataFrame, measures: tuple[str, ...]) -> Iterator[dict[str, object]]:
    names = ["year", "label", "architecture", "dataset", "file"]
    for key, runs in points.groupby(names, sort=False):
        about = dict(zip(names, key, strict=True))
        row = _about(about) | _spans(runs, measures)
        row["in the paper"] = f"{len(runs)} released runs"
        row["file"] = about["file"]
        yield row


def _rows_of_papers(points: pd.DataFrame, measures: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """One row for each paper, network and data set."""
    names = ["year", "paper", "architecture", "dataset", "file"]
    for key, results in points.groupby(names, sort=False):
        about = dict(zip(names, key, strict=True))
        labels = results["label"].unique()
        label = labels[0] if len(labels) == 1 else f"{labels[0].partition(', ')[0]}: {len(labels)} methods"
        row = _about(about | {"label": label}) | _spans(results, measures)
        row["in the paper"] = f"{len(results)} results"
        row["file"] = about["file"]
        yield row


def _about(point: dict) -> dict[str, object]:
    of = point.get("of")
    names = {name: point[name] for name in ("year", "label", "architecture", "dataset")}
    return names | {"of": of if isinstance(of, str) else ""}


def _spans(points: pd.DataFrame, measures: tuple[str, ...]) -> dict[str, object]:
    return {MEASURES[measure].short: _span(measure, points[measure].dropna()) for measure in measures}


def _number(measure: str, value: float) -> str:
    """A ratio as `2.7x`, a change with its sign, a part of 1 in percent."""
    kind = MEASURES[measure].kind
    if kind == RATIO:
        return f"{value:.3g}x"
    if kind == CHANGE:
        return f"{value:+.2f}"
    if kind in PARTS_OF_ONE:
        return f"{100 * value:.4g}%"
    return f"{value:.2f}" if kind in (ACCURACY, SCORE) else f"{value:.4g}"


def _span(measure: str, values: pd.Series) -> str:
    if values.empty:
        return ""
    lowest, highest = _number(measure, values.min()), _number(measure, values.max())
    return lowest if lowest == highest else f"{lowest} to {highest}"


def _with_interval(measure: str, value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return ""
    half_width = max(high - value, value - low)
    scale = 100 if MEASURES[measure].kind in PARTS_OF_ONE else 1
    number = _number(measure, value)
    return f"{number} ±{half_width * scale:.1g}" if half_width > NEGLIGIBLE else number
