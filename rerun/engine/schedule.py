"""What a study still needs, in which stacks and in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rerun.engine.batching import company
from rerun.engine.task import Task
from rerun.engine.work_folder import WorkFolder
from rerun.study.grid_study import Dense, Run, Study, name_of


def unpruned_networks(pending: list[Run], work_folder: WorkFolder) -> list[Dense]:
    """Unpruned networks to train before these runs: those that are runs themselves, and those not kept."""
    needed = {run.dense.name: run.dense for run in pending}
    wanted = {run.dense.name for run in pending if run.ratio == 1}
    return [
        entry for name, entry in needed.items() if name in wanted or work_folder.load("dense", name) is None
    ]


def unpruned_tasks(study: Study, dense: list[Dense], work_folder: WorkFolder) -> Iterator[Task]:
    """One stack for each recipe; seed and learning rate may differ within it."""
    groups: dict[str, list[str]] = {}
    for entry in dense:
        recipe = entry.recipe.model_dump(
            exclude={"seed", "learning_rate", "validation_error_at_most"}, mode="json"
        )
        groups.setdefault(name_of(recipe), []).append(entry.name)
    for names in groups.values():
        name = name_of(names)
        content = work_folder.load("checkpoints", name)
        yield Task(study, name, tuple(names), saved=content and content["training"])


def pruned_tasks(
    study: Study, pending: list[Run], weights: dict, work_folder: WorkFolder, most: Callable[[], int]
) -> Iterator[Task]:
    """Interrupted stacks as they were, then the rest, those alike together, at most `most` networks in each."""
    left = {run.name: run for run in pending}
    for name, content in work_folder.checkpoints():
        if set(content["runs"]) <= set(left):
            for run in content["runs"]:
                del left[run]
            yield Task(study, name, tuple(content["runs"]), weights, content["training"])
    at_once = study.file.networks_at_once or (most() if left else 1)
    for names in _in_company(study, left):
        for start in range(0, len(names), at_once):
            part = names[start : start + at_once]
            yield Task(study, name_of(part), tuple(part), weights)


def _in_company(study: Study, left: dict[str, Run]) -> Iterator[list[str]]:
    """Runs that can share a stack: one shape, one recipe but for the learning rate, and one seed.

    Runs of several arms are so many small groups that all seeds go together, if equally many of each are left.
    """
    groups: dict[str, dict[int, list[str]]] = {}
    for seed in study.file.seeds:
        for name, run in left.items():
            if run.seed == seed:
                groups.setdefault(company(run), {}).setdefault(seed, []).append(name)
    for seeds in groups.values():
        if len({len(names) for names in seeds.values()}) == 1 and study.file.arms:
            yield [name for names in seeds.values() for name in names]
        else:
            yield from seeds.values()
