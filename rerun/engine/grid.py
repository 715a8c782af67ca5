"""One study's grid on its way: unpruned networks first, then everything pruned from them; finished rows are kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Protocol

from rerun.engine.attempt import Kept, Progress
from rerun.engine.batching import expected_epochs
from rerun.engine.outcome import failed_row
from rerun.engine.schedule import pruned_tasks, unpruned_networks, unpruned_tasks
from rerun.engine.task import Event, Lost, Task, unpruned_run
from rerun.engine.work_folder import WorkFolder
from rerun.record.rows import recorded_runs, write_record
from rerun.study.grid_study import Run, Study

Report = Callable[[str, int, int], None]
"""Called with a sentence, the images trained so far and the images in all (each image once per network)."""


class Engine(Protocol):
    """Who trains stacks: `Local` or `Ray`."""

    checksum: str
    training_images: int

    @property
    def time_is_up(self) -> bool: ...
    def networks_at_once(self, study: Study, pending: int) -> int: ...
    def carry_out(self, tasks: Iterable[Task]) -> Generator[Event]: ...


class Grid:
    """The runs of one study: what is done, what is not, and having it done."""

    def __init__(
        self, study: Study, engine: Engine, work_folder: WorkFolder, results: Path | None, report: Report
    ):
        self.study, self.engine, self.work_folder = study, engine, work_folder
        self._results, self._report = results, report
        self._runs = {run.name: run for run in study.runs}
        self._epochs: dict[str, int] = {}
        self._total = 0

    def run(self, limit: int | None = None) -> dict[str, dict]:
        """Has done what is not done yet; all rows by the run's name."""
        self.rows = recorded_runs(self._results, self.study) | self.work_folder.finished()
        for run in self.study.runs:
            if run.name in self.rows:
                self.work_folder.finish(run.name, self.rows[run.name])
        pending = [run for run in self.study.runs if run.name not in self.rows][:limit]
        dense = unpruned_networks(pending, self.work_folder)
        self._total = sum(entry.recipe.epochs for entry in dense) + sum(map(_epochs, pending))
        self._carry_out(unpruned_tasks(self.study, dense, self.work_folder))
        if not (
            dense and self.engine.time_is_up
        ):  # however little time there is, every start gets somewhere
            self._carry_out(self._pruned([run for run in pending if run.name not in self.rows]))
        return self.rows

    def _pruned(self, pending: list[Run]) -> Iterator[Task]:
        """The stacks of each unpruned network in turn."""
        for entry in {run.dense.name: run.dense for run in pending}.values():
            runs, weights = (
                [run for run in pending if run.dense is entry],
                self.work_folder.load("dense", entry.name),
            )
            if weights is not None:
                most = partial(self.engine.networks_at_once, self.study, len(pending))
                yield from pruned_tasks(self.study, runs, weights, self.work_folder, most)
            elif self.rows.get(unpruned_run(entry).name, {}).get("failure"):
                self._finish(
                    {
                        run.name: failed_row(run, f"the unpruned network {entry.initial} failed")
                        for run in runs
                    }
                )

    def _carry_out(self, tasks: Iterable[Task]) -> None:
        with closing(self.engine.carry_out(tasks)) as events:  # whatever happens, the networks' threads end
            for event in events:
                self._take(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._epochs |= dict.fromkeys(event.names, event.epoch)
            self._say(f"epoch {event.epoch} of {event.epochs}, {len(event.names)} networks")
        elif isinstance(event, Lost):
            self._say(f"a worker was lost; its {len(event.names)} networks go on elsewhere")
        elif isinstance(event, Kept) and event.content is None:
            self.work_folder.forget(event.name)
        elif isinstance(event, Kept):
            self.work_folder.save("checkpoints", event.name, event.content)
        else:
            for name, weights in event.weights.items():
                self.work_folder.save("dense", name, weights)
            self._finish(event.rows)

    def _finish(self, rows: dict[str, dict]) -> None:
        """Keeps rows, and writes the record."""
        for name, row in rows.items():
            self.rows[name] = row
            self.work_folder.finish(name, row)
            self._epochs[name] = _epochs(
                self._runs[name]
            )  # a run that failed early has nothing left to do either
        if self._results is not None:
            write_record(self._results, self.study, self.rows, self.engine.checksum)
        self._say(f"{len(self.rows)} of {len(self._runs)} runs done")

    def _say(self, what: str) -> None:
        images = self.engine.training_images
        self._report(what, images * sum(self._epochs.values()), images * self._total)


def _epochs(run: Run) -> int:
    """Epochs of training that a run adds to those of its unpruned network."""
    return expected_epochs(run) if run.ratio > 1 else 0
