"""How the parts may depend on each other, and that generated files are current."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import networkx as nx
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
def is_module(name: str) -> bool:
    """Whether a dotted name is a file or folder of code here."""
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


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
            wholes = [f"{node.module}.{alias.name}" for alias in node.names]
            # `from app.cli import terminal` imports the file terminal, `from app.cli import main` what stands in one
            names = [whole if is_module(whole) else node.module for whole in wholes]
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


MOST_FLOORS = 8
"""Steps of the longest chain of imports that one can still follow without a map."""
MOST_IN_A_FOLDER = 18
"""Python files and folders of code that one takes in at a glance."""
LARGE_FOLDERS = {
    "metaanalysis/figures",
    "metaanalysis/statistics",
    "app/web/pages",
}
"""Folders that hold one file for each of many things of one kind."""


def module_of(path: Path) -> str:
    """The name under which a file is imported: `corpus.database` for corpus/database/__init__.py."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def house(package: str) -> nx.DiGraph:
    """The modules of a package, each with an arrow to every module of the package that it imports."""
    files = {module_of(path): path for path in MODULES if shown(path).startswith(f"{package}/")}
    drawn = nx.DiGraph()
    drawn.add_nodes_from(files)
    for module, path in files.items():
        for name in imported(path):
            if name in files and name != module:
                drawn.add_edge(module, name)
    return drawn


def room_of(module: str) -> str:
    """The folder that a module lies in; a package's own `__init__` and what lies beside it are one room."""
    path = ROOT.joinpath(*module.split("."))
    return module if path.is_dir() else module.rpartition(".")[0]


def circles(drawn: nx.DiGraph) -> list[list[str]]:
    """The groups of things that import each other, directly or round a corner."""
    groups = nx.strongly_connected_components(drawn)
    return sorted(sorted(group) for group in groups if len(group) > 1)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_module_imports_itself_round_a_corner(package: str):
    """Imports inside functions count, those for typing only do not."""
    assert circles(house(package)) == []


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_rooms_import_one_way(package: str):
    """Of two folders of a package at most one imports from the other, round no corner either."""
    rooms = nx.DiGraph()
    for module, other in house(package).edges:
        room, other_room = room_of(module), room_of(other)
        # a folder and the folders in it are one room with alcoves: what lies beside them puts them together
        if not f"{room}.".startswith(f"{other_room}.") and not f"{other_room}.".startswith(f"{room}."):
            rooms.add_edge(room, other_room)
    assert circles(rooms) == []


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_room_has_few_floors(package: str):
    """The longest chain of imports inside one folder, counted in steps."""
    drawn = house(package)
    if circles(drawn):
        pytest.fail("there is a circle, so there is no longest chain")
    floors = {}
    for room in {room_of(module) for module in drawn}:
        inside = drawn.subgraph([module for module in drawn if room_of(module) == room])
        floors[room] = nx.dag_longest_path_length(inside)
    assert {room: count for room, count in floors.items() if count > MOST_FLOORS} == {}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_folder_is_taken_in_at_a_glance(package: str):
    """At most eighteen Python files and folders of code together, `__init__.py` not counted."""
    crowded = {}
    for folder in [ROOT / package, *(path for path in (ROOT / package).rglob("*") if path.is_dir())]:
        files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        rooms = [path for path in folder.iterdir() if path.is_dir() and any(path.glob("*.py"))]
        if len(files) + len(rooms) > MOST_IN_A_FOLDER and shown(folder) not in LARGE_FOLDERS:
            crowded[shown(folder)] = len(files) + len(rooms)
    assert crowded == {}


def test_no_class_has_two_meanings():
    """In the whole tree each class has a name of its own."""
    names = []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        # a model made at run time stands beside its picture for type checkers, under one name
        names += [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert [name for name, times in Counter(names).items() if times > 1] == []


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
