"""A pruned network and the ways of training it: how far they are apart, and whether fine-tuning beats scratch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan, nan, sqrt

from corpus.catalogue.corpus import OperatingPoint
from metaanalysis.own_runs.differences import CANNOT_BE_TOLD, DOES_NOT_HOLD, HOLDS
from metaanalysis.own_runs.intervals import NORMAL, Interval, interval, sampling_variance, student

REPORTED = "reported"


@dataclass(frozen=True, eq=False)
class Arm:
    """One way of training a pruned network: top-1 accuracies in percent, `by_seed` if we measured them."""

    name: str
    anew: bool
    """Whether it starts from new random weights."""
    kind: str
    mean: float
    std: float
    n: int | None
    test_images: int | None
    point: OperatingPoint
    by_seed: Mapping[int, float]
    trainability: float = nan
    """Mean accuracy over the first learning-rate stage, percent."""

    @property
    def interval(self) -> Interval | None:
        """The mean with its 95 % interval; None where neither a deviation nor the number of test images is known."""
        return _around(self.mean, self.n, _variance((self,)), (self,))


@dataclass(frozen=True, eq=False)
class Configuration:
    """One pruned network, the same in all its arms."""

    source: str
    paper: str
    title: str
    dataset: str
    architecture: str
    pruning: str
    compression_ratio: float | None
    theoretical_speedup: float | None
    arms: tuple[Arm, ...]
    structure: str = "unknown"
    """What is removed, as the fine-tuned arms' methods say."""
    stands_beside_papers: bool = True
    """Whether its numbers may be set beside reported ones: no images made in code, no part of a training set."""

    @property
    def amount(self) -> str:
        """`2.5x smaller`, `1.4x faster`, or that nobody says."""
        if self.compression_ratio:
            return f"{self.compression_ratio:.3g}x smaller"
        return f"{self.theoretical_speedup:.3g}x faster" if self.theoretical_speedup else "amount not given"

    def of(self, *, anew: bool) -> list[Arm]:
        """The arms that start from new weights, or those that keep theirs; the most accurate first."""
        return sorted((arm for arm in self.arms if arm.anew is anew), key=lambda arm: -arm.mean)

    @property
    def is_pair(self) -> bool:
        """Whether there is an arm of either sort."""
        return len({arm.anew for arm in self.arms}) == 2


def difference(one: Arm, other: Arm) -> Interval | None:
    """Accuracy of `one` minus that of `other` with its 95 % interval, in points; None where nothing tells its width.

    Ours are taken seed by seed, reported ones as independent; test images count as drawn anew for each.
    """
    shared = sorted(one.by_seed.keys() & other.by_seed.keys())
    if shared:
        values = [one.by_seed[seed] - other.by_seed[seed] for seed in shared]
        return interval(values, _sampling((one, other)) or 0.0)
    n = min(one.n, other.n) if one.n and other.n else None
    return _around(one.mean - other.mean, n, _variance((one, other)), (one, other))


def _around(mean: float, n: int | None, of_means: float | None, arms: tuple[Arm, ...]) -> Interval | None:
    """Half-widths of seeds and test images add as squares, as far as they are known."""
    sampling = _sampling(arms)
    if of_means is None and sampling is None:
        return None
    seeds = student(n - 1) ** 2 * of_means if of_means is not None else 0.0
    half = sqrt(seeds + NORMAL**2 * (sampling or 0.0))
    return Interval(mean, mean - half, mean + half, n or 1)


def _variance(arms: tuple[Arm, ...]) -> float | None:
    """The sum of the variances of the arms' means over their runs; None unless all are known."""
    if any(isnan(arm.std) or not arm.n or arm.n < 2 for arm in arms):
        return None
    return sum(arm.std**2 / arm.n for arm in arms)


def _sampling(arms: tuple[Arm, ...]) -> float | None:
    if any(arm.test_images is None for arm in arms):
        return None
    return sum(sampling_variance(arm.mean, arm.test_images) for arm in arms)


def judged(found: Configuration) -> tuple[str, str, Interval | None]:
    """Whether fine-tuning is no better than training from scratch, why, and the difference that decides.

    That difference is the most accurate fine-tuned arm minus the most accurate one from scratch, in points.
    """
    tuned, anew = found.of(anew=False)[0], found.of(anew=True)[0]
    apart = difference(tuned, anew)
    names = f"{tuned.name} over {anew.name}"
    if apart is None:
        return (
            CANNOT_BE_TOLD,
            f"{names}: {tuned.mean - anew.mean:+.2f}, neither deviation nor test images known",
            None,
        )
    if apart.sign == 0:
        return CANNOT_BE_TOLD, f"{names}: {apart} includes zero", apart
    return (DOES_NOT_HOLD if apart.sign > 0 else HOLDS), f"{names}: {apart}", apart
