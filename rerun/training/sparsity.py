"""The L1 term on batch-norm factors with which network slimming trains (Liu et al. 2017, Equation 1)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from rerun.study.recipe import TrainingRecipe


def sparse_factors(network: nn.Module, recipe: TrainingRecipe) -> list[nn.Parameter]:
    """The factors of batch normalization after convolutions if the recipe wants them sparse, else none."""
    if not recipe.sparsity:
        return []
    factors = [module.weight for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    if not factors:
        raise ValueError("'sparsity' is for networks with batch normalization after their convolutions")
    return factors


@torch.no_grad()
def add_subgradient(factors: Sequence[nn.Parameter], sparsity: float) -> None:
    """Adds `sparsity` times the sign of each factor to its gradient, in place; 0 has the sign 0."""
    for factor in factors:
        factor.grad.add_(factor.sign(), alpha=sparsity)
