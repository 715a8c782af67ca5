"""Filters of a network that can be removed without touching what is added up elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import nn

from rerun.architectures.cifar_resnet import ResidualBlock


@dataclass(frozen=True)
class Filters:
    """The filters of one convolution: its normalization, and the layer that reads them, so many inputs for each.

    `number` counts convolutions from 1 as Li et al. 2017 do; `stage` counts groups of equal width from 0.
    """

    layer: str
    norm: str | None
    reader: str
    count: int
    inputs_each: int
    number: int
    stage: int


def removable(network: nn.Module) -> tuple[Filters, ...]:
    """Every group of filters that can go: of the first convolution in each residual block, or of each in a chain."""
    blocks = [(name, block) for name, block in network.named_modules() if isinstance(block, ResidualBlock)]
    groups = tuple(_in_blocks(blocks) if blocks else _in_chain(network))
    if not groups:
        raise ValueError("this network has no convolution whose filters can be removed")
    return groups


def _in_blocks(blocks: list[tuple[str, ResidualBlock]]) -> Iterator[Filters]:
    """Only the filters inside a block: its outputs are added to the shortcut's."""
    widths = list(dict.fromkeys(block.conv1.out_channels for _, block in blocks))
    for place, (name, block) in enumerate(blocks):
        width = block.conv1.out_channels
        # The network's very first convolution is number 1, and each block has two.
        number, stage = 2 * place + 2, widths.index(width)
        yield Filters(f"{name}.conv1", f"{name}.bn1", f"{name}.conv2", width, 1, number, stage)


def _in_chain(network: nn.Module) -> Iterator[Filters]:
    """Convolutions one after another; the last one is read by a linear layer, so many pixels of each filter."""
    conv: tuple[str, nn.Conv2d] | None = None
    norm, number, widths = None, 0, []
    for name, module in network.named_children():
        if isinstance(module, nn.BatchNorm2d):
            norm = name
        elif isinstance(module, nn.Conv2d | nn.Linear):
            if conv is not None:
                number += 1
                count = conv[1].out_channels
                if count not in widths:
                    widths.append(count)
                inputs = module.in_channels if isinstance(module, nn.Conv2d) else module.in_features
                yield Filters(conv[0], norm, name, count, inputs // count, number, widths.index(count))
            if isinstance(module, nn.Linear):
                return
            conv, norm = (name, module), None
