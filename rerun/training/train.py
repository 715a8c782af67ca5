"""Trains a stack of networks through a recipe; the validation part chooses each network's epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from rerun.images.batches import Batches, in_order
from rerun.images.folder import FolderBatches, FolderData, Samples, folder_in_order
from rerun.images.in_memory import Data, Split
from rerun.pruning.counts import Accuracy, correct
from rerun.study.recipe import TrainingRecipe
from rerun.training.member import Member, State

EVALUATED_AT_ONCE = 1000


class NetworkStack(Protocol):
    """Networks that share each step: `SideBySide` or `Grouped`."""

    members: tuple[Member, ...]

    def __len__(self) -> int: ...
    def begin_epoch(self, epoch: int) -> None: ...
    def step(self, batches: dict[int, tuple[Tensor, Tensor]], rate: float) -> None: ...
    def losses(self) -> list[float]: ...
    def logits(self, images: Tensor) -> Tensor: ...
    def state(self, number: int) -> State: ...
    def load(self, number: int, state: State) -> None: ...


@dataclass
class Course:
    """One network's way through its training; `history` has the validation hits before it and after each epoch."""

    history: list[int] = field(default_factory=list)
    best_epoch: int = 0
    best: dict[str, Tensor] = field(default_factory=dict)
    failure: str | None = None


class StackTraining:
    """A stack on its way through a recipe, stoppable after every epoch."""

    def __init__(self, stack: NetworkStack, data: Data | FolderData, recipe: TrainingRecipe):
        self.stack, self.data, self.recipe = stack, data, recipe
        self.epoch = 0
        self.courses = [Course() for _ in range(len(stack))]
        seeds = dict.fromkeys(member.seed for member in stack.members)
        self._batches = {seed: batches_of(data, recipe.batch_size, seed) for seed in seeds}

    def run(self, after_epoch: Callable[[StackTraining], None] = lambda _: None) -> list[Course]:
        """Trains to the end of the recipe; `after_epoch` is called after each epoch."""
        for _ in self.epochs():
            after_epoch(self)
        return self.courses

    def epochs(self) -> Iterator[int]:
        """Trains to the end of the recipe; the number of finished epochs comes out after each."""
        if not self.courses[0].history:
            self._judge()
        while self.epoch < self.recipe.epochs:
            self._one_epoch()
            self.epoch += 1
            self._judge()
            yield self.epoch

    def saved(self) -> dict:
        """All that is needed to go on later: `resume` takes it back."""
        states = [self.stack.state(number) for number in range(len(self.stack))]
        return {"epoch": self.epoch, "courses": [vars(course) for course in self.courses], "states": states}

    def resume(self, saved: dict) -> None:
        """Goes back to where `saved` was made."""
        self.epoch = saved["epoch"]
        self.courses = [Course(**course) for course in saved["courses"]]
        for number, state in enumerate(saved["states"]):
            self.stack.load(number, state)

    def _one_epoch(self) -> None:
        self.stack.begin_epoch(self.epoch)
        steps = len(next(iter(self._batches.values())))
        streams = [batches.epoch(self.epoch) for batches in self._batches.values()]
        for number, batches in enumerate(zip(*streams, strict=True)):
            rate = self.recipe.rate_at(self.epoch + number / steps)
            self.stack.step(dict(zip(self._batches, batches, strict=True)), rate)
        for course, loss in zip(self.courses, self.stack.losses(), strict=True):
            if not math.isfinite(loss) and course.failure is None:
                course.failure = f"diverged in epoch {self.epoch + 1}: the loss is not finite"

    def _judge(self) -> None:
        for number, accuracy in enumerate(accuracies(self.stack, self.data, self.data.validation)):
            course = self.courses[number]
            if not course.history or accuracy.top1 > max(course.history):
                course.best_epoch = self.epoch
                course.best = self.stack.state(number)["network"]
            course.history.append(accuracy.top1)


def batches_of(data: Data | FolderData, batch_size: int, seed: int) -> Batches | FolderBatches:
    """The minibatches of the training part for one seed, from memory or from files."""
    kind = FolderBatches if isinstance(data, FolderData) else Batches
    return kind(data, batch_size, seed)


@torch.no_grad()
def accuracies(stack: NetworkStack, data: Data | FolderData, split: Split | Samples) -> list[Accuracy]:
    """Exact accuracy of every network of the stack, as it stands, on all images of a part."""
    if isinstance(data, FolderData):
        batches = folder_in_order(data, split, EVALUATED_AT_ONCE // 10)
    else:
        batches = in_order(data, split, EVALUATED_AT_ONCE)
    hits = sum(correct(stack.logits(images), labels) for images, labels in batches)
    return [Accuracy(int(top1), int(top5), len(split)) for top1, top5 in hits.T.tolist()]


def test_accuracies(training: StackTraining) -> list[Accuracy]:
    """Accuracy of each network's chosen epoch on the test set, which is read here and nowhere else."""
    for number, course in enumerate(training.courses):
        training.stack.load(number, {**training.stack.state(number), "network": course.best})
    return accuracies(training.stack, training.data, training.data.test)


test_accuracies.__test__ = False
