"""Keeps the weights whose removal changes the loss most, to first order on one minibatch, over the whole network.

Source: lee2018snip
"""

from torch import Tensor

scope = "global"


def score(weight: Tensor, gradient: Tensor) -> Tensor:
    """|w * dL/dw|."""
    return (weight * gradient).abs()
