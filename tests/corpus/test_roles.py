"""Roles of results: own, quoted, reproduced; where they were read, and under which protocol they may be compared."""

from __future__ import annotations

import pytest

import corpus
from corpus.schema.places import default_folder

PAPERS = {
    "ada2020first": """\
title: A first invented paper about pruning
authors: [Ada Birch]
venue: ICLR
date: 2020-05
methods:
  thin: {name: Thin, structure: filter}
  fat: {name: Fat, structure: N:M, n: 2, m: 4}
results:
  - where: Table 1
    read_from: readme
    source: {repository: github.com/ada/thin, commit: 0123456789abcdef0123456789abcdef01234567,
      path: README.md, line: 4}
    dataset: CIFAR-10
    architecture: ResNet-56
    unpruned: {top1: 93.26%, source_line: 5}
    pruned:
      - {method: thin, params_pruned: 40%, top1: 93.10%, source_line: 6}
      - {method: thin, params_pruned: 60%, top1_drop: 0.56%}
      - {method: fat, params_pruned: 40%, top1: 93.1%}
""",
    "bo2021second": """\
title: Another made-up study of sparse networks
authors: [Bo Cato]
venue: ICLR
date: 2021-05
unverified: bibliography
methods:
  own: {name: Own, structure: filter}
  thin: {name: Thin again, same_method: ada2020first/thin, structure: filter}
quoted:
  - of: ada2020first
    where: Table 2
    dataset: CIFAR-10
    architecture: ResNet-56
    unpruned: {top1: 93.3%}
    pruned:
      - {params_pruned: 40%, top1: 93.1%, note: "Thin, as printed there"}
      - {params_pruned: 60%, top1: 93.1%, note: Thin}
  - of: {outside: "Nobody 2019"}
    where: Table 2
    dataset: CIFAR-10
    architecture: ResNet-56
    pruned:
      - {params_pruned: 50%, top1: 92.0%}
reproduced:
  - of: ada2020first
    where: Table 3
    dataset: CIFAR-10
    architecture: ResNet-56
    method: thin
    pruned:
      - {params_pruned: 40%, top1: 92.9%}
results:
  - where: Table 3
    dataset: CIFAR-10
    architecture: ResNet-56
    method: own
    pruned:
      - {params_pruned: 45%, top1: 93.5%}
""",
}


@pytest.fixture
def folder(tmp_path):
    """A corpus of two papers, the second of which quotes and reproduces the first."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "vocabulary").symlink_to(default_folder() / "vocabulary")
    for key, text in PAPERS.items():
        (tmp_path / "papers" / f"{key}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def papers(folder):
    return corpus.load(folder)


def errors_after(folder, key: str, before: str, after: str) -> list[str]:
    """What a check says of the corpus in which one paper reads otherwise."""
    path = folder / "papers" / f"{key}.yaml"
    assert before in PAPERS[key]
    path.write_text(PAPERS[key].replace(before, after, 1), encoding="utf-8")
    return [f"{problem.line}: {problem.message}" for problem in corpus.check_corpus(folder).errors]


def test_quoted_numbers_are_no_points_and_reproduced_ones_are(papers):
    """Both stand in the quoting paper's file; only what it ran itself is a result of it."""
    rows = papers.sql(
        "SELECT point_id, attribution, reproduces FROM points WHERE paper = 'bo2021second' ORDER BY 1"
    )
    assert rows.astype(object).where(rows.notna(), None).to_dict("records") == [
        {"point_id": "bo2021second/block1.1", "attribution": "reported", "reproduces": None},
        {
            "point_id": "bo2021second/reproduced1.1",
            "attribution": "reproduced",
            "reproduces": "ada2020first",
        },
    ]
    assert [point.role for point in papers.quoted] == ["quoted"] * 3


def test_a_quoted_number_meets_the_row_it_repeats(papers):
    """Same network, method and amount, equal within the digits printed; the same accuracy at another amount is not."""
    rows = papers.sql("SELECT of, measure, printed, matched_point FROM quotations ORDER BY line, measure")
    assert rows.astype(object).where(rows.notna(), None).to_numpy().tolist() == [
        ["ada2020first", "unpruned_top1", "93.3%", "ada2020first/block1.1"],
        ["ada2020first", "params_pruned", "40%", "ada2020first/block1.1"],
        ["ada2020first", "top1", "93.1%", "ada2020first/block1.1"],
        ["ada2020first", "params_pruned", "60%", "ada2020first/block1.2"],
        ["ada2020first", "top1", "93.1%", None],
        ["Nobody 2019", "params_pruned", "50%", None],
        ["Nobody 2019", "top1", "92.0%", None],
    ]


def test_a_drop_is_read_as_printed_and_turned_once(papers):
    """0.56 points lost are a change of -0.56, with the interval of the printed digits."""
    [point] = [point for point in papers.points if point.point_id == "ada2020first/block1.2"]
    change = point.values["top1_change"].quantity
    assert (change.value, change.low, change.high) == pytest.approx((-0.56, -0.565, -0.555))
    assert point.leaves["top1_drop"].quantity.printed == "0.56%"


def test_a_value_says_the_line_of_its_source(papers):
    """Repository, commit, path and line; the row's own line where it has one."""
    commit = "0123456789abcdef0123456789abcdef01234567"
    first, second, _ = papers.papers["ada2020first"].points
    assert first.source == f"github.com/ada/thin@{commit}:README.md#L6"
    assert second.source == f"github.com/ada/thin@{commit}:README.md#L4"
    assert first.source in papers.explain("ada2020first", "top1")
    assert "quoted from: ada2020first" in papers.explain("bo2021second", "top1")


def test_find_keeps_quoted_numbers_out_unless_asked(papers):
    """Points alone by default; with `quoted` the others too, told apart by their attribution."""
    assert set(papers.find()["attribution"]) == {"reported", "reproduced"}
    assert papers.find(quoted=True)["attribution"].value_counts()["quoted"] == 3


@pytest.mark.parametrize(
    ("key", "before", "after", "said"),
    [
        (
            "bo2021second",
            "of: ada2020first",
            "of: ada2020frist",
            "of: 'ada2020frist' is not a paper of the corpus",
        ),
        (
            "bo2021second",
            "ada2020first/thin",
            "ada2020first/thick",
            "same_method: ada2020first has no method 'thick'",
        ),
        ("bo2021second", '{outside: "Nobody 2019"}', "{}", "expected the key of a paper of the corpus"),
        ("ada2020first", "n: 2, m: 4", "n: 2", "structure 'N:M' needs 'n' and 'm'"),
        ("ada2020first", "n: 2, m: 4", "n: 4, m: 2", "of 2 weights 4 cannot be kept"),
        ("ada2020first", "path: README.md, ", "", "a source in a repository needs"),
        ("ada2020first", "0123456789abcdef0123456789abcdef01234567", "main", "'main' is not a commit"),
        ("ada2020first", "where: Table 1", "where: Table 1\n    protocol: {shot: 5}", "unknown key 'shot'"),
    ],
)
def test_a_slip_in_a_role_or_source_is_one_clear_error(folder, key, before, after, said):
    """The message stands at the line of the slip and says what was expected."""
    [error] = errors_after(folder, key, before, after)
    assert said in error
    assert int(error.partition(":")[0]) > 1


PROTOCOLS = """\
title: A third invented text on language models
authors: [Cy Dunn]
venue: ICLR
date: 2023-05
results:
  - where: Table 1
    dataset: WikiText2
    architecture: LLaMA-2-7B
    protocol: {sequence_length: 2048}
    pruned:
      - {sparsity: 50%, perplexity: 6.51}
      - {sparsity: 50%, perplexity: 5.9, protocol: {sequence_length: 4096}}
  - where: Table 2
    dataset: WikiText2
    architecture: LLaMA-2-7B
    pruned:
      - {sparsity: 50%, perplexity: 7.0 ± 0.2}
      - {sparsity: 60%, perplexity: 9.0}
  - where: Table 3
    dataset: WikiText2
    architecture: LLaMA-2-7B
    protocol: {sequence_length: 2048}
    pruned:
      - {sparsity: 50%, perplexity: 6.8, throughput: 20 tokens/s, latency: 0.5 s, model_size: 1 GB}
"""


def test_only_equal_protocols_are_comparable(folder):
    """Printed ones must agree; one that is not printed is that of its own table alone."""
    (folder / "papers" / "cy2023third.yaml").write_text(PROTOCOLS, encoding="utf-8")
    short, long, unknown, unknown_too, same = corpus.load(folder).papers["cy2023third"].points
    assert short.comparable(same, "perplexity")
    assert not short.comparable(long, "perplexity")
    assert not short.comparable(unknown, "perplexity")
    assert unknown.comparable(unknown_too, "perplexity")
    assert unknown.protocol_text("perplexity") == "protocol not printed"
    assert short.protocol_text("top1") == ""


def test_units_are_kept_in_one_or_told_apart(folder):
    """Seconds are milliseconds, gigabytes megabytes; tokens are no images, and say so."""
    (folder / "papers" / "cy2023third.yaml").write_text(PROTOCOLS, encoding="utf-8")
    rows = corpus.load(folder).sql(
        "SELECT measure, value, std, unit FROM measurements WHERE point_id LIKE 'cy%'"
    )
    by_measure = {row["measure"]: row for row in rows.to_dict("records")}
    assert (by_measure["latency"]["value"], by_measure["latency"]["unit"]) == (500, "ms")
    assert (by_measure["model_size"]["value"], by_measure["model_size"]["unit"]) == (1000, "MB")
    assert by_measure["throughput"]["unit"] == "tokens/s"
    assert rows["std"].dropna().tolist() == [0.2]


def test_find_tells_protocols_apart(folder):
    """Rows of one protocol share a heading; a listing by measure says so."""
    from app.cli.found_points import sections

    (folder / "papers" / "cy2023third.yaml").write_text(PROTOCOLS, encoding="utf-8")
    found = corpus.load(folder).find(measure="perplexity", sparsity=(0.5, 0.5))
    assert len(found) == 4
    heads = [part.head.partition("; ")[2] for part in sections(found, "perplexity")]
    assert heads == ["protocol not printed", "sequence_length 2048", "sequence_length 4096"]
