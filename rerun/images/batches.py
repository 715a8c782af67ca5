"""Shuffled, augmented minibatches made on the device; everything random follows from the seed and the epoch."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from rerun.digests import seed_for
from rerun.images.in_memory import Data, Split


class Batches:
    """Minibatches of the training part for one seed, augmented as the dataset's source says."""

    def __init__(self, data: Data, batch_size: int, seed: int):
        self.data, self.batch_size, self.seed = data, batch_size, seed
        padding = data.source.padding
        self._padded = (
            functional.pad(data.training.images, (padding,) * 4) if padding else data.training.images
        )

    def __len__(self) -> int:
        """Minibatches per epoch, the last one shorter if need be."""
        return -(-len(self.data.training) // self.batch_size)

    def epoch(self, number: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Normalized images with their labels, each image once."""
        labels, source = self.data.training.labels, self.data.source
        count, shifts = len(labels), 2 * source.padding + 1
        # The order of these draws is part of every result: another one gives other batches from the same seed.
        generator = torch.Generator().manual_seed(seed_for("batches", self.seed, number))
        order = torch.randperm(count, generator=generator)
        down, right = torch.randint(shifts, (2, count), generator=generator)
        chance = 0.5 if source.flips else 0
        mirrored = torch.rand(count, generator=generator) < chance
        drawn = [part.to(labels.device).split(self.batch_size) for part in (order, down, right, mirrored)]
        for chosen, *moves in zip(*drawn, strict=True):
            yield self.data.normalized(self._moved(chosen, *moves)), labels[chosen]

    def first(self) -> tuple[Tensor, Tensor]:
        """The minibatch on which weights are scored."""
        return next(self.epoch(-1))

    def _moved(self, chosen: Tensor, down: Tensor, right: Tensor, mirrored: Tensor) -> Tensor:
        """The chosen images, each cropped at its own place and mirrored or not: one gather for all."""
        source = self.data.source
        if not source.padding and not source.flips:
            return self._padded[chosen]
        _, channels, height, width = self.data.training.images.shape
        device = chosen.device
        rows = down[:, None] + torch.arange(height, device=device)
        forth = torch.arange(width, device=device).expand(len(chosen), width)
        columns = right[:, None] + torch.where(mirrored[:, None], width - 1 - forth, forth)
        channel = torch.arange(channels, device=device)
        # Indices that broadcast to (chosen, channels, height, width).
        return self._padded[
            chosen[:, None, None, None],
            channel[None, :, None, None],
            rows[:, None, :, None],
            columns[:, None, None, :],
        ]


def in_order(data: Data, split: Split, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
    """All images of a part in their order, the last batch shorter if need be; nothing is augmented."""
    for images, labels in zip(split.images.split(batch_size), split.labels.split(batch_size), strict=True):
        yield data.normalized(images), labels
