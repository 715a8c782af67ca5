"""Numbers from outside the survey's sheet show in the corrected view only, and say where they come from."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

import corpus
from corpus.schema.reader import read_file
from metaanalysis.drawing.report import papers_of, view_of
from metaanalysis.impact.tables import table_changes
from metaanalysis.registry import figures, statistics

CORPUS = Path(corpus.__file__).parent
BOTH_VIEWS = {"findings", "sheet_corrections", "corrections_on_the_grid"}
"""Tables that set the two views against each other, so that either view shows the corrected one too."""


@pytest.fixture(scope="module")
def sheet_only(tmp_path_factory) -> Path:
    """The corpus without papers, rows and recipes that the survey's sheet lacks (released tables stay)."""
    folder = tmp_path_factory.mktemp("sheet") / "corpus"
    for part in ("papers", "vocabulary"):
        shutil.copytree(CORPUS / part, folder / part)
    for path in (folder / "papers").glob("*.yaml"):
        tree = read_file(path).tree
        if "surveys" not in tree:
            path.unlink()
        elif without_additions(tree):
            path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def without_additions(tree: dict) -> bool:
    """Takes recipes and rows without `survey_row` out of a paper's tree; whether there were any."""
    has_recipe = tree.pop("recipe", None) is not None
    rows = sum(len(block.get("pruned", ())) for block in tree["results"])
    for block in tree["results"]:
        if "pruned" in block:
            block["pruned"] = [row for row in block["pruned"] if "survey_row" in row]
    kept = [block for block in tree["results"] if block.get("pruned") != []]
    tree["results"] = [block for block in kept if "no_numbers" not in block or "survey_row" in block]
    used = {part.get("method") for block in tree["results"] for part in (block, *block.get("pruned", ()))}
    tree["methods"] = {
        key: method for key, method in tree.get("methods", {}).items() if key in used or len(used) == 1
    }
    return has_recipe or rows != sum(len(block.get("pruned", ())) for block in tree["results"])


def test_additions_leave_the_published_view_as_it_is(sheet_only, published):
    """Every figure and statistic of 2020, without and with the papers and rows added since."""
    moved = {
        change.name
        for part in table_changes(corpus.load(sheet_only, as_published=True), published)
        for change in part
    }
    assert len(statistics()) + len(figures()) - len(BOTH_VIEWS) > 10
    assert moved <= BOTH_VIEWS


def test_the_published_view_has_only_the_sheets_rows(published, everything):
    """A row of a survey paper without a row number is left out, and so are methods that only such rows use."""
    rows = [entry for entry in published.entries if not entry.released]
    assert all(entry.survey_row is not None for entry in rows)
    added = [entry for entry in everything.entries if not entry.released and entry.survey_row is None]
    assert {entry.paper for entry in added} >= {"liu2018rethinking", "wang2023why"}
    assert "scratch-e" in everything.papers["liu2018rethinking"].methods
    assert "scratch-e" not in published.papers["liu2018rethinking"].methods


GAINED = {
    32: 3,
    528: 2,
    529: 2,
    133: 1,
    154: 4,
    156: 2,
    157: 2,
    312: 7,
    321: 4,
    323: 2,
    361: 2,
    363: 1,
    364: 1,
    370: 2,
}
"""Rows of the sheet without a number that the authors' own material fills, and how many points of that network."""


def test_rows_that_gain_an_authors_number_gain_a_point(published, everything):
    """A row empty in the sheet has a point by default only, one of those that the authors print of its network."""
    empty = {entry.survey_row for entry in published.entries if not entry.released and entry.point is None}
    rows = {
        entry.survey_row: entry for entry in everything.entries if entry.survey_row in empty and entry.point
    }
    assert set(rows) == {
        *GAINED,
        510,
    }  # the numbers of 510 stand in the sheet, but in a note: they are corrections
    for row, points in GAINED.items():
        entry = rows[row]
        same_network = (entry.paper, entry.dataset, entry.architecture)
        found = [p for p in everything.points if (p.paper, p.dataset, p.architecture) == same_network]
        assert len(found) == points, f"row {row}"
        printed = [leaf for name, leaf in entry.point.leaves.items() if not name.startswith("unpruned_")]
        assert {leaf.route for leaf in printed} == {"added"}, f"row {row}"


def test_the_corrected_view_counts_the_papers_apart(everything, published):
    """81 + n papers, on every picture and in the report."""
    outside = len(everything.papers) - len(published.papers)
    assert outside >= 1
    assert papers_of(everything) == f"81 + {outside} papers"
    assert view_of(everything) == f"corrected, 81 + {outside} papers, {everything.dates}"
    newest = max(paper.date for paper in everything.papers.values())
    assert re.fullmatch(rf"newest paper {newest}, data of \d{{4}}-\d\d-\d\d", everything.dates)
    assert view_of(published) == "as published in 2020"


def test_reimplementations_are_excluded_like_magnitude_pruning(everything):
    """The runs that liu2018rethinking made of others' methods count in no analysis in which its first ones do not."""
    excluded = {
        point.method: point.excluded_from for point in everything.papers["liu2018rethinking"].points
    }
    assert excluded["magnitude"]
    assert excluded["l1-norm"] == excluded["network-slimming"] == excluded["magnitude"]
    assert not excluded["scratch-e"]


def test_two_flops_per_multiply_add_are_halved(everything):
    """Tables 6 and 7 of wang2023why count two; its ResNet-56 has the multiply-adds that others give it."""
    points = list(everything.papers["wang2023why"].points)
    by_table = {point.location: point for point in points}
    assert by_table["Table 6"].value("unpruned_flops") == pytest.approx(0.125e9)
    assert by_table["Table 7"].value("unpruned_flops") == pytest.approx(0.40e9)
    reference = everything.names.architectures["ResNet-34"].references[0]
    assert by_table["Table 4"].value("unpruned_flops") == pytest.approx(reference.flops.value, rel=0.01)


def test_every_added_point_has_its_place_and_was_checked(everything):
    """An operating point from outside the sheet names the table or file it stands in; those of papers that were read
    beside their source say where. Papers that came in as tables of numbers alone are counted as unchecked."""
    added = [point for point in everything.points if not point.released and point.survey_row is None]
    reported = [point for point in added if point.attribution == "reported"]
    assert reported
    for point in reported:
        assert point.location != "unknown", point.point_id
        assert point.checks or point.source, point.point_id


SCRATCH_B = {20: 0.15, 21: 0.14, 22: 0.22, 531: 0.18, 532: 0.25}
"""Standard deviations that Table 1 of liu2018rethinking prints beside Scratch-B, by row; the sheet lacks them."""


def test_printed_deviations_of_scratch_b_count_by_default(published, everything):
    """Five networks on CIFAR-10 have them by default, none as published."""
    for corpus_, expected in ((everything, SCRATCH_B), (published, dict.fromkeys(SCRATCH_B))):
        found = {p.survey_row: p.std("top1") for p in corpus_.points if p.survey_row in SCRATCH_B}
        assert found == expected


def test_scratch_e_stands_beside_scratch_b(everything):
    """All four unstructured networks of liu2018rethinking on ImageNet have both, the longer training doing better."""
    points = [p for p in everything.papers["liu2018rethinking"].points if p.dataset == "ImageNet"]
    pruned = {}
    for point in points:
        network = point.architecture, point.value("params_pruned")
        if network[1] in (0.3, 0.6):
            pruned.setdefault(network, {})[point.method] = point.value("top1")
    assert set(pruned) == {
        (network, share) for network in ("VGG-16-BN", "ResNet-50") for share in (0.3, 0.6)
    }
    assert all(arms["scratch-b"] > arms["scratch-e"] for arms in pruned.values())


def test_runs_are_counted_where_the_paper_counts_them(everything):
    """Table 4 of wang2023why says "at least three" runs of each of its 72 results; Tables 5, 6 and 7 do not say."""
    points = list(everything.papers["wang2023why"].points)
    runs = {(point.location, point.trials) for point in points}
    assert runs == {
        ("Table 4", 3),
        ("Table 5", None),
        ("Table 6", None),
        ("Table 7", None),
        ("Table 1", None),
    }
    table_4 = [point for point in points if point.location == "Table 4"]
    assert len(table_4) == 72
    assert all(point.std("top1") is not None for point in table_4)


def test_printed_flops_and_speedups_agree(everything):
    """Each FLOPs count of wang2023why's Table 4 gives the speedup printed beside it, within the digits of both."""
    table_4 = [point for point in everything.papers["wang2023why"].points if point.location == "Table 4"]
    pairs = {
        (point.leaves["flops"].quantity, point.leaves["theoretical_speedup"].quantity) for point in table_4
    }
    assert len(pairs) == 6
    for flops, speedup in pairs:
        assert 3.655e9 / flops.high <= speedup.high
        assert speedup.low <= 3.665e9 / flops.low


def test_accuracies_and_speedups_fall_together(everything):
    """Of each arm of wang2023why's Tables 6 and 7 the accuracy falls as more is pruned: no column is swapped."""
    for table in ("Table 6", "Table 7"):
        points = [point for point in everything.papers["wang2023why"].points if point.location == table]
        for method in {point.method for point in points}:
            arm = sorted((p for p in points if p.method == method), key=lambda p: p.value("params_pruned"))
            assert len(arm) == 4
            assert [p.value("top1") for p in arm] == sorted((p.value("top1") for p in arm), reverse=True)
            assert [p.value("theoretical_speedup") for p in arm] == sorted(
                p.value("theoretical_speedup") for p in arm
            )
            assert all(p.std("top1") is not None for p in arm)
