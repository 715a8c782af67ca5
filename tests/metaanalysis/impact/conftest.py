"""A copy of the invented corpus that a test may change, alone or in a git checkout."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

TOY = Path(__file__).parent.parent.parent / "toy"


def copied(target: Path) -> Path:
    """The invented corpus as `target`, without the tests beside it."""
    for part in ("papers", "vocabulary"):
        shutil.copytree(TOY / part, target / part)
    return target


@pytest.fixture
def before(tmp_path) -> Path:
    """The invented corpus as it was."""
    return copied(tmp_path / "before")


@pytest.fixture
def after(tmp_path) -> Path:
    """The same corpus, to be changed."""
    return copied(tmp_path / "after")


@pytest.fixture
def edit(after) -> Callable[[str, str, str], None]:
    """Replaces a string that occurs once in a paper of `after`."""

    def replaced(key: str, old: str, new: str) -> None:
        path = after / "papers" / f"{key}.yaml"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replaced


@pytest.fixture
def checkout(tmp_path) -> tuple[Path, Callable[..., str]]:
    """A git checkout with the invented corpus committed on main, and git itself."""
    folder = tmp_path / "checkout"
    copied(folder / "corpus")

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        run = subprocess.run(
            ["git", "-C", str(folder), *identity, *arguments], capture_output=True, check=True, text=True
        )
        return run.stdout.strip()

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    return folder, git
