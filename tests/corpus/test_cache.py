"""The memory of `check`: it may only ever make the same answer faster."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.checks import cache as cache_module
from corpus.checks import check, fingerprint
from corpus.checks.cache import Cache
from corpus.checks.check import check_corpus, check_papers
from corpus.schema.vocabulary import read_names

ROOT = Path(__file__).parents[2]
TABLE = "dunn2018third.runs.csv"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the toy corpus that a test may change."""
    for part in ("papers", "vocabulary"):
        shutil.copytree(ROOT / "tests" / "toy" / part, tmp_path / "toy" / part)
    return tmp_path / "toy"


def remembering(folder: Path) -> Cache:
    """A cache for a corpus however small, in a file beside it."""
    return Cache(folder, folder.parent / "caches", fewest_papers=0, fewest_news=1)


def told(report: check.Report) -> tuple:
    return report.errors, report.warnings, report.counts


def remembered(folder: Path) -> tuple:
    return told(check_papers(folder, cache=remembering(folder)))


def afresh(folder: Path) -> tuple:
    return told(check_corpus(folder))


def replaced(path: Path, old: str, new: str) -> None:
    """Writes `new` for `old`, or takes that back; a file that is away stays away."""
    if not path.exists():
        return
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(new, old) if new in text else text.replace(old, new), encoding="utf-8")


def toggled(path: Path) -> None:
    """Takes a file away, or puts it back."""
    hidden = path.with_name(f"{path.name}.away")
    source, target = (path, hidden) if path.exists() else (hidden, path)
    source.rename(target)


EDITS: dict[str, Callable[[Path], None]] = {
    "a number": lambda folder: replaced(folder / "papers" / "dunn2018third.yaml", "68.0%", "67.0%"),
    "an error": lambda folder: replaced(
        folder / "papers" / "birch2016first.yaml", "venue: ConfA", "venue: ConfX"
    ),
    "broken YAML": lambda folder: replaced(
        folder / "papers" / "cato2017second.yaml", "title:", "title: [: "
    ),
    "a used row": lambda folder: replaced(
        folder / "papers" / "dunn2018third.yaml", "survey_row: 20}", "survey_row: 1}"
    ),
    "a paper": lambda folder: toggled(folder / "papers" / "birch2016first.yaml"),
    "another paper": lambda folder: toggled(folder / "papers" / "eck2019fourth.yaml"),
    "a table's number": lambda folder: replaced(folder / "papers" / TABLE, "69.0%", "69.5%"),
    "a table's error": lambda folder: replaced(folder / "papers" / TABLE, "65.0%", "650%"),
    "a table": lambda folder: toggled(folder / "papers" / TABLE),
    "an alias": lambda folder: replaced(folder / "vocabulary" / "datasets.yaml", "Scenes:", "Scenery:"),
    "a fact of a name": lambda folder: replaced(
        folder / "vocabulary" / "datasets.yaml", "classes: 10", "classes: 2"
    ),
    "a broken vocabulary": lambda folder: replaced(
        folder / "vocabulary" / "venues.yaml", "ConfA:", "ConfA ["
    ),
    "a vocabulary": lambda folder: toggled(folder / "vocabulary" / "architectures.yaml"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_and_its_undoing_are_noticed(folder, edit):
    """After any single change, and after taking it back, the cached answer is that of a fresh reading."""
    first = remembered(folder)
    EDITS[edit](folder)
    changed = remembered(folder)
    assert changed == afresh(folder)
    assert changed != first or edit in (
        "a number",
        "a table's number",
        "a fact of a name",
    )  # these break no rule
    EDITS[edit](folder)
    assert remembered(folder) == first == afresh(folder)


@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_of_edits_gives_the_fresh_answer(folder, seed):
    """However changes follow each other, with checks between only some of them, the cached answer is the fresh one."""
    draw = random.Random(seed)
    for _ in range(12):
        EDITS[draw.choice(list(EDITS))](folder)
        if draw.random() < 0.6:
            assert remembered(folder) == afresh(folder)


def test_the_whole_corpus_is_told_alike_from_memory(tmp_path):
    """On the real corpus a first check, a second one from memory and one without memory say the same."""
    cache = Cache(ROOT / "corpus", tmp_path, fewest_papers=0, fewest_news=1)
    first, second = (told(check_papers(ROOT / "corpus", cache=cache)) for _ in range(2))
    assert first == second == told(check_corpus(ROOT / "corpus"))


def test_unchanged_papers_are_not_read_again(folder, monkeypatch):
    """Only the edited paper is read; the others come from memory."""
    remembered(folder)
    EDITS["a number"](folder)
    read = []
    monkeypatch.setattr(
        cache_module, "read_paper", lambda path, *rest: read.append(path.stem) or original(path, *rest)
    )
    remembered(folder)
    assert read == ["dunn2018third"]


original = cache_module.read_paper


def test_a_file_that_has_settled_is_not_even_opened(folder, monkeypatch):
    """Where size, inode and times are as before, the file is taken as unchanged without reading it."""
    monkeypatch.setattr(fingerprint, "SETTLED_AFTER", -(10**12))
    first = remembered(folder)
    monkeypatch.setattr(fingerprint, "_read", lambda path: pytest.fail(f"{path} was opened"))
    assert remembered(folder) == first


def test_a_change_that_keeps_size_and_time_of_modification_is_noticed(folder):
    """A file set back to its old time of modification still differs, by its time of change or by its bytes."""
    path = folder / "papers" / "dunn2018third.yaml"
    remembered(folder)
    before = path.stat()
    EDITS["a used row"](folder)
    path.write_text(
        path.read_text(encoding="utf-8") + " " * (before.st_size - path.stat().st_size), encoding="utf-8"
    )
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert remembered(folder) == afresh(folder)


def test_a_file_that_has_just_changed_is_not_trusted_by_its_times(folder):
    """What is remembered of a file changed within the last two seconds holds no state of it, only its bytes' hash."""
    path = folder / "papers" / "dunn2018third.yaml"
    path.touch()
    recorder = fingerprint.Recorder()
    recorder(path)
    assert recorder.files[0].status == ()
    os.utime(path, ns=(0, 0))
    assert fingerprint._trusted(path.stat(), path.stat().st_ctime_ns + fingerprint.SETTLED_AFTER + 1)


def test_damage_anywhere_is_never_believed(folder):
    """Flip any byte of the cache, cut it off anywhere, or fill it with anything: the answer stays the fresh one."""
    expected = remembered(folder)
    cache = remembering(folder).file
    paths = {path.stem: path for path in (folder / "papers").glob("*.yaml")}
    names = read_names(folder / "vocabulary", "vocabulary")[0]
    assert remembering(folder).unchanged(paths, names).keys() == paths.keys()
    whole, draw = cache.read_bytes(), random.Random(0)
    for place in [0, 31, 32, 33, len(whole) - 1, *draw.sample(range(len(whole)), 60)]:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << draw.randrange(8)
        for content in (damaged, whole[:place]):
            cache.write_bytes(content)
            assert remembering(folder).unchanged(paths, names) == {}
    for content in (b"", b"\n", b"\xff" * 100, b"[]\n[]", whole + b"x", whole * 2):
        cache.write_bytes(content)
        assert remembered(folder) == expected


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'["p"]', b'["p","v"]\nnull', b'["p","v"]\n[[]]', b"{}\n\n", b"\xff"]
)
def test_a_cache_that_holds_nonsense_under_a_right_hash_is_never_believed(folder, content):
    """Even content that fits its hash is used only if this very program wrote it."""
    expected = remembered(folder)
    content = content.replace(b'"p"', f'"{cache_module._program()}"'.encode())
    remembering(folder).file.write_bytes(fingerprint.fingerprint(content).encode() + b"\n" + content)
    assert remembered(folder) == expected


def test_another_version_of_the_program_reads_everything_anew(folder, monkeypatch):
    """What another program, Python or library found is not believed."""
    remembered(folder)
    monkeypatch.setattr(cache_module, "_program", lambda: "another version")
    paths = {path.stem: path for path in (folder / "papers").glob("*.yaml")}
    names = read_names(folder / "vocabulary", "vocabulary")[0]
    assert remembering(folder).unchanged(paths, names) == {}


def test_the_program_is_all_of_the_package(monkeypatch, tmp_path):
    """A change of any module of the package makes another program."""
    for module in (ROOT / "corpus" / "checks").glob("*.py"):
        shutil.copy(module, tmp_path)
    monkeypatch.setattr(cache_module, "__file__", str(tmp_path / "checks" / "cache.py"))
    monkeypatch.setattr(fingerprint, "LOADED_SINCE", time.time_ns() + 10**12)
    before = cache_module._program.__wrapped__()
    for module in sorted(tmp_path.glob("*.py")):
        text = module.read_text(encoding="utf-8")
        module.write_text(text + "\n", encoding="utf-8")
        assert cache_module._program.__wrapped__() != before, module.name
        module.write_text(text, encoding="utf-8")


def test_a_program_changed_while_it_runs_remembers_nothing(folder, monkeypatch, tmp_path):
    """If a module on disk is younger than this process, nobody can say which program found the facts."""
    shutil.copy(ROOT / "corpus" / "checks" / "cache.py", tmp_path)
    os.utime(tmp_path / "cache.py")
    monkeypatch.setattr(cache_module, "__file__", str(tmp_path / "checks" / "cache.py"))
    monkeypatch.setattr(cache_module, "_program", cache_module._program.__wrapped__)
    assert remembered(folder) == afresh(folder)
    assert not remembering(folder).file.exists()


def test_many_processes_may_check_and_remember_at_once(folder):
    """Four processes that check while files change leave a cache that gives the fresh answer, and no other file."""
    program = (
        "import sys; from pathlib import Path; from corpus.checks.cache import Cache\n"
        "from corpus.checks.check import check_papers\n"
        "folder = Path(sys.argv[1])\n"
        "for _ in range(25): check_papers(folder, cache=Cache(folder, folder.parent / 'caches', 0, 1))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, folder], cwd=ROOT) for _ in range(4)]
    draw = random.Random(0)
    while any(process.poll() is None for process in running):
        EDITS[draw.choice(["a number", "an error", "a table's error", "a fact of a name"])](folder)
    assert [process.returncode for process in running] == [0] * 4
    assert remembered(folder) == afresh(folder)
    assert os.listdir(folder.parent / "caches") == [remembering(folder).file.name]


def test_a_stand_in_is_not_remembered_as_the_paper(folder, tmp_path):
    """Checking a file from elsewhere in place of a paper leaves what is known of that paper alone."""
    remembered(folder)
    draft = tmp_path / "birch2016first.yaml"
    shutil.copy(folder / "papers" / "birch2016first.yaml", draft)
    replaced(draft, "venue: ConfA", "venue: ConfX")
    with_draft = check_papers(folder, files=[draft], cache=remembering(folder))
    assert [Path(problem.file) for problem in with_draft.errors] == [
        Path(os.path.relpath(draft))
    ] or with_draft.errors
    assert told(with_draft) == told(check_corpus(folder, files=[draft]))
    assert remembered(folder) == afresh(folder)


def test_a_stand_in_does_not_keep_what_a_changed_vocabulary_made_wrong(folder, tmp_path):
    """What is known of a paper is not carried over a change of its names while another file stands in for it."""
    remembered(folder)
    draft = tmp_path / "birch2016first.yaml"
    shutil.copy(folder / "papers" / "birch2016first.yaml", draft)
    EDITS["an alias"](folder)
    check_papers(folder, files=[draft], cache=remembering(folder))
    assert remembered(folder) == afresh(folder)


def test_a_small_corpus_leaves_no_cache(folder, tmp_path):
    """A corpus below the size that is worth it is neither looked up nor remembered."""
    check_papers(folder, cache=Cache(folder, tmp_path / "caches"))
    assert not (tmp_path / "caches").exists()


def test_few_changes_are_read_again_and_not_written(folder):
    """After fewer changes than are worth writing the memory stays as it was, and the answer is the fresh one."""
    remembered(folder)
    before = remembering(folder).file.read_bytes()
    EDITS["a number"](folder)
    patient = Cache(folder, folder.parent / "caches", fewest_papers=0, fewest_news=2)
    assert told(check_papers(folder, cache=patient)) == afresh(folder)
    assert remembering(folder).file.read_bytes() == before


def test_a_cache_that_cannot_be_written_is_done_without(folder):
    """Where the cache's folder cannot be made, the answer is the same."""
    (folder.parent / "caches").write_text("a file in the way", encoding="utf-8")
    assert remembered(folder) == afresh(folder)


def test_the_usual_place_follows_the_environment(monkeypatch, tmp_path):
    """`$XDG_CACHE_HOME` if it is absolute, as its specification asks, else `~/.cache`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_module.usual_folder() == tmp_path / "prunebase"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/path")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_module.usual_folder() == tmp_path / "home" / ".cache" / "prunebase"
