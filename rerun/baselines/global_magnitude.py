"""Keeps the weights of largest magnitude, compared over the whole network."""

from torch import Tensor

source = "han2015learning"
scope = "global"
scoring = "magnitude"
seeded = False


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """|w|."""
    return weight.abs()
