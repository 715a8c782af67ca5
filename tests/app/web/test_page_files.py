"""A file in app/web/pages is a page: it appears in the navigation, under the title and section that it states."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("streamlit", reason="streamlit is not installed")

ROOT = Path(__file__).parent.parent.parent.parent
WUG = '''"""A page that nothing else names."""

import streamlit as st

from app.web import frame
from app.web.loaded import corpus

TITLE = "Wugs"
SECTION = "Ornithology"
ICON = ":material/flutter:"


def page() -> None:
    """Its title and a count from the corpus."""
    st.title(TITLE)
    st.metric("Wugs", len(corpus().papers))


frame.within(page)
'''
VISIT = """
import json
import sys

import streamlit as st
from streamlit.testing.v1 import AppTest

navigation = {}
original = st.navigation


def recorded(pages):
    navigation.update({section: [page.title for page in listed] for section, listed in pages.items()})
    return original(pages)


st.navigation = recorded
app = AppTest.from_file(sys.argv[1], default_timeout=60).run()
app = app.switch_page(sys.argv[2]).run()
print(json.dumps({
    "navigation": navigation,
    "errors": [error.value for error in app.exception],
    "title": app.title[0].value,
    "counts": {metric.label: metric.value for metric in app.metric},
}))
"""


def visited(app: Path, page: str) -> subprocess.CompletedProcess:
    """What a process of its own sees on a page of a copy of the app, with the invented corpus."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(app.parent), str(ROOT)]),
        "PRUNEBASE_CORPUS": str(ROOT / "tests" / "toy"),
    }
    return subprocess.run(
        [sys.executable, "-c", VISIT, str(app / "web" / "main.py"), f"pages/{page}.py"],
        env=environment,
        cwd=app.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the app that a test may add to."""
    return shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))


def test_a_page_is_registered_by_lying_in_the_folder(copy, toy):
    """A page under a nonsense name, in a section of its own, is in the navigation and counts the corpus's papers."""
    (copy / "web" / "pages" / "wug.py").write_text(WUG, encoding="utf-8")
    done = visited(copy, "wug")
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["errors"] == []
    assert seen["navigation"]["Ornithology"] == ["Wugs"]
    assert list(seen["navigation"])[-1] == "Ornithology"
    assert seen["title"] == "Wugs"
    assert seen["counts"] == {"Wugs": str(len(toy.papers))}


def test_every_page_of_the_folder_is_in_the_navigation_once():
    """No page is left out, and none that is hidden is shown."""
    from app.web.page_files import FOLDER, sections

    pages = [page for listed in sections().values() for page in listed]
    assert sorted(page.path for page in pages) == sorted(set(FOLDER.glob("[a-z]*.py")))
    assert [page.name for page in pages if page.hidden] == ["source"]
    assert next(iter(sections().values()))[0].name == "overview"


@pytest.mark.parametrize("missing", ["TITLE", "SECTION", "ICON"])
def test_a_page_that_does_not_say_where_it_stands_is_named(tmp_path, monkeypatch, missing):
    """A file without a title, section or icon stops the app with its name, so that it cannot be overlooked."""
    from app.web import page_files

    (tmp_path / "wug.py").write_text(WUG.replace(f"{missing} = ", "OTHER = "), encoding="utf-8")
    monkeypatch.setattr(page_files, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=rf'wug\.py: a page states {missing} = "..." at its top'):
        page_files.sections()
