"""Keeps the weights of largest magnitude, compared over the whole network.

Source: han2015learning
"""

from torch import Tensor

scope = "global"


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """|w|."""
    return weight.abs()
