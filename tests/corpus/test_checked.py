"""Checks of single values: what counts as verified, and that every printed value is counted exactly once."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.cli.paper_page import paper_text
from corpus.catalogue.checks_of_values import KINDS_OF_CHECK, printed_names
from corpus.checks.check import check_corpus
from metaanalysis.registry import statistics

PAPER = """\
title: A paper
authors: [Ada Birch]
venue: ConfA
date: 2016
results:
  - where: Table 1
    dataset: Scenes
    architecture: TinyNet
    unpruned: {top1: 70.0%, params: 4.0M}
    pruned:
      - top1: 69.0% ± 0.3%
        params: 1.0M
        checked:
          - {measures: [top1, top1_std], against: own-text, at: Table 1, agrees: yes, on: 2016-06-01}
          - {measures: [compression_ratio], against: quoted, at: "another paper, Table 2", printed: 4x, agrees: yes}
      - {top1: 60.0%, params: 0.5M}
    checked:
      - {measures: [params], against: authors-material, at: the slides, agrees: rounding}
"""


def test_each_printed_value_is_of_one_kind(small_corpus):
    """Top-1 with its deviation is verified, sizes are the authors', the other two accuracies are unchecked."""
    counts = check_corpus(small_corpus({"papers/birch2016first.yaml": PAPER})).counts
    by_kind = {kind: counts[kind] for kind in KINDS_OF_CHECK if counts[kind]}
    assert by_kind == {"own-text": 2, "authors-material": 3, "unchecked": 2}
    assert counts["printed values"] == 7


def test_shares_of_a_point_count_its_printed_values(small_corpus):
    """Five values stand behind the first row (four of its own network and deviation, one accuracy unpruned)."""
    loaded = check_corpus(small_corpus({"papers/birch2016first.yaml": PAPER})).corpus
    rows = loaded.sql("SELECT point_id, checked FROM points ORDER BY point_id")
    assert rows["checked"].tolist() == pytest.approx([4 / 5, 2 / 4])
    found = loaded.find(dataset="Scenes")
    assert sorted(found["verified"]) == pytest.approx([0, 2 / 5])
    checks = loaded.sql("SELECT * EXCLUDE (point_id) FROM checks WHERE measure = 'top1_std'")
    assert checks.to_numpy().tolist() == [["top1_std", "own-text", "Table 1", "0.3", "yes", "2016-06-01"]]


def test_the_trail_is_shown_and_explained(small_corpus):
    """Kind, place, print and agreement of a derived value's check and of those under it."""
    loaded = check_corpus(small_corpus({"papers/birch2016first.yaml": PAPER})).corpus
    assert "checked compression_ratio: quoted, another paper, Table 2: '4x' agrees" in paper_text(
        loaded, "birch2016first"
    )
    explained = loaded.explain("birch2016first", "compression_ratio")
    assert "checked: unpruned_params" not in explained.splitlines()[0]
    assert (
        "params, unpruned_params: authors-material, the slides: '1.0M', '4.0M' agrees as far as"
        in explained
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "measures: [compression_ratio]",
            "measures: [flops]",
            "a check of flops, but no such value is given here",
        ),
        ("measures: [params]", "measures: [top5]", "a check of top5, but no such value is given here"),
        ("printed: 4x", "printed: [4x, 5x]", "'printed' has 2 entries for 1 measures"),
        ("against: quoted", "against: hearsay", "'hearsay' is not allowed"),
        ("agrees: rounding", "agrees: maybe", "'maybe' is not allowed"),
    ],
)
def test_a_check_of_nothing_is_an_error(small_corpus, old, new, message):
    """Each slip in a check is one error with its line."""
    assert old in PAPER
    report = check_corpus(small_corpus({"papers/birch2016first.yaml": PAPER.replace(old, new)}))
    assert [message in error.message for error in report.errors] == [True]
    assert report.errors[0].line > 12


def test_counts_by_kind_add_up_to_all_printed_values(everything):
    """The statistic, the summary and the points themselves count the same values."""
    counts = statistics()["corpus_counts"].data(everything).set_index("quantity")["value"]
    by_kind = {kind: counts[f"printed values: {kind}"] for kind in KINDS_OF_CHECK}
    assert sum(by_kind.values()) == counts["printed values"]
    summary = check_corpus().counts
    assert {kind: summary[kind] for kind in KINDS_OF_CHECK} == by_kind
    own = 0
    for point in everything.points:
        if not point.released:
            own += sum(not name.startswith("unpruned_") for name in printed_names(point.leaves))
    of_pruned = [
        value
        for paper in everything.papers.values()
        for value in paper.values
        if not value.measure.startswith("unpruned_")
    ]
    assert len(of_pruned) == own


def test_a_count_of_flops_verifies_no_accuracy(everything):
    """Row 184's size was counted with the authors' code and its accuracy by nobody: nothing of it is verified."""
    point = next(p for p in everything.papers["he2018soft"].points if p.survey_row == 184)
    assert point.verified == 0
    assert Fraction(point.checked).limit_denominator(10) == Fraction(4, 6)
    assert {check.against for check in point.checks} == {"recomputed", "quoted"}


def test_the_published_view_has_no_checks(published):
    """Checks are of the values that hold by default."""
    assert not any(point.checks for point in published.points)
    assert "printed values" not in set(statistics()["corpus_counts"].data(published)["quantity"])
