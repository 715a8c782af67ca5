"""What a study still needs, in which stacks and in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rerun.digests import name_of
from rerun.engine.batching import MAY_DIFFER, batch_key
from rerun.engine.rounds import Carried
from rerun.engine.task import Task
from rerun.pruning.counts import anatomy
from rerun.record.work_folder import WorkFolder
from rerun.study.study import Dense, PlannedRun, Study


def unpruned_networks(pending: list[PlannedRun], work_folder: WorkFolder) -> list[Dense]:
    """Unpruned networks to train before these runs: those that are runs themselves, and those not kept."""
    needed = {run.dense.name: run.dense for run in pending}
    measured = {run.dense.name for run in pending if run.is_unpruned}
    return [
        dense
        for name, dense in needed.items()
        if name in measured or work_folder.load("dense", name) is None
    ]


def unpruned_tasks(study: Study, networks: list[Dense], work_folder: WorkFolder) -> Iterator[Task]:
    """One stack for each recipe; seed and learning rate may differ within it."""
    groups: dict[str, list[str]] = {}
    for dense in networks:
        recipe = dense.recipe.model_dump(exclude=MAY_DIFFER, mode="json")
        groups.setdefault(name_of(recipe), []).append(dense.name)
    for names in groups.values():
        name = name_of(names)
        content = work_folder.load("checkpoints", name)
        yield Task(study, name, tuple(names), saved=content and content["training"])


def pruned_tasks(
    study: Study, pending: list[PlannedRun], weights: dict, work_folder: WorkFolder, most: Callable[[], int]
) -> Iterator[Task]:
    """Interrupted stacks as they were, then the rest, those alike together, at most `most` networks in each."""
    left = {run.name: run for run in pending}
    yield from _interrupted(Task(study, "", (), weights), left, work_folder)
    at_once = study.file.networks_at_once or (most() if left else 1)
    for names in _alike(study, left):
        for start in range(0, len(names), at_once):
            part = names[start : start + at_once]
            yield Task(study, name_of(part), tuple(part), weights)


def round_tasks(
    study: Study, runs: list[PlannedRun], carried: dict[str, Carried], work_folder: WorkFolder
) -> Iterator[Task]:
    """One round of networks that may share a stack: an interrupted stack as it was, then the rest."""
    left = {run.name: run for run in runs}
    shared = Task(study, "", (), carried=carried)
    yield from _interrupted(shared, left, work_folder)
    if left:
        names = list(left)
        yield Task(study, name_of(names), tuple(names), carried=carried)


def _interrupted(shared: Task, left: dict[str, PlannedRun], work_folder: WorkFolder) -> Iterator[Task]:
    """Stacks with a checkpoint all of whose runs are left; these are taken out of `left`."""
    for name, content in work_folder.checkpoints():
        names = tuple(content["runs"])
        if set(names) <= set(left):
            for run in names:
                del left[run]
            yield Task(shared.study, name, names, shared.weights, content["training"], shared.carried)


def _alike(study: Study, left: dict[str, PlannedRun]) -> Iterator[list[str]]:
    """Names of runs that can share a stack: one shape, one recipe but for the learning rate, and one seed.

    Runs of several arms are so many small groups that all seeds go together, if equally many of each are left.
    """
    groups: dict[str, dict[int, list[str]]] = {}
    for seed in study.file.seeds:
        for name, run in left.items():
            if run.seed == seed:
                groups.setdefault(batch_key(run), {}).setdefault(seed, []).append(name)
    for seeds in groups.values():
        if len({len(names) for names in seeds.values()}) == 1 and study.file.arms:
            yield [name for names in seeds.values() for name in names]
        else:
            yield from seeds.values()


def networks_alike(study: Study, *, one_shape: bool) -> list[list[Dense]]:
    """Networks in rounds that may share a stack: those with the same images and, where it must be, of one shape."""
    groups: dict[tuple[int | None, str], list[Dense]] = {}
    for dense in study.dense:
        shape = dense.architecture if one_shape else ""
        groups.setdefault((dense.training_images, shape), []).append(dense)
    for group in groups.values():
        # The largest first, so that threads that take one network after another end a step together.
        group.sort(key=lambda dense: -anatomy(dense.architecture).multiply_adds)
    return list(groups.values())
