"""An impact names everything that a change of the corpus changes, and nothing else."""

from __future__ import annotations

import pytest

from metaanalysis.impact.corpus_changes import impact


def changes(found, kind: str) -> list[str]:
    return [change.point_id for change in found.points if change.kind == kind]


def test_no_change_is_empty(before, after):
    """Two copies of one corpus differ in nothing."""
    assert impact(after, against=before).is_empty


def test_a_comment_is_only_reworded(before, after, edit):
    """A file that says the same in other bytes is listed, and nothing moves."""
    edit("birch2016first", "results:", "results:  # as printed")
    found = impact(after, against=before)
    assert found.reworded == ("birch2016first",)
    assert (found.points, found.papers, found.statistics, found.figures) == ((), (), (), ())


def test_a_changed_number_shows_both_strings_and_what_follows(before, after, edit):
    """One number changed: one point, old and new as printed, and the change of accuracy that it moves."""
    edit("birch2016first", "top1: 69.0%", "top1: 68.5%")
    found = impact(after, against=before)
    (point,) = found.points
    assert (point.kind, point.point_id) == ("changed", "birch2016first/1")
    told = {change.what: (change.before, change.after, change.layer) for change in point.changes}
    assert told == {
        "top1": ("69.0%", "68.5%", "reported"),
        "top1_change": ("-1 points", "-1.5 points", "derived"),
    }
    assert not found.papers
    assert not found.reworded


def test_an_unpruned_number_moves_every_row_of_its_block(before, after, edit):
    """The unpruned network belongs to all rows of its block."""
    edit("birch2016first", "unpruned: {top1: 70.0%", "unpruned: {top1: 71.0%")
    found = impact(after, against=before)
    assert changes(found, "changed") == ["birch2016first/1", "birch2016first/2", "birch2016first/3"]


def test_a_row_put_first_is_the_only_one_added(before, after, edit):
    """Rows that only move down, and so change their ids, are the same rows."""
    row = "      - {top1: 61%, compression_ratio: 5x}\n"
    edit("eck2019fourth", "    pruned:\n", f"    pruned:\n{row}")
    found = impact(after, against=before)
    assert [change.kind for change in found.points] == ["added"]
    assert {
        change.what: change.after for change in found.points[0].changes if "unpruned" not in change.what
    } == {
        "compression_ratio": "5x",
        "top1": "61%",
    }


NEW = """\
title: A fifth invented paper
authors: [Flo Fay]
venue: Preprints
date: 2020
compares_to: [birch2016first]
results:
  - where: Table 9
    dataset: Scenes
    architecture: TinyNet
    unpruned: {top1: 71.0%}
    pruned:
      - {top1: 70.5%, compression_ratio: 2.5x}
      - {top1: 66.5%, compression_ratio: 9x}
"""


def test_a_new_paper_brings_points_edges_and_counts(before, after):
    """A paper that comes is one paper, its points and its comparisons; seen from the other side it goes."""
    (after / "papers" / "fay2020fifth.yaml").write_text(NEW, encoding="utf-8")
    found = impact(after, against=before)
    assert [(change.kind, change.key, change.points) for change in found.papers] == [
        ("added", "fay2020fifth", 2)
    ]
    assert len(changes(found, "added")) == 2
    assert found.edges_added == (("fay2020fifth", "birch2016first"),)
    assert found.graph_after.papers - found.graph_before.papers == 1
    assert found.counts_after.outside_survey - found.counts_before.outside_survey == 1
    assert not found.published
    assert found.statistics
    back = impact(before, against=after)
    assert [(change.kind, change.key) for change in back.papers] == [("removed", "fay2020fifth")]
    assert len(changes(back, "removed")) == 2


def test_contradictions_come_and_go(before, after, edit):
    """A slip that a change brings is new; the other way round it is settled."""
    edit("birch2016first", "params: 1.0M, flops: 0.5G", "params: 1.0M, compression_ratio: 8x, flops: 0.5G")
    found = impact(after, against=before)
    (new,) = found.new_contradictions
    assert "compression_ratio" in new
    assert "8x" in new
    assert impact(before, against=after).settled_contradictions == (new,)


def test_a_dropped_comparison_can_split_the_graph(before, after, edit):
    """Components are counted before and after, direction ignored."""
    edit("cato2017second", "compares_to: [birch2016first]\n", "")
    found = impact(after, against=before)
    assert found.edges_removed == (("cato2017second", "birch2016first"),)
    assert found.graph_after.edges == found.graph_before.edges - 1
    assert [field for change in found.papers for field, _, _ in change.fields] == ["compares_to"]


def test_an_error_in_the_base_says_where(before, after):
    """A base that does not read is no mystery: its first error, and that it is not in the working files."""
    path = before / "papers" / "birch2016first.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("top1: 69.0%", "top1: 690%"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"corpus to compare with.*birch2016first\.yaml:\d+:\d+: .*690%"):
        impact(after, against=before)


def test_renamed_vocabulary_is_told(before, after):
    """A new name in the vocabulary is listed, though no paper uses it."""
    path = after / "vocabulary" / "datasets.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "Newset:\n  classes: 7\n", encoding="utf-8")
    assert impact(after, against=before).names == (("added", "dataset Newset"),)
