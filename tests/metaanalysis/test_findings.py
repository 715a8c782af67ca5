"""The survey's sentences against the corpus: complete, agreeing where the data allow, and named where they do not."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from metaanalysis.registry import statistics
from metaanalysis.statistics.findings import NOT_COUNTED, UNCOUNTED, VERDICTS, _judge_of
from metaanalysis.survey.printed import PrintedSentence, printed
from metaanalysis.survey.quantifiers import MEANINGS
from metaanalysis.survey.sentences import SENTENCES, CountedAnswer

ROOT = Path(__file__).parent.parent.parent
MAY_READ_PRINTED = (
    "metaanalysis/survey/printed.py",
    "metaanalysis/statistics/findings.py",
    "metaanalysis/drawing/report.py",
)
DIFFERENT = {
    "papers_since_2010",
    "classic_papers",
    "corpus_compare_to_three_or_fewer",
    "few_comparisons",
    "split_shared_points",
    "configurations_of_points",
    "vgg_s_papers",
    "flops_spread",
    "legend_papers",
    "points_per_curve",
}
"""Sentences that the sheet does not bear out under the published rules; all others it does."""


@pytest.fixture(scope="module")
def findings(everything):
    return statistics()["findings"].data(everything).set_index("id")


def test_every_printed_sentence_is_answered_or_said_to_be_uncounted(findings):
    """No sentence of the data file is passed over, and no answer is without a sentence."""
    ids = {sentence.id for sentence in printed().sentences}
    assert ids <= set(findings.index)
    assert SENTENCES.keys() | UNCOUNTED.keys() == ids
    assert not SENTENCES.keys() & UNCOUNTED.keys()
    assert findings.index.is_unique


def test_the_corpus_agrees_wherever_the_data_allow(findings):
    """The sentences that come out differently as published are these, and no others."""
    counted = findings[findings["verdict"] != NOT_COUNTED]
    different = counted[~counted["verdict"].isin(["agrees", "agrees as published"])]
    assert set(different.index) == DIFFERENT


def test_what_differs_says_why(findings):
    """No verdict but plain agreement stands without a reason."""
    assert findings["why"][findings["verdict"] != "agrees"].ne("").all()


def test_thirty_six_papers_against_the_printed_thirty_seven(findings):
    """The caption of Figure 3 says 37 of 81; the legend's labels are of 36, and both ways to 37 or 38 are named.

    By default there are 37: srinivas2015data has points above the floor since its best rows are in the corpus.
    """
    row = findings.loc["legend_papers"]
    assert row["printed"] == "37 of 81"
    assert row["as_published"] == "36 of 81 (44.4%)"
    assert row["corrected"] == "37 of 81 (45.7%)"
    assert row["verdict"] == "agrees corrected"
    for key in ("frankle2019lottery", "srinivas2015data", "dong2017more"):
        assert key in row["why"]


@pytest.mark.parametrize(
    "name", ["datasets", "architectures", "pairs", "vgg16_imagenet_papers", "non_pruning_papers"]
)
def test_the_headline_counts_are_as_printed(findings, printed_value, name):
    """49 datasets, 132 architectures, 195 pairs, 22 papers on VGG-16, five that do not prune."""
    assert findings.loc[name, "as_published"].split(" ")[0] == str(printed_value(name))


def test_every_row_of_table_1_is_as_printed(findings):
    """All fourteen, under the published rules."""
    rows = findings[findings.index.str.startswith("table_1:")]
    assert len(rows) == 14
    assert (rows["as_published"] == rows["printed"]).all()


def test_every_legend_is_as_printed(findings):
    """The curves of Figures 1, 3 and 5 have the printed names, none more and none less."""
    rows = findings[findings.index.str.endswith("_legend")]
    assert len(rows) == 4
    assert rows["verdict"].isin(["agrees", "agrees as published"]).all()


def test_both_views_tell_the_same(everything, findings):
    """Both readings are on the page, so the view does not matter."""
    assert statistics()["findings"].data(everything.other_view).set_index("id").equals(findings)


def test_later_papers_change_no_sentence_about_the_survey(everything, findings):
    """A paper outside the survey is left out: taken away, every row stays as it is."""
    kept = {key: paper for key, paper in everything.papers.items() if paper.survey()}
    assert len(kept) < len(everything.papers)
    without = replace(everything, papers=kept)
    assert statistics()["findings"].data(without).set_index("id").equals(findings)


@pytest.mark.parametrize(
    ("words", "of", "holds", "fails"),
    [
        ("more than a fourth", 80, 21, 20),
        ("another fourth", 100, 29, 31),
        ("half", 100, 54, 56),
        ("most", 80, 41, 40),
        ("nearly all", 80, 72, 71),
        ("even a third", 81, 26, 27),
        ("dozens", None, 24, 23),
        ("sometimes", 10, 1, 0),
        ("rarely", 100, 10, 11),
    ],
)
def test_words_have_an_explicit_threshold(words, of, holds, fails):
    """A phrase is judged by its stated reading, on either side of the threshold."""
    judge, reading = _judge_of(PrintedSentence("x", "Section 4", "papers", words=words), None)
    assert judge(CountedAnswer(holds, of))
    assert not judge(CountedAnswer(fails, of))
    assert reading == f"{words}: {MEANINGS[words].reading}"


@pytest.mark.parametrize(
    ("value", "holds", "fails"),
    [(81, 81, 80), (4, 4.04, 4.55), ("371M", 371e6, 372e6), ("18, 34", "18, 34", "18")],
)
def test_numbers_agree_in_the_digits_printed(value, holds, fails):
    """371M is 371 million to half a million, a factor of four any number that rounds to 4, text is text."""
    judge, _ = _judge_of(PrintedSentence("x", "Section 5", "ratio", value=value), None)
    assert judge(CountedAnswer(holds))
    assert not judge(CountedAnswer(fails))


def test_the_four_verdicts_differ():
    """Each combination of the two views has a verdict of its own."""
    assert len(set(VERDICTS.values())) == len(VERDICTS) == 4


def test_a_corpus_that_lost_a_paper_no_longer_agrees(everything):
    """The verdict depends on the data: without one user of VGG-16 on ImageNet, Table 1's first row differs."""

    def without(corpus):
        kept = {key: paper for key, paper in corpus.papers.items() if key != "luo2017thinet"}
        return replace(corpus, papers=kept)

    smaller = replace(without(everything), read_other_view=lambda: without(everything.other_view))
    found = statistics()["findings"].data(smaller).set_index("id")
    assert found.loc["table_1: VGG-16 on ImageNet", "verdict"] == "differs"
    assert found.loc["papers_surveyed", "verdict"] == "differs"


def test_only_findings_report_and_app_read_the_printed_numbers():
    """What computes must not know what should come out."""
    for path in sorted(
        (*ROOT.glob("corpus/**/*.py"), *ROOT.glob("metaanalysis/**/*.py"), *ROOT.glob("rerun/**/*.py"))
    ):
        file = path.relative_to(ROOT).as_posix()
        if file in MAY_READ_PRINTED:
            continue
        text = path.read_text(encoding="utf-8")
        names = {
            name
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        }
        assert "metaanalysis.survey.printed" not in names, file
        assert "blalock2020.yaml" not in text, file
