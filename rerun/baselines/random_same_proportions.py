"""Control: keeps weights drawn at random, of each layer as many as another baseline keeps there."""

import torch
from torch import Tensor

source = "gale2019state"
scope = "layer"
scoring = "random"
seeded = True
copies_proportions = True


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """Uniform noise from torch's own generator, which the caller has seeded."""
    return torch.rand(weight.shape)
