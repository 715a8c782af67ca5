"""The invented corpus worked by hand: what find, explain and show say of it."""

from __future__ import annotations

import pytest

from app.cli.found_points import found_table
from app.cli.paper_page import paper_text


def test_find_keeps_what_may_lie_in_a_range(toy):
    """Asked for 4x to 5x: 10x and 8x are out, 4x is in, 2x ± 0.5 and 3x are out; 3.95 / 1.05 to 4.26 is in."""
    found = toy.find(dataset="scenes", architecture="tinynet", compression=(4.0, 5.0))
    assert found[["label", "compression_ratio"]].to_numpy().tolist() == [
        ["Birch 2016", pytest.approx(4.0)],
        ["Cato, Bo 2016", 4.0],
        ["Cato, Bo 2016", 4.0],
        ["Dunn 2018, Gentle", pytest.approx(5.0)],  # the released run that prunes 80 %
    ]
    # 4.2x lies outside 4.0, but inside the interval of row 1
    assert set(toy.find(compression=(4.2, 4.25))["label"]) == {"Birch 2016"}


def test_find_by_family_by_speedup_and_with_nothing_found(toy):
    """A family finds all its members; an empty result is a table without rows, for people too."""
    assert set(toy.find(architecture="Tiny", speedup=(3.9, 4.1))["architecture"]) == {
        "TinyNet",
        "TinyNet-B",
    }
    nothing = toy.find(compression=(1000.0, None))
    assert len(nothing) == len(found_table(nothing)) == 0


def test_find_orders_by_year_and_label_and_never_ranks(toy):
    """The order is that of publication."""
    found = toy.find()
    assert found["label"].unique().tolist() == [
        "Birch 2016",
        "Cato, Bo 2016",
        "Dunn 2018",
        "Dunn 2018, Gentle",
        "Eck 2019",
    ]
    assert len(found) == len(toy.points)


def test_find_suggests_names(toy):
    """A name that no vocabulary lists is an error with the nearest one."""
    with pytest.raises(ValueError, match=r"unknown dataset 'Scens'.*did you mean 'Scenes'"):
        toy.find(dataset="Scens")
    with pytest.raises(ValueError, match=r"unknown architecture 'WydeNet'.*did you mean 'WideNet'"):
        toy.find(architecture="WydeNet")


def test_explain_prints_the_tree_down_to_the_line(toy):
    """Row 2's compression ratio: both printed sizes with their lines, and the route that contradicts."""
    lines = toy.explain("birch2016first", "compression_ratio").splitlines()
    start = lines.index("Birch 2016: TinyNet on Scenes (Table 1)  [birch2016first/2]")
    assert lines[start + 1 : start + 6] == [
        "  compression_ratio = 8x [7.182x, 9x] = 1 / params_kept",
        # 0.5 / 4.0, from 0.45 / 4.05 to 0.55 / 3.95
        "    params_kept = 12.5 % [11.11 %, 13.92 %] = params / unpruned_params",
        "      params = 500,000 [450,000, 550,000] printed: '0.5M'  toy/papers/birch2016first.yaml:24",
        "      unpruned_params = 4,000,000 [3,950,000, 4,050,000] printed: '4.0M'  toy/papers/birch2016first.yaml:21",
        # 1 / 0.875, from 1 / 0.8755 to 1 / 0.8745
        "  also, CONTRADICTS: compression_ratio = 1.143x [1.142x, 1.144x] = 1 / (1 - params_pruned)",
    ]


def test_explain_says_what_agrees_and_what_there_is_not(toy):
    """A paper without the measure says so; an unknown paper or measure is an error with a suggestion."""
    assert toy.explain("eck2019fourth", "theoretical_speedup") == (
        "eck2019fourth reports nothing from which theoretical_speedup follows."
    )
    with pytest.raises(ValueError, match=r"no paper 'birch2016frst'.*did you mean 'birch2016first'"):
        toy.explain("birch2016frst", "top1")
    with pytest.raises(ValueError, match=r"no measure 'top1_chnge'.*did you mean 'top1_change'"):
        toy.explain("birch2016first", "top1_chnge")


def test_show_has_bibliography_comparisons_and_every_row(toy, toy_published):
    """A paper's page names its corrections, its place in the corpus and each row with its line."""
    text = paper_text(toy, "cato2017second")
    assert "ConfA, 2016-12 (peer-reviewed)" in text
    assert "Preprints, 2017-11 (not peer-reviewed)" in paper_text(toy_published, "cato2017second")
    assert "compares to (1): birch2016first" in text
    assert "compares to (2): birch2016first, cato2017second (doubted: it came later)" in paper_text(
        toy, "dunn2018third"
    )
    assert "compared to by (2): cato2017second, dunn2018third" in paper_text(toy, "birch2016first")
    assert "top5_change -5 points  [corrected]  toy/papers/cato2017second.yaml:34" in text
    assert "no numbers: only a plot without axes  toy/papers/dunn2018third.yaml:24" in paper_text(
        toy, "dunn2018third"
    )
    assert "and 3 released runs" in paper_text(toy, "dunn2018third")
