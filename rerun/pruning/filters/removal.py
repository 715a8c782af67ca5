"""From a trained network to a smaller one: which filters stay, and the weights and shapes without the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from rerun.architectures import Architecture
from rerun.pruning.filters.filters import Filters, removable
from rerun.pruning.filters.plans import Plan, kept_widths

Weights = Mapping[str, Tensor]


def kept_filters(plan: Plan, filters: Sequence[Filters], weights: Weights) -> tuple[Tensor, ...]:
    """The positions that stay in each group, ascending."""
    if plan.method == "network-slimming":
        return _by_factors(plan.fractions[0], filters, weights)
    norms = [weights[f"{one.layer}.weight"].abs().sum((1, 2, 3)) for one in filters]
    return tuple(_highest(norm, keep) for norm, keep in zip(norms, kept_widths(plan, filters), strict=True))


def _by_factors(fraction: float, filters: Sequence[Filters], weights: Weights) -> tuple[Tensor, ...]:
    """The largest batch-norm factors of all groups together (Liu et al. 2017, Section 3); one of each always stays.

    The channel whose factor is the threshold goes too, as in the released code of Liu et al. 2019.
    """
    if any(one.norm is None for one in filters):
        raise ValueError("network slimming needs batch normalization after every convolution")
    factors = [weights[f"{one.norm}.weight"].abs() for one in filters]
    counts = [len(factor) for factor in factors]
    together = torch.cat(factors)
    stay = torch.zeros(len(together), dtype=torch.bool)
    order = torch.argsort(together, descending=True, stable=True)
    stay[order[: len(together) - int(len(together) * fraction) - 1]] = True
    parts = stay.split(counts)
    return tuple(
        part.nonzero().flatten() if part.any() else _highest(factor, 1)
        for part, factor in zip(parts, factors, strict=True)
    )


def _highest(scores: Tensor, keep: int) -> Tensor:
    return torch.argsort(scores, descending=True, stable=True)[:keep].sort().values


def without(weights: Weights, filters: Sequence[Filters], kept: Sequence[Tensor]) -> dict[str, Tensor]:
    """All weights and running statistics of the network in which only the `kept` filters are left."""
    left = dict(weights)
    for one, stay in zip(filters, kept, strict=True):
        for name in (one.layer, one.norm):
            for key in [key for key in left if name is not None and key.startswith(f"{name}.")]:
                if left[key].ndim:
                    left[key] = left[key][stay]
        reader = f"{one.reader}.weight"
        inputs = (stay[:, None] * one.inputs_each + torch.arange(one.inputs_each)).flatten()
        left[reader] = left[reader][:, inputs]
    return left


def small_network(
    entry: Architecture, classes: int, widths: Sequence[int], seed: int | None = None
) -> nn.Module:
    """The architecture with so many filters in each group; with a seed, its weights drawn anew for these shapes."""
    network = entry.build(classes)
    filters = removable(network)
    outputs = {one.layer: width for one, width in zip(filters, widths, strict=True)}
    inputs = {one.reader: width * one.inputs_each for one, width in zip(filters, widths, strict=True)}
    norms = {one.norm: width for one, width in zip(filters, widths, strict=True) if one.norm}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed or 0)
        for name in {**outputs, **inputs, **norms}:
            layer = network.get_submodule(name)
            _put(network, name, _resized(layer, outputs.get(name), inputs.get(name), norms.get(name)))
        for module in network.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
        if entry.initialise is not None:
            entry.initialise(network)
    return network


def _resized(layer: nn.Module, outputs: int | None, inputs: int | None, norm: int | None) -> nn.Module:
    if isinstance(layer, nn.Conv2d):
        shape = (inputs or layer.in_channels, outputs or layer.out_channels)
        rest = (
            layer.kernel_size,
            layer.stride,
            layer.padding,
            layer.dilation,
            layer.groups,
            layer.bias is not None,
        )
        return nn.Conv2d(*shape, *rest)
    if isinstance(layer, nn.Linear):
        return nn.Linear(inputs or layer.in_features, layer.out_features, layer.bias is not None)
    return nn.BatchNorm2d(norm, layer.eps, layer.momentum, layer.affine)


def _put(network: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, child = name.rpartition(".")
    setattr(network.get_submodule(parent), child, layer)
