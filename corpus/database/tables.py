"""The public tables, column by column."""

from __future__ import annotations

from corpus.numbers.measures import MEASURES, POINTS, UNPRUNED, shown_in

FIRST_MEASURE_COLUMNS = (
    "compression_ratio",
    "theoretical_speedup",
    "top1",
    "top5",
    "top1_change",
    "top5_change",
    "top1_std",
    "unpruned_top1",
    "unpruned_top1_std",
    "unpruned_top5",
    "params",
    "unpruned_params",
    "flops",
    "unpruned_flops",
)
"""Columns of `points` in the order in which they were first published; users rely on it, so new ones come after all
columns of the table."""


def added_measure_columns() -> list[str]:
    """Columns of `points` for measures that came into the registry after the first ones, in its order."""
    columns = []
    for name in shown_in(POINTS):
        measure = MEASURES[name]
        prefixes = ("", UNPRUNED) if measure.of_unpruned else ("",)
        for prefix in prefixes:
            columns.append(f"{prefix}{name}")
            if measure.has_std:
                columns.append(f"{prefix}{name}_std")
    return [column for column in columns if column not in FIRST_MEASURE_COLUMNS]


COLUMNS: dict[str, dict[str, str]] = {
    "papers": {
        "paper": "VARCHAR",
        "title": "VARCHAR",
        "first_author": "VARCHAR",
        "year": "INTEGER",
        "date": "VARCHAR",
        "venue": "VARCHAR",
        "peer_reviewed": "BOOLEAN",
        "is_pruning": "BOOLEAN",
        "arxiv": "VARCHAR",
        "doi": "VARCHAR",
        "survey": "VARCHAR",
        "survey_key": "VARCHAR",
    },
    "comparisons": {"paper": "VARCHAR", "compares_to": "VARCHAR", "doubt": "VARCHAR"},
    "settings": {
        "paper": "VARCHAR",
        "dataset": "VARCHAR",
        "architecture": "VARCHAR",
        "has_numbers": "BOOLEAN",
    },
    "points": {
        **dict.fromkeys(("point_id", "paper", "label", "method", "dataset", "architecture"), "VARCHAR"),
        "trials": "INTEGER",
        **dict.fromkeys(FIRST_MEASURE_COLUMNS, "DOUBLE"),
        "attribution": "VARCHAR",
        "file": "VARCHAR",
        "line": "INTEGER",
        "location": "VARCHAR",
        "survey_row": "INTEGER",
        "excluded_from": "VARCHAR",
        **dict.fromkeys(("reproduces", "source", "version", "protocol"), "VARCHAR"),
        "doubt": "VARCHAR",
        "checked": "DOUBLE",
        **dict.fromkeys(added_measure_columns(), "DOUBLE"),
    },
    "measurements": {
        "point_id": "VARCHAR",
        "measure": "VARCHAR",
        **dict.fromkeys(("value", "low", "high"), "DOUBLE"),
        **dict.fromkeys(("layer", "route", "printed", "file"), "VARCHAR"),
        "line": "INTEGER",
        "std": "DOUBLE",
        **dict.fromkeys(("unit", "protocol"), "VARCHAR"),
        "in_normal_form": "BOOLEAN",
    },
    "survey_rows": {
        "survey": "VARCHAR",
        "row": "INTEGER",
        **dict.fromkeys(("paper", "dataset", "architecture", "point_id"), "VARCHAR"),
    },
    "contradictions": {
        "point_id": "VARCHAR",
        "measure": "VARCHAR",
        "route_a": "VARCHAR",
        "value_a": "DOUBLE",
        "route_b": "VARCHAR",
        "value_b": "DOUBLE",
        "file": "VARCHAR",
        "line": "INTEGER",
    },
    "quotations": {
        **dict.fromkeys(("paper", "of", "dataset", "architecture", "measure"), "VARCHAR"),
        **dict.fromkeys(("value", "low", "high"), "DOUBLE"),
        **dict.fromkeys(("printed", "file"), "VARCHAR"),
        "line": "INTEGER",
        "matched_point": "VARCHAR",
    },
    "checks": dict.fromkeys(("point_id", "measure", "against", "at", "printed", "agrees", "on"), "VARCHAR"),
}
"""Public tables: column names and DuckDB types, in order."""
