"""The evidence put together: tau, pairs told apart and needed numbers, worked by hand."""

from __future__ import annotations

import json
from math import ceil, sqrt

import pytest

from metaanalysis.evidence.question import Question, require_configuration
from metaanalysis.evidence.synthesis import (
    NORMAL,
    class_spread,
    evidence_of,
    sensitivity,
    usual_amount,
)
from metaanalysis.evidence.text import evidence_text

FOUR = Question("Scenes", "TinyNet", "compression_ratio", 4.0)
BY_STRUCTURE = Question("Scenes", "TinyNet", "compression_ratio", 4.0, by="structure")


@pytest.fixture(scope="session")
def paper(block):
    """Writes a paper with one network, 0.40 points between four trials before and after pruning."""

    def written(top1: str, ratio: str = "4x", structure: str = "filter") -> dict[str, object]:
        rows = [{"top1": f"{top1} ± 0.40%", "compression_ratio": ratio}]
        methods = {"only": {"structure": structure}}
        return {"methods": methods, "results": [block(rows, top1="70.00% ± 0.40%", trials=4)]}

    return written


def test_tau_is_the_spread_of_one_structure_from_paper_to_paper(invented, paper):
    """Changes of -1 and -3 with a variance of 0.08 each: tau squared is 2 - 0.08 (DerSimonian and Laird)."""
    papers = invented(birch2017first=paper("69.00%"), cato2017second=paper("67.00%"))
    evidence = evidence_of(papers, BY_STRUCTURE)
    assert evidence.tau == pytest.approx(sqrt(2 - 0.08))
    assert evidence.degrees == 1
    assert evidence.table["change"][0] == pytest.approx(-2)


def test_tau_stays_unknown_where_no_method_is_in_two_papers(invented, paper):
    """The bound by structure is told, and widens what must lie apart."""
    papers = invented(birch2017first=paper("69.00%"), cato2017second=paper("67.00%"))
    evidence = evidence_of(papers, FOUR)
    assert evidence.tau is None
    spread = class_spread(papers, evidence)
    assert spread.tau == pytest.approx(sqrt(2 - 0.08))
    assert evidence.told_apart.difference == pytest.approx(NORMAL * sqrt(0.16))
    assert spread.told.difference == pytest.approx(NORMAL * sqrt(0.16 + 2 * 1.92))
    assert (evidence.told_apart.apart, spread.told.apart) == (1, 0)


def test_pairs_told_apart_leave_the_unpruned_network_out(invented, paper):
    """Three methods make three pairs; those 0.5 points apart are not told, those 4 points apart are."""
    papers = invented(
        birch2017first=paper("69.00%"), cato2017second=paper("68.50%"), dunn2017third=paper("65.00%")
    )
    told = evidence_of(papers, FOUR).told_apart
    assert (told.pairs, told.connected, told.apart) == (3, 3, 2)


def test_the_assumption_moves_what_can_be_told_apart(invented, block):
    """Halved and doubled: the middle pair's difference goes with the scale where all errors are assumed."""
    rows = [{"top1": "68.00%", "compression_ratio": "4x"}]
    known = block([{"top1": "60.00% ± 0.40%", "compression_ratio": "8x"}], trials=4)
    papers = invented(
        birch2017first={"results": [block(rows)]},
        cato2017second={"results": [block([{**rows[0], "top1": "67.00%"}])]},
        dunn2017third={"results": [known]},
    )
    half, plain, double = sensitivity(papers, FOUR)
    assert [row.scale for row in (half, plain, double)] == [0.5, 1.0, 2.0]
    assert half.told.difference == pytest.approx(plain.told.difference / 2)
    assert double.told.difference == pytest.approx(plain.told.difference * 2)


def test_the_needed_numbers(invented, paper):
    """With 0.4 points between trials and tau 0.3: papers add tau each, runs in one paper only once."""
    papers = invented(birch2017first=paper("69.00%"), cato2017second=paper("67.00%"))
    needed = evidence_of(papers, FOUR).needed(0.5, tau=0.3)
    assert needed.papers == ceil((0.32 + 0.09) * NORMAL**2 / 0.25)
    assert needed.runs is None  # 1.96 times 0.3 is more than 0.5
    assert evidence_of(papers, FOUR).needed(1.0, tau=0.3).runs == ceil(0.32 / (1 / NORMAL**2 - 0.09))


def test_the_usual_amount_is_where_most_papers_can_be_read(invented, paper):
    """Two papers at 8x, one at 4x; one that covers both counts at both."""
    papers = invented(
        birch2017first=paper("69.00%", "8x"),
        cato2017second=paper("67.00%", "8x"),
        dunn2017third=paper("66.00%"),
    )
    assert usual_amount(papers, "Scenes", "TinyNet") == ("compression_ratio", 8.0)


def test_an_amount_that_no_paper_reaches_is_an_error_that_says_what_is_there(invented, paper):
    """The message names what curves cover."""
    papers = invented(birch2017first=paper("69.00%", "8x"))
    with pytest.raises(ValueError, match="Birch 2017 covers 8x"):
        evidence_of(papers, FOUR)


def test_names_of_configurations_are_resolved_or_refused(toy):
    """Aliases and other capitals are taken; a misspelling brings the nearest name."""
    assert require_configuration(toy, "scenes", "tinynet") == ("Scenes", "TinyNet")
    with pytest.raises(ValueError, match="did you mean 'TinyNet'"):
        require_configuration(toy, "Scenes", "TinyNett")


def test_text_csv_and_json_tell_the_same(invented, paper):
    """The same changes stand in all three, an assumed error says so, and JSON has a null for an unknown tau."""
    papers = invented(birch2017first=paper("69.00%"), cato2017second=paper("67.00%"))
    evidence = evidence_of(papers, FOUR)
    text = evidence_text(papers, evidence)
    tree = json.loads(evidence_text(papers, evidence, "json"))
    assert "1 of 1 pair" in text
    assert "upper bound" in text
    assert tree["summary"]["tau"] is None
    assert tree["summary"]["told_apart"]["apart"] == 1
    assert [row["change"] for row in tree["treatments"]] == pytest.approx([-1, -3])
    assert evidence_text(papers, evidence, "csv").count("\n") == 3
