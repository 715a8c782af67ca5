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
class ArmResult:
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
class PrunedNetwork:
    """One pruned network, the same in all its arms."""

    source: str
    paper: str
    title: str
    dataset: str
    architecture: str
    pruning: str
    compression_ratio: float | None
    theoretical_speedup: float | None
    arms: tuple[ArmResult, ...]
    structure: str = "unknown"
    """What is removed, as the fine-tuned arms' methods say."""
    stands_beside_papers: bool = True
    """Whether its numbers may be set beside reported ones: no images made in code, no part of a training set."""

    @property
    def amount(self) -> str:
        """`2.5x smaller`, `1.4x faster`, or that nobody says."""
        if self.compression_ratio:
            return f"{self.compression_ratio:.3g}x smaller"
        if self.theoretical_speedup:
            return f"{self.theoretical_speedup:.3g}x faster"
        return "amount not given"

    def of(self, *, anew: bool) -> list[ArmResult]:
        """The arms that start from new weights, or those that keep theirs; the most accurate first."""
        arms = [arm for arm in self.arms if arm.anew is anew]
        return sorted(arms, key=lambda arm: -arm.mean)

    @property
    def is_pair(self) -> bool:
        """Whether there is an arm of either sort."""
        return len({arm.anew for arm in self.arms}) == 2


def difference(one: ArmResult, other: ArmResult) -> Interval | None:
    """Accuracy of `one` minus that of `other` with its 95 % interval, in points; None where nothing tells its width.

    Ours are taken seed by seed, reported ones as independent; test images count as drawn anew for each.
    """
    shared = sorted(one.by_seed.keys() & other.by_seed.keys())
    if shared:
        values = [one.by_seed[seed] - other.by_seed[seed] for seed in shared]
        return interval(values, _sampling((one, other)) or 0.0)
    n = min(one.n, other.n) if one.n and other.n else None
    return _around(one.mean - other.mean, n, _variance((one, other)), (one, other))


def _around(
    mean: float, n: int | None, of_means: float | None, arms: tuple[ArmResult, ...]
) -> Interval | None:
    """Half-widths of seeds and test images add as squares, as far as they are known."""
    sampling = _sampling(arms)
    if of_means is None and sampling is None:
        return None
    seeds = 0.0
    if n is not None and of_means is not None:
        seeds = student(n - 1) ** 2 * of_means
    half = sqrt(seeds + NORMAL**2 * (sampling or 0.0))
    return Interval(mean, mean - half, mean + half, n or 1)


def _variance(arms: tuple[ArmResult, ...]) -> float | None:
    """The sum of the variances of the arms' means over their runs; None unless all are known."""
    total = 0.0
    for arm in arms:
        if isnan(arm.std) or not arm.n or arm.n < 2:
            return None
        total += arm.std**2 / arm.n
    return total


def _sampling(arms: tuple[ArmResult, ...]) -> float | None:
    """The sum of the variances that come from which images are in the test set; None unless all are known."""
    total = 0.0
    for arm in arms:
        if arm.test_images is None:
            return None
        total += sampling_variance(arm.mean, arm.test_images)
    return total


@dataclass(frozen=True, slots=True)
class ScratchVerdict:
    """Whether fine-tuning is no better than training from scratch, why, and the difference that decides.

    That difference is the most accurate fine-tuned arm minus the most accurate one from scratch, in points; None where
    its width is not known.
    """

    verdict: str
    why: str
    difference: Interval | None


def judged(network: PrunedNetwork) -> ScratchVerdict:
    """The verdict on a network that has an arm of either sort."""
    tuned, anew = network.of(anew=False)[0], network.of(anew=True)[0]
    apart = difference(tuned, anew)
    names = f"{tuned.name} over {anew.name}"
    if apart is None:
        why = f"{names}: {tuned.mean - anew.mean:+.2f}, neither deviation nor test images known"
        return ScratchVerdict(CANNOT_BE_TOLD, why, None)
    if apart.sign == 0:
        return ScratchVerdict(CANNOT_BE_TOLD, f"{names}: {apart} includes zero", apart)
    verdict = DOES_NOT_HOLD if apart.sign > 0 else HOLDS
    return ScratchVerdict(verdict, f"{names}: {apart}", apart)
