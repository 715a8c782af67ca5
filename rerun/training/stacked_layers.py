"""A network of K networks: every layer widened K times, its channels in K groups that never meet."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional

from rerun.layers import PaddedShortcut, SeededDropout

BY_ENTRY = (
    nn.ReLU,
    nn.ReLU6,
    nn.LeakyReLU,
    nn.ELU,
    nn.GELU,
    nn.SiLU,
    nn.Hardswish,
    nn.Hardsigmoid,
    nn.Sigmoid,
    nn.Tanh,
    nn.Softplus,
)
"""Layers that look at one number at a time."""
BY_CHANNEL = (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d)
"""Layers that look at one channel at a time."""
UNCHANGED = (*BY_ENTRY, *BY_CHANNEL, nn.Flatten, nn.Identity, nn.Sequential)
"""Layers that serve several networks as they are."""
WIDENED = (nn.Conv2d, nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d, SeededDropout, PaddedShortcut)
"""Layers that get the channels of all networks; a layer of any other kind is refused, since it could mix networks."""


class GroupedLinear(nn.Module):
    """Linear layers of many networks; one matrix product where all read the same inputs, else one batched product."""

    def __init__(self, groups: int, inputs: int, outputs: int, bias: bool):
        super().__init__()
        self.groups, self.inputs, self.outputs = groups, inputs, outputs
        self.weight = nn.Parameter(torch.zeros(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, inputs: Tensor) -> Tensor:
        """(batch, groups * inputs) to (batch, outputs of all networks)."""
        if self.groups == 1:
            return functional.linear(inputs, self.weight, self.bias)
        batch, each = inputs.shape[0], self.outputs // self.groups
        apart = inputs.reshape(batch, self.groups, self.inputs).transpose(0, 1)
        weight = self.weight.view(self.groups, each, self.inputs).transpose(1, 2)
        answers = torch.bmm(apart, weight).transpose(0, 1).reshape(batch, self.outputs)
        return answers if self.bias is None else answers + self.bias


def grouped(network: nn.Module, networks: int, seeds: int) -> nn.Module:
    """`network` widened to `networks` of them; the inputs of each of `seeds` seeds serve equally many of them.

    ValueError names a layer that cannot serve several networks.
    """
    if networks % seeds:
        raise ValueError(f"{networks} networks cannot be shared equally among {seeds} seeds")
    _refuse_strangers(network)
    wide = copy.deepcopy(network)
    is_first = True
    for name, module in list(wide.named_modules()):
        if not isinstance(module, WIDENED):
            continue
        # The first layer with weights reads images, which all networks of a seed share.
        reads_images = is_first and isinstance(module, nn.Conv2d | nn.Linear)
        _replace(wide, name, networks, seeds if reads_images else networks)
        is_first = is_first and not reads_images
    return wide


def _replace(wide: nn.Module, name: str, networks: int, groups: int) -> None:
    parent, _, child = name.rpartition(".")
    holder = wide.get_submodule(parent)
    setattr(holder, child, _widened(holder.get_submodule(child), networks, groups))


def _widened(layer: nn.Module, networks: int, groups: int) -> nn.Module:
    if isinstance(layer, nn.Conv2d):
        return nn.Conv2d(
            groups * layer.in_channels,
            networks * layer.out_channels,
            layer.kernel_size,
            layer.stride,
            layer.padding,
            layer.dilation,
            groups * layer.groups,
            layer.bias is not None,
        )
    if isinstance(layer, nn.Linear):
        return GroupedLinear(
            groups, layer.in_features, networks * layer.out_features, layer.bias is not None
        )
    if isinstance(layer, SeededDropout):
        return SeededDropout(layer.probability, networks)
    if isinstance(layer, PaddedShortcut):
        return PaddedShortcut(layer.inputs, layer.outputs, networks)
    return type(layer)(networks * layer.num_features, layer.eps, layer.momentum, layer.affine)


def _refuse_strangers(network: nn.Module) -> None:
    for name, module in network.named_modules():
        if not list(module.children()) and not isinstance(module, (*WIDENED, *UNCHANGED)):
            raise ValueError(
                f"layer {name} is a {type(module).__name__}, which cannot serve several networks at once; "
                "rerun/training/stacked_layers.py lists the layers that can"
            )
