"""Keeps the weights whose removal changes the loss most, to first order, the same fraction of every layer.

Source: lee2018snip
"""

from torch import Tensor

scope = "layer"


def score(weight: Tensor, gradient: Tensor) -> Tensor:
    """|w * dL/dw|."""
    return (weight * gradient).abs()
