"""Keeps the weights whose removal changes the loss most, to first order on one minibatch, over the whole network."""

from torch import Tensor

source = "lee2018snip"
scope = "global"
scoring = "gradient"
seeded = True


def score(weight: Tensor, gradient: Tensor) -> Tensor:
    """|w * dL/dw|."""
    return (weight * gradient).abs()
