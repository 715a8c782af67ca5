"""The settings of a study of our own, read as the recipes of its results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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


def recipes_of_study(written: PaperFile) -> Iterator[Recipe]:
    """The recipes for each initial model of the study; what is not understood is left out, and so unknown."""
    settings, unpruned = written.recipe, (written.receipts or {}).get("unpruned")
    place, initial = f"study {settings['study']}", settings.get("initial")
    for name, trained in initial.items() if isinstance(initial, Mapping) else ():
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
    return BaseModelUsed(**{"model": f"run {run}", "from": place}) if isinstance(run, str) else None


def _after_pruning(
    written: PaperFile, settings: Mapping, trained: object, place: str
) -> Iterator[tuple[tuple[str, ...], Stage | None]]:
    """Methods with the training that follows pruning: one for all that keep their weights, or one for each arm."""
    fine_tuning, arms = settings.get("fine_tuning"), settings.get("arms")
    if not isinstance(arms, Mapping) or not arms:
        continued = tuple(
            name for name, method in written.methods.items() if method.fine_tuning == "continue"
        )
        yield continued, stage_of(fine_tuning, place)
        return
    for arm, how in arms.items():
        own = [name for name in written.methods if _arm_of(name, arms) == arm]
        yield tuple(own), _stage_of_arm(how, trained, fine_tuning, place)


def _arm_of(method: str, arms: Mapping) -> str | None:
    """The arm of a method called `<baseline>-<arm>`; of two that fit, the longer."""
    return max((arm for arm in arms if method.endswith(f"-{arm}")), key=len, default=None)


def _stage_of_arm(arm: object, trained: object, fine_tuning: object, place: str) -> Stage | None:
    kind, own = (arm.get("kind"), arm.get("recipe")) if isinstance(arm, Mapping) else (None, None)
    if kind in ("fine-tune", "scratch"):
        return stage_of(own or (fine_tuning if kind == "fine-tune" else None), place)
    if kind == "scratch-e":
        return stage_of(trained, place)
    if kind not in ("scratch-b", "scratch-b-and-fine-tuning") or not isinstance(trained, Mapping):
        return None
    on_top = fine_tuning.get("epochs") if kind != "scratch-b" and isinstance(fine_tuning, Mapping) else None
    return _lengthened(trained, arm.get("at_most"), on_top, place)


def _lengthened(trained: Mapping, at_most: str | None, on_top: str | None, place: str) -> Stage | None:
    """The unpruned network's training over as many more epochs as the pruned one takes fewer multiply-adds."""
    stage = stage_of(trained, place)
    if stage is None or stage.epochs is None:
        return None
    found = stage.model_dump(by_alias=True, exclude_none=True, exclude={"epochs"})
    found["epochs_per_speedup"] = stage.epochs
    if at_most is not None:
        found["epochs_at_most"] = f"{float(at_most) * float(stage.epochs):g}"
    if on_top is not None:
        found["epochs_on_top"] = on_top
    if stage.milestones:
        found["milestones"] = [f"{epoch}/{stage.epochs}" for epoch in stage.milestones]
    return _as_stage(found)


def stage_of(settings: object, place: str) -> Stage | None:
    """One training of a study as a stage; None if it has a setting that a stage cannot express."""
    if not isinstance(settings, Mapping) or settings.keys() - {*SAME, *OWN, *NOT_OF_THE_COURSE}:
        return None
    found = {key: settings[key] for key in SAME if key in settings}
    found["schedule"] = settings.get("schedule", "constant")
    if found["schedule"] == "step":
        found |= {
            "milestones": settings.get("milestones"),
            "factor": settings.get("factor", DEFAULT_FACTOR),
        }
    if "optimizer" in settings:
        found["optimizer"] = OPTIMIZERS.get(settings["optimizer"], "other")
    return _as_stage(found | {"from": place})


def _as_stage(found: Mapping) -> Stage | None:
    try:
        return Stage(**found)
    except ValidationError:
        return None
