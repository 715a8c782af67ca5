"""Whether two papers can be compared, on invented corpora."""

from __future__ import annotations

import pytest

from metaanalysis.evidence import studies as module
from metaanalysis.evidence.comparable import comparable, comparable_text, comparable_tree, paths_between
from metaanalysis.evidence.question import Question
from metaanalysis.evidence.studies import studies_of

FOUR = Question("Scenes", "TinyNet", "compression_ratio", 4.0)


def row(top1: str, ratio: str = "4x", **others: object) -> dict[str, object]:
    return {"top1": top1, "compression_ratio": ratio, **others}


def test_two_papers_meet_over_the_unpruned_network(invented, block):
    """One path of two studies, with its setup, and the direct comparison named as missing."""
    papers = invented(
        birch2017first={"results": [block([row("68.00%")])]},
        cato2017second={"results": [block([row("69.00%")])]},
    )
    found = comparable(papers, "cato2017second", "birch2017first")
    (meeting,) = found.meetings
    (path,) = meeting.paths
    assert found.kind == meeting.kind == "indirect"
    assert [link.study for link in path.links] == ["cato2017second", "birch2017first"]
    assert path.links[0].other == path.links[1].treatment == "unpruned"
    assert path.setup == "S2"  # one unpruned accuracy to two decimals, one ratio, nothing of the training
    assert meeting.difference.value == pytest.approx(1)
    assert "would compare them directly" in comparable_text(found)


def test_a_method_that_both_papers_run_makes_it_direct(invented, block, monkeypatch):
    """The second paper runs the first one's method beside its own."""
    methods = {"again": {"name": "Again"}, "new": {"name": "New"}}
    rows = [row("68.50%", method="again"), row("69.00%", method="new")]
    papers = invented(
        birch2017first={"methods": {"first": {"name": "First"}}, "results": [block([row("68.00%")])]},
        cato2017second={"methods": methods, "results": [block(rows)]},
    )
    references = {"Again": "birch2017first/first"}
    monkeypatch.setattr(module, "same_method", lambda method: references.get(getattr(method, "name", "")))
    found = comparable(papers, "cato2017second", "birch2017first")
    assert found.kind == "direct"
    shortest = found.meetings[0].paths[0]
    assert [link.study for link in shortest.links] == ["cato2017second"]


def test_paths_use_each_study_once(invented, block):
    """Between two arms of one study there is the study itself, and no detour through it."""
    methods = {"one": {"name": "One"}, "two": {"name": "Two"}}
    rows = [row("68.00%", method="one"), row("67.00%", method="two")]
    papers = invented(birch2017first={"methods": methods, "results": [block(rows)]})
    paths = paths_between(studies_of(papers, FOUR).studies, "Birch 2017, One", "Birch 2017, Two")
    assert [len(links) for links in paths] == [1]


@pytest.mark.parametrize(
    ("theirs", "missing"),
    [
        ({}, "birch2017first at 16x compression"),
        ({"architecture": "WideNet"}, "no network is in both"),
    ],
    ids=["another amount", "another network"],
)
def test_the_missing_link_is_named(invented, block, theirs, missing):
    """Not comparable: no meeting, no difference, and what would connect them."""
    papers = invented(
        birch2017first={"results": [{**block([row("60.00%", "16x")]), **theirs}]},
        cato2017second={"results": [block([row("69.00%")])]},
    )
    found = comparable(papers, "cato2017second", "birch2017first")
    assert (found.kind, found.meetings) == ("not comparable", ())
    assert missing in comparable_text(found)
    assert comparable_tree(found)["missing"] == list(found.missing)


def test_unknown_papers_and_one_twice_are_refused(toy):
    """One line each, with the nearest key."""
    with pytest.raises(ValueError, match="did you mean 'birch2016first'"):
        comparable(toy, "birch2016frist", "cato2017second")
    with pytest.raises(ValueError, match="expected two papers"):
        comparable(toy, "cato2017second", "cato2017second")
