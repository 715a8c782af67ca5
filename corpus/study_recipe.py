"""The settings of a study of our own, read as the recipes of its results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from corpus.paper import PaperFile
from corpus.recipe import BaseModelUsed, Recipe, Stage

OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}
SAME = ("epochs", "learning_rate", "batch_size", "momentum", "nesterov", "weight_decay", "warm_up_epochs")
"""Keys that a study and a recipe write alike."""
OWN = ("optimizer", "schedule", "milestones", "factor")
NOT_OF_TRAINING = ("seed", "validation_error_at_most")
DEFAULT_FACTOR = "0.1"
"""Of a study's step schedule, which leaves out what is at its default."""


def recipes_of_study(written: PaperFile) -> Iterator[Recipe]:
    """A recipe for each initial model of the study; what is not understood is left out, and so unknown."""
    settings, receipts = written.recipe, written.receipts or {}
    study, initial = settings["study"], settings.get("initial")
    place = f"study {study}"
    continued = tuple(name for name, method in written.methods.items() if method.fine_tuning == "continue")
    fine_tuning = stage_of(settings.get("fine_tuning"), place)
    unpruned = receipts.get("unpruned")
    for name, trained in initial.items() if isinstance(initial, Mapping) else ():
        where = (f"study {study}, initial model {name}",)
        receipt = unpruned.get(name) if isinstance(unpruned, Mapping) else None
        base = _base(receipt, place)
        pretraining = stage_of(trained, place)
        if base or pretraining:
            yield Recipe(where=where, base=base, pretraining=pretraining)
        if fine_tuning and continued:
            yield Recipe(where=where, method=continued, fine_tuning=fine_tuning)


def _base(receipt: object, place: str) -> BaseModelUsed | None:
    """The unpruned network, named by its run: the same settings in two studies give the same network."""
    run = receipt.get("run") if isinstance(receipt, Mapping) else None
    return BaseModelUsed(**{"model": f"run {run}", "from": place}) if isinstance(run, str) else None


def stage_of(settings: object, place: str) -> Stage | None:
    """One training of a study as a stage; None if it has a setting that a stage cannot express."""
    if not isinstance(settings, Mapping) or settings.keys() - {*SAME, *OWN, *NOT_OF_TRAINING}:
        return None
    found = {key: settings[key] for key in SAME if key in settings}
    found["schedule"] = settings.get("schedule", "constant")
    if found["schedule"] == "step":
        found |= {"milestones": settings.get("milestones"), "factor": settings.get("factor", DEFAULT_FACTOR)}
    if "optimizer" in settings:
        found["optimizer"] = OPTIMIZERS.get(settings["optimizer"], "other")
    try:
        return Stage(**found, **{"from": place})
    except ValidationError:
        return None
