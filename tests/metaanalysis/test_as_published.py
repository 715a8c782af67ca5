"""The published view gives what the 2020 paper prints, slips included.

Numbers that the paper prints are read from the data file of printed numbers; the others follow from its sheet.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from metaanalysis.registry import figures, statistics


@pytest.fixture(scope="module")
def data(published):
    """The public columns of a figure, as published."""

    def of(name: str) -> pd.DataFrame:
        figure = figures()[name]
        return figure.public(figure.data(published))

    return of


@pytest.fixture(scope="module")
def counts(published):
    """A statistic's first two columns as a dict, as published."""

    def of(name: str) -> dict[str, int]:
        table = statistics()[name].data(published)
        return dict(zip(table.iloc[:, 0], table.iloc[:, 1], strict=True))

    return of


def test_datasets_architectures_and_pairs(counts, printed_value):
    """Section 4.2: 49 datasets, 132 architectures, 195 pairs, in 81 papers."""
    found = counts("corpus_counts")
    for quantity in ("datasets", "architectures", "pairs"):
        assert found[quantity] == printed_value(quantity)
    assert found["papers"] == printed_value("papers_in_corpus")
    assert found["papers on pruning"] == printed_value("papers_in_corpus") - printed_value(
        "non_pruning_papers"
    )


def test_rows_with_and_without_numbers(published, counts):
    """Of 551 rows 279 have a number; 272 have none, 16 of them a number of trials alone."""
    found = counts("corpus_counts")
    assert (found["rows"], found["rows with numbers"]) == (551, 279)
    empty = [entry for entry in published.entries if not entry.released and entry.point is None]
    assert len(empty) == 272
    blocks = [block for paper in published.papers.values() for block in paper.written.results]
    assert sum(block.no_numbers is not None and block.trials is not None for block in blocks) == 16


def test_table_1(published, printed):
    """All 14 pairs of Table 1 with their numbers of papers, and no other pair with as many."""
    table = statistics()["common_pairs"].data(published)
    expected = Counter(
        (pair["dataset"], pair["architecture"], pair["papers"]) for pair in printed["table_1"]["pairs"]
    )
    assert len(expected) == 14
    assert Counter(table.itertuples(index=False, name=None)) == expected
    assert table["papers"].is_monotonic_decreasing


def test_comparisons_of_section_4_1(published, counts):
    """173 comparisons: 21 papers compare to none, 43 to at most one, 64 to at most three; 33 are never compared to."""
    assert counts("corpus_counts")["comparisons"] == len(published.comparisons) == 173
    found = counts("comparison_shares")
    assert found["compare to no other"] == 21
    assert found["compare to exactly one"] == 22
    assert found["compare to at most one"] == 43
    assert found["compare to at most three"] == 64
    assert found["are never compared to"] == 33
    assert found["are peer-reviewed and never compared to"] == 15
    assert found["are since 2010 and never compared to"] == 32


def test_figure_2_counts_each_paper_once_a_panel(data):
    """Both panels hold 81 papers, 57 peer-reviewed, and 173 comparisons."""
    drawn = data("comparison_counts")
    for _, panel in drawn.groupby("direction"):
        assert panel["papers"].sum() == 81
        assert panel.loc[panel["peer_reviewed"], "papers"].sum() == 57
        assert (panel["degree"] * panel["papers"]).sum() == 173


def test_figure_2_scrambles_the_flags_of_the_lower_panel(data, published):
    """The printed lower panel sorted the degrees without the flags, so the paper with most comparisons is 'reviewed'.

    The first papers of the sheet got the highest degrees.
    """
    lower = data("comparison_counts").query("direction == 'compares_to'")
    papers = sorted(published.papers.values(), key=lambda paper: paper.survey()[1])
    outgoing = Counter(comparison.paper for comparison in published.comparisons)
    degrees = sorted((outgoing[paper.key] for paper in papers), reverse=True)
    scrambled = Counter(zip(degrees, (paper.peer_reviewed for paper in papers), strict=True))
    true = Counter((outgoing[paper.key], paper.peer_reviewed) for paper in papers)
    found = {(row.degree, row.peer_reviewed): row.papers for row in lower.itertuples()}
    assert found == scrambled
    assert found != true


def test_figure_3_has_its_panels_curves_points_and_labels(data, printed):
    """14 panels, 118 curves, 236 points, and the 42 labels of the printed legend in its order."""
    drawn = data("fragmentation")
    panel = ["dataset", "architecture", "x_metric", "y_metric"]
    assert len(drawn) == 236
    assert len(drawn.drop_duplicates(panel)) == 14
    assert len(drawn.drop_duplicates([*panel, "label"])) == 118
    legend = drawn.sort_values(["year", "label"])["label"].drop_duplicates().tolist()
    assert len(legend) == 42
    assert legend == printed["figure_3"]["legend"]
    assert drawn["paper"].nunique() == 36
    columns = {(column["dataset"], column["architecture"]) for column in printed["figure_3"]["columns"]}
    assert set(drawn[["dataset", "architecture"]].itertuples(index=False, name=None)) == columns


def test_figure_3_has_deviations_on_two_curves(data):
    """Standard deviations belong to the two curves of He, Yang 2018 alone."""
    drawn = data("fragmentation")
    assert set(drawn.loc[drawn["y_std"] > 0, "label"]) == {"He, Yang 2018", "He, Yang 2018, Fine-Tune"}


def test_figure_3_points_are_rows_of_the_sheet(data):
    """Each point leads back to its row, and no row stands twice in a panel."""
    drawn = data("fragmentation")
    assert drawn["survey_row"].notna().all()
    assert not drawn.duplicated(["x_metric", "y_metric", "survey_row"]).any()


def test_figure_4_has_77_papers_and_63_curves(data, printed_value):
    """77 papers above, 63 curves of 151 rows below; most within the printed bounds."""
    drawn = data("results_per_paper")
    upper, lower = (drawn[drawn["panel"] == panel] for panel in ("pairs", "points"))
    assert upper["n"].sum() == 77
    assert lower["n"].sum() == 63
    assert (lower["count"] * lower["n"]).sum() == 151
    assert upper.loc[upper["count"] <= printed_value("pairs_per_paper"), "n"].sum() == 51
    assert lower.loc[lower["count"] <= printed_value("points_per_curve"), "n"].sum() == 26


def test_36_papers_against_the_printed_37(published, printed_value):
    """The legend has 36 papers where the caption says 37, and the three ways to 37 are told."""
    table = statistics()["reporting_papers"].data(published).set_index("counted")
    assert table.loc["drawn in Figure 3", "papers"] == 36 == printed_value("legend_papers") - 1
    assert table.loc["with ResNet-18 and ResNet-34", "papers"] == 37
    caption = statistics()["reporting_papers"].caption
    assert "37 of 81" in caption
    assert "frankle2019lottery" in caption
    assert "srinivas2015data" in caption
