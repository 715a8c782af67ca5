"""The two LeNets of the pruning literature (LeCun et al. 1998; the convolutional one as in Caffe, Jia et al. 2014)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from torch import nn

INPUT, CLASSES = (1, 28, 28), 10


def fully_connected(classes: int, *, hidden: tuple[int, int] = (300, 100)) -> nn.Module:
    """Two hidden layers; of 300 and 100 units: 266,610 parameters for 10 classes."""
    first, second = hidden
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, first),
        nn.ReLU(),
        nn.Linear(first, second),
        nn.ReLU(),
        nn.Linear(second, classes),
    )


def lenet_5_caffe(classes: int) -> nn.Module:
    """20 and 50 filters of 5x5, one hidden layer of 500 units: 431,080 parameters for 10 classes."""
    return nn.Sequential(
        nn.Conv2d(1, 20, 5),
        nn.MaxPool2d(2),
        nn.Conv2d(20, 50, 5),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 500),
        nn.ReLU(),
        nn.Linear(500, classes),
    )


ARCHITECTURES = {"LeNet-300-100": fully_connected, "LeNet-5-Caffe": lenet_5_caffe}


def scaled_name(name: str, width: float, depth: int | None) -> str:
    """`LeNet-150-50` for half of LeNet-300-100's hidden units."""
    if name != "LeNet-300-100" or depth is not None:
        raise ValueError(
            f"{name} cannot be scaled so; LeNet-300-100 takes `widths`, and no LeNet takes `depths`"
        )
    first, second = 300 * width, 100 * width
    if not (first.is_integer() and second.is_integer() and second >= 1):
        raise ValueError(
            f"width {width:g} does not leave whole numbers of hidden units: {first:g} and {second:g}"
        )
    return f"LeNet-{first:.0f}-{second:.0f}"


def scaled_builder(name: str) -> Callable[[int], nn.Module] | None:
    """Builds `LeNet-150-50` and its like: three times as many units in the first layer as in the second."""
    parts = re.fullmatch(r"LeNet-([1-9]\d*)-([1-9]\d*)", name)
    if not parts or int(parts[1]) != 3 * int(parts[2]):
        return None
    return partial(fully_connected, hidden=(int(parts[1]), int(parts[2])))
