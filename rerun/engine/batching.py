"""Which runs can train in one stack, and about how long each will train."""

from __future__ import annotations

from rerun.baselines import baseline
from rerun.digests import name_of
from rerun.pruning.filters.sizes import expected_saving
from rerun.study.arms import arm_recipe
from rerun.study.study import PlannedRun

MAY_DIFFER = {"learning_rate", "seed", "validation_error_at_most"}
"""What networks of one stack need not share: each has a rate and a seed of its own, and the limit is no training."""


def batch_key(run: PlannedRun) -> str:
    """Equal for runs whose networks have one shape and one recipe, but for the learning rate."""
    file = run.dense.study.file
    if run.arm is None:
        return name_of({"plan": run.plan})
    arm = file.arms[run.arm]
    settings: dict = {"plan": run.plan, "kind": arm.kind, "at_most": arm.at_most}
    recipe = arm.recipe or (run.dense.recipe if arm.starts_anew else file.fine_tuning)
    settings["recipe"] = recipe.model_dump(mode="json", exclude=MAY_DIFFER)
    if arm.kind.startswith("scratch-b") and run.plan is None:
        # The epochs follow from how many multiply-adds the mask leaves, and so perhaps from the seed.
        seed = run.seed if baseline(run.baseline).seeded else None
        settings["mask"] = [run.baseline, run.ratio, seed]
    return name_of(settings)


def expected_epochs(run: PlannedRun) -> int:
    """Epochs that the run trains after its unpruned network was trained, or the round before it was done.

    Only expected where they follow from a mask that does not exist yet.
    """
    file = run.dense.study.file
    if file.rounds is not None:
        return run.dense.recipe.epochs - first_epoch(run)
    if run.is_unpruned:
        return 0
    if run.arm is None:
        return file.fine_tuning.epochs
    saving = expected_saving(run.plan, run.dense.architecture) if run.plan else run.ratio
    return arm_recipe(file.arms[run.arm], run.dense.recipe, file.fine_tuning, saving).epochs


def first_epoch(run: PlannedRun) -> int:
    """The epoch with which a run's training begins: rounds after the first go back to the rewind epoch only."""
    return run.dense.study.file.rewind_epoch if run.round else 0
