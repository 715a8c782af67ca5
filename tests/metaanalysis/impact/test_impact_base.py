"""The corpus to compare with is where the branch left main, unless one says otherwise."""

from __future__ import annotations

import pytest

from metaanalysis.impact.corpus_changes import impact


def change(folder):
    path = folder / "corpus" / "papers" / "birch2016first.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("top1: 69.0%", "top1: 68.5%"), encoding="utf-8"
    )


def test_uncommitted_changes_are_set_against_the_last_commit(checkout):
    """On main itself the last commit is the base."""
    folder, git = checkout
    assert impact(folder / "corpus").is_empty
    change(folder)
    found = impact(folder / "corpus")
    assert len(found.points) == 1
    assert git("rev-parse", "HEAD")[:9] in found.base


def test_a_branch_is_set_against_where_it_left_main(checkout):
    """Commits on the branch count; what main did since does not."""
    folder, git = checkout
    git("checkout", "-q", "-b", "mine")
    change(folder)
    git("commit", "-q", "-am", "changed")
    git("checkout", "-q", "main")
    venues = folder / "corpus" / "vocabulary" / "venues.yaml"
    venues.write_text(
        venues.read_text(encoding="utf-8") + "ConfZ: {peer_reviewed: true}\n", encoding="utf-8"
    )
    git("commit", "-q", "-am", "elsewhere")
    git("checkout", "-q", "mine")
    found = impact(folder / "corpus")
    assert len(found.points) == 1
    assert not found.names
    assert [what for what, _ in impact(folder / "corpus", base="main").names] == ["removed"]


def test_an_unknown_commit_is_refused(checkout):
    """Also one that git would take for an option."""
    folder, _ = checkout
    for ref in ("nowhere", "--output=x"):
        with pytest.raises(ValueError, match="git knows no commit"):
            impact(folder / "corpus", base=ref)


def test_a_commit_without_a_corpus_is_refused(checkout):
    """Not a traceback but the commit and the folder it lacks."""
    folder, git = checkout
    git("mv", "corpus", "data")
    git("commit", "-q", "-m", "moved")
    with pytest.raises(ValueError, match="has no corpus at 'data'"):
        impact(folder / "data", base="HEAD~1")


def test_outside_git_a_folder_is_asked_for(before):
    """Without git there is nothing to guess."""
    with pytest.raises(ValueError, match="--against"):
        impact(before)
