"""One study's grid on its way: unpruned networks first, then everything pruned from them, stack by stack."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch

from rerun.architectures import architecture
from rerun.capacity import networks_at_once
from rerun.data import Data
from rerun.device import Device
from rerun.experiment import Dense, Run, Study, name_of
from rerun.folder_data import FolderData
from rerun.grouped import Grouped
from rerun.measure import Accuracy
from rerun.member import Member
from rerun.outcome import dense_row, failed_row, finished_row, weights_digest
from rerun.pruned import pruned_members
from rerun.recipe import Recipe
from rerun.record import recorded_runs, write_record
from rerun.side_by_side import SideBySide
from rerun.train import Training, test_accuracies
from rerun.workplace import Workplace

Report = Callable[[str, int, int], None]
"""Called with a sentence, the images trained so far and the images in all (each image once per network)."""


class Grid:
    """The runs of one study: what is done, what is not, and doing it."""

    def __init__(
        self,
        study: Study,
        data: Data | FolderData,
        device: Device,
        workplace: Workplace,
        results: Path | None,
        report: Report,
        interval: float,
    ):
        self.study, self.device, self.workplace = study, device, workplace
        self._results, self._report, self._interval = results, report, interval
        self._cpu_data, self.data = data, data.to(device.name)
        self._entry, self._classes = architecture(study.file.architecture), data.source.classes
        self._started = time.monotonic()
        self._done = self._total = 0
        self._has_news = False

    def run(self, limit: int | None = None) -> dict[str, dict]:
        """Does what is not done yet; all rows by the run's name."""
        self.rows = recorded_runs(self._results, self.study) | self.workplace.finished()
        for run in self.study.runs:
            if run.name in self.rows:
                self.workplace.finish(run.name, self.rows[run.name])
        pending = [run for run in self.study.runs if run.name not in self.rows][:limit]
        needed = {run.dense.name: run.dense for run in pending}
        unpruned = {run.dense.name for run in pending if run.ratio == 1}
        dense = [
            entry
            for entry in needed.values()
            if entry.name in unpruned or self.workplace.load("dense", entry.name) is None
        ]
        self._total = self._images_to_train(dense, pending)
        for alike in _alike(dense):
            self._train_dense(alike)
        pending = [run for run in pending if run.name not in self.rows]
        for entry in needed.values():
            if any(run.dense is entry for run in pending):
                self._prune(entry, [run for run in pending if run.dense is entry])
        self._write_record()
        return self.rows

    def _images_to_train(self, dense: list[Dense], pending: list[Run]) -> int:
        epochs = sum(entry.recipe.epochs for entry in dense)
        epochs += self.study.file.fine_tuning.epochs * sum(run.ratio > 1 for run in pending)
        return epochs * len(self.data.training)

    def _train_dense(self, alike: list[Dense]) -> None:
        """Unpruned networks with the same recipe, each from its own seed."""
        recipe = alike[0].recipe
        members = [
            Member(self._entry.build(self._classes, entry.recipe.seed), entry.recipe.seed, entry.recipe.learning_rate)
            for entry in alike
        ]
        name = name_of([entry.name for entry in alike])
        training, accuracies, seconds = self._train(
            name, [entry.name for entry in alike], members, recipe, self._saved(name)
        )
        for number, entry in enumerate(alike):
            row = dense_row(entry, training, number, accuracies[number], seconds / len(alike), self.device)
            self._finish(next(run.name for run in self.study.runs if run.dense is entry and run.ratio == 1), row)
            if row["failure"] is None:
                self.workplace.save("dense", entry.name, training.courses[number].best)
        self.workplace.forget(name)

    def _prune(self, dense: Dense, pending: list[Run]) -> None:
        weights = self.workplace.load("dense", dense.name)
        if weights is None:
            reason = f"the unpruned network {dense.initial} failed"
            for run in pending:
                self._finish(run.name, failed_row(run, reason))
            return
        for name, runs, saved in self._stacks(pending):
            self._train_pruned(name, runs, weights, saved)
            self._write_record()

    def _stacks(self, pending: list[Run]) -> Iterator[tuple[str, list[Run], dict | None]]:
        """Interrupted stacks as they were, then the rest, one seed at a time, as many networks as fit."""
        left = {run.name: run for run in pending}
        for name, saved in self.workplace.checkpoints():
            if set(saved["runs"]) <= set(left):
                yield name, [left.pop(run) for run in saved["runs"]], saved["training"]
        file = self.study.file
        most = file.networks_at_once or networks_at_once(
            self._entry, self._classes, file.fine_tuning.batch_size, self.device.name, self.device.threads
        )
        for seed in file.seeds:
            runs = [run for run in left.values() if run.seed == seed]
            for start in range(0, len(runs), most):
                part = runs[start : start + most]
                yield name_of([run.name for run in part]), part, None

    def _train_pruned(self, name: str, runs: list[Run], weights: dict, saved: dict | None) -> None:
        members, runs = self._members(runs, weights)
        if not runs:
            return
        names = [run.name for run in runs]
        try:
            training, accuracies, seconds = self._train(name, names, members, self.study.file.fine_tuning, saved)
        except torch.OutOfMemoryError:
            self._train_in_halves(name, runs, weights)
            return
        for number, run in enumerate(runs):
            each = seconds / len(runs)
            row = finished_row(run, training, number, accuracies[number], each, self.device, weights_digest(weights))
            self._finish(run.name, row)
        self.workplace.forget(name)

    def _train_in_halves(self, name: str, runs: list[Run], weights: dict) -> None:
        """The same networks, half as many at a time, from the last checkpoint of all of them."""
        if self.device.name.startswith("cuda"):
            torch.cuda.empty_cache()
        if len(runs) == 1:
            self._finish(runs[0].name, failed_row(runs[0], "out of memory with a single network"))
            return
        saved = self._saved(name)
        middle = len(runs) // 2
        for part in (slice(None, middle), slice(middle, None)):
            own = [run.name for run in runs[part]]
            cut = saved and {**saved, "courses": saved["courses"][part], "states": saved["states"][part]}
            if cut:
                self.workplace.save("checkpoints", name_of(own), {"runs": own, "training": cut})
        self.workplace.forget(name)
        for part in (slice(None, middle), slice(middle, None)):
            half = name_of([run.name for run in runs[part]])
            self._train_pruned(half, runs[part], weights, self._saved(half))

    def _members(self, runs: list[Run], weights: dict) -> tuple[list[Member], list[Run]]:
        """Networks ready for fine-tuning; a run that cannot be pruned is recorded and left out."""
        good, members = [], []
        for run, member in pruned_members(runs, self._entry, self._classes, weights, self._cpu_data):
            if isinstance(member, str):
                self._finish(run.name, failed_row(run, member))
            else:
                good.append(run)
                members.append(member)
        return members, good

    def _train(
        self, name: str, runs: list[str], members: Sequence[Member], recipe: Recipe, saved: dict | None
    ) -> tuple[Training, list[Accuracy], float]:
        started = time.monotonic()
        if self.device.name == "cpu":
            stack = SideBySide(members, recipe, "cpu", self.device.threads)
        else:
            stack = Grouped(members, recipe, self.device.name, self.device.precision)
        training = Training(stack, self.data, recipe)
        before = 0.0
        if saved:
            training.resume(saved)
            before = saved["seconds"]
            self._done += training.epoch * len(members) * len(self.data.training)
        last = time.monotonic()

        def after_epoch(training: Training) -> None:
            nonlocal last
            self._done += len(members) * len(self.data.training)
            if training.epoch < recipe.epochs and time.monotonic() - last >= self._interval:
                content = {**training.saved(), "seconds": before + time.monotonic() - started}
                self.workplace.save("checkpoints", name, {"runs": runs, "training": content})
                last = time.monotonic()
            done = f"epoch {training.epoch} of {recipe.epochs}, {len(members)} networks"
            self._report(done, self._done, self._total)

        try:
            training.run(after_epoch)
            accuracies = test_accuracies(training)
        finally:
            stack.close()
        return training, accuracies, before + time.monotonic() - started

    def _saved(self, name: str) -> dict | None:
        content = self.workplace.load("checkpoints", name)
        return content and content["training"]

    def _finish(self, name: str, row: dict) -> None:
        self.rows[name] = row
        self._has_news = True
        self.workplace.finish(name, row)

    def _write_record(self) -> None:
        if self._results is not None and self._has_news:
            write_record(self._results, self.study, self.rows, self._cpu_data.checksum)


def _alike(dense: list[Dense]) -> Iterator[list[Dense]]:
    """Unpruned networks grouped by recipe; seed and learning rate may differ within a group."""
    groups: dict[str, list[Dense]] = {}
    for entry in dense:
        recipe = entry.recipe.model_dump(exclude={"seed", "learning_rate", "validation_error_at_most"}, mode="json")
        groups.setdefault(name_of(recipe), []).append(entry)
    yield from groups.values()
