"""The pages of the app: a file in app/web/pages is a page, and says at its top where it stands.

    TITLE = "Tradeoffs"                  the name in the navigation; needed, as are the next two
    SECTION = "Explore"                  the heading it stands under; "" for none
    ICON = ":material/scatter_plot:"
    POSITION = 1                         its place in the section; without one it comes last
    HIDDEN = True                        reached by links alone

The constants are read, not run: a page is a script that draws itself when Streamlit runs it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "pages"
SECTIONS = ("", "Explore", "Look closer", "Take part")
"""The order of sections; a section that only a page names comes after these."""
LAST = 1_000


@dataclass(frozen=True)
class PageFile:
    """A page as its file describes it."""

    path: Path
    title: str
    section: str
    icon: str
    position: int = LAST
    hidden: bool = False

    @property
    def name(self) -> str:
        """Its place in the address."""
        return self.path.stem


def sections() -> dict[str, list[PageFile]]:
    """All pages by section, both in the order of the navigation; ValueError for a file that does not say its title."""
    pages = []
    for path in FOLDER.glob("*.py"):
        if path.stem != "__init__":
            pages.append(_page_of(path, path.stat().st_mtime_ns))
    pages.sort(key=lambda page: (_order_of(page.section), page.section, page.position, page.title))
    found: dict[str, list[PageFile]] = {}
    for page in pages:
        found.setdefault(page.section, []).append(page)
    return found


def _order_of(section: str) -> int:
    return SECTIONS.index(section) if section in SECTIONS else len(SECTIONS)


@cache
def _page_of(path: Path, changed: int) -> PageFile:  # noqa: ARG001 (a file that has changed is read again)
    constants = _constants(path)
    for name in ("TITLE", "SECTION", "ICON"):
        if not isinstance(constants.get(name), str):
            raise ValueError(f'{path.name}: a page states {name} = "..." at its top')
    return PageFile(
        path=path,
        title=constants["TITLE"],
        section=constants["SECTION"],
        icon=constants["ICON"],
        position=constants.get("POSITION", LAST),
        hidden=constants.get("HIDDEN", False),
    )


def _constants(path: Path) -> dict[str, object]:
    """The plain values that names at the top of a file stand for."""
    values: dict[str, object] = {}
    for statement in ast.parse(path.read_text(encoding="utf-8"), str(path)).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    values[target.id] = statement.value.value
    return values
