"""Keeps the convolution weights of largest magnitude; biases and linear layers are neither ranked nor pruned.

The unstructured pruning of Liu et al. 2019, Section 4.3 (liu2018rethinking), after Han et al. 2015.
"""

from torch import Tensor

source = "han2015learning"
scope = "global"
scoring = "magnitude"
seeded = False
only_convolutions = True


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """|w|."""
    return weight.abs()
