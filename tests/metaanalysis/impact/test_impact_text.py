"""An impact reads the same as text, Markdown, JSON and a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from metaanalysis.impact.corpus_changes import impact
from metaanalysis.impact.differences import ValueChange
from metaanalysis.impact.tables import RowChange, TableChange
from metaanalysis.impact.text import MOST_CHARACTERS, markdown, page, text, to_json


@pytest.fixture
def found(before, after, edit):
    edit("birch2016first", "top1: 69.0%", "top1: 68.5%")
    return impact(after, against=before)


def test_no_change_says_so(before, after):
    """In every format."""
    nothing = impact(after, against=before)
    for told in (text(nothing), markdown(nothing), page(nothing)):
        assert "No change" in told
    assert json.loads(to_json(nothing))["no_change"] is True


def test_all_formats_give_both_numbers(found):
    """Old and new printed strings stand in each."""
    for told in (text(found), markdown(found), page(found), to_json(found)):
        assert "69.0%" in told
        assert "68.5%" in told


def test_markdown_is_cut_with_a_count(found):
    """Ten thousand changed points fit the comment, which says how many it leaves out."""
    many = replace(found, points=found.points * 10_000)
    told = markdown(many)
    assert len(told.encode()) < MOST_CHARACTERS
    shown = len(re.findall(r"^- changed: `birch2016first/1`", told, re.M))
    assert shown > 50
    assert f"… and {10_000 - shown:,} more of 10,000" in told


def test_markdown_has_no_markup_of_its_contents(found):
    """A title can neither mention anybody, nor link, nor open HTML, nor end a code span."""
    evil = (ValueChange("top1", "`@someone`", "<b>[x](http://y)</b>", "reported"),)
    points = (replace(found.points[0], setting="@someone <img src=x> [a](b) *c*", changes=evil),)
    told = markdown(replace(found, points=points))
    outside = re.sub(r"`[^`]*`", "", told)
    assert "@someone" not in outside
    assert not re.search(r"(?<!\\)<(?!!--)", outside)
    assert not re.search(r"(?<!\\)\[", outside)


def test_page_escapes_its_contents(found):
    """The page runs nothing that a paper's file holds."""
    points = (replace(found.points[0], setting="<script>alert(1)</script>"),)
    assert "<script" not in page(replace(found, points=points))


def test_flips_are_told(found):
    """A finding whose verdict changes heads the report."""
    row = RowChange("changed", "half_of_them", (("verdict", "agrees", "differs"), ("corrected", "4", "5")))
    flipped = replace(found, statistics=(TableChange("statistic", "findings", "Findings", (row,)),))
    assert flipped.flips == (("half_of_them", "verdict", "agrees", "differs"),)
    assert "half_of_them: verdict agrees → differs" in text(flipped)


def test_page_has_each_picture_twice(found):
    """Before and after, with ids of their own."""
    svg = '<svg><clipPath id="clip1"/></svg>'
    told = page(found, {"fragmentation": (svg, svg)})
    assert "fragmentation-before-clip1" in told
    assert "fragmentation-after-clip1" in told
