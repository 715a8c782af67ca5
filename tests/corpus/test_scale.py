"""Large corpora: generated in the real distribution, read on all cores, built part by part."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import duckdb
import pytest

import corpus
from corpus.catalogue import papers as loading
from corpus.checks.check import check_corpus, check_papers
from corpus.database import parts
from corpus.database import public_tables as database
from corpus.database.stacks import stacked
from corpus.database.tables import COLUMNS, columns
from corpus.schema.reader import CorpusError

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "toy"


def generate(count: int, folder: Path, seed: int = 0) -> Path:
    source = ROOT / "tests" / "benchmarks" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.generate(count, folder, seed)


@pytest.fixture
def many(monkeypatch):
    """Makes every corpus count as a large one, read a dozen papers at a time."""
    monkeypatch.setattr(loading, "MANY_PAPERS", 1)
    monkeypatch.setattr(loading, "PAPERS_AT_ONCE", 12)
    monkeypatch.setattr(parts, "MANY_PAPERS", 1)


def test_generated_corpora_have_the_real_distribution(tmp_path):
    """As many papers as the real corpus has give its counts exactly, twice as many give them twice, without errors."""
    real = check_corpus()
    papers = real.counts["papers"]
    for times in (1, 2):
        report = check_corpus(generate(times * papers, tmp_path / str(times)))
        assert not report.errors
        assert report.counts == {name: times * count for name, count in real.counts.items()} | {
            "contradictions": report.counts["contradictions"]  # of these some set papers against each other
        }


def test_a_seed_gives_one_corpus(tmp_path):
    """The same seed gives the same files, another seed others."""
    first, again, other = (
        generate(90, tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    files = [
        {path.name: path.read_bytes() for path in (folder / "papers").iterdir()}
        for folder in (first, again, other)
    ]
    assert files[0] == files[1] != files[2]


def ends_of_ranges(folder: Path) -> Path:
    """The toy corpus with a table whose runs print everything from nothing to all pruned, some with a std."""
    shutil.copytree(TOY, folder)
    lines = [
        f"gentle,{seed},{top1},{std},{pruned}"
        for seed in range(9)
        for pruned in ("0%", "0.001%", "50%", "99.9%", "100%")
        for top1, std in (("0%", ""), ("70.0%", "0.1%"), ("99.99%", ""))
    ]
    table = folder / "papers" / "dunn2018third.runs.csv"
    table.write_text(
        "\n".join(["method,seed,top1,top1_std,params_pruned", *lines]) + "\n", encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("as_published", [False, True])
def test_stacked_runs_have_the_numbers_of_their_points(tmp_path, as_published):
    """What the tables say of many runs at once is, bit for bit, what each point says by itself."""
    for folder in (None, ends_of_ranges(tmp_path / "ends")):
        loaded = corpus.load(folder, as_published=as_published)
        assert stacked(loaded.points, as_published)[0], "nothing was stacked, so nothing is tested"
        written = columns(loaded, "measurements")
        numbers = set(
            zip(
                *(written[name].tolist() for name in ("point_id", "measure", "value", "low", "high")),
                strict=True,
            )
        )
        expected = {
            (point.point_id, measure, found.quantity.value, found.quantity.low, found.quantity.high)
            for point in loaded.points
            for known in (point.values, point.leaves)
            for measure, found in known.items()
        }
        assert numbers == expected
        for name, measure in (("top1_std", "top1"), ("unpruned_top1_std", "unpruned_top1")):
            assert columns(loaded, "points")[name].tolist() == [
                point.std(measure) for point in loaded.points
            ]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("as_published", [False, True])
def test_a_database_built_in_parts_is_the_one_built_at_once(tmp_path, as_published):
    """Every table, its columns' types and the order of its rows are the same, whichever way it was built."""
    loaded = corpus.load(as_published=as_published)
    at_once = database.build(loaded, tmp_path / "at-once.duckdb")
    in_parts = parts.build_folder(None, tmp_path / "in-parts.duckdb", as_published=as_published)
    with duckdb.connect(at_once, read_only=True) as one, duckdb.connect(in_parts, read_only=True) as other:
        for name in COLUMNS:
            for query in (f"DESCRIBE {name}", f"FROM {name}"):
                assert one.execute(query).fetchall() == other.execute(query).fetchall(), name
    assert {path.name for path in tmp_path.iterdir()} == {"at-once.duckdb", "in-parts.duckdb"}


@pytest.mark.usefixtures("many")
def test_all_cores_find_what_one_finds():
    """A check in parts says what a check of everything in one process says."""
    in_parts, at_once = check_papers(TOY), check_corpus(TOY)
    assert (in_parts.errors, in_parts.warnings, in_parts.counts) == (
        at_once.errors,
        at_once.warnings,
        at_once.counts,
    )


@pytest.mark.usefixtures("many")
def test_no_database_comes_from_a_corpus_with_an_error(tmp_path):
    """Errors inside a paper and between papers of different parts are raised together, and nothing is written."""
    folder = shutil.copytree(TOY, tmp_path / "toy")
    for key, old, new in (
        ("dunn2018third", "survey_row: 20}", "survey_row: 1}"),
        ("eck2019fourth", "title", "titel"),
    ):
        path = folder / "papers" / f"{key}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CorpusError) as raised:
        parts.build_folder(folder, tmp_path / "out.duckdb")
    assert {Path(problem.file).stem for problem in raised.value.problems} == {
        "dunn2018third",
        "eck2019fourth",
    }
    assert raised.value.problems == check_corpus(folder).errors
    assert not (tmp_path / "out.duckdb").exists()
