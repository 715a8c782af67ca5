"""One network among those that train together, and what training changes in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import torch
from torch import Tensor, nn

from rerun.pruning.counts import Anatomy
from rerun.pruning.masks import Mask
from rerun.study.recipe import TrainingRecipe
from rerun.training.optimizers import Adam, Sgd


@dataclass(frozen=True)
class Member:
    """A network to train: its weights at the start, its mask if it is pruned, its seed and its learning rate.

    `recipe` is there if it is not the one that the study names, `anatomy` if the network lost whole filters.
    """

    network: nn.Module
    seed: int
    learning_rate: float
    mask: Mask | None = None
    recipe: TrainingRecipe | None = None
    anatomy: Anatomy | None = None


class State(TypedDict):
    """Everything training changes in one network, under the names of the unstacked network."""

    network: dict[str, Tensor]
    optimizer: dict[str, dict[str, Tensor]]
    steps: int


def optimizer_for(recipe: TrainingRecipe, weights: Tensor) -> Sgd | Adam:
    """The recipe's optimizer for this flat vector of weights."""
    if recipe.optimizer == "adam":
        return Adam(weights, recipe.weight_decay)
    return Sgd(weights, recipe.momentum, recipe.nesterov, recipe.weight_decay)


def flat_views(shapes: dict[str, tuple[int, ...]], flat: Tensor, channels_last: bool) -> dict[str, Tensor]:
    """Pieces of a flat vector in the shapes of parameters, convolutions laid out as their kernels read them fastest."""
    views, offset = {}, 0
    for name, shape in shapes.items():
        size = torch.Size(shape).numel()
        piece = flat[offset : offset + size]
        if len(shape) == 4 and channels_last:
            outputs, inputs, height, width = shape
            views[name] = piece.view(outputs, height, width, inputs).permute(0, 3, 1, 2)
        else:
            views[name] = piece.view(shape)
        offset += size
    return views


def shapes_of(network: nn.Module) -> dict[str, tuple[int, ...]]:
    """The shapes of all parameters, by name."""
    return {name: tuple(parameter.shape) for name, parameter in network.named_parameters()}


def settle(network: nn.Module, weights: dict[str, Tensor], gradients: dict[str, Tensor]) -> None:
    """Moves the parameters into `weights`, with their values, and lets their gradients arrive in `gradients`."""
    for name, parameter in network.named_parameters():
        weights[name].copy_(parameter.data)
        parameter.data = weights[name]
        parameter.grad = gradients[name]
