"""Keeps the weights of largest magnitude, the same fraction of every layer.

Source: han2015learning
"""

from torch import Tensor

scope = "layer"


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """|w|."""
    return weight.abs()
