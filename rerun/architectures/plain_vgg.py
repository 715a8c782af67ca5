"""VGG for 32x32 images without dropout, as Liu et al. 2019 prune them: convolutions without bias, batch normalization.

VGG-16 has a hidden layer of 512, VGG-19 (the network of Liu et al. 2017) goes straight to the classes.
"""

from __future__ import annotations

import math
from functools import partial

from torch import nn

INPUT, CLASSES = (3, 32, 32), 10
CHANNELS = (64, 128, 256, 512, 512)


def plain_vgg(classes: int, *, convolutions: tuple[int, ...], hidden: int | None) -> nn.Module:
    """Five stages of so many convolutions; 14,987,722 parameters for VGG-16, 20,035,018 for VGG-19, 10 classes."""
    layers: list[nn.Module] = []
    inputs = INPUT[0]
    for stage, (number, outputs) in enumerate(zip(convolutions, CHANNELS, strict=True)):
        for _ in range(number):
            layers += [
                nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]
            inputs = outputs
        layers.append(nn.MaxPool2d(2) if stage < len(CHANNELS) - 1 else nn.AvgPool2d(2))
    layers.append(nn.Flatten())
    if hidden:
        layers += [nn.Linear(inputs, hidden), nn.BatchNorm1d(hidden), nn.ReLU()]
    layers.append(nn.Linear(hidden or inputs, classes))
    network = nn.Sequential(*layers)
    initialise(network)
    return network


def initialise(network: nn.Module) -> None:
    """Draws the weights: convolutions as He et al. 2015, by outputs; factors at one half, as network slimming does."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.normal_(module.weight, 0, math.sqrt(2 / (9 * module.out_channels)))
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.constant_(module.weight, 0.5)
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.01)
            nn.init.zeros_(module.bias)


ARCHITECTURES = {
    "VGG-Torch-CIFAR10-noDrop": partial(plain_vgg, convolutions=(2, 2, 3, 3, 3), hidden=512),
    "VGG-netslim": partial(plain_vgg, convolutions=(2, 2, 4, 4, 4), hidden=None),
}
