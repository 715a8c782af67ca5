"""`prunebase correct`: what was printed stays, what holds stands beside it, and nothing else in the file moves."""

from __future__ import annotations

import pytest
import yaml

import corpus
from corpus.catalogue.papers import default_folder
from corpus.contribute.yaml_edit import edited, mapping, read_tree, scalar, text_of
from corpus.schema.reader import read_file

ROW = ("--row", "142", "--measure", "top1_error", "--value", "6.91%")
WHY = ("--because", 'the last digit: was it "0"?')
PAPERS = sorted((default_folder() / "papers").glob("*.yaml"))


def path_of(folder):
    return folder / "papers" / "li2016pruning.yaml"


@pytest.fixture
def line(copy) -> int:
    """The line where survey row 142 begins in its file: the first one of `pruned` does."""
    lines = path_of(copy).read_text(encoding="utf-8").splitlines()
    return next(number for number, text in enumerate(lines, 1) if text.strip() == "pruned:") + 1


def test_the_correction_stands_beside_what_was_printed(copy, prunebase):
    """The corrected corpus has the new value, the published one the old; the change is shown."""
    code, out, err = prunebase("correct", "li2016pruning", *ROW, "--from", "Table 1, version 3", *WHY)
    assert (code, err) == (0, "")
    assert not [text for text in out.splitlines() if text.startswith("-") and not text.startswith("---")]
    assert "+        correction:" in out.splitlines()
    tree = yaml.safe_load(path_of(copy).read_text(encoding="utf-8"))
    row = tree["results"][0]["pruned"][0]
    assert row["top1_error"] == "6.90%"
    assert row["correction"] == {
        "top1_error": {
            "sheet": "6.90%",
            "value": "6.91%",
            "from": "Table 1, version 3",
            "because": 'the last digit: was it "0"?',
        }
    }
    for as_published, error in ((False, 6.91), (True, 6.90)):
        points = corpus.load(copy, as_published=as_published).points
        (point,) = [point for point in points if point.survey_row == 142]
        assert point.value("top1_error") == pytest.approx(error)


@pytest.mark.parametrize("row", ["142", "block1.1", "line {line}", "line{line}"])
def test_a_row_has_several_names(copy, prunebase, line, row):
    """The sheet's row, the block and point, and the line of the file name the same row."""
    assert prunebase("correct", "li2016pruning", "--row", row.format(line=line), *ROW[2:], *WHY)[0] == 0
    assert (
        "correction" in yaml.safe_load(path_of(copy).read_text(encoding="utf-8"))["results"][0]["pruned"][0]
    )


def test_the_unpruned_network_and_a_moved_number(copy, prunebase):
    """Numbers of the unpruned network are corrected likewise; a number can belong to another measure."""
    words = ("--row", "block1.unpruned", "--measure", "top1", *WHY)
    assert prunebase("correct", "li2016pruning", *words, "--value", "none")[0] == 0
    words = ("--row", "142", "--measure", "top1_error", "--moved-to", "top5_error", *WHY)
    assert prunebase("correct", "li2016pruning", *words)[0] == 0
    (point,) = [point for point in corpus.load(copy).points if point.survey_row == 142]
    assert "unpruned_top1" not in point.leaves
    assert set(point.leaves) >= {"top5_error"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--row", "9", *ROW[2:]), "--row: no row '9' with numbers in corpus/papers/li2016pruning.yaml"),
        (("--row", "block1.9", *ROW[2:]), "did you mean 'block1."),
        ((*ROW[:2], "--measure", "top1_eror", "--value", "6.9%"), "did you mean 'top1_error'?"),
        (
            (*ROW[:2], "--measure", "top5", "--value", "6.9%"),
            "no top5 here to correct (given: top1_error, params, ",
        ),
        (
            (*ROW[:4], "--value", "6.91"),
            "'6.91' is not a number for top1_error; expected percent, 0 to 100",
        ),
        ((*ROW[:4], "--value", "6.90%"), "top1_error is 6.90% already"),
        (ROW[:4], "--value: missing"),
        ((*ROW[:4], "--moved-to", "top5_eror"), "did you mean 'top5_error'?"),
    ],
)
def test_what_cannot_be_corrected_is_refused(copy, prunebase, words, said):
    """A row, a measure or a value that cannot be gives one line, and the file stays as it is."""
    before = path_of(copy).read_bytes()
    code, _, err = prunebase("correct", "li2016pruning", *words, *WHY)
    assert (code, err.count("\n")) == (1, 1)
    assert said in err
    assert path_of(copy).read_bytes() == before


def test_a_number_is_corrected_once(copy, prunebase, line):
    """A second correction of the same number is refused with the line of the first."""
    prunebase("correct", "li2016pruning", *ROW, *WHY)
    before = path_of(copy).read_bytes()
    _, _, err = prunebase("correct", "li2016pruning", *ROW, *WHY)
    assert f"li2016pruning.yaml:{line}:" in err
    assert "is corrected already, on line" in err
    assert path_of(copy).read_bytes() == before


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_reading_and_writing_a_paper_changes_no_byte(path):
    """Comments, order, quotes, line breaks and every number as printed survive a round trip, in every paper."""
    text = path.read_text(encoding="utf-8")
    assert text_of(read_tree(text)) == text


def test_lines_not_edited_keep_odd_spaces():
    """Only what an edit changes is written anew, whatever the style of the rest."""
    text = "a:    1.50   # one\nb:   [ x,y ]\n\nc: {d: 1e5}\n"
    assert edited(text, lambda tree: tree.update(c="new")) == text.replace("{d: 1e5}", "new")


def test_text_that_looks_like_a_number_is_quoted():
    """Every YAML reader gets back what was written, as text; measures stay bare, as the schema allows."""
    texts = [
        "1608.08710",
        "2017",
        "2017-03",
        "true",
        "no",
        "a: b",
        "- x",
        "#1",
        "x",
        "12:30",
        "1e5",
        "*",
        "",
        "{x}",
    ]
    written = text_of(mapping({f"key{index}": text for index, text in enumerate(texts)}))
    assert list(yaml.safe_load(written).values()) == texts
    assert str(scalar("7.7e5", "params")) == "7.7e5"
    assert text_of(mapping({"params": "7.7e5"})) == "params: 7.7e5\n"


def test_no_half_file_is_left(copy, prunebase):
    """After a correction only the paper's file has changed in its folder."""
    prunebase("correct", "li2016pruning", *ROW, *WHY)
    assert sorted(path.name for path in (copy / "papers").iterdir()) == sorted(
        path.name for path in (default_folder() / "papers").iterdir()
    )
    assert read_file(path_of(copy)).problems == []
