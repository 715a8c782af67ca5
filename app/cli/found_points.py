"""Operating points that `find` found, as a table for a person."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

SHOWN_MEASURES = {
    "compression_ratio": "compression",
    "theoretical_speedup": "speedup",
    "top1_change": "Top-1 change",
    "top5_change": "Top-5 change",
}
RATIOS = ("compression_ratio", "theoretical_speedup")
NEGLIGIBLE = 1e-9
"""A half-width below this is a rounding error of floating point, not an interval."""


def found_table(points: pd.DataFrame) -> pd.DataFrame:
    """One row per operating point with its place, and one per method for all of its released runs together.

    Values stand with the half-width of their interval (`2.7x ±0.05`), released runs as the span of their values.
    """
    released = points["released"].astype(bool)
    rows = [*_single_rows(points[~released]), *_released_rows(points[released])]
    columns = ["year", "label", "architecture", "dataset", *SHOWN_MEASURES.values(), "in the paper", "file"]
    return pd.DataFrame(rows, columns=columns).sort_values(["year", "label"], kind="stable")


def _single_rows(points: pd.DataFrame) -> Iterator[dict[str, object]]:
    for point in points.to_dict("records"):
        row = _about(point)
        for measure, title in SHOWN_MEASURES.items():
            ends = (point[f"{measure}_low"], point[f"{measure}_high"])
            row[title] = _with_interval(measure, point[measure], *ends)
        row["in the paper"] = point["location"]
        row["file"] = f"{point['file']}:{point['line']}"
        yield row


def _released_rows(points: pd.DataFrame) -> Iterator[dict[str, object]]:
    names = ["year", "label", "architecture", "dataset", "file"]
    for key, runs in points.groupby(names, sort=False):
        about = dict(zip(names, key, strict=True))
        row = _about(about)
        for measure, title in SHOWN_MEASURES.items():
            row[title] = _span(measure, runs[measure].dropna())
        row["in the paper"] = f"{len(runs)} released runs"
        row["file"] = about["file"]
        yield row


def _about(point: dict) -> dict[str, object]:
    return {name: point[name] for name in ("year", "label", "architecture", "dataset")}


def _number(measure: str, value: float) -> str:
    """A ratio as `2.7x`, a change with its sign."""
    return f"{value:.3g}x" if measure in RATIOS else f"{value:+.2f}"


def _span(measure: str, values: pd.Series) -> str:
    if values.empty:
        return ""
    lowest, highest = _number(measure, values.min()), _number(measure, values.max())
    return lowest if lowest == highest else f"{lowest} to {highest}"


def _with_interval(measure: str, value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return ""
    half_width = max(high - value, value - low)
    number = _number(measure, value)
    return f"{number} ±{half_width:.1g}" if half_width > NEGLIGIBLE else number
