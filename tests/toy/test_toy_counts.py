"""The invented corpus worked by hand: counts, figures and the public tables.

Every number expected here is counted in the comment beside it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from corpus.catalogue.corpus import Corpus
from corpus.checks.check import check_corpus
from corpus.database.public_tables import build, export
from corpus.database.tables import COLUMNS
from corpus.schema.purposes import Purpose
from metaanalysis.registry import figures, statistics
from metaanalysis.tradeoffs.curves import panels

TOY = Path(__file__).parent


def counts_of(corpus: Corpus) -> dict[str, int]:
    """The statistic `corpus_counts` by quantity."""
    return dict(statistics()["corpus_counts"].data(corpus).itertuples(index=False, name=None))


def plain(rows: pd.DataFrame) -> list[list]:
    """Rows as lists, None for missing."""
    return rows.astype(object).where(rows.notna(), None).to_numpy().tolist()


def test_counts_by_hand(toy, toy_published):
    """Datasets, architectures and pairs, with what an unknown name voids in each view."""
    corrected, published = counts_of(toy), counts_of(toy_published)
    # Corrected: Scenes, Digits, Rare; TinyNet, TinyNet-B, WideNet. As published, Rare goes with its unknown
    # architecture, and `tinny` is an architecture.
    assert (corrected["datasets"], corrected["architectures"]) == (3, 3)
    assert (published["datasets"], published["architectures"]) == (2, 4)
    # (Scenes, TinyNet), (Scenes, WideNet), (Digits, TinyNet-B), (Digits, WideNet), and the fourth paper's
    # (Digits, TinyNet); as published (Scenes, tinny) in place of that.
    assert (corrected["pairs"], published["pairs"]) == (5, 5)
    assert (corrected["papers"], published["papers"]) == (4, 3)
    assert (corrected["peer-reviewed papers"], published["peer-reviewed papers"]) == (3, 2)
    assert (corrected["comparisons"], published["comparisons"]) == (3, 3)


def test_check_counts_by_hand():
    """Sixteen rows of the sheet (1-4, 10-17, 20-23), one point in no sheet, three released runs."""
    report = check_corpus(TOY)
    assert report.errors == []
    counted = report.counts
    assert (counted["papers"], counted["survey rows"], counted["released runs"]) == (4, 16, 3)
    assert counted["rows"] == 17
    assert counted["rows with numbers"] == 15  # all but rows 22 and 23
    # In Table 1 of the first paper: Top-1 unpruned and of one row, parameters unpruned and of two rows
    assert counted["own-text"] == 5
    assert counted["at odds"] == 3  # its multiply-adds: unpruned and of two rows
    kinds = (
        "own-text",
        "authors-material",
        "recomputed",
        "survey-second-table",
        "quoted",
        "at odds",
        "unchecked",
    )
    assert sum(counted[kind] for kind in kinds) == counted["printed values"]
    assert counted["comparisons"] == 3
    assert (counted["methods"], counted["axis scoring"], counted["axis scope"]) == (3, 2, 1)
    assert (counted["contradictions"], counted["doubts"]) == (3, 2)
    assert counted["unknown locations"] == 7  # rows 13 to 17, 22 and 23


def test_comparisons_by_hand(toy, toy_published):
    """Figure 2's numbers: degrees with each paper's own venue flag, or as published sorted without the flags."""
    drawn = figures()["comparison_counts"]
    columns = ["direction", "degree", "peer_reviewed", "papers"]
    assert drawn.data(toy, papers="all")[columns].to_numpy().tolist() == [
        # eck (preprint) and cato (corrected to a conference): by none; dunn by one; birch by two
        ["compared_to_by", 0, False, 1],
        ["compared_to_by", 0, True, 1],
        ["compared_to_by", 1, True, 1],
        ["compared_to_by", 2, True, 1],
        # birch compares to none; cato and dunn (its second is doubted) to one; eck (preprint) to one
        ["compares_to", 0, True, 1],
        ["compares_to", 1, False, 1],
        ["compares_to", 1, True, 2],
    ]
    # As published cato is a preprint, and dunn compares to two. In order of the sheet the flags are yes, no, yes;
    # the degrees 0, 1, 2 come sorted as 2, 1, 0.
    lower = drawn.data(toy_published)
    assert lower[lower["direction"] == "compares_to"][columns].to_numpy().tolist() == [
        ["compares_to", 0, True, 1],
        ["compares_to", 1, False, 1],
        ["compares_to", 2, True, 1],
    ]


def test_curves_by_hand(toy):
    """Points of the family Tiny on Scenes that have both measures of a panel, without the excluded row 17."""
    drawn = panels(toy, Purpose.BESIDE_PAPERS, (("Scenes", "Tiny"),))
    upper = drawn[(drawn["x_metric"] == "compression_ratio") & (drawn["y_metric"] == "top1_change")]
    assert upper[["label", "x", "y"]].to_numpy().tolist() == [
        # in order of year, label and x
        ["Birch 2016", pytest.approx(4.0), pytest.approx(-1.0)],
        ["Birch 2016", pytest.approx(8.0), pytest.approx(-2.0)],
        ["Birch 2016", pytest.approx(10.0), pytest.approx(-3.0)],
        ["Cato, Bo 2016", 2.0, -2.0],
        ["Cato, Bo 2016", 4.0, -3.0],  # 79 - 82, twice: row 16 is row 15 entered again
        ["Cato, Bo 2016", 4.0, -3.0],
        ["Dunn 2018", 8.0, -10.0],
        ["Dunn 2018", pytest.approx(10.0), -5.0],  # a released run
        ["Dunn 2018, Gentle", 2.0, -2.0],
        ["Dunn 2018, Gentle", 2.0, -1.0],
    ]
    assert upper["survey_row"].tolist() == [1, 2, 3, 13, 15, 16, 21, pd.NA, 20, pd.NA]
    assert set(drawn["y_metric"]) == {"top1_change"}  # no Top-5 on Scenes


def test_tables_by_hand(toy):
    """Rows of the smaller public tables, one by one."""
    assert plain(toy.sql("SELECT * FROM papers WHERE paper = 'dunn2018third'")) == [
        [
            *("dunn2018third", "A third invented paper", "Dunn", 2018, "2018-07-01", "ConfA", True, True),
            *(None, None, "blalock2020", "third"),
        ]
    ]
    assert toy.sql(
        "SELECT dataset, architecture, has_numbers FROM settings WHERE paper = 'dunn2018third'"
    ).to_numpy().tolist() == [["Scenes", "TinyNet", True], ["Rare", "Nameless", False]]
    rows = toy.sql("SELECT row, point_id FROM survey_rows WHERE paper = 'dunn2018third' ORDER BY row")
    assert plain(rows) == [
        [20, "dunn2018third/20"],
        [21, "dunn2018third/21"],
        [22, None],
        [23, None],
    ]
    excluded = toy.sql("SELECT survey_row, excluded_from FROM points WHERE excluded_from = 'fragmentation'")
    assert excluded.to_numpy().tolist() == [[17, "fragmentation"]]


def test_measurements_hold_each_number_once_with_its_layer(toy):
    """Row 2 prints seven numbers; the overridden change stands beside the derived one."""
    changes = toy.sql(
        "SELECT value, low, high, layer, route, printed, line FROM measurements "
        "WHERE point_id = 'birch2016first/2' AND measure = 'top1_change' ORDER BY layer"
    )
    assert plain(changes) == [
        [-2.0, pytest.approx(-2.1), pytest.approx(-1.9), "derived", "top1 - unpruned_top1", None, 24],
        [2.0, pytest.approx(1.95), pytest.approx(2.05), "reported", "printed", "+2.0%", 24],
    ]
    reported = toy.sql(
        "SELECT measure FROM measurements WHERE point_id = 'birch2016first/2' AND layer = 'reported'"
    )
    assert sorted(reported["measure"]) == sorted(
        [
            "top1_error",
            "top1_change",
            "params",
            "params_pruned",
            "unpruned_top1",
            "unpruned_params",
            "unpruned_flops",
        ]
    )


def test_a_point_without_a_sheet_row_has_an_id(toy):
    """The fourth paper's point is named by block and row, and may grow since its file says so."""
    [own] = toy.papers["eck2019fourth"].points
    assert (own.point_id, own.survey_row, own.value("compression_ratio")) == (
        "eck2019fourth/block1.1",
        None,
        0.8,
    )
    assert own.value("top1_change") == 0.5


def test_the_same_tables_as_database_parquet_and_csv(toy, toy_published, tmp_path):
    """All public tables are written alike in every form, with their columns in order."""
    for corpus in (toy, toy_published):
        path = build(corpus, tmp_path / "toy.duckdb")
        parquet = {file.stem: file for file in export(corpus, tmp_path / "parquet", "parquet")}
        with duckdb.connect(str(path), read_only=True) as connection:
            assert {name for (name,) in connection.execute("SHOW TABLES").fetchall()} == set(COLUMNS)
            for name, columns in COLUMNS.items():
                built = connection.execute(f"SELECT * FROM {name}")
                assert {column[0]: str(column[1]) for column in built.description} == columns
                rows = built.fetchall()
                assert connection.execute(f"SELECT * FROM '{parquet[name]}'").fetchall() == rows
                assert len(rows) == len(corpus.sql(f"SELECT * FROM {name}"))
        for file in export(corpus, tmp_path / "csv", "csv"):
            assert file.read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS[file.stem])
            assert len(pd.read_csv(file)) == len(corpus.sql(f"SELECT * FROM {file.stem}"))
