"""VGG for 32x32 images with batch normalization and dropout (Zagoruyko 2015); VGG-Torch-CIFAR10 in the 2020 sheet."""

from __future__ import annotations

import math

from torch import nn

from rerun.layers import SeededDropout

INPUT, CLASSES = (3, 32, 32), 10
STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


def cifar_vgg(classes: int) -> nn.Module:
    """Thirteen convolutions and one hidden layer of 512: 14,991,946 parameters for 10 classes."""
    layers: list[nn.Module] = []
    inputs = 3
    for stage in STAGES:
        for number, outputs in enumerate(stage):
            layers += [
                nn.Conv2d(inputs, outputs, 3, padding=1),
                nn.BatchNorm2d(outputs, eps=1e-3),
                nn.ReLU(),
            ]
            if number < len(stage) - 1:
                layers.append(SeededDropout(0.3 if outputs == 64 else 0.4))
            inputs = outputs
        layers.append(nn.MaxPool2d(2))
    layers += [nn.Flatten(), SeededDropout(0.5), nn.Linear(512, 512), nn.BatchNorm1d(512), nn.ReLU()]
    layers += [SeededDropout(0.5), nn.Linear(512, classes)]
    network = nn.Sequential(*layers)
    initialise(network)
    return network


def initialise(network: nn.Module) -> None:
    """Draws the weights of the convolutions after He et al. 2015, by the number of outputs."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.normal_(module.weight, 0, math.sqrt(2 / (9 * module.out_channels)))
            nn.init.zeros_(module.bias)


ARCHITECTURES = {"CIFAR-VGG": cifar_vgg}
