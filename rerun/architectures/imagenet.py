"""Networks for 224x224 images, as torchvision builds them."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from rerun.layers import with_seeded_dropout

INPUT, CLASSES = (3, 224, 224), 1000
NAMES = {
    "ResNet-18": "resnet18",
    "ResNet-34": "resnet34",
    "ResNet-50": "resnet50",
    "VGG-16": "vgg16",
    "AlexNet": "alexnet",
    "MobileNet-v2": "mobilenet_v2",
}


def _builder(name: str) -> Callable[[int], nn.Module]:
    def build(classes: int) -> nn.Module:
        from torchvision import models

        return with_seeded_dropout(getattr(models, name)(weights=None, num_classes=classes))

    return build


ARCHITECTURES = {name: _builder(function) for name, function in NAMES.items()}
