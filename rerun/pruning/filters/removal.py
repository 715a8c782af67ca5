"""From a trained network to a smaller one: which filters stay, and the weights and shapes without the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from rerun.architectures import NetworkBuilder
from rerun.pruning.filters.filters import Filters, removable
from rerun.pruning.filters.plans import Plan, kept_widths

Weights = Mapping[str, Tensor]


def kept_filters(plan: Plan, groups: Sequence[Filters], weights: Weights) -> tuple[Tensor, ...]:
    """The positions that stay in each group of filters, ascending."""
    if plan.method == "network-slimming":
        return _kept_by_factors(plan.fractions[0], groups, weights)
    kept = []
    for group, width in zip(groups, kept_widths(plan, groups), strict=True):
        norms = weights[f"{group.layer}.weight"].abs().sum((1, 2, 3))
        kept.append(_highest(norms, width))
    return tuple(kept)


def _kept_by_factors(fraction: float, groups: Sequence[Filters], weights: Weights) -> tuple[Tensor, ...]:
    """The largest batch-norm factors of all groups together (Liu et al. 2017, Section 3); one of each always stays.

    The channel whose factor is the threshold goes too, as in the released code of Liu et al. 2019.
    """
    if any(group.norm is None for group in groups):
        raise ValueError("network slimming needs batch normalization after every convolution")
    factors = [weights[f"{group.norm}.weight"].abs() for group in groups]
    together = torch.cat(factors)
    order = torch.argsort(together, descending=True, stable=True)
    stays = torch.zeros(len(together), dtype=torch.bool)
    stays[order[: len(together) - int(len(together) * fraction) - 1]] = True
    kept = []
    for part, factor in zip(stays.split([len(factor) for factor in factors]), factors, strict=True):
        kept.append(part.nonzero().flatten() if part.any() else _highest(factor, 1))
    return tuple(kept)


def _highest(scores: Tensor, keep: int) -> Tensor:
    """The positions of the `keep` highest scores, ascending; of equal scores the first."""
    order = torch.argsort(scores, descending=True, stable=True)
    return order[:keep].sort().values


def without(weights: Weights, groups: Sequence[Filters], kept: Sequence[Tensor]) -> dict[str, Tensor]:
    """All weights and running statistics of the network in which only the `kept` filters are left."""
    left = dict(weights)
    for group, stays in zip(groups, kept, strict=True):
        for key in weights:
            layer = key.rpartition(".")[0]
            if layer in (group.layer, group.norm) and left[key].ndim:  # a count of batches has no entries
                left[key] = left[key][stays]
        # The reader has `inputs_each` neighbouring inputs for each filter.
        inputs = stays[:, None] * group.inputs_each + torch.arange(group.inputs_each)
        reader = f"{group.reader}.weight"
        left[reader] = left[reader][:, inputs.flatten()]
    return left


def small_network(
    builder: NetworkBuilder, classes: int, widths: Sequence[int], seed: int | None = None
) -> nn.Module:
    """The architecture with so many filters in each group; with a seed, its weights drawn anew for these shapes."""
    network = builder.build(classes)
    outputs, inputs, norms = {}, {}, {}
    for group, width in zip(removable(network), widths, strict=True):
        outputs[group.layer] = width
        inputs[group.reader] = width * group.inputs_each
        if group.norm:
            norms[group.norm] = width
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed or 0)
        for name in {**outputs, **inputs, **norms}:
            layer = network.get_submodule(name)
            small = _resized(layer, outputs.get(name), inputs.get(name), norms.get(name))
            _put(network, name, small)
        for module in network.modules():
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
        if builder.initialise is not None:
            builder.initialise(network)
    return network


def _resized(layer: nn.Module, outputs: int | None, inputs: int | None, norm: int | None) -> nn.Module:
    """A new layer of the same kind; None leaves a size as it is."""
    if isinstance(layer, nn.Conv2d):
        return nn.Conv2d(
            inputs or layer.in_channels,
            outputs or layer.out_channels,
            layer.kernel_size,
            layer.stride,
            layer.padding,
            layer.dilation,
            layer.groups,
            layer.bias is not None,
        )
    if isinstance(layer, nn.Linear):
        return nn.Linear(inputs or layer.in_features, layer.out_features, layer.bias is not None)
    return nn.BatchNorm2d(norm, layer.eps, layer.momentum, layer.affine)


def _put(network: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, child = name.rpartition(".")
    setattr(network.get_submodule(parent), child, layer)
