"""Keeps weights drawn at random, exactly the same fraction of every layer.

Source: gale2019state
"""

import torch
from torch import Tensor

scope = "layer"


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """Uniform noise from torch's own generator, which the caller has seeded."""
    return torch.rand(weight.shape)
