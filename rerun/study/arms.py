"""What follows pruning: fine-tuning, or training the pruned network from scratch, for so many epochs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from corpus.schema.fields import Written
from rerun.study.recipe import TrainingRecipe

Kind = Literal["fine-tune", "scratch", "scratch-e", "scratch-b", "scratch-b-and-fine-tuning"]
MEANING: dict[str, str] = {
    "fine-tune": "the weights that stay are trained on",
    "scratch": "new random weights, the arm's own recipe",
    "scratch-e": "new random weights, as many epochs as the unpruned network (Liu et al. 2019)",
    "scratch-b": "new random weights, as many multiply-adds as training the unpruned network (Liu et al. 2019): "
    "its epochs times its multiply-adds over the pruned network's, cut to whole epochs",
    "scratch-b-and-fine-tuning": "as scratch-b, and the epochs of fine-tuning on top (Wang et al. 2023, setup SX-B)",
}


class TrainingArm(Written):
    """One way to train what pruning leaves; without a recipe, fine-tuning's or the unpruned network's is used."""

    kind: Kind
    recipe: TrainingRecipe | None = None
    at_most: float | None = Field(
        None, ge=1, description="times the unpruned network's epochs, for scratch-b"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> TrainingArm:
        if self.kind == "scratch" and self.recipe is None:
            raise ValueError(
                "`kind: scratch` needs a recipe of its own; scratch-e takes the unpruned network's"
            )
        if self.kind not in ("fine-tune", "scratch") and self.recipe is not None:
            raise ValueError(f"`kind: {self.kind}` takes the unpruned network's recipe; leave `recipe` out")
        if self.at_most is not None and not self.kind.startswith("scratch-b"):
            raise ValueError("'at_most' belongs to scratch-b")
        return self

    @property
    def starts_anew(self) -> bool:
        """Whether the weights are drawn anew instead of kept."""
        return self.kind != "fine-tune"


def arm_recipe(
    arm: TrainingArm, unpruned: TrainingRecipe, fine_tuning: TrainingRecipe, saving: float
) -> TrainingRecipe:
    """How a pruned network is trained; `saving` is the unpruned network's multiply-adds over its own."""
    if arm.kind == "fine-tune":
        return arm.recipe or fine_tuning
    if arm.recipe is not None:
        return arm.recipe
    epochs = unpruned.epochs
    if arm.kind != "scratch-e":
        limit = arm.at_most or float("inf")
        epochs = int(epochs * min(saving, limit))
    if arm.kind == "scratch-b-and-fine-tuning":
        epochs += fine_tuning.epochs
    return lengthened(unpruned, epochs)


def lengthened(recipe: TrainingRecipe, epochs: int) -> TrainingRecipe:
    """The recipe over so many epochs: the learning rate falls at the same parts of the way, and nothing is sparse."""
    milestones = tuple(epoch * epochs // recipe.epochs for epoch in recipe.milestones)
    settings = {name: getattr(recipe, name) for name in TrainingRecipe.model_fields}
    return TrainingRecipe.model_construct(
        **settings | {"epochs": epochs, "milestones": milestones, "sparsity": 0.0}
    )
