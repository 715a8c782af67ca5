"""Which runs can train in one stack, and about how long each will train."""

from __future__ import annotations

from rerun.baselines import baseline
from rerun.pruning.filters.sizes import expected_saving
from rerun.study.arms import arm_recipe
from rerun.study.grid_study import Run, name_of


def company(run: Run) -> str:
    """Equal for runs whose networks have one shape and one recipe, but for the learning rate."""
    file = run.dense.study.file
    if run.arm is None:
        return name_of({"plan": run.plan})
    arm = file.arms[run.arm]
    settings: dict = {"plan": run.plan, "kind": arm.kind, "at_most": arm.at_most}
    recipe = arm.recipe or (file.fine_tuning if not arm.starts_anew else run.dense.recipe)
    settings["recipe"] = recipe.model_dump(
        mode="json", exclude={"learning_rate", "seed", "validation_error_at_most"}
    )
    if arm.kind.startswith("scratch-b") and run.plan is None:
        # The epochs follow from how many multiply-adds the mask leaves, and so perhaps from the seed.
        seed = run.seed if baseline(run.baseline).seeded else None
        settings["mask"] = [run.baseline, run.ratio, seed]
    return name_of(settings)


def expected_epochs(run: Run) -> int:
    """Epochs that the run trains; only expected where they follow from a mask that does not exist yet."""
    file = run.dense.study.file
    if run.arm is None:
        return file.fine_tuning.epochs
    saving = expected_saving(run.plan, file.architecture) if run.plan else run.ratio
    return arm_recipe(file.arms[run.arm], run.dense.recipe, file.fine_tuning, saving).epochs
