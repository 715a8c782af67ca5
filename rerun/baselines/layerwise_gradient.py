"""Keeps the weights whose removal changes the loss most, to first order, the same fraction of every layer."""

from torch import Tensor

source = "lee2018snip"
scope = "layer"
scoring = "gradient"
seeded = True


def score(weight: Tensor, gradient: Tensor) -> Tensor:
    """|w * dL/dw|."""
    return (weight * gradient).abs()
