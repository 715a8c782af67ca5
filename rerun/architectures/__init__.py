"""One file = one network family: `INPUT` (channels, height, width) and `ARCHITECTURES` (corpus name -> builder).

A family that can be scaled also has `scaled_name(name, width, depth)` and `scaled_builder(scaled name)`; one that draws
its weights in a way of its own, `initialise(network)`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType

import torch
from torch import nn

from corpus.schema.suggest import did_you_mean


@dataclass(frozen=True)
class NetworkBuilder:
    """A network by its name in the corpus: the shape of its input and how to build it for a number of classes."""

    name: str
    input_shape: tuple[int, int, int]
    builder: Callable[[int], nn.Module]
    classes: int
    initialise: Callable[[nn.Module], None] | None = None

    def build(self, classes: int | None = None, seed: int | None = None) -> nn.Module:
        """A new network on the CPU; the same seed gives the same weights, whatever ran before."""
        if seed is None:
            return self.builder(classes or self.classes)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return self.builder(classes or self.classes)


@cache
def architectures() -> dict[str, NetworkBuilder]:
    """Every architecture, by its name in corpus/vocabulary/architectures.yaml."""
    return {
        name: NetworkBuilder(
            name, family.INPUT, builder, family.CLASSES, getattr(family, "initialise", None)
        )
        for family in _families()
        for name, builder in family.ARCHITECTURES.items()
    }


def architecture(name: str) -> NetworkBuilder:
    """The architecture called `name`, one of other width or depth included; ValueError with the nearest name if none.

    A scaled network is another architecture with a name of its own, which the corpus's vocabulary has to list.
    """
    known = architectures()
    if name in known:
        return known[name]
    for family in _families():
        builder = family.scaled_builder(name) if hasattr(family, "scaled_builder") else None
        if builder is not None:
            return NetworkBuilder(
                name, family.INPUT, builder, family.CLASSES, getattr(family, "initialise", None)
            )
    raise ValueError(
        f"architecture '{name}' is unknown{did_you_mean(name, known)}; expected {', '.join(known)}"
    )


def scaled_name(name: str, width: float = 1.0, depth: int | None = None) -> str:
    """The name of the network that is `width` times as wide as `name`, or has another depth; ValueError if none has."""
    entry = architecture(name)
    if width == 1 and depth is None:
        return name
    for family in _families():
        if name in family.ARCHITECTURES and hasattr(family, "scaled_name"):
            return family.scaled_name(name, width, depth)
    raise ValueError(f"{entry.name} comes in one width and depth only; leave `widths` and `depths` out")


@cache
def _families() -> tuple[ModuleType, ...]:
    return tuple(import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
