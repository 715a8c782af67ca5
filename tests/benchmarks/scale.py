"""Measures how `check` and `build` grow with the corpus, and prints what they are worth beside other tools.

Every number is the best of several runs of the whole command, imports included; memory is the peak of all processes of
the command together (their proportional set sizes).
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from generate import REAL, generate

ROOT = REAL.parent
PYTHON = sys.executable
PRUNEBASE = (PYTHON, "-m", "app.cli")
IMPORTS = (
    PYTHON,
    "-c",
    "import app.cli.main, duckdb, numpy, corpus.checks.check, corpus.database.public_tables",
)
FLOOR = (PYTHON, "-c", "import pandas, altair")
FULL_SIZE = 8200
"""A hundred times the corpus."""
GOALS = {"check": (45.0, 1536), "build": (60.0, 1536)}
"""Most seconds and MiB at FULL_SIZE papers on two idle cores."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall time in seconds and peak memory in MiB."""

    seconds: float
    mebibytes: float = 0.0

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.mebibytes:.0f} MiB"


def measured(
    command: Sequence[object], caches: Path, repeats: int = 1, allowed: Iterable[int] = (0,)
) -> Cost:
    """The best of `repeats` runs of a command."""
    environment = os.environ | {"XDG_CACHE_HOME": str(caches)}
    return min(
        (_run([*map(str, command)], environment, allowed) for _ in range(repeats)),
        key=lambda cost: cost.seconds,
    )


def _run(command: list[str], environment: dict[str, str], allowed: Iterable[int]) -> Cost:
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    peak = [0]
    watch = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watch.start()
    output = process.communicate()[0]
    took = time.perf_counter() - started
    watch.join()
    if process.returncode not in allowed:
        raise SystemExit(f"{' '.join(command[:8])} failed:\n{output.decode()[-2000:]}")
    return Cost(took, peak[0] / 1024)


def _watch(process: subprocess.Popen, peak: list[int]) -> None:
    """Keeps the highest sum of memory (KiB) of the processes in the session of `process`."""
    while process.poll() is None:
        peak[0] = max(
            peak[0], sum(_memory(entry) for entry in Path("/proc").iterdir() if _is_of(entry, process.pid))
        )
        time.sleep(0.5)  # more often would slow down what is measured


def _is_of(entry: Path, session: int) -> bool:
    try:
        return entry.name.isdecimal() and os.getsid(int(entry.name)) == session
    except ProcessLookupError:
        return False


def _memory(entry: Path) -> int:
    try:
        lines = (entry / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def growth(costs: dict[int, Cost], start: float) -> float:
    """The exponent b of time = a * papers^b between the two largest corpora, `start` (imports) taken off."""
    (few, less), (many, more) = sorted(costs.items())[-2:]
    return math.log((more.seconds - start) / (less.seconds - start)) / math.log(many / few)


def report(sizes: Sequence[int], repeats: int, scratch: Path) -> Iterable[str]:
    """The lines of the report, as they become known."""
    caches = scratch / "caches"
    measured(IMPORTS, caches)  # the first time reads from the disk
    start = measured(IMPORTS, caches, max(repeats, 3)).seconds
    yield f"imports alone: {start:.2f} s"
    checks, builds = {}, {}
    for size in sizes:
        folder = generate(size, scratch / f"corpus-{size}")
        checks[size] = measured([*PRUNEBASE, "check", "--corpus", folder], caches, repeats)
        database = scratch / f"{size}.duckdb"
        builds[size] = measured([*PRUNEBASE, "build", "--corpus", folder, "-o", database], caches, repeats)
        yield f"{size} papers: check {checks[size]}; build {builds[size]}"
        database.unlink()
    if len(sizes) > 1:
        pair = " to ".join(str(size) for size in sorted(sizes)[-2:])
        yield f"exponent from {pair} papers: check {growth(checks, start):.2f}, build {growth(builds, start):.2f}"
    if FULL_SIZE in sizes:
        for verb, cost in (("check", checks[FULL_SIZE]), ("build", builds[FULL_SIZE])):
            seconds, mebibytes = GOALS[verb]
            holds = cost.seconds <= seconds and cost.mebibytes <= mebibytes
            yield f"goal for {verb} ({seconds:.0f} s, {mebibytes} MiB): {'met' if holds else 'MISSED'}"
    yield from compared_with_other_tools(scratch / f"corpus-{min(sizes)}", scratch, repeats, start)


def compared_with_other_tools(folder: Path, scratch: Path, repeats: int, start: float) -> Iterable[str]:
    """`check` beside a plain schema validator on the same files, and `figures` beside the imports it cannot avoid."""
    papers = sorted((folder / "papers").glob("*.yaml"))
    caches = scratch / "caches"
    plain = measured(
        [Path(PYTHON).with_name("check-jsonschema"), "--schemafile", folder / "schema.json", *papers],
        caches,
        repeats,
    )
    ours = measured([*PRUNEBASE, "check", "--corpus", folder], caches, repeats)
    yield (
        f"check-jsonschema on {len(papers)} of these files: {plain.seconds:.2f} s, "
        f"{plain.seconds / ours.seconds:.1f} times our check ({ours.seconds:.2f} s, of which imports {start:.2f} s)"
    )
    figures = measured([*PRUNEBASE, "figures", "-o", scratch / "figures"], caches, repeats)
    floor = measured(FLOOR, caches, repeats)
    yield (
        f"figures: {figures}; importing pandas and altair: {floor.seconds:.2f} s; "
        f"ratio {figures.seconds / floor.seconds:.1f}"
    )


def main() -> None:
    """Prints the report; `--sizes 82,820,8200,82000` includes a thousand times the survey."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default=f"100,{FULL_SIZE // 10},{FULL_SIZE}", help="papers, with commas")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each command; the best counts")
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="prunebase-scale-") as scratch:
        for line in report([int(size) for size in chosen.sizes.split(",")], chosen.repeats, Path(scratch)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
