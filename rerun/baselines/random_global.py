"""Keeps weights drawn at random from the whole network, so that layers keep about, not exactly, the same fraction.

Source: gale2019state
"""

import torch
from torch import Tensor

scope = "global"


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """Uniform noise from torch's own generator, which the caller has seeded."""
    return torch.rand(weight.shape)
