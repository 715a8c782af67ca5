"""Keeps the convolution weights of largest magnitude; biases and linear layers are neither ranked nor pruned.

The unstructured pruning of Liu et al. 2019, Section 4.3 (liu2018rethinking), after Han et al. 2015.
Source: han2015learning
"""

from torch import Tensor

scope = "global"
only_convolutions = True


def score(weight: Tensor, gradient: Tensor) -> Tensor:  # noqa: ARG001
    """|w|."""
    return weight.abs()
