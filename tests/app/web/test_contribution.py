"""Files that visitors bring: right ones, wrong ones, and hostile ones."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("streamlit", reason="streamlit is not installed")

from app.web.widgets import contribution
from corpus.schema.reader import MAX_BYTES

GOOD = """title: A new way to prune
authors: [Ada Example]
venue: ICLR
date: 2024-05
compares_to: [li2016pruning]
methods: {ours: {structure: filter}}
results:
  - where: Table 1
    dataset: CIFAR-10
    architecture: ResNet-56
    method: ours
    unpruned: {top1: 93.04%, flops: 1.25e8}
    pruned:
      - {top1: 92.9%, flops: 6.2e7}
      - {top1: 91.8%, flops: 3.1e7}
"""
KEY = "example2024new"


def test_a_good_file_becomes_a_paper(everything):
    """No error; both operating points, and the corpus with it has one paper more."""
    checked = contribution.check(GOOD.encode(), KEY)
    assert checked.errors == ()
    assert [point.value("theoretical_speedup") for point in checked.paper.points] == pytest.approx(
        [125 / 62, 125 / 31]
    )
    assert len(checked.after.papers) == len(everything.papers) + 1


def test_its_effect_names_the_paper_and_its_comparison():
    """The effect counts one paper, its points and the new edge of the graph."""
    effect = contribution.effect(contribution.check(GOOD.encode(), KEY))
    assert [change.key for change in effect.papers] == [KEY]
    assert (KEY, "li2016pruning") in effect.edges_added
    assert effect.counts_after.points == effect.counts_before.points + 2


def test_nothing_of_it_stays_in_the_shared_corpus(everything):
    """After a check and its effect, the corpus that other sessions see is what it was."""
    from app.web.loaded import report

    contribution.effect(contribution.check(GOOD.encode(), KEY))
    assert KEY not in report().corpus.papers
    assert report().corpus.papers.keys() == everything.papers.keys()


WRONG = (
    (GOOD.replace("ResNet-56", "ResNet-57"), 10, "did you mean 'ResNet-56'"),
    (GOOD.replace("top1: 92.9%", "top1: 192.9%"), 14, "impossible"),
    (GOOD.replace("venue: ICLR", "venu: ICLR"), 3, "did you mean 'venue'"),
    (GOOD.replace("li2016pruning", "li2016prunning"), 5, "did you mean 'li2016pruning'"),
    (GOOD.replace("    method: ours\n", "\tmethod: ours\n"), 11, "tab"),
    (GOOD + "title: again\n", 16, "repeated"),
)


@pytest.mark.parametrize(("written", "line", "said"), WRONG)
def test_a_wrong_file_gets_line_and_remedy(written, line, said):
    """The first error names the line and what to do."""
    checked = contribution.check(written.encode(), KEY)
    assert checked.paper is None
    assert any(problem.line == line and said in problem.message for problem in checked.errors), (
        checked.errors
    )


def laughs(depth: int = 12) -> str:
    """The billion laughs: each line ten times the one before."""
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, depth)]
    return "\n".join(lines)


HOSTILE = {
    "billion laughs": laughs().encode(),
    "alias of itself": b"a: &a [*a]\n",
    "merge keys": b"a: &a {x: 1}\nb: {<<: *a}\n",
    "python object": b"!!python/object/apply:os.system ['touch /tmp/owned']\n",
    "python name": b"title: !!python/name:os.system\n",
    "binary tag": b"title: !!binary R0lGODlh\n",
    "deep lists": b"[" * 20_000,
    "deep mappings": ("a: " + "{a: " * 5_000).encode(),
    "fifty megabytes": b"a" * (50 << 20),
    "just over the limit": b"# " + b"x" * MAX_BYTES,
    "no text": bytes(range(256)) * 100,
    "zero bytes": b"title: a\x00b\n",
    "utf-16": "title: a".encode("utf-16"),
    "empty": b"",
    "only a comment": b"# nothing\n",
    "two documents": b"title: a\n---\ntitle: b\n",
    "a list": b"- 1\n- 2\n",
    "a scalar": b"just words",
    "many keys": "\n".join(f"k{n}: v" for n in range(60_000)).encode(),
    "a table elsewhere": GOOD.replace(
        "    unpruned: {top1: 93.04%, flops: 1.25e8}\n    pruned:\n      - {top1: 92.9%, flops: 6.2e7}\n"
        "      - {top1: 91.8%, flops: 3.1e7}\n",
        "    table: ../../../../etc/passwd\n",
    ).encode(),
    "a table of another paper": GOOD.replace(
        "    unpruned: {top1: 93.04%, flops: 1.25e8}\n    pruned:\n      - {top1: 92.9%, flops: 6.2e7}\n"
        "      - {top1: 91.8%, flops: 3.1e7}\n",
        "    table: gale2019state.l0.csv\n",
    ).encode(),
    "infinite numbers": GOOD.replace("92.9%", "inf").encode(),
    "long number": GOOD.replace("92.9%", "9" * 5_000 + "%").encode(),
    "slow pattern": GOOD.replace("2024-05", "2" * 50_000).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_line(name):
    """Each gets at least one error with a place, fast, without an exception, and names no folder of this machine."""
    contribution.check(b"", KEY)  # reads the corpus, once for all; the time below is the file's own
    started = time.perf_counter()
    checked = contribution.check(HOSTILE[name], KEY)
    # a mebibyte of nonsense at worst; usually hundredths of a second
    assert time.perf_counter() - started < 5
    assert checked.paper is None
    assert checked.errors
    assert all(problem.line >= 1 and problem.file == f"{KEY}.yaml" for problem in checked.errors)
    assert "/work" not in "".join(problem.message for problem in checked.errors)
    assert "root:" not in "".join(problem.message for problem in checked.errors)


@pytest.mark.parametrize(
    "key", ["../../etc/cron.d/x2024y", "x", "", "A2024b", "a2024b/../c", "a2024b\n", "a" * 500 + "2024b"]
)
def test_keys_that_are_paths_are_refused(key):
    """A key is a word, never a path."""
    assert contribution.key_problem(key)


def test_upload_limit_holds_in_every_way_of_starting():
    """The verb's settings and the configuration file agree."""
    from app.cli.verbs.serve import OPTIONS

    root = Path(__file__).parent.parent.parent.parent
    settings = tomllib.loads((root / ".streamlit" / "config.toml").read_text())
    for name, value in OPTIONS.items():
        section, _, key = name.partition(".")
        written = settings[section][key]
        assert (str(written).lower() if isinstance(written, bool) else str(written)) == value, name


def test_a_table_is_checked():
    """A change that is not the difference of its accuracies is found, with its line."""
    table = "Dataset,Architecture,top1,unpruned.top1,top1_change\nCIFAR-10,ResNet-56,92.0%,93.0%,+1.0%\n"
    found = contribution.check_table(table, None, None)
    assert [problem.line for problem in found.problems] == [2]
    with pytest.raises(ValueError, match="no column is a measure"):
        contribution.check_table("a,b\n1,2\n", None, None)


def test_page_shows_lines_of_errors_and_the_preview(visit):
    """Pasting a broken file lists its error by line; the mended one is drawn among the corpus's points."""
    app = visit("contribute")
    app.text_area[0].set_value(GOOD.replace("ResNet-56", "ResNet-57")).run()
    assert app.table[0].value["Line"][0] == "10"
    app.text_area[0].set_value(GOOD).run()
    assert app.success[0].value.startswith("No error: 2 operating points")
    assert any(
        re.match(r"2 points of yours \(orange squares\) among \d+", caption.value)
        for caption in app.caption
    )


TITLES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "$\\href{x}{y}$",
    ":red[x]",
)


@pytest.mark.parametrize("title", TITLES)
def test_markup_in_text_is_only_text(title):
    """Escaped text leaves Markdown no sign to act on."""
    from app.web.words import outside, plain

    assert re.sub(r"\\[^A-Za-z0-9\s]", "", plain(title)).isalnum() or not re.search(
        r"[<>\[\]()$:`*_]", re.sub(r"\\[^A-Za-z0-9\s]", "", plain(title))
    )
    assert "](" not in outside("x", f"javascript:{title}")
