"""One study's runs on their way: what is done, what is not, and having it done; finished rows are kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Protocol

from rerun.engine.attempt import Checkpoint, Progress
from rerun.engine.batching import expected_epochs
from rerun.engine.outcome import failed_row
from rerun.engine.rounds import Carried
from rerun.engine.schedule import (
    networks_alike,
    pruned_tasks,
    round_tasks,
    unpruned_networks,
    unpruned_tasks,
)
from rerun.engine.task import Event, Lost, Rewinding, Task, unpruned_run
from rerun.record.rows import recorded_rows, write_record
from rerun.record.work_folder import WorkFolder
from rerun.study.study import Dense, PlannedRun, Study

Report = Callable[[str, int, int], None]
"""Called with a sentence, the images trained so far and the images in all (each image once per network)."""


class Engine(Protocol):
    """Who trains stacks: `Local` or `Ray`."""

    checksum: str
    training_images: int
    one_shape: bool
    """Whether all networks of a stack must have the same shape."""

    @property
    def time_is_up(self) -> bool: ...
    def networks_at_once(self, dense: Dense, pending: int) -> int: ...
    def carry_out(self, tasks: Iterable[Task]) -> Generator[Event]: ...


class Grid:
    """The runs of one study: what is done, what is not, and having it done."""

    def __init__(
        self, study: Study, engine: Engine, work_folder: WorkFolder, results: Path | None, report: Report
    ):
        self.study, self.engine, self.work_folder = study, engine, work_folder
        self._results, self._report = results, report
        self._runs = {run.name: run for run in study.runs}
        self._carried: dict[str, Carried] = {}
        self._trained: dict[str, int] = {}
        self._total = 0

    def run(self, limit: int | None = None) -> dict[str, dict]:
        """Has done what is not done yet, at most `limit` runs; all rows by the run's name."""
        self.rows = recorded_rows(self._results, self.study) | self.work_folder.finished()
        for name, row in self.rows.items():
            if name in self._runs:
                self.work_folder.finish(name, row)
        pending = self._pending()[:limit]
        self._total = sum(map(self._images, pending))
        if self.study.file.rounds is None:
            self._one_shot(pending)
        else:
            self._carry_out(self._in_rounds(pending))
        return self.rows

    def _pending(self) -> list[PlannedRun]:
        return [run for run in self.study.runs if run.name not in self.rows]

    def _one_shot(self, pending: list[PlannedRun]) -> None:
        """Unpruned networks first, then everything pruned from them."""
        networks = unpruned_networks(pending, self.work_folder)
        for dense in networks:
            self._total += self._images_of(dense, dense.recipe.epochs)
        self._carry_out(unpruned_tasks(self.study, networks, self.work_folder))
        # However little time there is, every start gets somewhere: it ends here only if it has trained something.
        if not (networks and self.engine.time_is_up):
            self._carry_out(self._pruned([run for run in pending if run.name not in self.rows]))

    def _pruned(self, pending: list[PlannedRun]) -> Iterator[Task]:
        """The stacks of each unpruned network in turn."""
        for dense in {run.dense.name: run.dense for run in pending}.values():
            runs = [run for run in pending if run.dense is dense]
            weights = self.work_folder.load("dense", dense.name)
            if weights is not None:
                most = partial(self.engine.networks_at_once, dense, len(pending))
                yield from pruned_tasks(self.study, runs, weights, self.work_folder, most)
            elif self.rows.get(unpruned_run(dense).name, {}).get("failure"):
                self._fail(runs, f"the unpruned network {dense.initial} failed")

    def _in_rounds(self, pending: list[PlannedRun]) -> Iterator[Task]:
        """Each stack of networks through its rounds; a round follows from what was taken of the one before."""
        last = {run.dense.name: run.round for run in pending}  # they stand in the order of rounds
        for alike in networks_alike(self.study, one_shape=self.engine.one_shape):
            most = self.study.file.networks_at_once or self.engine.networks_at_once(alike[0], len(pending))
            for start in range(0, len(alike), most):
                yield from self._rounds_of(alike[start : start + most], last)

    def _rounds_of(self, networks: list[Dense], last: dict[str, int]) -> Iterator[Task]:
        """These networks up to their last pending rounds, those first that are furthest behind."""
        for dense in networks:
            self._carried[dense.name] = self._left_at(dense)
        while unfinished := [dense for dense in networks if self._goes_on(dense, last)]:
            number = min(self._carried[dense.name].round for dense in unfinished)
            carried = {}
            for dense in unfinished:
                if self._carried[dense.name].round == number:
                    carried[dense.name] = self._carried[dense.name]
            runs = [self._run_of(dense, number) for dense in unfinished if dense.name in carried]
            yield from round_tasks(self.study, runs, carried, self.work_folder)

    def _left_at(self, dense: Dense) -> Carried:
        """Where the network was left; at the beginning if a round before that has no row any more."""
        carried = Carried(**(self.work_folder.load("chains", dense.name) or {}))
        rows_lost = any(run.round < carried.round for run in self._pending() if run.dense is dense)
        return Carried() if rows_lost else carried

    def _goes_on(self, dense: Dense, last: dict[str, int]) -> bool:
        """Whether rounds are to be done; those after a failed one are written down as failed."""
        carried = self._carried[dense.name]
        if carried.failure is None:
            return carried.round <= last.get(dense.name, -1)
        rest = [run for run in self._pending() if run.dense is dense]
        if rest:
            self._fail(rest, f"an earlier round failed: {carried.failure}")
        return False

    def _run_of(self, dense: Dense, number: int) -> PlannedRun:
        return next(run for run in self.study.runs if run.dense is dense and run.round == number)

    def _carry_out(self, tasks: Iterable[Task]) -> None:
        with closing(self.engine.carry_out(tasks)) as events:  # whatever happens, the networks' threads end
            for event in events:
                self._take(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, Progress):
            for name in event.names:
                self._trained[name] = self._images_of(self._dense(name), event.epoch - event.first)
            self._say(f"epoch {event.epoch} of {event.epochs}, {len(event.names)} networks")
        elif isinstance(event, Lost):
            self._say(f"a worker was lost; its {len(event.names)} networks go on elsewhere")
        elif isinstance(event, Rewinding):
            self._keep_carried(event.carried)
        elif isinstance(event, Checkpoint) and event.content is None:
            self.work_folder.forget(event.name)
        elif isinstance(event, Checkpoint):
            self.work_folder.save("checkpoints", event.name, event.content)
        else:
            # Unpruned networks before their rows, which say that they are there; rows before what is carried on,
            # since a stop in between repeats the round and finds the same.
            for name, weights in event.weights.items():
                self.work_folder.save("dense", name, weights)
            self._finish(event.rows)
            self._keep_carried(event.carried)

    def _keep_carried(self, carried: dict[str, Carried]) -> None:
        for name, content in carried.items():
            self._carried[name] = content
            self.work_folder.save("chains", name, vars(content))

    def _fail(self, runs: list[PlannedRun], reason: str) -> None:
        self._finish({run.name: failed_row(run, reason) for run in runs})

    def _finish(self, rows: dict[str, dict]) -> None:
        """Keeps rows, and writes the record."""
        for name, row in rows.items():
            self.rows[name] = row
            self.work_folder.finish(name, row)
            # A run that failed early has nothing left to do either.
            self._trained[name] = self._images(self._runs[name])
        if self._results is not None:
            write_record(self._results, self.study, self.rows, self.engine.checksum)
        self._say(f"{len(self.rows)} of {len(self._runs)} runs done")

    def _images(self, run: PlannedRun) -> int:
        return self._images_of(run.dense, expected_epochs(run))

    def _images_of(self, dense: Dense, epochs: int) -> int:
        return epochs * (dense.training_images or self.engine.training_images)

    def _dense(self, name: str) -> Dense:
        """The unpruned network of this name, or that of the run of this name."""
        if name in self._runs:
            return self._runs[name].dense
        return next(dense for dense in self.study.dense if dense.name == name)

    def _say(self, what: str) -> None:
        self._report(what, sum(self._trained.values()), self._total)
