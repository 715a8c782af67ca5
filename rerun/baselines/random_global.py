"""Keeps weights drawn at random from the whole network, so that layers keep about, not exactly, the same fraction."""

import torch
from torch import Tensor

source = "gale2019state"
scope = "global"
scoring = "random"
seeded = True


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """Uniform noise from torch's own generator, which the caller has seeded."""
    return torch.rand(weight.shape)
