"""The survey's recommendations, put to papers: three worked by hand, and what every criterion must keep."""

from __future__ import annotations

import re

import pytest

from corpus.database.tables import COLUMNS
from corpus.schema.paper import Method
from metaanalysis.registry import figures, statistics
from metaanalysis.statistics.checklist_criteria import UNANSWERED
from metaanalysis.survey.checklist import (
    ANSWERS,
    CRITERIA,
    NO,
    NOT_APPLICABLE,
    NOT_TRANSCRIBED,
    PARTLY,
    YES,
    answers,
)

BY_HAND = {
    # Table 1: sizes, FLOPs and errors of four networks, pruned and not; ResNet-34 on ImageNet without Top-5; at most
    # three points a curve; ratios below 2; its own method takes weights of small L1 norm; compares to a paper of 2015.
    # Each point was set beside the paper's own text, so what is lacking is a `no`; of the other two none was at hand.
    "li2016pruning": {
        "compression_and_speedup": YES,
        "top1_and_top5": NO,
        "control_reported": YES,
        "three_pairs": YES,
        "modern_pair": YES,
        "five_points_per_curve": NO,
        "wide_range_of_ratios": NO,
        "raw_accuracy": YES,
        "standard_deviations": NO,
        "flop_counts": YES,
        "repeated_runs": NOT_TRANSCRIBED,
        "compares_to_magnitude": YES,
        "compares_to_recent": YES,
        "compares_to_pre_2010": NO,
    },
    # FLOPs removed but no sizes; FLOP counts on CIFAR-10 only, so their control is missing on ImageNet; three trials
    # there, each with its standard deviation; four points at most; compares to li2016pruning (prunes by magnitude).
    "he2018soft": {
        "compression_and_speedup": NOT_TRANSCRIBED,
        "top1_and_top5": YES,
        "control_reported": PARTLY,
        "three_pairs": YES,
        "modern_pair": YES,
        "five_points_per_curve": NOT_TRANSCRIBED,
        "wide_range_of_ratios": NOT_TRANSCRIBED,
        "raw_accuracy": YES,
        "standard_deviations": YES,
        "flop_counts": PARTLY,
        "repeated_runs": PARTLY,
        "compares_to_magnitude": YES,
        "compares_to_recent": YES,
        "compares_to_pre_2010": NO,
    },
    # One point with numbers of a pruned network: CaffeNet on ImageNet, 56.91 / 80.01 % with 3.45 of 61 M parameters,
    # without the unpruned Top-5; its MNIST rows hold unpruned sizes alone; compares to han2015learning (magnitude).
    "guo2016dynamic": {
        "compression_and_speedup": NOT_TRANSCRIBED,
        "top1_and_top5": YES,
        "control_reported": NOT_TRANSCRIBED,
        "three_pairs": NO,
        "modern_pair": NO,
        "five_points_per_curve": NOT_TRANSCRIBED,
        "wide_range_of_ratios": NOT_TRANSCRIBED,
        "raw_accuracy": YES,
        "standard_deviations": NOT_TRANSCRIBED,
        "flop_counts": NOT_APPLICABLE,
        "repeated_runs": NOT_TRANSCRIBED,
        "compares_to_magnitude": YES,
        "compares_to_recent": YES,
        "compares_to_pre_2010": NO,
    },
}
SCORES = {"li2016pruning": (8, 13), "he2018soft": (7, 11), "guo2016dynamic": (4, 7)}


@pytest.fixture(scope="module")
def scores(corrected):
    return statistics()["reporting_checklist"].data(corrected).set_index("paper")


@pytest.mark.parametrize("paper", BY_HAND)
def test_three_papers_worked_by_hand(corrected, paper):
    """Every criterion gives the answer that a person finds in the paper's file."""
    assert answers(corrected)[paper] == BY_HAND[paper]


@pytest.mark.parametrize(("paper", "score"), SCORES.items())
def test_a_score_counts_what_is_met_among_what_could_be_asked(scores, paper, score):
    """`met` counts yes, `asked` yes, partly and no."""
    found = scores.loc[paper]
    assert (found["met"], found["asked"]) == score
    assert found["score"] == pytest.approx(score[0] / score[1])


def test_every_criterion_names_columns_that_exist():
    """What a criterion reads is a column of a public table, or an axis of the methods."""
    for entry in CRITERIA:
        assert entry.reads
        for name in entry.reads:
            table, _, column = name.split(" ")[0].partition(".")
            assert column in (Method.model_fields if table == "methods" else COLUMNS[table]), (
                f"{entry.name}: {name}"
            )


@pytest.mark.parametrize(
    ("criterion", "sql"),
    [
        ("standard_deviations", "bool_or(top1_std IS NOT NULL)"),
        ("raw_accuracy", "bool_or(coalesce(top1, top5) IS NOT NULL)"),
        ("compression_and_speedup", "bool_or(compression_ratio + theoretical_speedup IS NOT NULL)"),
    ],
)
def test_sql_on_the_columns_named_finds_the_same_papers(corrected, criterion, sql):
    """Papers for which a criterion holds at least in part are those that a query on its columns finds."""
    of_pruned = (
        "coalesce(top1, top5, top1_change, top5_change, compression_ratio, theoretical_speedup) IS NOT NULL"
    )
    listed = (
        f"SELECT paper FROM points WHERE survey_row IS NOT NULL AND {of_pruned} GROUP BY paper HAVING {sql}"
    )
    rows_added = {
        point.paper for point in corrected.points if not point.released and point.survey_row is None
    }
    found = {paper for paper, given in answers(corrected).items() if given[criterion] in (YES, PARTLY)}
    assert found - rows_added == set(corrected.sql(listed)["paper"]) - rows_added


def test_what_cannot_be_told_is_named_and_unknown_for_every_paper(corrected):
    """Recommendations without columns have a reason and the answer unknown throughout; no other row has a reason."""
    table = statistics()["checklist_criteria"].data(corrected).set_index("criterion")
    assert set(table.index) == {entry.name for entry in CRITERIA} | UNANSWERED.keys()
    for name, row in table.iterrows():
        assert sum(row[answer] for answer in ANSWERS) == len(corrected.papers)
        if name in UNANSWERED:
            assert row["reads"] == ""
            assert row["cannot be told because"]
            assert row[NOT_TRANSCRIBED] == len(corrected.papers)
        else:
            assert row["reads"]
            assert not row["cannot be told because"]


def test_the_heat_map_adds_up_to_the_papers(corrected, scores):
    """Over the years, the counts of a criterion are those of its column in the table."""
    cells = figures()["checklist_by_year"].data(corrected)
    for name, years in cells.groupby("criterion"):
        column = scores[name]
        assert [years[answer].sum() for answer in (YES, PARTLY, NO)] == [
            (column == answer).sum() for answer in (YES, PARTLY, NO)
        ]
    assert (cells["share"] == cells["yes"] / (cells["yes"] + cells["partly"] + cells["no"])).all()


def test_what_was_not_transcribed_is_no_lack(everything):
    """gale2019state released 1,008 runs, two papers print deviations of all repeated runs; none of it is a `no`."""
    given = answers(everything)
    assert given["gale2019state"]["five_points_per_curve"] == YES
    assert given["gale2019state"]["wide_range_of_ratios"] == YES
    for paper in ("he2018soft", "wang2023why"):
        assert given[paper]["standard_deviations"] == YES
    assert given["wang2023why"]["wide_range_of_ratios"] == NO  # its tables are here whole
    assert given["dubey2018coreset"]["standard_deviations"] == NOT_TRANSCRIBED  # of the sheet alone


def test_the_figure_shows_counts(everything):
    """The digits in a cell are papers that do, of papers that could be asked; no percentage of one paper."""
    figure = figures()["checklist_by_year"]
    chart = figure.chart(figure.data(everything)).to_dict(validate=False)
    assert "%" not in str([layer["encoding"].get("text") for layer in chart["layer"]])
    (rows,) = chart["datasets"].values()
    assert all(row["count"] == str(row["yes"]) and row["of"] == f"of {row['asked']}" for row in rows)


def test_names_of_criteria_are_words():
    """Criteria are columns of a public table."""
    assert all(re.fullmatch(r"[a-z][a-z0-9_]+", entry.name) for entry in CRITERIA)
