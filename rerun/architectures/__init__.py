"""One file = one network family: `INPUT` (channels, height, width) and `ARCHITECTURES` (corpus name -> builder)."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import torch
from torch import nn

from corpus.suggest import did_you_mean


@dataclass(frozen=True)
class Architecture:
    """A network by its name in the corpus: the shape of its input and how to build it for a number of classes."""

    name: str
    input_shape: tuple[int, int, int]
    builder: Callable[[int], nn.Module]
    classes: int

    def build(self, classes: int | None = None, seed: int | None = None) -> nn.Module:
        """A new network on the CPU; the same seed gives the same weights, whatever ran before."""
        if seed is None:
            return self.builder(classes or self.classes)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return self.builder(classes or self.classes)


@cache
def architectures() -> dict[str, Architecture]:
    """Every architecture, by its name in corpus/vocabulary/architectures.yaml."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        family = import_module(f"{__name__}.{module.name}")
        for name, builder in family.ARCHITECTURES.items():
            found[name] = Architecture(name, family.INPUT, builder, family.CLASSES)
    return found


def architecture(name: str) -> Architecture:
    """The architecture called `name`; ValueError with the nearest name otherwise."""
    known = architectures()
    if name not in known:
        raise ValueError(f"architecture '{name}' is unknown{did_you_mean(name, known)}; expected {', '.join(known)}")
    return known[name]
