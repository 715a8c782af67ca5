"""A network of K networks: every layer widened K times, its channels in K groups that never meet."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional

from rerun.layers import PaddedShortcut, SeededDropout

UNCHANGED = (
    *(nn.ReLU, nn.ReLU6, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.Flatten, nn.Identity),
    nn.Sequential,
)


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
    """`network` widened to `networks` of them; the inputs of each of `seeds` seeds serve equally many of them."""
    if networks % seeds:
        raise ValueError(f"{networks} networks cannot be shared equally among {seeds} seeds")
    wide = copy.deepcopy(network)
    leaves = [
        (name, module) for name, module in wide.named_modules() if isinstance(module, nn.Conv2d | nn.Linear)
    ]
    for number, (name, _) in enumerate(leaves):
        _replace(wide, name, networks, seeds if number == 0 else networks)
    for name, module in list(wide.named_modules()):
        if isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d | SeededDropout | PaddedShortcut):
            _replace(wide, name, networks, networks)
    _refuse_strangers(wide, network)
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


def _refuse_strangers(wide: nn.Module, network: nn.Module) -> None:
    known = (
        nn.Conv2d,
        GroupedLinear,
        nn.BatchNorm1d,
        nn.BatchNorm2d,
        SeededDropout,
        PaddedShortcut,
        *UNCHANGED,
    )
    for name, module in wide.named_modules():
        if not list(module.children()) and not isinstance(module, known):
            kind = type(network.get_submodule(name)).__name__
            raise ValueError(
                f"layer {name} is a {kind}, which cannot serve several networks at once; "
                "rerun/training/stacked_layers.py lists the layers that can"
            )
