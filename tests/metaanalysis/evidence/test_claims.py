"""Claimed comparisons of invented corpora: which can be checked, and what comes out."""

from __future__ import annotations

import pytest

from metaanalysis.evidence.claims import (
    DISTINGUISHABLE,
    NOT_COMPARABLE,
    WITHIN_NOISE,
    claims_of,
)
from metaanalysis.evidence.claims_table import claims_table
from metaanalysis.evidence.synthesis import NORMAL


@pytest.fixture(scope="session")
def paper(block):
    """Writes a paper of networks at ratios, with 0.40 points between four trials before and after pruning."""

    def written(changed: dict[str, str], *compares_to: str, **others: object) -> dict[str, object]:
        rows = [{"top1": f"{top1} ± 0.40%", "compression_ratio": ratio} for ratio, top1 in changed.items()]
        table = {**block(rows, top1="70.00% ± 0.40%", trials=4), **others}
        return {"compares_to": list(compares_to), "results": [table]}

    return written


def only(papers):
    (claim,) = claims_of(papers)
    return claim


def test_a_large_difference_is_distinguishable_and_a_small_one_is_not(invented, paper):
    """3 points and 0.5 points, with a standard error of 0.4: four arms of 0.2 each."""
    papers = invented(
        birch2017first=paper({"4x": "66.00%"}),
        cato2017second=paper({"4x": "69.00%"}, "birch2017first"),
        dunn2017third=paper({"4x": "68.50%"}, "cato2017second"),
    )
    large, small = claims_of(papers)
    assert (large.verdict, large.holds_up) == (DISTINGUISHABLE, True)
    assert large.checked.difference.value == pytest.approx(3)
    assert large.checked.difference.low == pytest.approx(3 - NORMAL * 0.4)
    assert (small.verdict, small.holds_up) == (WITHIN_NOISE, False)
    assert large.checked.error_source == "reported"
    assert large.checked.path == "indirect"


def test_a_claim_of_the_worse_does_not_hold_up(invented, paper):
    """It is distinguishable, the other way round."""
    papers = invented(
        birch2017first=paper({"4x": "69.00%"}), cato2017second=paper({"4x": "66.00%"}, "birch2017first")
    )
    claim = only(papers)
    assert (claim.verdict, claim.holds_up) == (DISTINGUISHABLE, False)


def test_a_claim_is_checked_at_an_amount_that_both_reach(invented, paper):
    """2x to 4x against 4x to 8x: 4x alone, and nothing is extrapolated to 2x or 8x."""
    papers = invented(
        birch2017first=paper({"4x": "66.00%", "8x": "60.00%"}),
        cato2017second=paper({"2x": "69.50%", "4x": "69.00%"}, "birch2017first"),
    )
    checked = only(papers).checked
    assert checked.question.ratio == 4
    assert checked.difference.value == pytest.approx(3)


@pytest.mark.parametrize(
    ("theirs", "others", "because"),
    [
        ({"16x": "66.00%"}, {}, "no amount of pruning that both reach (TinyNet on Scenes)"),
        ({"4x": "66.00%"}, {"architecture": "WideNet"}, "no dataset and network in common"),
        ({"4x": "66.00%"}, {"dataset": "Digits"}, "no dataset and network in common"),
    ],
    ids=["other amounts", "another network", "another dataset"],
)
def test_what_is_not_connected_is_not_comparable(invented, paper, theirs, others, because):
    """The reason is told, and there is no number."""
    papers = invented(
        birch2017first=paper(theirs, **others), cato2017second=paper({"4x": "69.00%"}, "birch2017first")
    )
    claim = only(papers)
    assert (claim.verdict, claim.checked, claim.because) == (NOT_COMPARABLE, None, because)
    assert claims_table(papers)["difference"].isna().all()


def test_the_table_has_a_row_for_each_claim(invented, paper):
    """Those that can be checked come first."""
    papers = invented(
        birch2017first=paper({"4x": "66.00%"}),
        cato2017second=paper({"16x": "69.00%"}, "birch2017first"),
        dunn2017third=paper({"4x": "68.50%"}, "birch2017first", "cato2017second"),
    )
    table = claims_table(papers)
    assert list(table["verdict"]) == [DISTINGUISHABLE, NOT_COMPARABLE, NOT_COMPARABLE]
    assert list(table["paper"]) == ["dunn2017third", "cato2017second", "dunn2017third"]


def test_assumed_deviations_are_scaled(invented, paper, block):
    """A claim that rests on assumed errors alone can be told apart at half of them only."""
    plain = [{"top1": "69.00%", "compression_ratio": "4x"}]
    papers = invented(
        birch2017first={"results": [block([{**plain[0], "top1": "68.00%"}])]},
        cato2017second={"results": [block(plain)], "compares_to": ["birch2017first"]},
        dunn2017third=paper({"8x": "50.00%"}),
    )
    verdicts = [claims_of(papers, scale)[0].verdict for scale in (0.5, 1.0, 2.0)]
    assert verdicts == [DISTINGUISHABLE, WITHIN_NOISE, WITHIN_NOISE]
    assert claims_of(papers)[0].checked.error_source == "assumed"
