"""What is known of how a network was trained, from a paper's recipes and from its method's axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.schema.paper import Method
from corpus.schema.recipe import STAGES, BaseModelUsed, Recipe, Stage

if TYPE_CHECKING:
    from corpus.catalogue.results import OperatingPoint, Paper, ResultEntry

PARTS = ("base", *STAGES, "total_epochs")
SCOPE = ("dataset", "architecture", "method", "where", "survey_row")
NO_EPOCHS = {
    ("fine_tuning", "none"): "fine_tuning",
    ("fine_tuning", "reinitialize"): "pruning",
    ("scheduling", "at-initialization"): "pruning",
    ("scheduling", "one-shot"): "pruning",
}
"""Stages that a method does not have, by axis and value. A network that is trained anew keeps no weight from the
training before, so none of that training counts as its own."""
FROM_RANDOM_WEIGHTS = {("fine_tuning", "reinitialize"), ("scheduling", "at-initialization")}


@dataclass(frozen=True, slots=True)
class AppliedRecipe:
    """A recipe with the results it applies to (by canonical names; nothing named: all), file, and line by part."""

    recipe: Recipe
    scope: Mapping[str, frozenset[Any]]
    file: str
    lines: Mapping[str, int]

    def covers(self, result: ResultEntry | OperatingPoint) -> bool:
        """Whether it says how this result was trained."""
        for key, wanted in self.scope.items():
            own = result.location if key == "where" else getattr(result, key)
            if wanted and own not in wanted:
                return False
        return True


@dataclass(frozen=True, slots=True)
class KnownTraining:
    """What is known of how one result was trained; `stated` says of each part that is known where."""

    base: BaseModelUsed | None = None
    pretraining: Stage | None = None
    pruning: Stage | None = None
    fine_tuning: Stage | None = None
    total_epochs: float | None = None
    stated: Mapping[str, str] = field(default_factory=dict)

    @property
    def from_random_weights(self) -> bool:
        """Whether no trained network lies under it."""
        return self.base is not None and self.base.model == "none"


def training_of(paper: Paper, point: OperatingPoint) -> KnownTraining:
    """What is known of how `point`, a result of `paper`, was trained: recipes first, then its method's axes."""
    parts: dict[str, Any] = {}
    stated: dict[str, str] = {}
    for applied in paper.recipes:
        if not applied.covers(point):
            continue
        for part, line in applied.lines.items():
            value = getattr(applied.recipe, part)
            if value is None:
                continue
            parts[part] = float(value) if part == "total_epochs" else value
            place = getattr(value, "from_", None) or applied.recipe.from_
            stated[part] = f"{place} ({applied.file}:{line})"
    method = paper.methods.get(point.method) if point.method is not None else None
    if method is not None:
        for part, stage in _by_axes(method).items():
            if part not in parts:
                parts[part] = stage
                stated[part] = f"{stage.from_} (methods of {paper.file})"
    return KnownTraining(**parts, stated=stated)


def _by_axes(method: Method) -> dict[str, BaseModelUsed | Stage]:
    """What the survey's axes of a method say of its training."""
    axes = {(axis, getattr(method, axis)) for axis in ("scheduling", "fine_tuning")}
    parts: dict[str, BaseModelUsed | Stage] = {}
    for axis, value in sorted(axes & FROM_RANDOM_WEIGHTS):
        parts["base"] = BaseModelUsed.model_validate({"model": "none", "from": f"{axis}: {value}"})
    for axis, value in sorted(axes & NO_EPOCHS.keys()):
        stage = {"epochs": "0", "from": f"{axis}: {value}"}
        parts[NO_EPOCHS[axis, value]] = Stage.model_validate(stage)
    return parts
