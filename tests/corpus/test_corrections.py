"""Corrections of the survey's verified oddities: the effect by default, and none as published."""

from __future__ import annotations

import pytest

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.quantity import parse
from metaanalysis.registry import figures, statistics


def point(corpus: Corpus, row: int) -> OperatingPoint | None:
    """The operating point of a row of the sheet, if it has one."""
    return next((point for point in corpus.points if point.survey_row == row), None)


@pytest.mark.parametrize("row", [281, 582, 583])
def test_an_error_in_the_accuracy_column(corrected, published, row):
    """Oddity 1: the unpruned Top-5 of VGG-16 is 89.9, where the sheet has its error, 10.1."""
    values = [
        corpus.sql(f"SELECT unpruned_top5 FROM points WHERE survey_row = {row}").iat[0, 0]
        for corpus in (corrected, published)
    ]
    assert values == [89.9, 10.1]


@pytest.mark.parametrize(("row", "change"), [(365, "+0.39%"), (525, "-3.26%")])
def test_a_change_copied_from_another_row(corrected, published, row, change):
    """Oddity 4: the reported change agrees with the accuracies; as published it contradicts them."""
    printed = (
        "SELECT printed FROM measurements WHERE measure = 'top1_change' AND layer = 'reported' "
        f"AND point_id = 'zhuang2018discrimination/{row}'"
    )
    assert [corpus.sql(printed).iat[0, 0] for corpus in (corrected, published)] == [change, "-1.06%"]
    clash = f"SELECT count(*) FROM contradictions WHERE point_id = 'zhuang2018discrimination/{row}'"
    assert [corpus.sql(clash).iat[0, 0] for corpus in (corrected, published)] == [0, 2]


def test_a_result_withheld_for_the_plots_sake(corrected, published):
    """Oddity 18: row 510 is drawn in Figure 3, where as published it is empty."""
    rows = [
        set(figures()["fragmentation"].data(corpus)["survey_row"].dropna())
        for corpus in (corrected, published)
    ]
    assert 510 in rows[0]
    assert 510 not in rows[1]
    assert point(published, 510) is None
    assert point(corrected, 510).value("top1") == 62.14


def test_two_names_of_one_architecture(corrected, published):
    """Oddity 29: fc300-100 is LeNet-300-100, which has one paper more in Table 1."""
    papers = []
    for corpus in (corrected, published):
        table = statistics()["common_pairs"].data(corpus)
        papers.append(table.loc[table["architecture"] == "LeNet-300-100", "papers"].tolist())
    assert papers == [[13], [12]]
    names = [
        {entry.architecture for entry in corpus.entries if entry.survey_row == 600}
        for corpus in (corrected, published)
    ]
    assert names == [{"LeNet-300-100"}, {"fc300-100"}]


def test_an_impossible_comparison(corrected, published):
    """Oddity 35: hassibi1993optimal compares to one paper of the corpus, where as published it compares to two."""
    outgoing = [
        [edge.compares_to for edge in corpus.comparisons if edge.paper == "hassibi1993optimal"]
        for corpus in (corrected, published)
    ]
    assert outgoing == [["lecun1990optimal"], ["lecun1990optimal", "han2015learning"]]
    doubted = "SELECT compares_to, doubt FROM comparisons WHERE paper = 'hassibi1993optimal' AND doubt IS NOT NULL"
    assert corrected.sql(doubted)["compares_to"].tolist() == ["han2015learning"]


@pytest.mark.parametrize(
    ("paper", "venue", "sheet"),
    [
        ("he2017channel", "ICCV", "CVPR"),  # oddity 40
        ("liu2017learning", "ICCV", "CVPR"),
        ("luo2017thinet", "ICCV", "CVPR"),
        ("louizos2017learning", "ICLR", "NIPS"),  # oddity 41
    ],
)
def test_a_wrong_venue(corrected, published, paper, venue, sheet):
    """Oddities 40 and 41: three papers of ICCV filed as CVPR, one of ICLR as NIPS."""
    asked = f"SELECT venue FROM papers WHERE paper = '{paper}'"
    assert [corpus.sql(asked).iat[0, 0] for corpus in (corrected, published)] == [venue, sheet]


STRAY_APOSTROPHE = (
    "dubey2018coreset",
    "huang2018data",
    "peng2018extreme",
    "he2018amc",
    "huang2018learning",
    "he2014reshaping",
)


@pytest.mark.parametrize("paper", STRAY_APOSTROPHE)
def test_no_stray_apostrophe(corrected, paper):
    """Oddity 46: the apostrophe before six BibTeX entries of the sheet is in no key, title or name."""
    written = corrected.papers[paper].written
    assert not any(text.startswith("'") for text in (paper, written.title, *written.authors))


def test_the_apostrophes_are_in_the_sheet(sheet):
    """Oddity 46: exactly these six entries of the sheet begin with an apostrophe."""
    entries = [row["BibTeX"] for row in sheet("Papers")]
    stray = {entry.split("{")[1].split(",")[0] for entry in entries if entry.startswith("'")}
    assert stray == set(STRAY_APOSTROPHE)


def test_maximum_deviations_are_no_standard_deviations(corrected, published):
    """Oddity 53: the released lottery-ticket runs have no standard deviation; as published they have one each."""
    asked = (
        "SELECT count(top1_std), count(*) FROM points "
        "WHERE point_id LIKE 'frankle2019lottery/%' AND survey_row IS NULL"
    )
    (with_std, runs), (published_std, published_runs) = (
        corpus.sql(asked).iloc[0].tolist() for corpus in (corrected, published)
    )
    assert with_std == 0
    assert published_std == published_runs == runs > 0


CONFIRMED = {
    # row: measure and value by default, as published (None: not given); confirmed in the authors' own material
    163: ("unpruned_params", 2.67e5, None),
    164: ("unpruned_params", 4.31e5, None),
    173: ("flops_pruned", 0.79, 0.89),
    237: ("flops_pruned", 0.346, None),
    263: ("unpruned_top5_error", 11.32, 10.91),
    330: ("flops_pruned", 0.5, None),
    331: ("flops_pruned", 0.3, None),
    432: ("flops_pruned", 0.5, None),
    535: ("unpruned_top1", 71.51, 71.71),
    365: ("params_pruned", None, 0.3),
    372: ("params_pruned", None, 0.3),
    523: ("params_pruned", None, 0.5),
    524: ("params_pruned", None, 0.7),
    525: ("params_pruned", None, 0.7),
    527: ("params_pruned", None, 0.5),
    396: ("top5_change", -0.3, 0.3),
    155: ("unpruned_top1", 57.37, 58.7),
    482: ("unpruned_top1", 57.37, 58.7),
    484: ("unpruned_top1", 57.37, 58.7),
    485: ("unpruned_top1", 57.37, 58.7),
    486: ("unpruned_top1", 57.37, 58.7),
}


@pytest.mark.parametrize("row", CONFIRMED)
def test_a_confirmed_slip_is_corrected(corrected, published, row):
    """The printed number changes, moves or goes by default, and is the sheet's as published."""
    measure, by_default, in_sheet = CONFIRMED[row]
    found = [point(corpus, row).leaves.get(measure) for corpus in (corrected, published)]
    assert [leaf and leaf.quantity.value for leaf in found] == pytest.approx([by_default, in_sheet])


@pytest.mark.parametrize("row", [588, 589, 590, 591])
def test_batch_normalization_makes_another_network(corrected, published, row):
    """Four rows of VGG-16 have batch normalization, so that they are in no panel of VGG-16 by default."""
    assert [point(corpus, row).architecture for corpus in (corrected, published)] == ["VGG-16-BN", "VGG-16"]
    assert row not in set(figures()["fragmentation"].data(corrected)["survey_row"].dropna())


def test_no_correction_removes_a_row_with_a_number(corrected, published):
    """Every row that has a number in the sheet has a point in both views."""
    rows = [
        {point.survey_row for point in corpus.points if point.survey_row}
        for corpus in (corrected, published)
    ]
    assert rows[1] <= rows[0]
    assert len(rows[1]) == 279


def test_the_sheets_values_are_kept_beside_corrections(corrected, published):
    """Each correction of a number states the sheet's value, which is what the published view has."""
    stated = {
        (row.survey_row, measure): correction.sheet
        for paper in corrected.papers.values()
        for block in paper.written.results
        for row in block.pruned or ()
        for measure, correction in (row.correction or {}).items()
        if row.survey_row
    }
    assert stated
    for (row, measure), in_sheet in stated.items():
        found = point(published, row)
        leaf = found.leaves.get(measure) if found else None
        assert (leaf and leaf.quantity.value) == (in_sheet and parse(measure, in_sheet).value)
