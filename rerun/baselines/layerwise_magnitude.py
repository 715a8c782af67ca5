"""Keeps the weights of largest magnitude, the same fraction of every layer."""

from torch import Tensor

source = "han2015learning"
scope = "layer"
scoring = "magnitude"
seeded = False


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """|w|."""
    return weight.abs()
