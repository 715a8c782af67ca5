"""Our own runs as documents: read apart from the papers, checked with them, errors with their place."""

from __future__ import annotations

import re

import pytest

import corpus
from corpus.checks.check import check_papers
from corpus.schema.reader import CorpusError

CURVES = {"global-magnitude": {2.0: [68.0, 68.2], 8.0: [61.0, 61.6]}}
PAPER = """\
title: A paper
authors: [Ada Birch]
venue: ConfA
date: 2016-05
results:
  - {where: Table 1, dataset: Scenes, architecture: TinyNet, pruned: [{top1: 69%, compression_ratio: 2x}]}
"""


@pytest.fixture
def with_study(small_corpus, write_study):
    """A corpus of one paper with one study of four runs beside it, in the current directory."""
    folder = small_corpus({"papers/ada2016first.yaml": PAPER})
    study = {"dataset": "Scenes", "architecture": "TinyNet", "images": 1000}
    document = write_study(folder.parent / "rerun" / "results", "tiny", {"a": (70.0, CURVES)}, **study)
    venue = document.read_text().replace("venue: prunebase", "venue: ConfA")
    document.write_text(venue)
    return folder, document


def test_runs_are_read_with_their_settings_and_stay_apart(with_study):
    """`Corpus.reruns` has every run with ratio, seed and number of test images; papers and points are the papers'."""
    folder, _ = with_study
    loaded = corpus.load(folder)
    assert list(loaded.papers) == ["ada2016first"]
    found = [
        (run.initial, run.baseline, run.ratio, run.seed, run.test_images) for run in loaded.reruns.runs
    ]
    assert found == [
        ("a", "global-magnitude", ratio, seed, 1000) for ratio in (2.0, 8.0) for seed in (1, 2)
    ]
    assert [run.point.value("top1") for run in loaded.reruns.runs] == [68.0, 68.2, 61.0, 61.6]
    assert {run.study for run in loaded.reruns.runs} == {"tiny"}
    assert {run.point.file for run in loaded.reruns.runs} == {"rerun/results/prunebase2026tiny.a.csv"}


def test_asked_for_they_join_the_points_under_their_own_attribution(with_study):
    """`reruns=True` gives the papers' points as reported and ours as rerun, in the public tables too."""
    folder, _ = with_study
    counted = corpus.load(folder, reruns=True).sql(
        "SELECT attribution, count(*) n FROM points GROUP BY 1 ORDER BY 1"
    )
    assert counted.to_dict("list") == {"attribution": ["reported", "rerun"], "n": [1, 4]}
    assert set(corpus.load(folder).sql("SELECT attribution FROM points")["attribution"]) == {"reported"}


def test_the_published_view_has_none(with_study):
    """As published there is no run of ours, asked for or not."""
    folder, _ = with_study
    published = corpus.load(folder, as_published=True, reruns=True)
    assert not published.reruns.runs
    assert not published.points


def test_they_can_lie_elsewhere(with_study, tmp_path, write_study):
    """`reruns_from` names another folder; without documents there are simply no runs."""
    folder, _ = with_study
    assert not corpus.load(folder, reruns_from=tmp_path / "nowhere").reruns.runs
    write_study(tmp_path / "other", "other", {"a": (70.0, {"global-magnitude": {2.0: [50.0]}})})
    with pytest.raises(CorpusError, match=r"unknown (dataset|architecture|venue)"):
        corpus.load(folder, reruns_from=tmp_path / "other").reruns  # noqa: B018 (reading it is what fails)


def test_a_study_that_asks_for_no_ratio_has_the_ones_it_reached(with_study):
    """Where a table has no column requested_ratio, a run's ratio is its compression ratio."""
    folder, document = with_study
    table = document.with_name("prunebase2026tiny.a.csv")
    table.write_text(table.read_text().replace("requested_ratio", "density"))
    ratios = [run.ratio for run in corpus.load(folder).reruns.runs]
    assert ratios == pytest.approx([2, 2, 8, 8], rel=1e-4)  # whole weights: 266,610 / 8 is not one


def test_check_counts_them_apart(with_study):
    """The report names studies and runs of our own beside the papers, and finds nothing wrong."""
    folder, _ = with_study
    report = check_papers(folder, reruns=True)
    assert report.errors == []
    assert (report.counts["papers"], report.counts["re-run studies"], report.counts["re-run runs"]) == (
        1,
        1,
        4,
    )


BROKEN = {
    "an accuracy": ("68.20%", "168.20%", r"\.a\.csv:3:\d+: top1 168.20% is impossible"),
    "a seed": (",2,1,", ",2,one,", r"\.a\.csv:2:\d+: seed is 'one'; expected a whole number$"),
    "a ratio": (
        ",8,2,",
        ",0.5,2,",
        r"\.a\.csv:5:\d+: requested_ratio is '0.5'; expected a ratio of 1 or more",
    ),
    "a column": ("test_images", "images", r"\.a\.csv:1:1: no column 'test_images'; a table of runs states"),
}


@pytest.mark.parametrize(("old", "new", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_table_is_told_with_its_place(with_study, old, new, said):
    """One line with file, line and column, from `check` and from whatever needs the runs."""
    folder, document = with_study
    table = document.with_name("prunebase2026tiny.a.csv")
    assert old in table.read_text()
    table.write_text(table.read_text().replace(old, new))
    [error] = check_papers(folder, reruns=True).errors
    assert re.search("^rerun/results/prunebase2026tiny" + said, str(error))
    with pytest.raises(CorpusError, match=said):
        corpus.load(folder).reruns  # noqa: B018 (reading it is what fails)
    assert corpus.load(folder).points  # what papers report can be used all the same


DOCUMENTS = {
    "a dataset": ("dataset: Scenes", "dataset: Scens", r":\d+:\d+: unknown dataset 'Scens'"),
    "an attribution": (
        "attribution: rerun",
        "attribution: reported",
        r":7:14: attribution is 'reported'; expected rerun",
    ),
    "a key": ("recipe:", "recipee:", r":\d+:\d+: unknown key 'recipee'"),
}


@pytest.mark.parametrize(("old", "new", "said"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_broken_document_is_told_with_its_place(with_study, old, new, said):
    """As for a paper's file."""
    folder, document = with_study
    assert old in document.read_text()
    document.write_text(document.read_text().replace(old, new))
    assert any(
        re.search("^rerun/results/prunebase2026tiny.yaml" + said, str(e))
        for e in check_papers(folder, reruns=True).errors
    )


def test_a_study_may_not_take_the_key_of_a_paper(with_study):
    """Two documents of one key are an error at the study's."""
    folder, document = with_study
    (folder / "papers" / document.name).write_text(PAPER.replace("A paper", "Another"))
    errors = [str(error) for error in check_papers(folder, reruns=True).errors]
    assert any("'prunebase2026tiny' is the key of a paper too" in error for error in errors)


def test_the_committed_results_are_sound(everything):
    """Every document in rerun/results stands: read without an error, each run with a Top-1 accuracy and its size."""
    for run in everything.reruns.runs:
        assert {"top1", "compression_ratio", "theoretical_speedup"} <= run.point.values.keys()
        assert run.point.attribution == "rerun"
