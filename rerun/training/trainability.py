"""How near a network is to dynamical isometry: the singular values of its input-output Jacobian."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class JacobianSpectrum:
    """Singular values of d logits / d input over all images of a batch; 1 everywhere is dynamical isometry.

    `spread` is their standard deviation over their mean, `condition` the mean over images of the largest over the
    smallest, infinite where an image has a direction that no answer depends on, `from_isometry` the mean of (s - 1)²
    (Wang et al. 2021, Dynamical Isometry).
    """

    mean: float
    spread: float
    least: float
    most: float
    condition: float
    from_isometry: float


def jacobian_spectrum(network: nn.Module, images: Tensor) -> JacobianSpectrum:
    """The spectrum in evaluation mode, exact to rounding; the network and its gradients stay as they are."""
    values = singular_values(network, images)
    mean = values.mean()
    condition = values.max(1).values / values.min(1).values
    return JacobianSpectrum(
        mean.item(),
        (values.std(correction=0) / mean).item(),
        values.min().item(),
        values.max().item(),
        condition.mean().item(),
        (values - 1).square().mean().item(),
    )


def singular_values(network: nn.Module, images: Tensor) -> Tensor:
    """(images, classes): the singular values of each image's Jacobian (classes x pixels), the largest first, float64.

    One backward pass per class gives that row of every image's Jacobian at once, since in evaluation mode no image
    sees another.
    """
    modes = {module: module.training for module in network.modules()}
    network.eval()
    try:
        inputs = images.detach().clone().requires_grad_()
        sums = network(inputs).flatten(1).sum(0)
        rows = []
        for class_sum in sums:
            (gradient,) = torch.autograd.grad(class_sum, inputs, retain_graph=True)
            rows.append(gradient.flatten(1))
    finally:
        for module, mode in modes.items():
            module.training = mode
    return torch.linalg.svdvals(torch.stack(rows, 1).double())
