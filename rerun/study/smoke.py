"""The smoke of a study: the same study in a minute, to see that all of it works."""

from __future__ import annotations

from dataclasses import replace

from rerun.study.recipe import TrainingRecipe
from rerun.study.study import Study
from rerun.study.study_file import InitialModel, Invented

TRAINING, TEST, VALIDATION = 512, 200, 128
"""Images of the study's smoke, made in code."""


def smoke(study: Study) -> Study:
    """The same study in a minute, on images made in code; its runs have other names.

    At once: one epoch each, two ratios, two plans, one seed. In rounds: two rounds of two epochs, one seed.
    """
    file = study.file
    changes = {
        "invented": Invented(training=TRAINING, test=TEST),
        "checksum": None,
        "validation": 0 if file.protocol == "shrinkbench" else VALIDATION,
        "seeds": file.seeds[:1],
    }
    if file.rounds is None:
        arms = {}
        for name, arm in file.arms.items():
            recipe = None if arm.recipe is None else _short(arm.recipe, 1)
            arms[name] = arm.model_copy(update={"recipe": recipe})
        changes |= {
            "initial": {name: _short(recipe, 1) for name, recipe in file.initial.items()},
            "fine_tuning": _short(file.fine_tuning, 1),
            "arms": arms,
            "training_images": None,
            "ratios": file.ratios[:2],
            "plans": file.plans[:2],
        }
    else:
        # Half of the images, so that a study of several dataset sizes keeps at least that one.
        sizes = {min(images, TRAINING // 2) for images in file.training_parts if images is not None}
        changes |= {
            "training": _short(file.training, 2),
            "training_images": tuple(sorted(sizes)) or None,
            "rewind_epoch": min(1, file.rewind_epoch),
            "rounds": min(2, file.rounds),
        }
    return replace(study, name=f"{study.name}-smoke", file=file.model_copy(update=changes))


def _short(recipe: TrainingRecipe, epochs: int) -> TrainingRecipe:
    changes = {
        "epochs": epochs,
        "warm_up_epochs": 0.0,
        "batch_size": min(recipe.batch_size, 64),
    }
    if recipe.schedule == "step":  # its milestones lie beyond the end
        changes |= {"schedule": "constant", "milestones": ()}
    if isinstance(recipe, InitialModel):
        changes["validation_error_at_most"] = None
    return recipe.model_copy(update=changes)
