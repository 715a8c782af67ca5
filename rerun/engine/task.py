"""One stack of networks from its start to its rows: all that a process needs to train it, wherever it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch

from rerun.architectures import architecture
from rerun.engine.attempt import Attempt, Bench, Kept, Progress, on_cpu
from rerun.engine.outcome import dense_row, failed_row, finished_row, weights_digest
from rerun.engine.pruned import pruned_members
from rerun.study.grid_study import Dense, Run, Study, name_of
from rerun.study.recipe import Recipe
from rerun.training.member import Member


@dataclass(frozen=True)
class Task:
    """Networks that train together: unpruned ones (`names` of `Dense`), or runs pruned from the same `weights`."""

    study: Study
    name: str
    names: tuple[str, ...]
    weights: dict | None = None
    saved: dict | None = None

    @property
    def dense(self) -> list[Dense]:
        """The unpruned networks to train."""
        known = {entry.name: entry for entry in self.study.dense}
        return [known[name] for name in self.names]

    @property
    def runs(self) -> list[Run]:
        """What becomes of each network."""
        if self.weights is None:
            return [unpruned_run(entry) for entry in self.dense]
        known = {run.name: run for run in self.study.runs}
        return [known[name] for name in self.names]

    @property
    def recipe(self) -> Recipe:
        """How all of them are trained, but for the learning rates of unpruned ones."""
        return self.dense[0].recipe if self.weights is None else self.study.file.fine_tuning


@dataclass(frozen=True)
class Finished:
    """Rows by the run's name, and the weights of unpruned networks by their name."""

    rows: dict[str, dict]
    weights: dict[str, dict]


@dataclass(frozen=True)
class Lost:
    """Networks whose worker is gone, so that they start again elsewhere, from their last checkpoint if there is one."""

    names: tuple[str, ...]


Event = Progress | Kept | Finished | Lost


def unpruned_run(dense: Dense) -> Run:
    """The run in which the unpruned network is measured as it is."""
    return next(run for run in dense.study.runs if run.dense is dense and run.ratio == 1)


def carry_out(task: Task, bench: Bench) -> Iterator[Event]:
    """What happens while the stack trains, its rows last; none if the time was up before its end."""
    ready = _unpruned(task, bench) if task.weights is None else _pruned(task, bench)
    members = {
        name: member for name, member in zip(task.names, ready, strict=True) if isinstance(member, Member)
    }
    if len(members) < len(ready):
        impossible = [(run, why) for run, why in zip(task.runs, ready, strict=True) if isinstance(why, str)]
        yield Finished({run.name: failed_row(run, why) for run, why in impossible}, {})
    if not members:
        return
    task = replace(task, names=tuple(members))
    recipe = next(iter(members.values())).recipe or task.recipe
    attempt = Attempt(task.name, task.names, list(members.values()), recipe, task.saved, bench)
    fits = True
    try:
        yield from attempt.events()
    except torch.OutOfMemoryError:
        attempt.release()
        fits = False
    if not fits:
        yield from _in_halves(replace(task, saved=attempt.saved), bench)
    elif attempt.accuracies is not None:
        yield _finished(task, attempt, bench)
        yield Kept(task.name, None)


def _unpruned(task: Task, bench: Bench) -> list[Member | str]:
    """Unpruned networks with the same recipe, each from its own seed."""
    entry, classes = architecture(task.study.file.architecture), bench.data.source.classes
    recipes = [one.recipe for one in task.dense]
    return [
        Member(entry.build(classes, recipe.seed), recipe.seed, recipe.learning_rate) for recipe in recipes
    ]


def _pruned(task: Task, bench: Bench) -> list[Member | str]:
    """Runs pruned from one network, or why one cannot be."""
    entry, classes = architecture(task.study.file.architecture), bench.data.source.classes
    return [member for _, member in pruned_members(task.runs, entry, classes, task.weights, bench.data)]


def _finished(task: Task, attempt: Attempt, bench: Bench) -> Finished:
    rows, weights, each = {}, {}, attempt.seconds / len(task.names)
    digest = task.weights and weights_digest(task.weights)
    for number, (run, accuracy) in enumerate(zip(task.runs, attempt.accuracies, strict=True)):
        measured = attempt.training, number, accuracy, each, bench.device
        if run.ratio > 1:
            rows[run.name] = finished_row(run, *measured, digest)
            continue
        rows[run.name] = dense_row(run.dense, *measured)
        if rows[run.name]["failure"] is None:
            weights[run.dense.name] = on_cpu(attempt.training.courses[number].best)
    return Finished(rows, weights)


def _in_halves(task: Task, bench: Bench) -> Iterator[Event]:
    """The same networks, half as many at a time, from the last checkpoint of all of them."""
    if bench.device.name.startswith("cuda"):
        torch.cuda.empty_cache()
    if len(task.names) == 1:
        (run,) = task.runs
        yield Finished({run.name: failed_row(run, "out of memory with a single network")}, {})
        yield Kept(task.name, None)
        return
    middle, halves = len(task.names) // 2, []
    for part in (slice(None, middle), slice(middle, None)):
        names, saved = task.names[part], task.saved
        cut = saved and {**saved, "courses": saved["courses"][part], "states": saved["states"][part]}
        halves.append(replace(task, name=name_of(list(names)), names=names, saved=cut))
        if cut:
            yield Kept(halves[-1].name, {"runs": list(names), "training": cut})
    yield Kept(task.name, None)
    for half in halves:
        yield from carry_out(half, bench)
