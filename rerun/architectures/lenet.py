"""The two LeNets of the pruning literature (LeCun et al. 1998; the convolutional one as in Caffe, Jia et al. 2014)."""

from __future__ import annotations

from torch import nn

INPUT, CLASSES = (1, 28, 28), 10


def lenet_300_100(classes: int) -> nn.Module:
    """Two hidden layers of 300 and 100 units: 266,610 parameters for 10 classes."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 300),
        nn.ReLU(),
        nn.Linear(300, 100),
        nn.ReLU(),
        nn.Linear(100, classes),
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


ARCHITECTURES = {"LeNet-300-100": lenet_300_100, "LeNet-5-Caffe": lenet_5_caffe}
