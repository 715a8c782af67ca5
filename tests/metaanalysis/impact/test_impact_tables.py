"""Two tables are compared row by row, each row known by its leading columns."""

from __future__ import annotations

import pandas as pd

from metaanalysis.impact.tables import row_changes


def test_equal_tables_with_missing_values_do_not_differ():
    """A missing value equals a missing value, and the last bits of a float do not count."""
    one = pd.DataFrame({"name": ["a", None], "value": [0.1 + 0.2, float("nan")]})
    other = pd.DataFrame({"name": ["a", None], "value": [0.3, float("nan")]})
    assert row_changes(one, other) == ()


def test_a_cell_changes_under_its_key():
    """The key is as many leading columns as tell the rows apart."""
    columns = ["dataset", "network", "papers"]
    one = pd.DataFrame([("x", "a", 1), ("x", "b", 2)], columns=columns)
    other = pd.DataFrame([("x", "a", 1), ("x", "b", 3)], columns=columns)
    (change,) = row_changes(one, other)
    assert (change.kind, change.key, change.cells) == ("changed", "x, b", (("papers", "2", "3"),))


def test_rows_come_and_go():
    """With the rest of their cells."""
    one = pd.DataFrame([("a", 1), ("b", 2)], columns=["name", "value"])
    other = pd.DataFrame([("b", 2), ("c", 3)], columns=["name", "value"])
    assert [(change.kind, change.key, change.cells) for change in row_changes(one, other)] == [
        ("added", "c", (("value", None, "3"),)),
        ("removed", "a", (("value", "1", None),)),
    ]


def test_one_of_two_equal_rows_goes():
    """Rows alike in everything are counted."""
    one = pd.DataFrame([("a", 1), ("a", 1)], columns=["name", "value"])
    assert [change.kind for change in row_changes(one, one.head(1))] == ["removed"]


def test_positions_in_files_do_not_count():
    """Every edit moves lines."""
    one = pd.DataFrame({"name": ["a"], "file": ["x"], "line": [3]})
    assert row_changes(one, one.assign(line=9)) == ()


def test_digits_that_tell_apart_are_shown():
    """Four digits that look alike give way to all of them."""
    one = pd.DataFrame({"name": ["a"], "value": [0.123456]})
    (change,) = row_changes(one, one.assign(value=0.123457))
    assert change.cells == (("value", "0.123456", "0.123457"),)
