"""The corpus as a git commit or another folder has it, to set the working one against.

Only what differs is read again: a paper whose files are the same bytes, and whose names the vocabulary explains alike,
is the same paper in both.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.catalogue.corpus import Corpus, Paper
    from corpus.schema.vocabulary import Names

Files = dict[str, dict[str, bytes]]
"""The bytes of each paper's files (the paper and its tables) by key and file name."""
MAIN_BRANCHES = ("origin/main", "main")
PARTS = ("papers", "vocabulary")


@dataclass(frozen=True, slots=True)
class Base:
    """A folder with an earlier corpus, and what people call it."""

    name: str
    folder: Path


@contextmanager
def base_of(folder: Path, ref: str | None = None, against: Path | None = None) -> Iterator[Base]:
    """The corpus that `folder` is compared with, while the context lasts; ValueError says why there is none.

    `against` is a corpus folder; else `ref` is a git commit, by default the one where the branch left main.
    """
    if against is not None:
        if not (against / "papers").is_dir():
            raise ValueError(
                f"--against: {against} is not a corpus; expected a folder with papers/ and vocabulary/"
            )
        yield Base(str(against), against)
        return
    commit, name = _commit(folder, ref)
    with tempfile.TemporaryDirectory(prefix="prunebase-impact-") as temporary:
        yield Base(name, _extracted(folder, commit, Path(temporary)))


def _commit(folder: Path, ref: str | None) -> tuple[str, str]:
    """Full hash of the commit to compare with, and a name for it."""
    inside = _run(folder, "rev-parse", "--is-inside-work-tree")
    if inside.returncode:
        said = inside.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise ValueError(f"{folder} is in no git checkout ({said}); name another corpus with --against DIR")
    if ref is not None:
        commit = _resolved(folder, ref)
        if commit is None:
            raise ValueError(
                f"--base: git knows no commit '{ref}'; expected a branch, a tag or a hash, such as main"
            )
        return commit, f"{ref} ({commit[:9]})"
    head = _resolved(folder, "HEAD")
    if head is None:
        raise ValueError(
            f"{folder}: the git checkout has no commit yet; name another corpus with --against DIR"
        )
    for branch in MAIN_BRANCHES:
        fork = _git(folder, "merge-base", "HEAD", branch) if _resolved(folder, branch) else None
        if fork:
            commit = fork.decode().strip()
            if commit != head:
                return commit, f"{commit[:9]}, where this left {branch}"
            break
    return head, f"{head[:9]}, the last commit"


def _resolved(folder: Path, ref: str) -> str | None:
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    return commit.decode().strip() if commit else None


def _extracted(folder: Path, commit: str, target: Path) -> Path:
    """The corpus of `commit` under `target`, in a folder called like `folder`."""
    inside = _git(folder, "rev-parse", "--show-prefix")
    prefix = (inside or b"").decode().strip().rstrip("/")
    tree = f"{commit}:{prefix}" if prefix else commit
    archive = _git(folder, "archive", "--format=tar", tree, *PARTS, top=True)
    if archive is None:
        raise ValueError(
            f"commit {commit[:9]} has no corpus at '{prefix}'; name another with --base or --against"
        )
    extracted = target / folder.resolve().name
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(extracted, filter="data")
    return extracted


def _git(folder: Path, *arguments: str, top: bool = False) -> bytes | None:
    """What git says in `folder` (or at the top of its checkout), None if it refuses."""
    where = folder
    if top:
        where = Path((_git(folder, "rev-parse", "--show-toplevel") or b".").decode().strip())
    run = _run(where, *arguments)
    return run.stdout if run.returncode == 0 else None


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise ValueError("git is not installed; name another corpus with --against DIR") from None


def files_of(folder: Path) -> Files:
    """All files of the papers of a corpus."""
    by_key: Files = {}
    for path in sorted((folder / "papers").iterdir()):
        if path.suffix in (".yaml", ".csv"):
            by_key.setdefault(path.name.partition(".")[0], {})[path.name] = path.read_bytes()
    return {key: files for key, files in by_key.items() if f"{key}.yaml" in files}


def read_base(base: Base, folder: Path, after: Corpus) -> Corpus:
    """The corpus in `base`, where `after` is the one in `folder`; ValueError with the first error in it."""
    from corpus.schema.vocabulary import read_names

    names, problems = read_names(base.folder / "vocabulary", "vocabulary")
    if problems:
        raise ValueError(_broken(base, problems))
    old, new = files_of(base.folder), files_of(folder)
    same = set()
    for key in old.keys() & new.keys():
        if old[key] == new[key] and _alike(after.papers[key], names, after.names):
            same.add(key)
    return _assembled(base, names, old.keys(), same, after)


def _assembled(base: Base, names: Names, keys: Iterable[str], same: set[str], after: Corpus) -> Corpus:
    """One view of the base: papers in `same` are those of `after`, the others are read."""
    from corpus.catalogue.corpus import Corpus
    from corpus.catalogue.papers import read_paper

    papers = {key: after.papers[key] for key in same if key in after.papers}
    contradictions = [pair for pair in after.contradictions if pair[0].paper in papers]
    problems = []
    for key in set(keys) - same:
        path = base.folder / "papers" / f"{key}.yaml"
        reading = read_paper(path, base.folder, names, after.as_published, path.name)
        problems += reading.document.problems
        if reading.resolution and (reading.resolution.paper.survey() or not after.as_published):
            papers[key] = reading.resolution.paper
            contradictions += reading.resolution.contradictions
    if problems:
        raise ValueError(_broken(base, problems))
    papers = dict(sorted(papers.items()))
    return Corpus(
        papers,
        names,
        after.as_published,
        tuple(sorted(contradictions, key=lambda pair: pair[0].paper)),
        read_other_view=lambda: _assembled(base, names, keys, same, after.other_view),
        # the same on both sides: what changes is what papers report
        read_reruns=lambda: after.reruns,
    )


def _broken(base: Base, problems: list) -> str:
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"the corpus to compare with, {base.name}, has errors: {min(problems)}{more}"


def _alike(paper: Paper, old: Names, new: Names) -> bool:
    """Whether every name in the paper's file means the same in both vocabularies."""
    written: list[tuple[str, Any, str]] = [("venues", paper.written, "venue")]
    for block in paper.written.results:
        written += [("datasets", block, "dataset"), ("architectures", block, "architecture")]
    for kind, part, name in written:
        correction = (part.correction or {}).get(name)
        for spelling in {getattr(part, name), correction.value if correction else None} - {None}:
            if _entry(old, kind, spelling) != _entry(new, kind, spelling):
                return False
    return True


def _entry(names: Names, kind: str, spelling: str) -> tuple:
    vocabulary = getattr(names, kind)
    canonical = vocabulary.canonical(spelling)
    return canonical, vocabulary.entries.get(canonical)
