"""Large corpora: generated in the real distribution, checked and built paper after paper."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import corpus
from app.cli.main import app
from corpus.checks.check import check_corpus, check_papers
from corpus.database import public_tables

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "toy"


def generate(count: int, folder: Path, seed: int = 0) -> Path:
    source = ROOT / "tests" / "benchmarks" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.generate(count, folder, seed)


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
        generate(180, tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    files = [
        {path.name: path.read_bytes() for path in (folder / "papers").iterdir()}
        for folder in (first, again, other)
    ]
    assert files[0] == files[1] != files[2]


@pytest.mark.parametrize("as_published", [False, True])
def test_tables_have_the_numbers_of_their_points(as_published, monkeypatch):
    """The tables say, bit for bit, what each point says by itself, however many rows go at once."""
    loaded = corpus.load(as_published=as_published)
    monkeypatch.setattr(public_tables, "ROWS_AT_ONCE", 1000)
    numbers = loaded.sql("SELECT point_id, measure, value, low, high FROM measurements")
    expected = []
    for point in loaded.points:
        for measure, derivation in point.values.items():
            for number in {
                id(found): found for found in (derivation, point.leaves.get(measure, derivation))
            }.values():
                quantity = number.quantity
                expected.append((point.point_id, measure, quantity.value, quantity.low, quantity.high))
    assert list(numbers.itertuples(index=False, name=None)) == expected
    deviations = loaded.sql("SELECT top1_std, unpruned_top1_std FROM points")
    for column, measure in (("top1_std", "top1"), ("unpruned_top1_std", "unpruned_top1")):
        assert deviations[column].astype(object).where(deviations[column].notna(), None).tolist() == [
            point.std(measure) for point in loaded.points
        ]


def test_a_check_that_forgets_says_what_one_that_keeps_says():
    """A check without the corpus reports what a check that puts the corpus together reports."""
    forgetting, keeping = check_papers(TOY), check_corpus(TOY)
    assert forgetting.errors == keeping.errors
    assert forgetting.warnings == keeping.warnings
    assert forgetting.counts == keeping.counts


def test_no_database_comes_from_a_corpus_with_an_error(tmp_path):
    """Errors inside a paper and between papers are raised together, and nothing is written."""
    folder = shutil.copytree(TOY, tmp_path / "toy")
    for key, old, new in (
        ("dunn2018third", "survey_row: 20}", "survey_row: 1}"),
        ("eck2019fourth", "title", "titel"),
    ):
        path = folder / "papers" / f"{key}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    runner = CliRunner()
    done = runner.invoke(app, ["build", "--corpus", str(folder), "-o", str(tmp_path / "out.duckdb")])
    assert done.exit_code == 1
    errors = check_corpus(folder).errors
    assert {Path(problem.file).stem for problem in errors} == {"dunn2018third", "eck2019fourth"}
    assert all(str(problem) in done.stderr for problem in errors)
    assert not (tmp_path / "out.duckdb").exists()
