"""A study of iterative pruning as written: networks of several widths and depths, pruned round after round."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from corpus.schema.fields import Flag, Slug
from rerun.study.recipe import Recipe
from rerun.study.study_file import HeldEqual

METHOD: Slug = "iterative-magnitude"


class IterativeFile(HeldEqual):
    """Iterative magnitude pruning with rewinding (Frankle et al. 2020) over widths x depths x dataset sizes x seeds.

    Each round removes the weights of least magnitude, puts the others back to what they were after `rewind_epoch`
    epochs of the unpruned network, and trains from there to the end of the recipe.
    """

    kind: Literal["iterative"]
    widths: tuple[float, ...] = Field(
        (1.0,), min_length=1, description="multiples of the architecture's own width"
    )
    depths: tuple[int, ...] = Field((), description="layers; the architecture's own if left out")
    training_images: tuple[int, ...] = Field(
        (), description="sizes of the training part; all of it if left out"
    )
    training: Recipe
    rewind_epoch: int = Field(
        ge=0, description="of the unpruned network, to which the weights that stay go back"
    )
    rounds: int = Field(gt=0)
    kept_per_round: float = Field(0.8, gt=0, lt=1, description="part of the weights that outlasts a round")
    prune_classifier: Flag = Field(True, description="whether the last linear layer is pruned too")
    seeds: tuple[int, ...] = Field(min_length=1)
    networks_at_once: int | None = Field(
        None, gt=0, description="networks that share a step; chosen if left out"
    )

    @field_validator("widths", "depths", "training_images", "seeds")
    @classmethod
    def _once_each(cls, values: tuple) -> tuple:
        if len(set(values)) < len(values):
            twice = ", ".join(f"{value:g}" for value in dict.fromkeys(values) if values.count(value) > 1)
            raise ValueError(f"{twice} is repeated; write each once")
        if any(value < 0 for value in values):
            raise ValueError(f"{min(values):g} is below 0")
        return values

    @model_validator(mode="after")
    def _leaves_training(self) -> Self:
        if self.rewind_epoch >= self.training.epochs:
            epochs = f"{self.training.epochs} epochs"
            raise ValueError(
                f"'rewind_epoch' {self.rewind_epoch} leaves no training after it: the recipe has {epochs}"
            )
        return self
