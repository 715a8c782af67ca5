"""ResNets for 32x32 images (He et al. 2016, Section 4.2): 6n + 2 layers, shortcuts without parameters."""

from __future__ import annotations

from functools import partial

from torch import Tensor, nn
from torch.nn import functional

from rerun.layers import PaddedShortcut

INPUT, CLASSES = (3, 32, 32), 10


class Block(nn.Module):
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


def cifar_resnet(classes: int, *, depth: int) -> nn.Module:
    """Three stages of 16, 32 and 64 channels, (depth - 2) / 6 blocks each, weights after He et al. 2015."""
    blocks: list[nn.Module] = []
    inputs = 16
    for stage, outputs in enumerate((16, 32, 64)):
        for number in range((depth - 2) // 6):
            blocks.append(Block(inputs, outputs, 2 if stage and not number else 1))
            inputs = outputs
    network = nn.Sequential()
    network.add_module("conv1", nn.Conv2d(3, 16, 3, 1, 1, bias=False))
    network.add_module("bn1", nn.BatchNorm2d(16))
    network.add_module("relu", nn.ReLU())
    network.add_module("blocks", nn.Sequential(*blocks))
    network.add_module("pool", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    network.add_module("classifier", nn.Linear(64, classes))
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight)
    return network


ARCHITECTURES = {f"ResNet-{depth}": partial(cifar_resnet, depth=depth) for depth in (20, 32, 44, 56, 110)}
