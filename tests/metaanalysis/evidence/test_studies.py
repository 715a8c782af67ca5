"""Studies and contrasts of small invented corpora, worked by hand."""

from __future__ import annotations

from math import sqrt
from types import SimpleNamespace

import pytest

from metaanalysis.evidence import studies as module
from metaanalysis.evidence.deviation import assumed_deviation
from metaanalysis.evidence.question import Question
from metaanalysis.evidence.studies import studies_of

FOUR = Question("Scenes", "TinyNet", "compression_ratio", 4.0)
ROUNDING = 0.01 / sqrt(12)
"""Standard deviation of what two printed decimals leave open."""


def arms(studies) -> dict[str, dict]:
    return {row["treatment"]: row for row in studies.arms.to_dict("records")}


def row(top1: str, ratio: str = "4x", **others: object) -> dict[str, object]:
    return {"top1": top1, "compression_ratio": ratio, **others}


def test_a_reported_error_is_deviation_over_the_root_of_trials(invented, block):
    """Both networks with 0.4 points over four trials: 0.2 each, and 0.2 times the root of 2 for their difference."""
    papers = invented(
        birch2017first={
            "results": [block([row("68.00% ± 0.40%")], top1="70.00% ± 0.40%", trials=4)],
        }
    )
    found = arms(studies_of(papers, FOUR))["Birch 2017"]
    assert found["change"] == pytest.approx(-2)
    assert found["standard_error"] == pytest.approx(0.2 * sqrt(2))
    assert found["error_source"] == "reported"


def test_arithmetic_on_reported_errors_is_derived(invented, block):
    """Halfway between two networks of variance 0.04 each: 0.02, and 0.04 for the unpruned one."""
    rows = [row("69.00% ± 0.40%", "2x"), row("67.00% ± 0.40%", "8x")]
    papers = invented(birch2017first={"results": [block(rows, top1="70.00% ± 0.40%", trials=4)]})
    found = arms(studies_of(papers, FOUR))["Birch 2017"]
    assert found["change"] == pytest.approx(-2)
    assert found["standard_error"] == pytest.approx(sqrt(0.02 + 0.04))
    assert found["error_source"] == "derived"
    assert "between 2x (birch2017first/block1.1) and 8x (birch2017first/block1.2)" in found["read"]


@pytest.mark.parametrize(
    ("pruned", "unpruned", "trials"),
    [
        ("68.00%", "70.00% ± 0.40%", 4),
        ("68.00% ± 0.40%", "70.00%", 4),
        ("68.00% ± 0.40%", "70.00% ± 0.40%", None),
    ],
    ids=["pruned network without", "unpruned network without", "number of trials not printed"],
)
def test_an_error_that_is_assumed_in_part_is_assumed(invented, block, pruned, unpruned, trials):
    """Only a difference whose both sides are measured is anything but assumed."""
    others = {"trials": trials} if trials else {}
    papers = invented(birch2017first={"results": [block([row(pruned)], top1=unpruned, **others)]})
    found = studies_of(papers, FOUR)
    assert set(found.arms["error_source"]) == set(found.contrasts["error_source"]) == {"assumed"}


def test_the_assumed_deviation_is_pooled_by_degrees_of_freedom(invented, block):
    """0.3 over 3 trials twice and 0.6 over 5 trials: (2 * 0.09 + 2 * 0.09 + 4 * 0.36) / 8 is 0.225."""
    papers = invented(
        birch2017first={"results": [block([row("68.00% ± 0.30%")], top1="70.00% ± 0.30%", trials=3)]},
        cato2017second={"results": [block([row("66.00% ± 0.60%")], trials=5)]},
        dunn2017third={"results": [block([row("65.00%")])]},
    )
    assumed = assumed_deviation(papers, FOUR)
    assert assumed.deviation == pytest.approx(sqrt(0.225))
    assert (assumed.networks, assumed.degrees) == (3, 8)
    assert assumed.sources == ("birch2017first", "cato2017second")
    assert assumed.scope == "this configuration"
    found = arms(studies_of(papers, FOUR))["Dunn 2017"]
    assert found["standard_error"] == pytest.approx(sqrt(2 * 0.225))


def test_where_a_configuration_has_no_deviation_its_datasets_stands_in_and_says_so(invented, block):
    """WideNet's deviation serves TinyNet on the same dataset, under another scope."""
    wide = {**block([row("68.00% ± 0.30%")], trials=3), "architecture": "WideNet"}
    papers = invented(
        birch2017first={"results": [wide]}, cato2017second={"results": [block([row("66.00%")])]}
    )
    assumed = assumed_deviation(papers, FOUR)
    assert assumed.deviation == pytest.approx(0.3)
    assert "other networks on Scenes" in assumed.words


def test_networks_pruned_much_farther_say_nothing_of_the_deviation(invented, block):
    """A network at 9x is more than twice as far as 4x, one at 8x is not."""
    rows = [row("60.00% ± 9.00%", "9x"), row("62.00% ± 0.30%", "8x")]
    papers = invented(birch2017first={"results": [block(rows, trials=3)]})
    assert assumed_deviation(papers, FOUR).deviation == pytest.approx(0.3)


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_the_scale_moves_assumed_errors_and_no_reported_ones(invented, block, scale):
    """An assumed error grows with the scale, a reported one stays."""
    papers = invented(
        birch2017first={"results": [block([row("68.00% ± 0.40%")], top1="70.00% ± 0.40%", trials=4)]},
        cato2017second={"results": [block([row("66.00%")])]},
    )
    plain, scaled = arms(studies_of(papers, FOUR)), arms(studies_of(papers, FOUR.scaled(scale)))
    assert scaled["Cato 2017"]["standard_error"] == pytest.approx(
        scale * plain["Cato 2017"]["standard_error"]
    )
    assert scaled["Birch 2017"]["standard_error"] == plain["Birch 2017"]["standard_error"]


def test_no_error_is_below_the_rounding_of_printed_digits(invented, block):
    """Without any deviation the rounding of both numbers remains; with a tiny one too."""
    papers = invented(birch2017first={"results": [block([row("68.00%")])]})
    found = studies_of(papers, FOUR)
    assert found.assumed.deviation is None
    assert arms(found)["Birch 2017"]["standard_error"] == pytest.approx(sqrt(2) * ROUNDING)
    tiny = studies_of(papers, FOUR.scaled(1e-9))
    assert arms(tiny)["Birch 2017"]["standard_error"] == pytest.approx(sqrt(2) * ROUNDING)


def test_each_paper_with_each_unpruned_network_is_a_study(invented, block):
    """Two unpruned networks of one paper make two studies, which share the comparator."""
    papers = invented(
        birch2017first={"results": [block([row("68.00%")]), block([row("69.00%")], top1="72.00%")]},
        cato2017second={"results": [block([row("66.00%")])]},
    )
    found = studies_of(papers, FOUR)
    assert [study.paper for study in found.studies] == [
        "birch2017first",
        "birch2017first",
        "cato2017second",
    ]
    assert len({study.name for study in found.studies}) == 3
    assert set(found.contrasts["treatment_b"]) == {"unpruned"}


def test_a_result_entered_twice_counts_once(invented, block):
    """`same_as` and exclusions leave rows out; what is left is one value, not a mean."""
    rows = [
        row("68.00%", survey_row=1),
        row("68.00%", survey_row=2, same_as=1),
        row("10.00%", survey_row=3, exclude={"from": ["fragmentation"], "because": "a misprint"}),
    ]
    surveys = {"blalock2020": {"key": "first", "position": 1}}
    papers = invented(birch2017first={"results": [block(rows)], "surveys": surveys})
    (study,) = studies_of(papers, FOUR).studies
    assert study.arms[1].point_ids == ("birch2017first/1",)


def test_what_does_not_reach_the_amount_is_left_out_with_what_it_covers(invented, block):
    """The curve from 8x to 16x says nothing at 4x."""
    papers = invented(
        birch2017first={"results": [block([row("68.00%", "8x"), row("60.00%", "16x")])]},
        cato2017second={"results": [block([row("66.00%")])]},
    )
    found = studies_of(papers, FOUR)
    assert [study.paper for study in found.studies] == ["cato2017second"]
    (left,) = found.left_out
    assert left.because == "covers 8x to 16x, and 4x compression lies outside"


def test_methods_of_one_structure_make_one_treatment(invented, block):
    """Two filter methods stand with their mean and half the variance; an unknown structure is left out."""
    methods = {
        "one": {"name": "One", "structure": "filter"},
        "two": {"name": "Two", "structure": "filter"},
        "odd": {"name": "Odd"},
    }
    rows = [row("68.00%", method="one"), row("67.00%", method="two"), row("60.00%", method="odd")]
    papers = invented(birch2017first={"methods": methods, "results": [block(rows)]})
    found = studies_of(papers, Question("Scenes", "TinyNet", "compression_ratio", 4.0, by="structure"))
    (arm,) = found.studies[0].arms[1:]
    assert (arm.treatment, arm.change) == ("filter", pytest.approx(-2.5))
    assert arm.variance == pytest.approx(ROUNDING**2 / 2)
    assert [left.because for left in found.left_out] == ["its structure is not in its file"]


def test_a_method_that_two_papers_carry_out_is_one_treatment(invented, block, monkeypatch):
    """A method that is another paper's goes by that paper's name, in a study of its own."""
    methods = {"again": {"name": "First, again"}}
    papers = invented(
        birch2017first={"methods": {"first": {"name": "First"}}, "results": [block([row("68.00%")])]},
        cato2017second={"methods": methods, "results": [block([row("66.00%")])]},
    )
    references = {"First, again": "birch2017first/first"}
    monkeypatch.setattr(module, "same_method", lambda method: references.get(getattr(method, "name", "")))
    found = studies_of(papers, FOUR)
    assert [study.arms[1].treatment for study in found.studies] == ["Birch 2017, First"] * 2


def test_a_method_without_a_reference_is_its_own():
    """Files that cannot say `same_method` are read like files that do not."""
    assert module.same_method(SimpleNamespace(name="First")) is None
    assert module.same_method(SimpleNamespace(same_method="a2017b/c")) == "a2017b/c"


@pytest.mark.parametrize(
    "wrong",
    [{"ratio": 0.5}, {"by": "colour"}, {"amount": "weight"}, {"assumed_scale": 0.0}, {"measure": "top2"}],
)
def test_questions_that_cannot_be_are_refused(wrong):
    """Each with one line that says what was expected."""
    asked = {"dataset": "Scenes", "architecture": "TinyNet", "amount": "compression_ratio", "ratio": 4.0}
    with pytest.raises(ValueError, match="expected"):
        Question(**{**asked, **wrong})
