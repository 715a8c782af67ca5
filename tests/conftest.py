"""Corpora that are read once for all tests, and the place of the survey's own sheet if it is at hand."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import settings

import corpus
from corpus.catalogue.corpus import Corpus

# properties are about numbers; how long an example takes depends on what else the machine does
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
ROOT = Path(__file__).parent.parent
TOY = Path(__file__).parent / "toy"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--data-dir", help="folder with the 2020 survey's own CSV sheets (also PRUNEBASE_DATA)"
    )


class EditorLoader(yaml.CSafeLoader):
    """Reads YAML 1.2, as editors do: `on` and `yes` are words, and a date is text; only true and false are flags."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if not tag.endswith((":bool", ":timestamp"))]
    for first, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))


@pytest.fixture(scope="session")
def read_as_editors_do():
    """The tree of a YAML text, as an editor sees it."""
    return lambda text: yaml.load(text, Loader=EditorLoader)


@pytest.fixture(scope="session")
def everything() -> Corpus:
    """The whole corpus, corrected: the survey's papers and those added since."""
    return corpus.load()


@pytest.fixture(scope="session")
def corrected(everything) -> Corpus:
    """The survey's papers, corrected; later additions to the corpus do not change what tests expect of them."""
    papers = {key: paper for key, paper in everything.papers.items() if paper.survey()}
    return replace(everything, papers=papers)


@pytest.fixture(scope="session")
def published() -> Corpus:
    """The corpus as the survey's sheet has it."""
    return corpus.load(as_published=True)


@pytest.fixture(scope="session")
def toy() -> Corpus:
    """The invented corpus, corrected."""
    return corpus.load(TOY)


@pytest.fixture(scope="session")
def toy_published() -> Corpus:
    """The invented corpus as its invented sheet has it."""
    return corpus.load(TOY, as_published=True)


@pytest.fixture(scope="session")
def printed() -> dict:
    """Every number that the 2020 paper prints, as read from the data file."""
    text = (ROOT / "metaanalysis" / "printed" / "blalock2020.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


@pytest.fixture(scope="session")
def printed_value(printed):
    """The value of one printed sentence by its id."""
    return {sentence["id"]: sentence.get("value") for sentence in printed["sentences"]}.__getitem__


@pytest.fixture(scope="session")
def sheet(pytestconfig):
    """Reads one of the survey's own CSV sheets by name; skips where they are not at hand."""
    folder = pytestconfig.getoption("--data-dir") or os.environ.get("PRUNEBASE_DATA")
    if not folder:
        pytest.skip("needs the survey's own sheets: give --data-dir DIR or set PRUNEBASE_DATA")

    def read(name: str) -> list[dict[str, str]]:
        with open(Path(folder) / f"{name}-Grid view.csv", encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    return read


@pytest.fixture
def small_corpus(tmp_path, monkeypatch):
    """Writes a corpus of the files given (beside the toy vocabulary) into the current directory's `corpus`."""
    monkeypatch.chdir(tmp_path)

    def write(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "corpus"
        for name in ("architectures", "datasets", "venues"):
            _write(
                folder / "vocabulary" / f"{name}.yaml", (TOY / "vocabulary" / f"{name}.yaml").read_bytes()
            )
        (folder / "papers").mkdir(exist_ok=True)
        for name, content in files.items():
            _write(folder / name, content if isinstance(content, bytes) else content.encode())
        return Path("corpus")

    return write


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


RUN_COLUMNS = ("method", "params", "flops", "top1", "top5", "requested_ratio", "seed", "run", "test_images")
Curves = dict[str, dict[float, list[float]]]
"""Top-1 accuracy in percent by baseline and ratio, one for each seed from 1."""


@pytest.fixture
def write_study() -> Callable:
    """Writes a study of our own with invented results into a folder, as `rerun` would."""

    def write(
        folder: Path,
        name: str,
        initial: dict[str, tuple[float, Curves]],
        *,
        dataset: str = "MNIST",
        architecture: str = "LeNet-300-100",
        sizes: tuple[int, int] = (266_610, 266_200),
        faster: Callable[[str, float], float] = lambda _, ratio: ratio,
        images: int = 10_000,
    ) -> Path:
        key = f"prunebase2026{name}"
        blocks = []
        for model, (unpruned, curves) in initial.items():
            lines = [
                f"{baseline},{round(sizes[0] / ratio)},{round(sizes[1] / faster(baseline, ratio))},{top1:.2f}%,99.90%,"
                f"{ratio:g},{seed},{name}-{model}-{baseline}-{ratio:g}-{seed},{images}"
                for baseline, curve in curves.items()
                for ratio, accuracies in curve.items()
                for seed, top1 in enumerate(accuracies, 1)
            ]
            _write(folder / f"{key}.{model}.csv", "\n".join([",".join(RUN_COLUMNS), *lines, ""]).encode())
            at_start = {
                "top1": f"{unpruned:.2f}%",
                "top5": "99.95%",
                "params": str(sizes[0]),
                "flops": str(sizes[1]),
            }
            about = {"where": f"initial model {model}", "dataset": dataset, "architecture": architecture}
            counts = {"flops_counts": "multiply-adds"}
            blocks.append(about | counts | {"unpruned": at_start, "table": f"{key}.{model}.csv"})
        used = sorted({baseline for _, curves in initial.values() for baseline in curves})
        methods = {baseline: {"name": baseline, **_axes_of(baseline)} for baseline in used}
        head = {
            "title": f"Invented results of {name}",
            "authors": ["The prunebase authors"],
            "label": "prunebase",
        }
        head |= {"venue": "prunebase", "date": "2026-11-20", "attribution": "rerun", "methods": methods}
        document = head | {"recipe": {"study": name}, "results": blocks}
        _write(folder / f"{key}.yaml", yaml.safe_dump(document, sort_keys=False).encode())
        return folder / f"{key}.yaml"

    return write


def _axes_of(baseline: str) -> dict[str, str]:
    scoring = next(word for word in ("magnitude", "gradient", "random") if word in baseline)
    scope = "global" if baseline.endswith("global") or baseline.startswith("global") else "layerwise"
    return {"structure": "unstructured", "scoring": scoring, "scope": scope, "scheduling": "one-shot"}
