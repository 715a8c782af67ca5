"""How the parts may depend on each other, and that generated files are current."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from corpus.schema.json_schema import schema_text

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "corpus": {"corpus"},
    "metaanalysis": {"corpus", "metaanalysis"},
    "rerun": {"corpus", "rerun"},
    "app": {"corpus", "metaanalysis", "app"},
}
"""Imports go one way; the command line reaches rerun inside a verb only."""
MODULES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))
BROWSER = ("app/web/",)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def imported(path: Path) -> dict[str, set[bool]]:
    """Modules that a file imports, and whether at the top or in a function; those for typing only do not count."""
    found: dict[str, set[bool]] = {}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.walk(node)
    }
    typing_only = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{shown(path)}:{node.lineno}: relative import; name the package"
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
            names = [node.args[0].value] if isinstance(node.args[0], ast.Constant) else []
        else:
            continue
        for name in names:
            found.setdefault(name, set()).add(node not in inside)
    return found


def tops(path: Path) -> set[str]:
    """The packages that a file imports anywhere."""
    return {name.partition(".")[0] for name in imported(path)}


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_imports_go_one_way(path: Path):
    """corpus <- metaanalysis <- app, corpus <- rerun; the command line may reach rerun inside a function."""
    package = shown(path).partition("/")[0]
    foreign = (tops(path) & set(MAY_IMPORT)) - MAY_IMPORT[package]
    if package == "app":
        at_the_top = {name for name, places in imported(path).items() if True in places}
        assert not any(name.partition(".")[0] == "rerun" for name in at_the_top)
        foreign -= {"rerun"}
    assert foreign == set()


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_heavy_libraries_stay_where_they_belong(path: Path):
    """torch in rerun alone; streamlit in the browser app alone, whose modules nothing else imports."""
    if not shown(path).startswith("rerun/"):
        assert not {"torch", "torchvision"} & tops(path)
    if not shown(path).startswith(BROWSER):
        assert "streamlit" not in tops(path)
        assert not {name for name in imported(path) if name.startswith("app.web")}


@pytest.mark.parametrize(
    "module",
    [
        "corpus.checks.check",
        "corpus.database.public_tables",
        "metaanalysis.registry",
        "app.cli.main",
        "app.cli.drawing",
    ],
)
def test_the_light_install_needs_no_heavy_library(module: str):
    """The main job starts without torch, streamlit or anything for development."""
    heavy = ("torch", "torchvision", "streamlit", "hypothesis", "pytest", "jsonschema_cli", "playwright")
    code = f"import sys, {module}; print(sorted(set({heavy!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_no_file_beside_the_apps_main_file_hides_a_package():
    """Streamlit puts app/web first on the path, so nothing in it may be called like anything that is imported."""
    known = {*MAY_IMPORT, *sys.stdlib_module_names, *packages_distributions()}
    beside = {path.stem for path in (ROOT / "app" / "web").iterdir() if not path.stem.startswith("__")}
    assert {"main", "pages"} <= beside
    assert beside & known == set()


def test_tests_are_no_package():
    """Tests are imported by file; an `__init__.py` among them would change their names."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_module_is_a_grab_bag():
    """A module is named for what it knows."""
    nameless = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
    assert [shown(path) for path in MODULES if path.stem in nameless] == []


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_every_module_says_what_it_knows(path: Path):
    """Each module with content begins with a sentence."""
    text = path.read_text(encoding="utf-8")
    assert not text or ast.get_docstring(ast.parse(text))


def test_the_schema_is_current():
    """corpus/schema.json is what the models export (else: python -m corpus.schema.json_schema)."""
    assert (ROOT / "corpus" / "schema.json").read_text(encoding="utf-8") == schema_text()


WRONG = {
    "unknown key": "autors: [x]\n",
    "number for a text": "note: 5\n",
    "arXiv id as a float": "arxiv: 1608.08710\n",
    "date with a month 1-digit": "published: [2017]\n",
    "misspelt axis": "methods: {a: {scope: globl}}\n",
    "accuracy without percent": "results: [{where: x, dataset: x, architecture: x, pruned: [{top1: 69.0}]}]\n",
    "nonsense ratio": "results: [{where: x, dataset: x, architecture: x, pruned: [{compression_ratio: two}]}]\n",
    "negative count": "results: [{where: x, dataset: x, architecture: x, pruned: [{params: -5}]}]\n",
    "no place": "results: [{dataset: x, architecture: x, pruned: [{top1: 69%}]}]\n",
    "misspelt measure": "results: [{where: x, dataset: x, architecture: x, pruned: [{topp1: 69%}]}]\n",
    "correction without reason": (
        "results: [{where: x, dataset: x, architecture: x, pruned: [{top1: 69%, "
        "correction: {top1: {sheet: 69%, value: 68%}}}]}]\n"
    ),
}
WHOLE = {
    "title": "A paper",
    "authors": ["Ada Birch"],
    "venue": "ConfA",
    "date": "2016-05",
    "results": [{"where": "x", "dataset": "x", "architecture": "x", "pruned": [{"top1": "69%"}]}],
}


def check_jsonschema(*files: Path) -> subprocess.CompletedProcess:
    """The command-line checker that contributors' hooks run."""
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--schemafile",
        str(ROOT / "corpus" / "schema.json"),
    ]
    return subprocess.run(
        [*command, *map(str, files)], capture_output=True, text=True, check=False, timeout=120
    )


def test_check_jsonschema_passes_every_paper():
    """An ordinary schema checker accepts all papers."""
    done = check_jsonschema(*sorted((ROOT / "corpus" / "papers").glob("*.yaml")))
    assert done.returncode == 0, done.stdout[-2000:]


def test_check_jsonschema_fails_each_wrong_file(tmp_path):
    """The same checker refuses each of a set of wrong files, and not the file they were made from."""
    import yaml

    good = tmp_path / "good.yaml"
    good.write_text(yaml.safe_dump(WHOLE))
    assert check_jsonschema(good).returncode == 0
    for number, text in enumerate(WRONG.values()):
        (tmp_path / f"wrong{number}.yaml").write_text(yaml.safe_dump(WHOLE | yaml.safe_load(text)))
    done = check_jsonschema(*tmp_path.glob("wrong*.yaml"))
    assert done.returncode == 1
    missed = [name for number, name in enumerate(WRONG) if f"wrong{number}.yaml" not in done.stdout]
    assert missed == []


def test_printed_numbers_are_not_read_by_computing_code():
    """Numbers that the 2020 paper prints are compared with, never computed with."""
    readers = {shown(path) for path in MODULES if "blalock2020.yaml" in path.read_text(encoding="utf-8")}
    assert not {reader for reader in readers if reader.startswith(("corpus/", "rerun/"))}
    printed = json.dumps(sorted(readers))
    assert not any(
        figure in printed for figure in ("fragmentation", "common_pairs", "corpus_counts", "comparison")
    )
