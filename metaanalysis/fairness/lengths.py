"""How long networks were trained: in epochs, in iterations, and in the computation of all stages together."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from corpus.numbers.quantity import Quantity

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
    low, high = (min(floor(per * edge), most) + on_top for edge in (speedup.low, speedup.high))
    return Length(low, high, "epochs")


def lengths_agree(mine: Length, theirs: Length) -> bool | None:
    """Whether two lengths are equal as far as known; None where epochs stand against iterations of unknown size."""
    if mine.is_nothing or theirs.is_nothing:
        return mine.is_nothing and theirs.is_nothing
    if mine.unit != theirs.unit:
        return None
    scale = (1, 1)
    if mine.unit == "iterations":
        if None in (mine.images, theirs.images):
            return None
        scale = (mine.images, theirs.images)
    return mine.low * scale[0] <= theirs.high * scale[1] and theirs.low * scale[1] <= mine.high * scale[0]


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
    if missing:
        return Total(missing=missing)
    return Total(
        sum(length.low for length in lengths.values()), sum(length.high for length in lengths.values())
    )


def total_training(result: Result) -> Total:
    """Training computation of all stages, in epochs of the unpruned network.

    Wang et al. 2023 (SX-B): an epoch of the pruned network costs F2/F1 of one of the unpruned network, so training the
    small network alone for K1 F1/F2 + K2 epochs costs as much as K1 epochs before and K2 after pruning. A network that
    is still being pruned counts in full; a last part of an epoch may have been cut.
    """
    lengths, missing = _stages(result)
    speedup = result.quantity("theoretical_speedup")
    if speedup is None:
        missing = (*missing, "theoretical_speedup")
    if missing:
        return Total(missing=missing)
    small = lengths.pop("fine_tuning")
    large = [sum(getattr(length, edge) for length in lengths.values()) for edge in ("low", "high")]
    cheap, dear = _inverse(speedup)
    return Total(
        large[0] + small.low * cheap, large[1] + (small.high + (0 if small.is_nothing else 1)) * dear
    )


def _inverse(speedup: Quantity) -> tuple[float, float]:
    return 1 / speedup.high, 1 / max(speedup.low, 1e-9)


def _stages(result: Result) -> tuple[dict[str, Length], tuple[str, ...]]:
    """The length in epochs of each stage that counts, and what is not known of them."""
    counted = (
        ("pruning", "fine_tuning")
        if result.training.from_random_weights
        else ("pretraining", "pruning", "fine_tuning")
    )
    lengths = {name: length_of(result, name) for name in counted}
    unknown = [
        name
        for name, length in lengths.items()
        if length is None or (length.unit != "epochs" and not length.is_nothing)
    ]
    return lengths, tuple(f"{name}.epochs" for name in unknown)
