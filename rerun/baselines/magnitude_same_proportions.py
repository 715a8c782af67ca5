"""Control: keeps the weights of largest magnitude, of each layer as many as another baseline keeps there.

Source: han2015learning
"""

from torch import Tensor

scope = "layer"
copies_proportions = True


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """|w|."""
    return weight.abs()
