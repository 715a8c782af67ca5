"""Sizes and accuracies: exact counts of parameters and multiply-adds, layer by layer, and exact Top-1 and Top-5."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from rerun.architectures import architecture

if TYPE_CHECKING:
    from rerun.pruning.masks import Mask


@dataclass(frozen=True)
class Layer:
    """A convolution or linear layer: parameters by name with their shapes, multiply-adds of one input."""

    name: str
    shapes: Mapping[str, tuple[int, ...]]
    multiply_adds: int
    is_classifier: bool

    @property
    def weights(self) -> int:
        """Entries of the weight tensor, the bias not counted."""
        return math.prod(self.shapes[f"{self.name}.weight"])


@dataclass(frozen=True)
class Anatomy:
    """A network's counts: all its parameters, and its convolutions and linear layers from input to output."""

    name: str
    params: int
    layers: tuple[Layer, ...]

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of convolutions and linear layers, one input."""
        return sum(layer.multiply_adds for layer in self.layers)

    def prunable(self, classifier: bool = False) -> dict[str, tuple[int, ...]]:
        """Weights and biases that may be pruned, by name; the last linear layer only with `classifier`."""
        layers = (layer for layer in self.layers if classifier or not layer.is_classifier)
        return {name: shape for layer in layers for name, shape in layer.shapes.items()}


@cache
def anatomy(name: str, classes: int | None = None) -> Anatomy:
    """The counts of an architecture, found by sending the shape of one input through it (no arithmetic is done)."""
    entry = architecture(name)
    with torch.device("meta"):
        network = entry.build(classes).eval()
        sent = torch.empty(1, *entry.input_shape)
    return anatomy_of(network, sent, name)


def anatomy_of(network: nn.Module, sent: Tensor, name: str = "network") -> Anatomy:
    """The counts of any network for the shape of `sent`, a batch of one input."""
    outputs: dict[str, tuple[int, ...]] = {}
    modules = {
        key: module for key, module in network.named_modules() if isinstance(module, nn.Conv2d | nn.Linear)
    }

    def notes(key: str):
        def note(_module: nn.Module, _inputs: object, output: Tensor) -> None:
            if key in outputs:
                raise ValueError(
                    f"{name}: layer {key} is used twice in one pass; its multiply-adds are not counted"
                )
            outputs[key] = tuple(output.shape)

        return note

    hooks = [module.register_forward_hook(notes(key)) for key, module in modules.items()]
    try:
        network(sent)
    finally:
        for hook in hooks:
            hook.remove()
    last = [key for key in outputs if isinstance(modules[key], nn.Linear)][-1]
    layers = tuple(
        Layer(key, _shapes(key, modules[key]), _multiply_adds(modules[key], shape), key == last)
        for key, shape in outputs.items()
    )
    return Anatomy(name, sum(parameter.numel() for parameter in network.parameters()), layers)


def _shapes(key: str, module: nn.Module) -> dict[str, tuple[int, ...]]:
    return {f"{key}.{name}": tuple(parameter.shape) for name, parameter in module.named_parameters()}


def _multiply_adds(module: nn.Module, output: tuple[int, ...]) -> int:
    """Each weight works once per output position; batch, biases and the rest are not counted."""
    return module.weight.numel() * math.prod(output[2:] if isinstance(module, nn.Conv2d) else output[1:-1])


def kept_params(counts: Anatomy, mask: Mask) -> int:
    """Parameters of the pruned network."""
    return counts.params - mask.removed


def kept_multiply_adds(counts: Anatomy, mask: Mask) -> int:
    """Multiply-adds of the pruned network: each layer's times the density of its weights (a whole number)."""
    total = 0
    for layer in counts.layers:
        kept = mask.kept_of(f"{layer.name}.weight", layer.weights)
        total += layer.multiply_adds // layer.weights * kept
    return total


def densities(counts: Anatomy, mask: Mask) -> dict[str, tuple[int, int]]:
    """Per layer, how many weights are kept and how many there were."""
    return {
        layer.name: (mask.kept_of(f"{layer.name}.weight", layer.weights), layer.weights)
        for layer in counts.layers
    }


def collapsed(counts: Anatomy, mask: Mask) -> tuple[str, ...]:
    """Layers without a single weight left: nothing passes through them."""
    return tuple(name for name, (kept, _) in densities(counts, mask).items() if kept == 0)


@dataclass(frozen=True)
class Accuracy:
    """Correct answers among so many images."""

    top1: int
    top5: int
    images: int

    @property
    def top1_percent(self) -> float:
        """Top-1 accuracy, percent."""
        return 100 * self.top1 / self.images

    @property
    def top5_percent(self) -> float:
        """Top-5 accuracy, percent."""
        return 100 * self.top5 / self.images


def correct(logits: Tensor, labels: Tensor) -> Tensor:
    """Top-1 and Top-5 hits, shape (2, networks), for logits (networks, batch, classes).

    An image counts if fewer than one (five) classes score at least as high as its own: ties count against it.
    """
    own = logits.gather(2, labels.expand(logits.shape[0], -1).unsqueeze(2))
    rivals = (logits >= own).sum(2) - 1
    right = own.isfinite().squeeze(2)
    return torch.stack([((rivals < top) & right).sum(1) for top in (1, 5)])
