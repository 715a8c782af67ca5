"""The rooms of rerun: what imports what goes one way, in few steps, and no room is too full to overlook."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HOUSE = ROOT / "rerun"
MOST_FLOORS, MOST_IN_A_FOLDER = 8, 18


def module_name(path: Path) -> str:
    """`rerun.study` for rerun/study/__init__.py."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(HOUSE.rglob("*.py"))}


def typing_only(tree: ast.Module) -> set[ast.AST]:
    """Everything below `if TYPE_CHECKING:`."""
    below = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            below |= set(ast.walk(node))
    return below


def imports(name: str) -> set[str]:
    """Modules of rerun that a module imports, in functions too, but for those that only its types need."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    skipped, wanted = typing_only(tree), set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            wanted |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                wanted.add(inside if inside in MODULES else node.module)
    return (wanted & MODULES.keys()) - {name}


def room(name: str) -> str:
    """The folder right below rerun in which a module lies; a module in rerun itself is a room of its own."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else name


IMPORTS = {name: imports(name) for name in MODULES}
"""Of rerun/__init__.py none: it imports the public names when they are first used."""


def test_modules_import_one_way():
    """No module needs itself, by whatever way around."""
    tuple(TopologicalSorter(IMPORTS).static_order())  # CycleError names the circle


def test_rooms_import_one_way():
    """Whoever reads a room need not know those that use it."""
    rooms: dict[str, set[str]] = {}
    for name, wanted in IMPORTS.items():
        rooms.setdefault(room(name), set()).update(map(room, wanted))
    for name, wanted in rooms.items():
        wanted.discard(name)
    order = list(TopologicalSorter(rooms).static_order())
    assert order.index("study") < order.index("engine")


def test_no_room_has_many_floors():
    """The longest chain of imports within a room is short enough to follow."""
    floors: dict[str, int] = {}
    for name in TopologicalSorter(IMPORTS).static_order():
        below = [floors[other] for other in IMPORTS[name] if room(other) == room(name)]
        floors[name] = 1 + max(below, default=0)
    assert max(floors.values()) > 1
    assert {name: floor for name, floor in floors.items() if floor > MOST_FLOORS} == {}


def test_no_folder_is_overfull():
    """Files of code and folders of code in one folder can be taken in at a glance."""
    crowded = {}
    for folder in {path.parent for path in MODULES.values()}:
        inside = [*folder.glob("*.py"), *(path.parent for path in folder.glob("*/__init__.py"))]
        if len(inside) > MOST_IN_A_FOLDER:
            crowded[folder.name] = len(inside)
    assert crowded == {}
