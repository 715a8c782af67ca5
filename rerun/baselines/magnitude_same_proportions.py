"""Control: keeps the weights of largest magnitude, of each layer as many as another baseline keeps there."""

from torch import Tensor

source = "han2015learning"
scope = "layer"
scoring = "magnitude"
seeded = False
copies_proportions = True


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """|w|."""
    return weight.abs()
