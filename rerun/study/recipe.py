"""How a network is trained: the part of a study that has to be the same for a fair comparison."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from corpus.schema.fields import Flag, Written

Optimizer = Literal["sgd", "adam"]


def _words(value: object) -> object:
    return value.split() if isinstance(value, str) else value


class TrainingRecipe(Written):
    """Optimizer, schedule and length of one training."""

    optimizer: Optimizer
    learning_rate: float = Field(gt=0)
    batch_size: int = Field(gt=0)
    epochs: int = Field(gt=0)
    momentum: float = Field(0.0, ge=0, lt=1, description="of sgd")
    nesterov: Flag = False
    weight_decay: float = Field(0.0, ge=0)
    schedule: Literal["constant", "cosine", "step"] = "constant"
    milestones: Annotated[tuple[int, ...], BeforeValidator(_words)] = Field(
        (), description="epochs, for `step`"
    )
    factor: float = Field(0.1, gt=0, description="by which `step` multiplies the learning rate")
    warm_up_epochs: float = Field(0.0, ge=0, description="of a learning rate that rises from nothing")
    sparsity: float = Field(
        0.0, ge=0, description="L1 term on batch-norm factors, as network slimming trains"
    )

    @model_serializer(mode="wrap")
    def _settings(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Later settings are left out at their defaults, so that the names of earlier runs stay."""
        settings = handler(self)
        if not settings.get("sparsity"):
            settings.pop("sparsity", None)
        return settings

    @model_validator(mode="after")
    def _fits_together(self) -> TrainingRecipe:
        if (self.schedule == "step") != bool(self.milestones):
            raise ValueError("'milestones' belong to `schedule: step`, which needs them")
        if self.optimizer == "adam" and (self.momentum or self.nesterov):
            raise ValueError("'momentum' and 'nesterov' belong to `optimizer: sgd`")
        if self.nesterov and not self.momentum:
            raise ValueError("'nesterov' needs 'momentum'")
        return self

    @property
    def first_stage(self) -> int:
        """Epochs of the first learning-rate stage; of a cosine, those until the rate has fallen by half."""
        if self.schedule == "step":
            return max(1, self.milestones[0])
        return max(1, self.epochs // 2) if self.schedule == "cosine" else self.epochs

    def rate_at(self, epoch: float) -> float:
        """The learning rate after so many epochs (fractions count), relative to `learning_rate`."""
        if epoch < self.warm_up_epochs:
            return epoch / self.warm_up_epochs
        if self.schedule == "cosine":
            done = (epoch - self.warm_up_epochs) / (self.epochs - self.warm_up_epochs)
            return (1 + math.cos(math.pi * done)) / 2
        return self.factor ** sum(epoch >= milestone for milestone in self.milestones)
