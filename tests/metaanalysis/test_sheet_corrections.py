"""What the corrections and additions change: every one is listed, and the points of every figure follow from them."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
import yaml

from corpus.catalogue.papers import default_folder
from metaanalysis.registry import figures, statistics
from metaanalysis.survey.moved_points import (
    APPEARS,
    LEAVES,
    MOVES,
    compared,
    followed_figures,
    moves,
)
from metaanalysis.survey.readings import figure_data, views

STATISTIC = "sheet_corrections"
FOLLOWED = followed_figures()
NOT_FOLLOWED = sorted(set(figures()) - FOLLOWED.keys())
DRAWS_BOTH = "corrections_on_the_grid"
MOVES_WHOLE = "a correction of any number may move"
"""How the reason of a figure begins that any correction moves as a whole."""
"""The figure that is not followed because it draws both readings itself."""


@pytest.fixture(scope="module")
def table(everything):
    return statistics()[STATISTIC].data(everything)


@pytest.fixture(scope="module")
def points(table):
    return table[(table["figure"] == "fragmentation")].set_index(["rows", "what"])


def written(node: object, key: str):
    """Every value that stands under `key` anywhere in a file, read without our own reader."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            else:
                yield from written(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from written(item, key)


def survey_files() -> list[dict]:
    texts = [
        path.read_text(encoding="utf-8") for path in sorted((default_folder() / "papers").glob("*.yaml"))
    ]
    trees = [yaml.load(text, yaml.BaseLoader) for text in texts]
    return [tree for tree in trees if "surveys" in tree]


def test_every_correction_of_the_files_is_listed(table):
    """As many as `correction:` has entries in the files of the survey's papers."""
    expected = sum(len(entries) for tree in survey_files() for entries in written(tree, "correction"))
    assert expected > 0
    assert (table["kind"] == "corrected").sum() == expected


def test_every_addition_of_the_files_is_counted(table):
    """As many as `added:` has numbers, and every row without a number of the sheet."""
    added = [entry for tree in survey_files() for entry in written(tree, "added")]
    mappings = [one for entry in added for one in (entry if isinstance(entry, list) else [entry])]
    rows = [row for tree in survey_files() for rows in written(tree, "pruned") for row in rows]
    kinds = Counter(table["kind"])
    assert kinds["added"] == sum(len(mapping) - ("from" in mapping) for mapping in mappings)
    assert kinds["row added"] == sum("survey_row" not in row for row in rows)


def test_a_line_is_where_the_number_stands(table):
    """The line of a corrected or added number holds the string that is listed."""
    texts: dict[str, list[str]] = {}
    numbers = table[
        table["kind"].isin(["corrected", "added"]) & table["what"].str.contains("top|params|flops")
    ]
    for row in numbers[~numbers["corrected"].str.contains("void|,| as ")].itertuples():
        path = default_folder().parent / row.file
        lines = texts.setdefault(row.file, path.read_text(encoding="utf-8").splitlines())
        assert row.corrected in lines[row.line - 1], f"{row.file}:{row.line}"


def test_every_correction_has_a_reason_and_a_source_or_says_what_it_is(table):
    """Nothing is changed without a sentence; numbers also name where the right value was found."""
    numbers = table[table["figure"] == ""]
    assert numbers["because"].ne("").all()
    assert numbers["from"][numbers["kind"] == "added"].ne("").all()
    assert numbers["file"].ne("").all()


def test_a_corrected_baseline_moves_its_points(points):
    """wen2016learning's 57.85% is 0.85 below 58.7% and 0.48 above 57.37%, at a speedup of 1 / (1 - 4.2%), by hand."""
    moved = points.loc["155", "ImageNet, Alex/CaffeNet, theoretical_speedup, top1_change"]
    assert (moved["kind"], moved["sheet"], moved["corrected"]) == (MOVES, "1.044, -0.85", "1.044, 0.48")
    assert moved["because"] == "unpruned_top1 corrected"


def test_an_architecture_corrected_takes_its_points_away(points):
    """Rows 588 and 589 are VGG-16 with batch normalization, so they leave the VGG-16 panels."""
    left = {rows for (rows, _), kind in points["kind"].items() if kind == LEAVES}
    assert left == {"588", "589"}


def test_an_added_size_lets_a_point_appear(points):
    """Row 24 has sizes once the unpruned ones are added: 138.34 / 131.44 M parameters."""
    found = points.loc["24", "ImageNet, VGG-16, compression_ratio, top1_change"]
    assert found["kind"] == APPEARS
    assert found["corrected"].startswith(f"{138.34 / 131.44:.4g}, ")


def test_the_differences_lead_from_the_sheet_to_the_corrected_figure(everything):
    """For every figure: the sheet's rows, with those that appear and without those that leave, make the corrected."""
    readings = views(everything)
    for name, following in FOLLOWED.items():
        before, after = figure_data(name, readings.sheet), figure_data(name, readings.corrected)
        found = list(compared(name, before, after, following))
        kinds = Counter(move.kind for move in found)
        before = sum(move.before is not None for move in found)
        after = sum(move.after is not None for move in found)
        assert before + kinds[APPEARS] - kinds[LEAVES] == after


def test_a_figure_that_is_not_followed_says_why():
    """Its own file has a reason; a figure whose file says nothing is refused where it is registered."""
    assert NOT_FOLLOWED
    for name in NOT_FOLLOWED:
        assert len(figures()[name].not_followed) > 10


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_followed_row_is_known_again(everything, name):
    """IDENTITY names one row each, and VALUES are numbers."""
    following = FOLLOWED[name]
    data = figure_data(name, views(everything).corrected)
    if following.only is not None:
        data = data[data[following.only[0]] == following.only[1]]
    assert not data.duplicated(list(following.identity)).any()
    for column in following.values:
        assert pd.api.types.is_numeric_dtype(data[column])


@pytest.mark.parametrize("name", [name for name in NOT_FOLLOWED if name != DRAWS_BOTH])
def test_figures_that_are_not_followed_move_as_they_say(everything, name):
    """Drawn from the sheet or from the corrected corpus, they are the same, unless any correction moves all of them."""
    readings = views(everything)
    stays = figures()[name].data(readings.sheet).equals(figures()[name].data(readings.corrected))
    assert stays != figures()[name].not_followed.startswith(MOVES_WHOLE)


def test_nothing_differs_but_by_corrections(published):
    """A corpus set against itself has no difference, under whatever rules."""
    readings = views(published)
    assert moves(readings._replace(corrected=readings.sheet)) == []


def test_both_views_tell_the_same(everything, table):
    """The table and the figure do not depend on the view they are asked in."""
    assert statistics()[STATISTIC].data(everything.other_view).equals(table)
    figure = figures()["corrections_on_the_grid"]
    assert figure.data(everything).equals(figure.data(everything.other_view))


def test_the_other_view_is_read_once(everything):
    """There and back again is the corpus itself."""
    assert everything.other_view.as_published
    assert everything.other_view is everything.other_view
    assert everything.other_view.other_view is everything


def test_the_grid_shows_what_the_table_lists(everything, table):
    """As many points move, appear and leave in the figure as the table lists for the grid."""
    drawn = Counter(figures()["corrections_on_the_grid"].data(everything)["change"])
    listed = Counter(table["kind"][table["figure"] == "fragmentation"])
    assert {kind: drawn[kind] for kind in (MOVES, APPEARS, LEAVES)} == dict(listed)


def test_counts_by_figure_add_up(everything, table):
    """`--show figures` counts the rows that `--show points` lists."""
    by_figure = statistics()[STATISTIC].data(everything, show="figures").set_index("figure")
    listed = statistics()[STATISTIC].data(everything, show="points")
    for name in FOLLOWED:
        assert by_figure.loc[name].sum() == (listed["figure"] == name).sum()
    numbers = statistics()[STATISTIC].data(everything, show="numbers")
    assert len(numbers) + len(listed) == len(table)
