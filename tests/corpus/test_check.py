"""A check of a whole corpus: what is accepted, what errors come together, and errors in tables and vocabularies."""

from __future__ import annotations

import time

import pytest

from corpus.checks.check import check_corpus

HEAD = """\
title: A paper
authors: [Ada Birch]
venue: ConfA
date: 2016-05
"""
BLOCK = """\
results:
  - where: Table 1
    dataset: Scenes
    architecture: TinyNet
    unpruned: {top1: 70.0%}
    pruned:
"""
ROW = "      - {top1: 69.0%, compression_ratio: 2x}\n"
FILE = "corpus/papers/ada2016first.yaml"


def rows(*numbers: str) -> str:
    """A whole file whose operating points, from line 11 on, are these flow mappings; their braces may be left out."""
    whole = (row if row.startswith("§") else f"{{{row}}}" for row in numbers)
    return HEAD + BLOCK + "".join(f"      - {row}\n" for row in whole)


def with_head(line: str, then: str = BLOCK + ROW) -> str:
    """A whole file with one more line, its fifth."""
    return HEAD + line + "\n" + then


def test_the_smallest_whole_paper_is_accepted(small_corpus):
    """The file that the cases above spoil has no error of its own, with or without a byte order mark or CRLF."""
    text = HEAD + BLOCK + ROW
    for content in (text, "\ufeff" + text, text.replace("\n", "\r\n")):
        assert check_corpus(small_corpus({"papers/ada2016first.yaml": content})).errors == []


def test_a_growing_network_is_accepted_if_said(small_corpus):
    """`grows: true` allows a compression ratio below 1."""
    content = rows("top1: 69%, compression_ratio: 0.5x, grows: true")
    assert check_corpus(small_corpus({"papers/ada2016first.yaml": content})).errors == []


def test_a_duplicate_is_accepted_if_said(small_corpus):
    """`same_as` allows two rows of the sheet with the same values, as no row of it may be lost."""
    content = rows("top1: 69%, survey_row: 1", "top1: 69%, survey_row: 2, same_as: 1")
    assert check_corpus(small_corpus({"papers/ada2016first.yaml": content})).errors == []


def test_two_measures_may_swap_places(small_corpus):
    """Two corrections that move two numbers into each other's place are no clash."""
    swap = "top1: {sheet: 90%, moved_to: top5, because: swapped}, top5: {sheet: 70%, moved_to: top1, because: swapped}"
    content = rows(f"top1: 90%, top5: 70%, correction: {{{swap}}}")
    corpus = check_corpus(small_corpus({"papers/ada2016first.yaml": content})).corpus
    assert [(point.value("top1"), point.value("top5")) for point in corpus.points] == [(70.0, 90.0)]


def test_all_errors_of_all_files_come_in_one_go(problems):
    """Errors of keys, names, numbers, corrections and comparisons in two papers and a vocabulary come together."""
    first = (
        HEAD.replace("ConfA", "ConfB")
        + "compares_to: [nix2000nope]\n"
        + BLOCK.replace("Scenes", "Scnes")
        + "      - {params: 1, correction: {params: {sheet: 2, value: 3, because: x}}}\n"
    )
    second = (
        HEAD.replace("2016-05", "2016-99").replace("ConfA", "ConfC")
        + "foo: 1\n"
        + BLOCK
        + "      - {top1: 169%}\n"
    )
    venues = "ConfA: {peer_reviewed: maybe}\nPreprints: {peer_reviewed: false, kin: x}\n"
    files = {"papers/other2017paper.yaml": second}
    assert [place for place, _ in problems(first, **files)] == [
        *(f"{FILE}:{place}" for place in ("3:8", "5:15", "8:14", "12:42")),
        *(f"corpus/papers/other2017paper.yaml:{place}" for place in ("3:8", "4:7", "5:1", "12:16")),
    ]
    places = [place for place, _ in problems(first, **files, **{"vocabulary/venues.yaml": venues})]
    assert places[-2:] == ["corpus/vocabulary/venues.yaml:1:24", "corpus/vocabulary/venues.yaml:2:35"]
    assert f"{FILE}:3:8" not in places  # a venue cannot be unknown where the list itself cannot be read


def test_a_survey_row_of_another_paper_is_used_already(problems):
    """A row of the survey's sheet belongs to one paper; the message names the first file and line."""
    other = rows("top1: 60%, survey_row: 7")
    [(where, message)] = problems(rows("top1: 69%, survey_row: 7"), **{"papers/other2017paper.yaml": other})
    assert where == "corpus/papers/other2017paper.yaml:11:33"
    assert message == f"survey_row 7 is used already in {FILE}, line 11"


def test_a_file_name_must_be_a_key(small_corpus):
    """A paper's file is named by its key."""
    folder = small_corpus({"papers/Birch 2016.yaml": HEAD + BLOCK + ROW})
    [problem] = check_corpus(folder).errors
    assert str(problem).startswith(
        "corpus/papers/Birch 2016.yaml:1:1: file name 'Birch 2016.yaml' is not a paper key"
    )


def test_no_file_at_all_is_an_error(small_corpus):
    """A corpus without a paper is not a good corpus."""
    [problem] = check_corpus(small_corpus({})).errors
    assert str(problem) == "corpus/papers:1:1: no paper files here; expected papers/<key>.yaml"


def test_a_file_that_is_not_there_is_an_error(small_corpus):
    """A file named on the command line that cannot be opened is an error at that file."""
    folder = small_corpus({"papers/ada2016first.yaml": HEAD + BLOCK + ROW})
    [problem] = check_corpus(folder, files=["new2020paper.yaml"]).errors
    assert str(problem) == "new2020paper.yaml:1:1: cannot be read: No such file or directory"


def test_a_file_from_outside_stands_in_for_its_key(small_corpus, tmp_path):
    """A checked file replaces the corpus's own paper of that key, with its table beside it."""
    folder = small_corpus({"papers/ada2016first.yaml": "broken: ["})
    outside = tmp_path / "ada2016first.yaml"
    outside.write_text(HEAD + BLOCK.replace("    pruned:", "    table: ada2016first.runs.csv"))
    (tmp_path / "ada2016first.runs.csv").write_text("top1,params_pruned\n60%,50%\n")
    report = check_corpus(folder, files=["ada2016first.yaml"])
    assert report.errors == []
    assert [(point.file, point.line) for point in report.corpus.points] == [("ada2016first.runs.csv", 2)]


CELLS = {
    "bad number": (
        "top1,params_pruned\n69%,50%\n0.7,nan\n",
        ["3:1", "3:5"],
        "'0.7'; did you mean 70%?; 'nan'",
    ),
    "bad spread": ("top1,top1_std\n69%,x\n", ["2:1"], "top1_std: 'x' is not a number"),
    "short line": ("top1,params_pruned\n69%\n", ["2:1"], "1 cells; expected 2"),
    "empty line": ("top1,params_pruned\n\n69%,50%\n", ["2:1"], "0 cells; expected 2"),
    "no measure": ("topp1,seed\n69%,1\n", ["1:1"], "no column is a measure; did you mean 'top1'?"),
    "repeated column": ("top1,top1\n69%,68%\n", ["1:1"], "column 'top1' is repeated"),
    "open quote": ('top1\n"69%\n', ["2:1"], "invalid CSV"),
    "no run": ("top1\n", ["1:1"], "the table has no runs"),
    "unknown method": ("top1,method\n69%,slim\n", None, "method 'slim' is not among this paper's methods"),
}


@pytest.mark.parametrize(("cells", "places", "words"), CELLS.values(), ids=CELLS)
def test_a_bad_cell_is_found_in_its_table(problems, cells, places, words):
    """A released table's errors are placed in the CSV itself, at the cell's line and column."""
    table = {"papers/ada2016first.runs.csv": cells}
    content = HEAD + BLOCK.replace("    pruned:", "    table: ada2016first.runs.csv")
    found = problems(content, **table)
    file = "corpus/papers/ada2016first.runs.csv"
    assert [where for where, _ in found] == (
        [f"{file}:{place}" for place in places] if places else [f"{FILE}:10:12"]
    )
    for part in words.split("; "):
        assert part in " ".join(message for _, message in found)


VOCABULARIES = {
    "a name that names two": (
        "VGG: {aliases: [Net]}\nResNet: {aliases: [net]}\n",
        "2:9",
        "'net' already names 'VGG'",
    ),
    "unknown key": ("TinyNet: {famly: x}\n", "1:11", "unknown key 'famly'; did you mean 'family'?"),
    "bad reference": (
        "TinyNet: {references: [{name: a, source: he2015}]}\n",
        "1:42",
        "source: 'he2015' is not allowed",
    ),
    "no names": ("{}\n", "1:1", "no names here"),
    "not a mapping": ("- TinyNet\n", "1:1", "expected a mapping"),
}


@pytest.mark.parametrize(("content", "place", "words"), VOCABULARIES.values(), ids=VOCABULARIES)
def test_a_bad_vocabulary_is_an_error_of_its_own(problems, content, place, words):
    """A vocabulary's mistake is reported in its file."""
    found = problems(HEAD + BLOCK + ROW, **{"vocabulary/architectures.yaml": content})
    [message] = [
        message for where, message in found if where == f"corpus/vocabulary/architectures.yaml:{place}"
    ]
    for part in words.split("; "):
        assert part in message


def test_a_strange_key_is_shown_on_one_line(problems):
    """Line breaks and terminal codes in a quoted key are written out, not sent to the terminal."""
    [(where, message)] = problems(with_head('"a\\nb\\e[31m": 1'))
    assert where == f"{FILE}:5:1"
    assert "unknown key 'a\\nb\\x1b[31m'" in message


@pytest.mark.parametrize(
    "spoiled",
    [
        with_head(f"compares_to: [a{'1' * 900_000}!]"),
        with_head(f"doi: 10.{'1' * 900_000}/x y"),
        with_head(f"date: {'2016-01' * 100_000}").replace("date: 2016-05\n", ""),
        rows(f"top1: {'9' * 900_000}"),
        HEAD.replace("ConfA", "C" * 900_000) + BLOCK + ROW,
    ],
    ids=["key", "DOI", "date", "number", "name"],
)
def test_a_monstrous_value_is_refused_at_once(problems, spoiled):
    """A value of nearly a megabyte is refused in seconds, where matching a pattern could take hours, and not echoed."""
    started = time.perf_counter()
    [(_, message)] = problems(spoiled)
    assert (
        time.perf_counter() - started < 20
    )  # it takes a fraction of a second; the rest is for a busy machine
    assert len(message) < 3000
