"""What a contributor reads when a file is wrong: the exact place, what was found, what was expected."""

from __future__ import annotations

import pytest

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


GUARDED = "top1: 69%, correction: {top1: §{because: a slip, "
KINDS = {
    # what cannot be read at all
    "invalid YAML": (HEAD + "results: [\n§", "invalid YAML"),
    "colon in a value": (
        HEAD.replace("A paper", "Pruning§: a paper") + BLOCK + ROW,
        "invalid YAML; quotes",
    ),
    "tab": (with_head("note:\n§\t- x"), "tab; use spaces"),
    "control character": (with_head("note: a§\x07b"), "control character"),
    "repeated key": (with_head("§venue: ConfA"), "'venue' is repeated; first on line 3"),
    "repeated measure": (rows("top1: 69%, §top1: 68%"), "'top1' is repeated; first on line 11"),
    "anchor": (with_head("note: §&there text"), "anchors; not allowed"),
    "alias": (with_head("note: §*there"), "aliases; not allowed"),
    "tag": (with_head("note: §!!python/object:os.system x"), "tags; os.system; plainly"),
    "tag on a key": (with_head("§!!str note: x"), "tags are not allowed"),
    "over 1 MiB": ("§" + "#" * ((1 << 20) + 1), "over 1 MiB; CSV"),
    "not UTF-8": (with_head("note: caf§é").encode("latin-1"), "not UTF-8"),
    "nesting bomb of lists": (
        with_head("note: " + "[" * 12 + "§" + "[" * 100_000),
        "nested more than 12 levels",
    ),
    "nesting bomb of mappings": (
        with_head("note: " + "{a: " * 12 + "§" + "{a: " * 50_000),
        "more than 12 levels",
    ),
    "key that is a list": (with_head("? §[a]\n: b"), "a key must be plain text"),
    "empty file": ("§", "empty; title"),
    "two documents": (HEAD + BLOCK + ROW + "§---\na: b\n", "second YAML document"),
    "a list at the top": ("§- title: x\n", "expected a mapping; found a list"),
    # keys
    "unknown key": (with_head("§autors: [x]"), "unknown key 'autors'; did you mean 'authors'?"),
    "unknown measure": (rows("top1: 69%, §compresion_ratio: 2x"), "did you mean 'compression_ratio'?"),
    "unknown key, nothing near": (with_head("§zzzz: x"), "unknown key 'zzzz'; expected one of: title,"),
    "library's name for a key": (
        rows("exclude: {§from_: all, from: all, because: x}, top1: 69%"),
        "unknown key 'from_'",
    ),
    "unknown key in a lone entry": (
        rows("top1: 69%, added: {from: x, top5: 9%, §page: 1}"),
        "unknown key 'page'",
    ),
    "unknown corrected measure": (
        rows("top1: 69%, correction: {§topp1: {value: none, because: x}}"),
        "'topp1'; did you mean 'top1'?",
    ),
    "missing key": (
        "§" + HEAD.replace("venue: ConfA\n", "") + BLOCK + ROW,
        "missing key 'venue'; venues.yaml",
    ),
    "missing dataset": (
        HEAD + BLOCK.replace("    dataset: Scenes\n", "").replace("where", "§where") + ROW,
        "'dataset'",
    ),
    "no results": (HEAD + "results: §[]\n", "results: is empty"),
    "blank value": (with_head("note:§"), "is empty; leave the key out"),
    "text for a list": (
        HEAD.replace("[Ada Birch]", "§Ada Birch") + BLOCK + ROW,
        "expected a list; 'Ada Birch'",
    ),
    "list for text": (HEAD + BLOCK.replace("Table 1", "§[1]") + ROW, "where: expected text, found a list"),
    # vocabulary
    "misspelt venue": (
        HEAD.replace("ConfA", "§ConfB") + BLOCK + ROW,
        "unknown venue; did you mean 'ConfA'?",
    ),
    "misspelt dataset": (HEAD + BLOCK.replace("Scenes", "§Scnes") + ROW, "'Scnes'; did you mean 'Scenes'?"),
    "misspelt architecture": (
        HEAD + BLOCK.replace("TinyNet", "§TinyNett") + ROW,
        "architecture 'TinyNett'; vocabulary/architectures.yaml; did you mean 'TinyNet'?",
    ),
    "misspelt axis": (with_head("methods: {a: {scope: §globl}}"), "scope: 'globl'; did you mean 'global'?"),
    "misspelt analysis": (
        rows("top1: 69%, exclude: {from: §fragmentaton, because: x}"),
        "'fragmentaton'; did you mean 'fragmentation'?",
    ),
    # numbers
    "percent without its sign": (rows("top1: §69.0"), "'69.0' is not a number for top1; did you mean 69%?"),
    "fraction for a percent": (rows("params_kept: §0.25"), "'0.25'; did you mean 25%?"),
    "decimal comma": (rows('top1: §"69,0%"'), "'69,0%' is not a number for top1; such as 93.04%"),
    "word for a ratio": (rows("compression_ratio: §two"), "'two' is not a number; such as 2.7x"),
    "digits of another script": (rows("top1: §٦٩%"), "is not a number for top1"),
    "NaN": (rows("top1: §.nan"), "'.nan' is not a number for top1"),
    "infinity": (rows("compression_ratio: §inf"), "'inf' is not a number"),
    "minus infinity": (rows("params: §-.inf"), "'-.inf' is not a number"),
    "too large for any network": (rows("params: §1e400"), "params 1e400 is impossible"),
    "accuracy over 100": (rows("top1: §100.1%"), "100.1% is impossible; expected 0 to 100"),
    "negative error": (rows("top5_error: §-1%"), "-1% is impossible; expected 0 to 100"),
    "change over 100 points": (rows("top1_change: §-150%"), "-150% is impossible; expected -100 to 100"),
    "fraction over 1": (rows("params_pruned: §101%"), "101% is impossible; expected 0 to 100"),
    "negative fraction": (rows("flops_kept: §-1%"), "-1% is impossible"),
    "negative count": (rows("params: §-5"), "params -5 is impossible; expected more than 0"),
    "zero count": (rows("flops: §0"), "flops 0 is impossible"),
    "negative ratio": (rows("theoretical_speedup: §-2x"), "-2x is impossible"),
    "impossible spread": (rows("top1: §69% ± 300%"), "standard deviation of at most 100"),
    "one bad run of several": (rows("top1: §[69%, x]"), "'x' is not a number for top1"),
    "no run": (rows("top1: §[]"), "expected one number; or a list of runs"),
    "fractional row number": (rows("top1: 69%, survey_row: §1.5"), "'1.5' is not a whole number"),
    "row number in another script": (rows("top1: 69%, survey_row: §٣"), "is not a whole number"),
    "neither true nor false": (with_head("is_pruning: §yes"), "'yes' is neither true nor false"),
    # dates and links
    "month 13": (HEAD.replace("2016-05", "§2016-13") + BLOCK + ROW, "'2016-13' is not a date; 2017-03"),
    "30 February": (HEAD.replace("2016-05", "§2016-02-30") + BLOCK + ROW, "'2016-02-30' is not a date"),
    "month as a word": (HEAD.replace("2016-05", "§May 2016") + BLOCK + ROW, "'May 2016' is not a date"),
    "arXiv id": (with_head("arxiv: §1608.1"), "'1608.1' is not an arXiv id; in quotes"),
    "DOI": (with_head("doi: §x"), "'x' is not a DOI"),
    "link": (with_head("url: §www.x.org"), "is not a link; https://"),
    # operating points
    "compression below 1": (
        rows("§{top1: 69%, compression_ratio: 0.5x}"),
        "compression_ratio is 0.5, below 1; swapped; `grows: true`",
    ),
    "sizes swapped": (
        HEAD + BLOCK.replace("{top1: 70.0%}", "{params: 2.0M}") + "      - §{params: 4.0M}\n",
        "compression_ratio is 0.5, below 1",
    ),
    "speedup below 1": (rows("§{theoretical_speedup: 0.9x}"), "theoretical_speedup is 0.9, below 1"),
    "identical points": (rows("top1: 69%", "§{top1: 69%}"), "identical in every value; line 11"),
    "identical points in two blocks": (
        rows("top1: 69%") + BLOCK.replace("results:\n", "") + "      - §{top1: 69%}\n",
        "identical in every value; line 11",
    ),
    "no measure": (rows("§{trials: 3}"), "an operating point without any measure"),
    "block without content": (
        HEAD + BLOCK.replace("    pruned:\n", "").replace("where", "§where"),
        "exactly one of; found none",
    ),
    "block with two contents": (
        HEAD
        + BLOCK.replace("    pruned:\n", "    no_numbers: x\n    pruned:\n").replace("where", "§where")
        + ROW,
        "found pruned and no_numbers",
    ),
    "survey_row used twice": (
        rows("top1: 69%, survey_row: 7", "top1: 68%, survey_row: §7"),
        f"survey_row 7 is used already in {FILE}, line 11",
    ),
    "same_as nothing": (
        rows("§{top1: 69%, survey_row: 7, same_as: 8}"),
        "same_as: 8 is not another survey_row",
    ),
    "same_as itself": (
        rows("§{top1: 69%, survey_row: 7, same_as: 7}"),
        "same_as: 7 is not another survey_row",
    ),
    "unknown method": (rows("§{top1: 69%, method: slim}"), "method 'slim'; this paper's methods (none)"),
    "string of a number not given": (rows("top1: 69%, printed_as: {top5: §x}"), "top5 is not given"),
    # comparisons
    "compares to itself": (with_head("compares_to: [§ada2016first]"), "is this paper itself"),
    "compares to an unknown key": (
        with_head("compares_to:\n  - §{key: othr2017paper, doubt: x}"),
        "'othr2017paper' is not a paper; did you mean 'other2017paper'?",
    ),
    "compares twice": (with_head("compares_to: [other2017paper, §other2017paper]"), "is listed 2 times"),
    "not a key at all": (with_head("compares_to: [§Han et al.]"), "'Han et al.' is not a paper key"),
    # corrections and additions
    "wrong guard": (
        rows(GUARDED + "sheet: 68%, value: 67%}}"),
        "says the sheet has '68%', but top1 is '69%'",
    ),
    "no guard": (rows(GUARDED + "value: 67%}}"), "has no 'sheet', but top1 is '69%'"),
    "guard of a number not given": (
        rows("top1: 69%, correction: {top5: §{sheet: 9%, value: 8%, because: x}}"),
        "says the sheet has '9%', but top5 is not given",
    ),
    "impossible correction": (
        rows("top1: 69%, correction: {top1: {sheet: 69%, value: §167%, because: x}}"),
        "top1 167% is impossible",
    ),
    "correction without a value": (rows(GUARDED + "sheet: 69%}}"), "needs 'value'"),
    "correction without a reason": (
        rows("top1: 69%, correction: {top1: §{sheet: 69%, value: 8%}}"),
        "missing key 'because'",
    ),
    "moved onto a number": (
        rows("top1: 69%, top5: 80%, correction: {top1: {sheet: 69%, moved_to: §top5, because: x}}"),
        "top5 is given already",
    ),
    "moved to what an unpruned network lacks": (
        HEAD
        + BLOCK.replace(
            "70.0%}", "70%, correction: {top1: {sheet: 70%, moved_to: §params_kept, because: x}}}"
        )
        + ROW,
        "an unpruned network has no params_kept",
    ),
    "venue corrected to an unknown one": (
        with_head("correction: {venue: {sheet: ConfA, value: §ConfX, because: x}}"),
        "unknown venue 'ConfX'; did you mean 'ConfA'?",
    ),
    "wrong guard of a venue": (
        with_head("correction: {venue: §{sheet: ConfX, value: Preprints, because: x}}"),
        "the sheet has 'ConfX', but venue is 'ConfA'",
    ),
    "date corrected to none": (
        with_head("correction: {date: {sheet: 2016-05, value: §soon, because: x}}"),
        "'soon' is not a date",
    ),
    "date moved to a measure": (
        with_head("correction: {date: §{sheet: 2016-05, moved_to: top1, because: x}}"),
        "a correction of date needs 'value'",
    ),
    "added already given": (
        rows("top1: 69%, added: {top1: §68%, from: x}"),
        "top1 is given already; 'correction'",
    ),
    "added twice": (
        rows("top1: 69%, added: [{params: 3M, from: x}, {params: §4M, from: y}]"),
        "params is given already",
    ),
    "added without a place": (rows("top1: 69%, added: §{top5: 68%}"), "missing key 'from'; authors"),
    # tables
    "missing CSV": (
        HEAD + BLOCK.replace("    pruned:", "    table: §ada2016first.nix.csv"),
        "'ada2016first.nix.csv' is not beside this file",
    ),
    "CSV of another paper": (
        HEAD + BLOCK.replace("    pruned:", "    table: §../vocabulary/x.csv"),
        "must be called ada2016first.<name>.csv",
    ),
}
"""Files with a mistake, the place of the error marked by §, and words of the message."""


def without_mark(content: str | bytes) -> tuple[str | bytes, str]:
    """The content without its §, and the line and column where that stood."""
    mark, end = ("§", "\n") if isinstance(content, str) else ("§".encode("latin-1"), b"\n")
    before, _, after = content.partition(mark)
    return before + after, f"{before.count(end) + 1}:{len(before) - before.rfind(end)}"


@pytest.mark.parametrize(("content", "words"), KINDS.values(), ids=KINDS)
def test_an_error_says_where_what_and_what_instead(problems, content, words):
    """One mistake gives one line, at its exact line and column, with what was found and what was expected."""
    content, place = without_mark(content)
    [(where, message)] = problems(content)
    assert where == f"{FILE}:{place}"
    for part in words.split("; "):
        assert part in message
