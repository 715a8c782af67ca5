"""One stack of networks from its start to its rows: all that a process needs to train it, wherever it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import torch
from torch import Tensor

from rerun.architectures import architecture
from rerun.digests import name_of
from rerun.engine.attempt import Attempt, Bench, Checkpoint, Progress, on_cpu
from rerun.engine.batching import first_epoch
from rerun.engine.outcome import (
    TrainedNetwork,
    dense_row,
    failed_row,
    finished_row,
    round_row,
    weights_digest,
)
from rerun.engine.pruned import pruned_members
from rerun.engine.rounds import Carried, member_of_round
from rerun.study.recipe import TrainingRecipe
from rerun.study.study import Dense, PlannedRun, Study
from rerun.training.member import Member


@dataclass(frozen=True)
class Task:
    """Networks that train together, one of three: unpruned ones, runs pruned from the same network, runs in one round.

    `names` are those of the unpruned networks (`Dense`), else of the runs. `weights` are there of the network to prune
    at once, `carried` by the unpruned network's name of those that are in rounds. `saved` is the last checkpoint.
    """

    study: Study
    name: str
    names: tuple[str, ...]
    weights: dict | None = None
    saved: dict | None = None
    carried: dict[str, Carried] | None = None

    @property
    def trains_unpruned(self) -> bool:
        """Whether `names` are those of unpruned networks, which are trained to be pruned at once."""
        return self.weights is None and self.carried is None

    @property
    def runs(self) -> list[PlannedRun]:
        """What becomes of each network."""
        known = self._runs_by_name
        return [known[name] for name in self.names]

    @cached_property
    def _runs_by_name(self) -> dict[str, PlannedRun]:
        if self.trains_unpruned:
            return {run.dense.name: run for run in self.study.runs if run.is_unpruned}
        return {run.name: run for run in self.study.runs}

    @property
    def recipe(self) -> TrainingRecipe:
        """How all of them are trained, but for the learning rates of unpruned ones and the recipes of arms."""
        return self.study.file.fine_tuning if self.weights is not None else self.runs[0].dense.recipe


@dataclass(frozen=True)
class Finished:
    """Rows by the run's name; by the unpruned network's name its weights, or what it carries to the next round."""

    rows: dict[str, dict]
    weights: dict[str, dict] = field(default_factory=dict)
    carried: dict[str, Carried] = field(default_factory=dict)


@dataclass(frozen=True)
class Rewinding:
    """Networks that have trained to the rewind epoch: what they carry, by name, with the weights to go back to."""

    carried: dict[str, Carried]


@dataclass(frozen=True)
class Lost:
    """Networks whose worker is gone, so that they start again elsewhere, from their last checkpoint if there is one."""

    names: tuple[str, ...]


Event = Progress | Checkpoint | Rewinding | Finished | Lost


def unpruned_run(dense: Dense) -> PlannedRun:
    """The run in which the unpruned network is measured as it is."""
    return next(run for run in dense.study.runs if run.dense is dense and run.is_unpruned)


def carry_out(task: Task, bench: Bench) -> Iterator[Event]:
    """What happens while the stack trains, its rows last; none if the time was up before its end."""
    bench = bench.with_images(task.runs[0].dense.training_images)
    members: dict[str, Member] = {}
    impossible: dict[PlannedRun, str] = {}
    for name, run, member in zip(task.names, task.runs, _members(task, bench), strict=True):
        if isinstance(member, Member):
            members[name] = member
        else:
            impossible[run] = member
    if impossible:
        yield _failed(task, impossible)
    if not members:
        return
    task = replace(task, names=tuple(members))
    recipe = next(iter(members.values())).recipe or task.recipe
    first = first_epoch(task.runs[0])
    attempt = Attempt(task.name, task.names, list(members.values()), recipe, task.saved, bench, first)
    fits = True
    try:
        for event in _with_rewinding(task, attempt):
            if isinstance(event, Rewinding):
                task = replace(task, carried=task.carried | event.carried)
            yield event
    except torch.OutOfMemoryError:
        attempt.release()
        fits = False
    if not fits:
        yield from _in_halves(replace(task, saved=attempt.saved), bench)
    elif attempt.accuracies is not None:
        yield _finished(task, attempt, bench)
        yield Checkpoint(task.name, None)


def _members(task: Task, bench: Bench) -> list[Member | str]:
    """The networks at the start of their training, each as a member of the stack or as the reason why it cannot be."""
    runs, classes = task.runs, bench.data.source.classes
    if task.carried is not None:
        return [member_of_round(run, task.carried[run.dense.name], classes) for run in runs]
    entry = architecture(runs[0].dense.architecture)
    if task.weights is not None:
        return [member for _, member in pruned_members(runs, entry, classes, task.weights, bench.data)]
    members = []
    for run in runs:
        dense = run.dense
        members.append(Member(entry.build(classes, dense.seed), dense.seed, dense.recipe.learning_rate))
    return members


def _with_rewinding(task: Task, attempt: Attempt) -> Iterator[Event]:
    """What happens while the stack trains; what the networks are rewound to comes out before anything that follows it.

    A checkpoint made later would let training go on without it.
    """
    is_due = task.carried is not None and task.runs[0].round == 0
    rewind_epoch = task.study.file.rewind_epoch
    if is_due and rewind_epoch == 0:
        yield _rewinding(task, [member.network.state_dict() for member in attempt.members])
        is_due = False
    for event in attempt.events():
        if is_due and attempt.training.epoch == rewind_epoch:
            stack = attempt.training.stack
            yield _rewinding(task, [stack.state(place)["network"] for place in range(len(stack))])
            is_due = False
        yield event


def _rewinding(task: Task, states: list[dict[str, Tensor]]) -> Rewinding:
    carried = {}
    for run, state in zip(task.runs, states, strict=True):
        rewound = {name: tensor.cpu().clone() for name, tensor in state.items()}
        carried[run.dense.name] = replace(task.carried[run.dense.name], rewound=rewound)
    return Rewinding(carried)


def _finished(task: Task, attempt: Attempt, bench: Bench) -> Finished:
    rows, weights, carried = {}, {}, {}
    seconds = attempt.seconds / len(task.names)
    digest = None if task.weights is None else weights_digest(task.weights)
    for place, (run, accuracy) in enumerate(zip(task.runs, attempt.accuracies, strict=True)):
        trained = TrainedNetwork(attempt.training, place, accuracy, seconds, bench.device)
        dense = run.dense
        if task.carried is not None:
            before = task.carried[dense.name]
            rows[run.name] = round_row(run, trained, weights_digest(before.rewound))
            carried[dense.name] = before.after(trained.course, trained.member.mask)
        elif task.weights is not None:
            rows[run.name] = finished_row(run, trained, digest)
        else:
            rows[run.name] = dense_row(dense, trained)
            if rows[run.name]["failure"] is None:
                weights[dense.name] = on_cpu(trained.course.best)
    return Finished(rows, weights, carried)


def _failed(task: Task, reasons: dict[PlannedRun, str]) -> Finished:
    """Runs that gave no network."""
    rows = {run.name: failed_row(run, reason) for run, reason in reasons.items()}
    carried = {}
    if task.carried is not None:
        for run, reason in reasons.items():
            carried[run.dense.name] = task.carried[run.dense.name].failed(reason)
    return Finished(rows, carried=carried)


def _in_halves(task: Task, bench: Bench) -> Iterator[Event]:
    """The same networks, half as many at a time, from the last checkpoint of all of them."""
    if bench.device.name.startswith("cuda"):
        torch.cuda.empty_cache()
    if len(task.names) == 1:
        yield _failed(task, {task.runs[0]: "out of memory with a single network"})
        yield Checkpoint(task.name, None)
        return
    middle, halves = len(task.names) // 2, []
    for part in (slice(None, middle), slice(middle, None)):
        names, saved = task.names[part], task.saved
        cut = None
        if saved is not None:
            cut = {**saved, "courses": saved["courses"][part], "states": saved["states"][part]}
        half = replace(task, name=name_of(list(names)), names=names, saved=cut)
        halves.append(half)
        if cut is not None:
            yield Checkpoint(half.name, {"runs": list(names), "training": cut})
    yield Checkpoint(task.name, None)
    for half in halves:
        yield from carry_out(half, bench)
