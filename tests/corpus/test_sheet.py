"""The published view against the survey's own sheets, row by row (needs --data-dir or PRUNEBASE_DATA)."""

from __future__ import annotations

from collections import Counter

import pytest

PERCENT = {
    "Top1": "top1",
    "Top5": "top5",
    "Err1": "top1_error",
    "Err5": "top5_error",
    "dTop1": "top1_change",
    "dTop5": "top5_change",
    "OrigTop1": "unpruned_top1",
    "OrigTop5": "unpruned_top5",
    "OrigErr1": "unpruned_top1_error",
    "OrigErr5": "unpruned_top5_error",
}
FRACTIONS = {
    "savedParams": "params_pruned",
    "keptParams": "params_kept",
    "savedFLOPS": "flops_pruned",
    "keptFLOPS": "flops_kept",
}
PLAIN = {
    "MParams": ("params", 1e6),
    "OrigMParams": ("unpruned_params", 1e6),
    "GFLOPS": ("flops", 1e9),
    "OrigGFLOPS": ("unpruned_flops", 1e9),
    "old/new Nparam": ("compression_ratio", 1),
    "old/new FLOPS": ("theoretical_speedup", 1),
}
STDS = {"stdTop1": "top1", "stdOrigTop1": "unpruned_top1"}
ROUNDING = 1e-9
"""The sheet's decimal strings and ours reach binary by other ways (0.6 against 60 %)."""


def numbers(row: dict[str, str]) -> dict[str, float]:
    """What a row of the sheet says, by measure, in our units."""
    found = {}
    for column, measure in PERCENT.items():
        if row[column]:
            found[measure] = float(row[column].rstrip("%"))
    for column, measure in FRACTIONS.items():
        if row[column]:
            found[measure] = float(row[column].rstrip("%")) / 100
    for column, (measure, scale) in PLAIN.items():
        if row[column]:
            found[measure] = float(row[column]) * scale
    return found


def names(row: dict[str, str]) -> tuple[str, str, str]:
    """Paper key, dataset and architecture, as the sheet spells them."""
    return row["Paper"].strip(), row["Dataset"].strip(), row["Model"].strip()


def test_every_row_is_kept_with_its_names(published, sheet):
    """Each row number of the sheet stands for the same paper, dataset and architecture."""
    ours = {
        entry.survey_row: (
            published.papers[entry.paper].survey()[0],
            entry.sheet_dataset,
            entry.sheet_architecture,
        )
        for entry in published.entries
        if entry.survey_row is not None
    }
    rows = sheet("Results")
    assert len(rows) == len(ours) == 551
    assert ours == {int(row["Name"]): names(row) for row in rows}


def test_every_number_is_kept(published, sheet):
    """Each row has the sheet's numbers, all of them and no other, and its number of trials."""
    points = {point.survey_row: point for point in published.points if point.survey_row is not None}
    for row in sheet("Results"):
        number = int(row["Name"])
        expected = numbers(row)
        leaves = points[number].leaves if number in points else {}
        found = {measure: leaf.quantity.value for measure, leaf in leaves.items()}
        assert found == pytest.approx(expected, rel=ROUNDING), f"row {number}"
        spread = {column: measure for column, measure in STDS.items() if row[column]}
        for column, measure in spread.items():
            assert leaves[measure].quantity.std == pytest.approx(float(row[column].rstrip("%"))), (
                f"row {number}"
            )
        if number in points:
            assert str(points[number].trials or "") == row["NumTrials"], f"row {number}"


def test_papers_and_comparisons_are_those_of_the_sheet(published, sheet):
    """Keys, positions, venues, dates, ticks and all comparisons of the sheet's papers."""
    rows = sheet("Papers")
    keys = {paper.survey()[0]: paper for paper in published.papers.values()}
    assert len(rows) == len(keys) == 81
    for position, row in enumerate(rows, 1):
        paper = keys[row["Name"].strip()]
        assert paper.survey()[1] == position
        year, month = row["Date"].split("-")[:2]
        assert paper.date[:7] == f"{year}-{int(month):02d}"
        assert published.names.venues.survey_name(paper.venue) == row["Venue"]
        assert paper.written.is_pruning == (row["Non-pruning"] != "checked")
        compared = {key.strip() for key in row["Compares To"].split(",") if key.strip()}
        assert compared == {published.papers[other.compares_to].survey()[0] for other in paper.comparisons}


def test_numeric_rows_are_counted_alike(published, sheet):
    """279 rows have a number, 16 of the others a number of trials alone."""
    rows = sheet("Results")
    numeric = {int(row["Name"]) for row in rows if numbers(row)}
    assert len(numeric) == 279
    assert {point.survey_row for point in published.points if point.survey_row} == numeric
    assert Counter(bool(row["NumTrials"]) for row in rows if not numbers(row)) == {False: 256, True: 16}
