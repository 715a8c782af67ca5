"""How long networks were trained: in epochs, in iterations, and in the computation of all stages together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metaanalysis.fairness.result import Result


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a stage: between `low` and `high` epochs or iterations; `images` if an iteration's are known."""

    low: float
    high: float
    unit: str
    images: int | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether the stage is not there."""
        return self.high == 0

    @property
    def middle(self) -> float:
        """Epochs or iterations, in the middle of what is possible."""
        return (self.low + self.high) / 2

    def __str__(self) -> str:
        shown = f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"
        return f"{shown} {self.unit}"


def length_of(result: Result, name: str) -> Length | None:
    """How long a stage of a result lasts, or None; in terms of the speedup, from the result's own interval."""
    stage = getattr(result.training, name)
    if stage is None:
        return None
    if stage.length is not None:
        unit = "iterations" if stage.iterations else "epochs"
        return Length(stage.length, stage.length, unit, stage.batch_size)
    speedup = result.quantity("theoretical_speedup")
    if stage.epochs_per_speedup is None or speedup is None:
        return None
    per, most = float(stage.epochs_per_speedup), float(stage.epochs_at_most or "inf")
    on_top = float(stage.epochs_on_top or 0)
    # a speedup of 2.0 may be anything from 1.95 to 2.05, and so may the epochs that follow from it
    low = min(floor(per * speedup.low), most) + on_top
    high = min(floor(per * speedup.high), most) + on_top
    return Length(low, high, "epochs")


def lengths_agree(mine: Length, theirs: Length) -> bool | None:
    """Whether two lengths are equal as far as known; None where epochs stand against iterations of unknown size."""
    if mine.is_nothing or theirs.is_nothing:
        return mine.is_nothing and theirs.is_nothing
    if mine.unit != theirs.unit:
        return None
    my_images = their_images = 1
    if mine.unit == "iterations":
        if mine.images is None or theirs.images is None:
            return None
        my_images, their_images = mine.images, theirs.images
    mine_may_be_shorter = mine.low * my_images <= theirs.high * their_images
    theirs_may_be_shorter = theirs.low * their_images <= mine.high * my_images
    return mine_may_be_shorter and theirs_may_be_shorter


@dataclass(frozen=True, slots=True)
class Total:
    """All stages together, or the facts without which they cannot be added up."""

    low: float = 0.0
    high: float = 0.0
    missing: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """The middle of what is possible."""
        return (self.low + self.high) / 2


def total_epochs(result: Result) -> Total:
    """Epochs of pretraining, pruning and fine-tuning together; without a base model there was no pretraining."""
    stated = result.training.total_epochs
    if stated is not None:
        return Total(stated, stated)
    lengths, missing = _stages(result)
    return Total(missing=missing) if missing else _sum(lengths.values())


def total_training(result: Result) -> Total:
    """Training computation of all stages, in epochs of the unpruned network.

    Wang et al. 2023 (SX-B): an epoch of the pruned network costs F2/F1 of one of the unpruned network, so training the
    small network alone for K1 F1/F2 + K2 epochs costs as much as K1 epochs before and K2 after pruning. A network that
    is still being pruned counts in full; a last part of an epoch may have been cut.
    """
    lengths, missing = _stages(result)
    speedup = result.quantity("theoretical_speedup")
    if speedup is None:
        return Total(missing=(*missing, "theoretical_speedup"))
    if missing:
        return Total(missing=missing)
    small = lengths.pop("fine_tuning")
    large = _sum(lengths.values())
    cheapest, dearest = 1 / speedup.high, 1 / max(speedup.low, 1e-9)
    most_epochs = small.high if small.is_nothing else small.high + 1
    return Total(large.low + small.low * cheapest, large.high + most_epochs * dearest)


def _sum(lengths: Iterable[Length]) -> Total:
    """Several lengths in epochs together."""
    low = high = 0.0
    for length in lengths:
        low += length.low
        high += length.high
    return Total(low, high)


def _stages(result: Result) -> tuple[dict[str, Length], tuple[str, ...]]:
    """The length in epochs of each stage that counts, and what is not known of them."""
    stages = ["pruning", "fine_tuning"]
    if not result.training.from_random_weights:
        stages.insert(0, "pretraining")
    lengths, missing = {}, []
    for stage in stages:
        length = length_of(result, stage)
        if length is None or (length.unit != "epochs" and not length.is_nothing):
            missing.append(f"{stage}.epochs")
        else:
            lengths[stage] = length
    return lengths, tuple(missing)
