"""Training one stack on one device, stoppable after every epoch."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from torch import Tensor

from rerun.images.folder import FolderData
from rerun.images.in_memory import Data, fewer
from rerun.pruning.counts import Accuracy
from rerun.study.recipe import TrainingRecipe
from rerun.training.device import Device
from rerun.training.member import Member
from rerun.training.on_cpu import SideBySide
from rerun.training.on_gpu import Grouped
from rerun.training.train import StackTraining, test_accuracies


@dataclass(frozen=True)
class Bench:
    """Where stacks train: the images (on the CPU), the device, and how long to go on."""

    data: Data | FolderData
    device: Device
    seconds_between_checkpoints: float
    until: float | None = None
    _parts: dict[int, Bench] = field(default_factory=dict, repr=False, compare=False)

    def with_images(self, images: int | None) -> Bench:
        """The bench with so many training images, always the same ones; None for all of them."""
        if images is None:
            return self
        if images not in self._parts:
            self._parts[images] = replace(self, data=fewer(self.data, images), _parts={})
        return self._parts[images]

    @cached_property
    def data_on_device(self) -> Data | FolderData:
        """The images where the networks read them."""
        return self.data.to(self.device.name)

    @property
    def time_is_up(self) -> bool:
        """Whether nothing new should begin (`until` counts as `time.time()` does)."""
        return self.until is not None and time.time() >= self.until


@dataclass(frozen=True)
class Progress:
    """Networks, by the names of the task, that have trained up to this epoch of so many, from `first` on."""

    names: tuple[str, ...]
    epoch: int
    epochs: int
    first: int = 0


@dataclass(frozen=True)
class Checkpoint:
    """What a stack can go on from, by its name; None when it is of no more use."""

    name: str
    content: dict | None


class Attempt:
    """One stack's way through a recipe; `saved` is its last checkpoint, `accuracies` are there when it is done."""

    def __init__(
        self,
        name: str,
        names: tuple[str, ...],
        members: Sequence[Member],
        recipe: TrainingRecipe,
        saved: dict | None,
        bench: Bench,
        first_epoch: int = 0,
    ):
        self.name, self.names, self.members, self.recipe = name, names, members, recipe
        self.saved, self._bench, self._first_epoch = saved, bench, first_epoch
        self.stack: SideBySide | Grouped | None = None
        self.training: StackTraining | None = None
        self.accuracies: list[Accuracy] | None = None
        self.seconds = 0.0

    def events(self) -> Iterator[Progress | Checkpoint]:
        """Trains; what happens on the way comes out. Ends early, with a checkpoint, when the time is up."""
        started, before = time.monotonic(), self.saved["seconds"] if self.saved else 0.0
        self.stack = _stack(self.members, self.recipe, self._bench.device)
        self.training = StackTraining(self.stack, self._bench.data_on_device, self.recipe)
        self.training.epoch = self._first_epoch
        try:
            if self.saved:
                self.training.resume(self.saved)
            last = time.monotonic()
            for epoch in self.training.epochs():
                over = epoch < self.recipe.epochs and self._bench.time_is_up
                due = time.monotonic() - last >= self._bench.seconds_between_checkpoints
                if over or (due and epoch < self.recipe.epochs):
                    self.saved = on_cpu(
                        {**self.training.saved(), "seconds": before + time.monotonic() - started}
                    )
                    yield Checkpoint(self.name, {"runs": list(self.names), "training": self.saved})
                    last = time.monotonic()
                yield Progress(self.names, epoch, self.recipe.epochs, self._first_epoch)
                if over:
                    return
            self.accuracies = test_accuracies(self.training)
        finally:
            if self.stack is not None:
                self.stack.close()
            self.seconds = before + time.monotonic() - started

    def release(self) -> None:
        """Lets go of the networks, so that their memory is free."""
        self.stack = self.training = None


def on_cpu(content: Any) -> Any:
    """The same dictionaries and lists, every tensor in them on the CPU."""
    if isinstance(content, dict):
        return {name: on_cpu(item) for name, item in content.items()}
    if isinstance(content, list):
        return [on_cpu(item) for item in content]
    return content.cpu() if isinstance(content, Tensor) else content


def _stack(members: Sequence[Member], recipe: TrainingRecipe, device: Device) -> SideBySide | Grouped:
    if device.name == "cpu":
        return SideBySide(members, recipe, "cpu", device.threads)
    half = device.precision == "bf16"
    cuda = device.name.startswith("cuda")
    return Grouped(
        members, recipe, device.name, device.precision, channels_last=cuda and half, capture=cuda
    )
