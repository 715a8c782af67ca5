"""What a study still needs, in which stacks and in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rerun.experiment import Dense, Run, Study, name_of
from rerun.task import Task
from rerun.workplace import Workplace


def unpruned_networks(pending: list[Run], workplace: Workplace) -> list[Dense]:
    """Unpruned networks to train before these runs: those that are runs themselves, and those not kept."""
    needed = {run.dense.name: run.dense for run in pending}
    wanted = {run.dense.name for run in pending if run.ratio == 1}
    return [entry for name, entry in needed.items() if name in wanted or workplace.load("dense", name) is None]


def unpruned_tasks(study: Study, dense: list[Dense], workplace: Workplace) -> Iterator[Task]:
    """One stack for each recipe; seed and learning rate may differ within it."""
    groups: dict[str, list[str]] = {}
    for entry in dense:
        recipe = entry.recipe.model_dump(exclude={"seed", "learning_rate", "validation_error_at_most"}, mode="json")
        groups.setdefault(name_of(recipe), []).append(entry.name)
    for names in groups.values():
        name = name_of(names)
        content = workplace.load("checkpoints", name)
        yield Task(study, name, tuple(names), saved=content and content["training"])


def pruned_tasks(
    study: Study, pending: list[Run], weights: dict, workplace: Workplace, most: Callable[[], int]
) -> Iterator[Task]:
    """Interrupted stacks as they were, then the rest, one seed at a time, at most `most` networks in each."""
    left = {run.name: run for run in pending}
    for name, content in workplace.checkpoints():
        if set(content["runs"]) <= set(left):
            for run in content["runs"]:
                del left[run]
            yield Task(study, name, tuple(content["runs"]), weights, content["training"])
    at_once = study.file.networks_at_once or (most() if left else 1)
    for seed in study.file.seeds:
        names = [name for name, run in left.items() if run.seed == seed]
        for start in range(0, len(names), at_once):
            part = names[start : start + at_once]
            yield Task(study, name_of(part), tuple(part), weights)
