"""Keeps weights drawn at random, exactly the same fraction of every layer."""

import torch
from torch import Tensor

source = "gale2019state"
scope = "layer"
scoring = "random"
seeded = True


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """Uniform noise from torch's own generator, which the caller has seeded."""
    return torch.rand(weight.shape)
