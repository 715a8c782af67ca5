"""Where the default view differs from the published one, and that each difference is told in a caption."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from corpus.schema.purposes import Purpose
from metaanalysis.registry import figures, statistics


@pytest.fixture(scope="module")
def own_rules(published):
    """The sheet's values alone, counted by the default rules."""
    return replace(published, as_published=False)


def counts(corpus) -> dict[str, int]:
    """The statistic `corpus_counts` by quantity."""
    return dict(statistics()["corpus_counts"].data(corpus).itertuples(index=False, name=None))


def curves(corpus) -> int:
    """Curves in the lower panel of Figure 4."""
    drawn = figures()["results_per_paper"].data(corpus)
    return drawn.loc[drawn["panel"] == "points", "n"].sum()


def test_an_unknown_name_voids_its_own_field_only(own_rules, corrected):
    """51 datasets, 135 architectures and 195 pairs before names are corrected; the datasets stay 51 after."""
    found = counts(own_rules)
    assert (found["datasets"], found["architectures"], found["pairs"]) == (51, 135, 195)
    assert counts(corrected)["datasets"] == 51


def test_alexnet_is_restored_to_figure_4(own_rules, corrected, published):
    """69 curves from the four configurations that the caption names, against 63 drawn from five."""
    assert curves(own_rules) == curves(corrected) == 69
    assert curves(published) == 63


def test_the_impossible_comparison_is_skipped(corrected, published):
    """A paper of 1993 compares to one of 2015 as published only: 172 comparisons, 17 instead of 18 to the latter."""
    assert (len(corrected.comparisons), len(published.comparisons)) == (172, 173)
    compared = [
        Counter(edge.compares_to for edge in corpus.comparisons) for corpus in (corrected, published)
    ]
    assert [count["han2015learning"] for count in compared] == [17, 18]
    [skipped] = set(published.comparisons) - set(corrected.comparisons)
    assert (skipped.paper, skipped.compares_to) == ("hassibi1993optimal", "han2015learning")
    assert skipped.doubt


def test_figure_2_counts_each_papers_own_flag(corrected):
    """By default a paper's degree stands with its own venue."""
    outgoing = Counter(edge.paper for edge in corrected.comparisons)
    expected = Counter((outgoing[paper.key], paper.peer_reviewed) for paper in corrected.papers.values())
    drawn = figures()["comparison_counts"].data(corrected)
    lower = drawn[drawn["direction"] == "compares_to"]
    assert {(row.degree, row.peer_reviewed): row.papers for row in lower.itertuples()} == expected


def test_the_sign_slip_is_mended(corrected, published):
    """Rows 64 to 67, 378 and 379 give the pruned accuracy and the change: their difference, not their sum."""
    for corpus, sign in ((corrected, -1), (published, 1)):
        found = {
            point.survey_row: point
            for point in corpus.points
            if point.survey_row in (64, 65, 66, 67, 378, 379)
        }
        for point in found.values():
            made = point.value("top1") + sign * point.value("top1_change")
            assert point.values["unpruned_top1"].inputs
            assert point.value("unpruned_top1") == pytest.approx(made)
        assert len(found) == 6


def test_published_exclusions_stay(corrected, published):
    """Rows that the published grid left out for a stated reason stay out, and each paper's file says why."""
    rows = [
        {
            entry.survey_row
            for entry in corpus.entries
            if not entry.serves(Purpose.BESIDE_PAPERS) and entry.survey_row
        }
        for corpus in (corrected, published)
    ]
    assert rows[0] == rows[1]
    assert {298, 427, 428} <= rows[0]  # the accuracy floor
    assert {590, 591, 592, 593} <= rows[0]  # re-implementations
    parts = [
        part.exclude
        for paper in corrected.papers.values()
        for block in paper.written.results
        for part in (block, *(block.pruned or ()))
        if part.exclude
    ]
    assert parts
    assert all(exclusion.because for exclusion in parts)


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("figure", "comparison_counts", ["each paper keeps its own flag", "1993", "skipped"]),
        (
            "figure",
            "fragmentation",
            ["by default", "additional numbers", "Exclusions of the published analysis stay"],
        ),
        ("figure", "results_per_paper", ["AlexNet", "by default"]),
        ("statistic", "corpus_counts", ["by default", "voids only its own field"]),
        ("statistic", "common_pairs", ["By default", "LeNet-300-100"]),
        ("statistic", "comparison_shares", ["By default", "skipped"]),
    ],
)
def test_a_caption_says_where_the_default_differs(kind, name, words):
    """Figure or table, the caption tells the difference."""
    entry = (figures() if kind == "figure" else statistics())[name]
    for part in words:
        assert part in entry.caption
