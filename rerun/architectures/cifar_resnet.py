"""ResNets for 32x32 images (He et al. 2016, Section 4.2): 6n + 2 layers, shortcuts without parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from torch import Tensor, nn
from torch.nn import functional

from rerun.layers import PaddedShortcut

INPUT, CLASSES = (3, 32, 32), 10
CHANNELS = (16, 32, 64)
NAMES_OF_IMAGENET = (50, 152)
"""Depths of the form 6n + 2 that belong to another network."""


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut around them."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = PaddedShortcut(inputs, outputs) if stride == 2 else nn.Identity()

    def forward(self, inputs: Tensor) -> Tensor:
        """Half the height and width if the stride is 2."""
        hidden = functional.relu(self.bn1(self.conv1(inputs)))
        return functional.relu(self.bn2(self.conv2(hidden)) + self.shortcut(inputs))


def cifar_resnet(classes: int, *, depth: int, width: float = 1.0) -> nn.Module:
    """Three stages of 16, 32 and 64 channels times `width`, (depth - 2) / 6 blocks each, weights as He et al. 2015."""
    first, second, third = (round(width * channels) for channels in CHANNELS)
    blocks: list[nn.Module] = []
    inputs = first
    for stage, outputs in enumerate((first, second, third)):
        for number in range((depth - 2) // 6):
            blocks.append(ResidualBlock(inputs, outputs, 2 if stage and not number else 1))
            inputs = outputs
    network = nn.Sequential()
    network.add_module("conv1", nn.Conv2d(3, first, 3, 1, 1, bias=False))
    network.add_module("bn1", nn.BatchNorm2d(first))
    network.add_module("relu", nn.ReLU())
    network.add_module("blocks", nn.Sequential(*blocks))
    network.add_module("pool", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    network.add_module("classifier", nn.Linear(third, classes))
    initialise(network)
    return network


def initialise(network: nn.Module) -> None:
    """Draws the weights of all convolutions and linear layers after He et al. 2015."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight)


ARCHITECTURES = {f"ResNet-{depth}": partial(cifar_resnet, depth=depth) for depth in (20, 32, 44, 56, 110)}


def scaled_name(name: str, width: float, depth: int | None) -> str:
    """`ResNet-26` for another depth; `ResNet-20 (width 0.5)` for half the channels of every layer."""
    layers = depth or int(name.removeprefix("ResNet-"))
    if layers < 8 or (layers - 2) % 6:
        raise ValueError(
            f"depth {layers} is impossible for ResNets on small images; expected 6n + 2: 8, 14, 20 ..."
        )
    if layers in NAMES_OF_IMAGENET:
        raise ValueError(f"ResNet-{layers} is the name of an ImageNet network; choose another depth")
    if width <= 0 or not (CHANNELS[0] * width).is_integer():
        raise ValueError(
            f"width {width:g} does not leave whole numbers of channels: {CHANNELS[0] * width:g} of 16"
        )
    return f"ResNet-{layers}" + ("" if width == 1 else f" (width {width:g})")


def scaled_builder(name: str) -> Callable[[int], nn.Module] | None:
    """Builds what `scaled_name` names, for 32x32 images; depths that ImageNet networks go by are left to them."""
    parts = re.fullmatch(r"ResNet-([1-9]\d*)(?: \(width (\d*\.?\d+)\))?", name)
    if not parts or (int(parts[1]) - 2) % 6 or int(parts[1]) < 8:
        return None
    return partial(cifar_resnet, depth=int(parts[1]), width=float(parts[2] or 1))
