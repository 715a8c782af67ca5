"""Optimizers on flat tensors: all parameters of one network, or of many at once, in one vector."""

from __future__ import annotations

import math

import torch
from torch import Tensor

Corrections = tuple[float, float] | tuple[Tensor, Tensor]


class Sgd:
    """Stochastic gradient descent with momentum, as torch.optim.SGD defines it (Sutskever et al. 2013 for Nesterov)."""

    def __init__(self, weights: Tensor, momentum: float, nesterov: bool, weight_decay: float):
        self.momentum, self.nesterov, self.weight_decay = momentum, nesterov, weight_decay
        self.state = {"velocity": torch.zeros_like(weights)} if momentum else {}
        self.steps = 0

    def corrections(self) -> tuple[float, float]:
        """There are none: (1, 1)."""
        return 1.0, 1.0

    def step(
        self,
        weights: Tensor,
        gradients: Tensor,
        rate: float | Tensor,
        _corrections: Corrections | None = None,
    ) -> None:
        """Moves `weights` in place; `gradients` is used up."""
        if self.weight_decay:
            gradients.add_(weights, alpha=self.weight_decay)
        if self.momentum:
            velocity = self.state["velocity"].mul_(self.momentum).add_(gradients)
            gradients = gradients.add_(velocity, alpha=self.momentum) if self.nesterov else velocity
        _subtract(weights, gradients, rate)
        self.steps += 1


class Adam:
    """Adam (Kingma and Ba 2015, Algorithm 1), weight decay added to the gradient."""

    def __init__(self, weights: Tensor, weight_decay: float, betas: tuple[float, float] = (0.9, 0.999)):
        self.betas, self.weight_decay, self.epsilon = betas, weight_decay, 1e-8
        self.state = {"mean": torch.zeros_like(weights), "square": torch.zeros_like(weights)}
        self.steps = 0

    def corrections(self) -> tuple[float, float]:
        """By which the means of the step about to be made fall short: (of gradients, root of that of squares)."""
        first, second = (1 - beta ** (self.steps + 1) for beta in self.betas)
        return first, math.sqrt(second)

    def step(
        self,
        weights: Tensor,
        gradients: Tensor,
        rate: float | Tensor,
        corrections: Corrections | None = None,
    ) -> None:
        """Moves `weights` in place; `gradients` is used up. `corrections` as tensors do where steps are replayed."""
        of_mean, of_square = corrections or self.corrections()
        self.steps += 1
        first, second = self.betas
        if self.weight_decay:
            gradients.add_(weights, alpha=self.weight_decay)
        mean = self.state["mean"].lerp_(gradients, 1 - first)
        square = self.state["square"].mul_(second).addcmul_(gradients, gradients, value=1 - second)
        torch.sqrt(square, out=gradients)
        gradients.div_(of_square).add_(self.epsilon)
        torch.div(mean, gradients, out=gradients)
        _subtract(weights, gradients, rate / of_mean)


def _subtract(weights: Tensor, direction: Tensor, rate: float | Tensor) -> None:
    """One rate for all, or one per entry."""
    if isinstance(rate, Tensor):
        weights.addcmul_(direction, rate, value=-1)
    else:
        weights.add_(direction, alpha=-rate)
