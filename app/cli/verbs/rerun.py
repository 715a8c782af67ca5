"""The verb `rerun`: runs a study, lists the studies, or says how far one is."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.cli.application import verb


@verb("prunebase rerun cifar10-resnet-56 --smoke")
def rerun(
    what: Annotated[
        str, typer.Argument(metavar="STUDY", help="A study by name or file; or `list`, or `status`.")
    ],
    study: Annotated[
        str | None, typer.Argument(metavar="[STUDY]", help="After `status`: which study.")
    ] = None,
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the images lie.")] = None,
    download: Annotated[
        bool, typer.Option("--download", help="Fetch missing images into --data-dir.")
    ] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:1.")] = "auto",
    precision: Annotated[str | None, typer.Option(help="fp32 or bf16 (default: bf16 on a GPU).")] = None,
    engine: Annotated[str, typer.Option(help="local, or ray: on a Ray cluster.")] = "local",
    ray_address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="The cluster, if not this one's.")
    ] = None,
    gpus_per_task: Annotated[
        float | None, typer.Option(min=0, help="With ray; a part of one too, such as 0.5.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many runs.")] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Stop after so long, with a checkpoint.")
    ] = None,
    smoke: Annotated[
        bool, typer.Option("--smoke", help="The same study in a minute, on images made in code.")
    ] = False,
) -> None:
    """Re-run baselines: `rerun STUDY` (again after a stop: it goes on), `rerun list`, `rerun status STUDY`."""
    _need_torch()
    if what == "list":
        _list()
    elif what == "status":
        _status(study)
    elif study is not None:
        raise ValueError(
            f"'{study}' is one word too many; expected rerun STUDY, rerun list or rerun status STUDY"
        )
    else:
        _run(
            what,
            smoke,
            data_dir=data_dir,
            download=download,
            device=device,
            precision=precision,
            engine=engine,
            ray_address=ray_address,
            gpus_per_task=gpus_per_task,
            limit=limit,
            minutes=minutes,
        )


def _run(name: str, smoke: bool, *, minutes: float | None, **options: object) -> None:
    """Runs what is left of a study, with its progress; `options` are those of `rerun.run`."""
    from rerun import read_study, run
    from rerun.study.smoke import smoke as shortened

    study = read_study(name)
    if smoke:
        study = shortened(study)
    with _progress() as report:
        rows = run(study, minutes=minutes, report=report, **options)
    failed = sum(row["failure"] is not None for row in rows.values())
    print(f"{len(rows)} runs done, {failed} of them failed")
    left = len(study.runs) - len(rows)
    if minutes is not None and left:
        print(f"the time is up and {left} runs are left: start again to go on")


def _need_torch() -> None:
    if importlib.util.find_spec("torch") is None or importlib.util.find_spec("torchvision") is None:
        raise ValueError(
            "re-runs need torch and torchvision; install the extra: pip install 'prunebase[rerun]'"
        )


def _list() -> None:
    from rerun.study.reading import studies, study_as_written

    for name in studies():
        study = study_as_written(name)
        print(f"{name:28} {len(study.runs):4} runs  {study.file.title}")


def _status(name: str | None) -> None:
    from rerun import status

    if name is None:
        raise ValueError("status of which study? expected rerun status STUDY")
    counts, failures = status(name)
    print(", ".join(f"{counts[word]} {word}" for word in ("finished", "failed", "interrupted", "missing")))
    for label, reason in failures.items():
        print(f"failed: {label}: {reason}")


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar with the time left on a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


def _lines(seconds_between: float = 15.0) -> Callable[[str, int, int], None]:
    """Reports progress as lines on standard error, not too often."""
    started = last = time.monotonic()

    def report(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < seconds_between and done < total:
            return
        last = now
        minutes_left = (now - started) * (total - done) / max(done, 1) / 60
        line = f"{100 * done / total:3.0f} %, about {minutes_left:.0f} min left: {what}"
        print(line, file=sys.stderr, flush=True)

    return report
