"""Blind double extraction: what is drawn, what the sheet hides, and how two readings are told apart."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

import corpus
from corpus.audit import draw_sample, score_sheet, sheet_text
from corpus.audit.agreement import CLASSES, classify
from corpus.numbers.quantity import measure_of, parse

TOY = Path(__file__).parents[2] / "toy"


@pytest.fixture(scope="module")
def toy():
    return corpus.load(TOY)


@pytest.fixture(scope="module")
def real():
    return corpus.load()


def filled(rows, readings) -> str:
    """The sheet with `value_read` filled in by point and measure."""
    table = list(csv.DictReader(io.StringIO(sheet_text(rows))))
    for row in table:
        row["value_read"] = readings(row)
    text = io.StringIO()
    writer = csv.DictWriter(text, table[0])
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()


def printed(corpus_read, row) -> str:
    point = next(point for point in corpus_read.points if point.point_id == row["point_id"])
    return point.leaves[row["measure"]].quantity.printed


def test_a_sample_is_the_same_for_the_same_seed_and_has_no_number_twice(real):
    """Seed 1 gives one sample, seed 2 another; no number is drawn twice."""
    first = draw_sample(real, 60, 1)
    assert first == draw_sample(real, 60, 1)
    assert first != draw_sample(real, 60, 2)
    assert len({(row.point_id, row.measure) for row in first}) == len(first) == 60


def test_no_paper_comes_twice_before_every_paper_came_once(real):
    """Every paper with printed numbers counts alike, however many it prints."""
    rows = draw_sample(real, 60, 1)
    with_numbers = {point.paper for point in real.points if not point.released}
    counts = Counter(row.paper for row in rows)
    assert max(counts.values()) <= -(-60 // len(with_numbers)) + 1
    assert len({measure_of(row.measure).kind for row in rows}) >= 4


def test_the_sheet_hides_the_number_asked_for_and_what_gives_it_away(real):
    """No cell of a row holds our number, nor one of its family (accuracies, amounts)."""
    for row in draw_sample(real, 200, 3):
        if not row.known:
            continue
        of_accuracy = ("accuracy", "change")
        known = row.known.partition(":")[0]
        assert (measure_of(known).kind in of_accuracy) != (measure_of(row.measure).kind in of_accuracy)
        assert row.value_read == ""


def test_no_row_of_a_sheet_answers_another(real):
    """What identifies a row is never the number that some row of the same paper asks for."""
    rows = draw_sample(real, 60, 1, ["wang2023why"])
    points = {point.point_id: point for point in real.points}
    asked_for = {points[row.point_id].leaves[row.measure].quantity.printed for row in rows}
    assert any(row.known for row in rows)
    assert not {row.known.partition(": ")[2] for row in rows} & asked_for


def test_drawing_all_of_a_small_corpus_ends(toy):
    """Asking for more than there is gives every printed number once."""
    rows = draw_sample(toy, 10_000, 1)
    places = {
        (leaf.file, leaf.line, leaf.column)
        for point in toy.points
        if not point.released
        for leaf in point.leaves.values()
        if leaf.quantity.printed
    }
    assert len(rows) == len(places)


def test_unknown_papers_and_no_numbers_are_refused(toy):
    """Each mistake is named with a suggestion."""
    with pytest.raises(ValueError, match="did you mean"):
        draw_sample(toy, 5, 1, ["birch2016frist"])
    with pytest.raises(ValueError, match="expected 1 or more"):
        draw_sample(toy, 0)


@pytest.mark.parametrize(
    ("measure", "ours", "theirs", "slip_of", "verdict"),
    [
        ("top1", "92.08%", "92.08%", "", "equal"),
        ("top1", "92.08%", "92.080%", "", "equal"),
        ("top1", "92.1%", "92.08%", "", "rounding"),
        ("top1", "92.08%", "7.92%", "", "unit or sign"),
        ("top1_change", "-0.4%", "0.4%", "", "unit or sign"),
        ("flops", "1.25e8", "2.5e8", "", "unit or sign"),
        ("params", "1.5M", "1.5G", "", "unit or sign"),
        ("params_pruned", "60%", "40%", "", "unit or sign"),
        ("top1", "92.08%", "91.3%", "", "unresolved"),
        ("top1", "92.08%", "91.3%", "first", "slip of first"),
        ("top1", "92.08%", "91.3%", "second", "slip of second"),
        ("top1", "92.08%", "91.3%", "source", "source inconsistent"),
    ],
)
def test_two_readings_fall_in_their_class(measure, ours, theirs, slip_of, verdict):
    """The class follows from both numbers, their printed digits and a third look."""
    kind = measure_of(measure).kind
    assert classify(parse(measure, ours), parse(measure, theirs), kind, slip_of) == verdict


def test_a_perfect_reader_agrees_everywhere_and_a_lazy_one_says_nothing(toy, tmp_path):
    """Agreement is a share of what was read, with the Wilson interval of that share."""
    rows = draw_sample(toy, 20, 1)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(filled(rows, lambda row: printed(toy, row)), encoding="utf-8")
    score = score_sheet(toy, sheet)
    everything = score.agreements[-1]
    assert (everything.measure, everything.agree, everything.read) == ("all", len(rows), len(rows))
    # Wilson's lower bound for n of n successes is n / (n + z^2), z the normal quantile of 97.5 %.
    z_squared = 1.959963984540054**2
    assert everything.low == pytest.approx(len(rows) / (len(rows) + z_squared), rel=1e-12)
    sheet.write_text(filled(rows, lambda _: ""), encoding="utf-8")
    lazy = score_sheet(toy, sheet)
    assert lazy.counts["not found"] == len(rows)
    assert (lazy.agreements[-1].low, lazy.agreements[-1].high) == (0.0, 1.0)
    assert list(lazy.counts) == list(CLASSES)


def test_every_mistake_in_a_sheet_is_told_with_its_line(toy, tmp_path):
    """Unknown points, measures, verdicts and texts for numbers come together."""
    sheet = tmp_path / "sheet.csv"
    rows = draw_sample(toy, 4, 1)
    lines = sheet_text(rows).splitlines()
    good = list(csv.reader(lines))
    good[1][1] = "nobody/1"
    good[2][2] = "topp1"
    good[3][11] = "many"
    good[4][13], good[4][11] = "nobody", "1%"
    sheet.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in good), encoding="utf-8")
    with pytest.raises(corpus.CorpusError) as caught:
        score_sheet(toy, sheet)
    text = str(caught.value)
    for place in (":2:2:", ":3:3:", ":4:12:", ":5:14:"):
        assert f"sheet.csv{place}" in text


def test_a_file_that_is_no_sheet_is_refused(toy, tmp_path):
    """A missing column, binary content and a file too large are each one clear error."""
    other = tmp_path / "notes.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(corpus.CorpusError, match="missing column point_id"):
        score_sheet(toy, other)
    other.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(corpus.CorpusError, match="not UTF-8"):
        score_sheet(toy, other)
    other.write_bytes(b"x" * (2 << 20))
    with pytest.raises(corpus.CorpusError, match="larger than 1 MiB"):
        score_sheet(toy, other)
