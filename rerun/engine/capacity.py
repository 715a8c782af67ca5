"""How many networks can share a step, from the memory that is free."""

from __future__ import annotations

import os

import torch
from torch import nn

from rerun.architectures import NetworkBuilder

VECTORS = 8
"""Vectors of a network's size: weights, gradients, mask, two of the optimizer's state, the best weights so far, and two
of intermediate results of an optimizer's step."""
MOST = {"cpu": 32, "cuda": 128}
"""Networks that ever share a step, however much memory there is."""


def activation_values(architecture: NetworkBuilder, classes: int, kind: type[nn.Module] = nn.Module) -> int:
    """Numbers that all layers of one network, or those of one kind, put out for one image."""
    total = 0

    def count(_module: nn.Module, _inputs: object, output: torch.Tensor) -> None:
        nonlocal total
        total += output.numel()

    with torch.device("meta"):
        network = architecture.build(classes).eval()
        for module in network.modules():
            if isinstance(module, kind) and not list(module.children()):
                module.register_forward_hook(count)
        network(torch.empty(1, *architecture.input_shape))
    return total


def free_bytes(device: str) -> int:
    """Memory that is free on the device."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def networks_at_once(
    architecture: NetworkBuilder,
    classes: int,
    batch_size: int,
    device: str,
    threads: int,
    share: float = 1.0,
    precision: str = "fp32",
) -> int:
    """Networks that fit into 60 % of our share of the free memory; on the CPU only one per thread has activations."""
    with torch.device("meta"):
        params = sum(parameter.numel() for parameter in architecture.build(classes).parameters())
    size = 2 if precision == "bf16" else 4
    activations = 2 * size * batch_size * activation_values(architecture, classes)  # with their gradients
    room, vectors = 0.6 * share * free_bytes(device), 4 * VECTORS * params
    if device.partition(":")[0] == "cpu":
        return max(1, min(MOST["cpu"], int((room - threads * activations) // vectors)))
    # A recorded step keeps its activations, and the short last batch of an epoch has some of its own.
    return max(1, min(MOST["cuda"], int(room // (vectors + 2 * activations))))
