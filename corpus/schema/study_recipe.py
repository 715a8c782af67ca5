"""The settings of a study of our own, read as the recipes of its results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from corpus.schema.paper import PaperFile
from corpus.schema.recipe import BaseModelUsed, Recipe, Stage

OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}
SAME = ("epochs", "learning_rate", "batch_size", "momentum", "nesterov", "weight_decay", "warm_up_epochs")
"""Keys that a study and a recipe write alike."""
OWN = ("optimizer", "schedule", "milestones", "factor")
NOT_OF_THE_COURSE = ("seed", "validation_error_at_most", "sparsity")
DEFAULT_FACTOR = "0.1"
"""Of a study's step schedule, which leaves out what is at its default."""


Settings = Mapping[str, Any]
"""Part of a study's file as read: keys and texts, mappings or lists."""


def recipes_of_study(written: PaperFile) -> Iterator[Recipe]:
    """The recipes for each initial model of the study; what is not understood is left out, and so unknown."""
    settings = written.recipe
    if not isinstance(settings, dict):
        return
    unpruned = (written.receipts or {}).get("unpruned")
    place, initial = f"study {settings['study']}", settings.get("initial")
    if not isinstance(initial, Mapping):
        return
    for name, trained in initial.items():
        where = (f"{place}, initial model {name}",)
        receipt = unpruned.get(name) if isinstance(unpruned, Mapping) else None
        base, pretraining = _base(receipt, place), stage_of(trained, place)
        if base or pretraining:
            yield Recipe(where=where, base=base, pretraining=pretraining)
        for methods, stage in _after_pruning(written, settings, trained, place):
            if methods and stage:
                yield Recipe(where=where, method=methods, fine_tuning=stage)


def _base(receipt: object, place: str) -> BaseModelUsed | None:
    """The unpruned network, named by its run: the same settings in two studies give the same network."""
    run = receipt.get("run") if isinstance(receipt, Mapping) else None
    if not isinstance(run, str):
        return None
    return BaseModelUsed.model_validate({"model": f"run {run}", "from": place})


def _after_pruning(
    written: PaperFile, settings: Settings, trained: object, place: str
) -> Iterator[tuple[tuple[str, ...], Stage | None]]:
    """Methods with the training that follows pruning: one for all that keep their weights, or one for each arm."""
    fine_tuning, arms = settings.get("fine_tuning"), settings.get("arms")
    if not isinstance(arms, Mapping) or not arms:
        methods = written.methods.items()
        continued = tuple(name for name, method in methods if method.fine_tuning == "continue")
        yield continued, stage_of(fine_tuning, place)
        return
    for arm, training in arms.items():
        own = tuple(name for name in written.methods if _arm_of(name, arms) == arm)
        yield own, _stage_of_arm(training, trained, fine_tuning, place)


def _arm_of(method: str, arms: Settings) -> str | None:
    """The arm of a method called `<baseline>-<arm>`; of two that fit, the longer."""
    fitting = [arm for arm in arms if method.endswith(f"-{arm}")]
    return max(fitting, key=len, default=None)


def _stage_of_arm(arm: object, trained: object, fine_tuning: object, place: str) -> Stage | None:
    """The training of one arm, by its kind; None where it is not known."""
    if not isinstance(arm, Mapping):
        return None
    kind, own_recipe = arm.get("kind"), arm.get("recipe")
    if kind == "fine-tune":
        return stage_of(own_recipe or fine_tuning, place)
    if kind == "scratch":
        return stage_of(own_recipe, place)
    if kind == "scratch-e":
        return stage_of(trained, place)
    if not isinstance(trained, Mapping):
        return None
    if kind == "scratch-b":
        return _lengthened(trained, arm.get("at_most"), None, place)
    if kind == "scratch-b-and-fine-tuning":
        on_top = fine_tuning.get("epochs") if isinstance(fine_tuning, Mapping) else None
        return _lengthened(trained, arm.get("at_most"), on_top, place)
    return None


def _lengthened(trained: Settings, at_most: str | None, on_top: str | None, place: str) -> Stage | None:
    """The unpruned network's training over as many more epochs as the pruned one takes fewer multiply-adds."""
    stage = stage_of(trained, place)
    if stage is None or stage.epochs is None:
        return None
    keys = stage.model_dump(by_alias=True, exclude_none=True, exclude={"epochs"})
    keys["epochs_per_speedup"] = stage.epochs
    if at_most is not None:
        keys["epochs_at_most"] = f"{float(at_most) * float(stage.epochs):g}"
    if on_top is not None:
        keys["epochs_on_top"] = on_top
    if stage.milestones:
        keys["milestones"] = [f"{epoch}/{stage.epochs}" for epoch in stage.milestones]
    return _as_stage(keys)


def stage_of(settings: object, place: str) -> Stage | None:
    """One training of a study as a stage; None if it has a setting that a stage cannot express."""
    if not isinstance(settings, Mapping) or settings.keys() - {*SAME, *OWN, *NOT_OF_THE_COURSE}:
        return None
    keys = {key: settings[key] for key in SAME if key in settings}
    keys["schedule"] = settings.get("schedule", "constant")
    if keys["schedule"] == "step":
        keys["milestones"] = settings.get("milestones")
        keys["factor"] = settings.get("factor", DEFAULT_FACTOR)
    if "optimizer" in settings:
        keys["optimizer"] = OPTIMIZERS.get(settings["optimizer"], "other")
    keys["from"] = place
    return _as_stage(keys)


def _as_stage(keys: Settings) -> Stage | None:
    try:
        return Stage.model_validate(keys)
    except ValidationError:
        return None
