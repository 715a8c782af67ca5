"""Layers of ours that torch lacks: dropout that follows a network's seed, and the shortcut without parameters."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class SeededDropout(nn.Module):
    """Dropout whose noise comes from one generator per seed, so that it does not depend on what shares the step."""

    def __init__(self, probability: float, networks: int = 1):
        super().__init__()
        self.probability, self.networks = probability, networks
        self.generators: list[torch.Generator] = []

    def forward(self, inputs: Tensor) -> Tensor:
        """Inputs with channels of all networks one after another, seed by seed; the same shape comes back."""
        if not self.training or self.probability == 0:
            return inputs
        if not self.generators:
            raise RuntimeError("dropout was not given a generator: seed the network before training it")
        shape = (inputs.shape[0], inputs.shape[1] // self.networks, *inputs.shape[2:])
        # Networks of one seed stand side by side and share its noise.
        copies = self.networks // len(self.generators)
        noise = []
        for generator in self.generators:
            noise += [torch.rand(shape, device=inputs.device, generator=generator)] * copies
        kept = torch.cat(noise, 1) >= self.probability
        return inputs * kept / (1 - self.probability)


class PaddedShortcut(nn.Module):
    """Shortcut "option A" of He et al. 2016: every second pixel, new channels filled with zeros."""

    def __init__(self, inputs: int, outputs: int, networks: int = 1):
        super().__init__()
        self.inputs, self.outputs, self.networks = inputs, outputs, networks

    def forward(self, inputs: Tensor) -> Tensor:
        """Half the height and width, `outputs` channels per network."""
        halved = inputs[:, :, ::2, ::2]
        batch, _, height, width = halved.shape
        apart = halved.reshape(batch * self.networks, self.inputs, height, width)
        new = self.outputs - self.inputs
        padded = functional.pad(apart, (0, 0, 0, 0, new // 2, new - new // 2))
        return padded.reshape(batch, self.networks * self.outputs, height, width)


def with_seeded_dropout(network: nn.Module) -> nn.Module:
    """The network, each of its `nn.Dropout` replaced by one that follows the seed."""
    for name, child in network.named_children():
        if isinstance(child, nn.Dropout):
            setattr(network, name, SeededDropout(child.p))
        else:
            with_seeded_dropout(child)
    return network


def seed_dropout(network: nn.Module, generators: list[torch.Generator]) -> None:
    """Lets every dropout of the network draw from these generators, one per seed."""
    for module in network.modules():
        if isinstance(module, SeededDropout):
            module.generators = generators
