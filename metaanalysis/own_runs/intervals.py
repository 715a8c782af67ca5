"""95 % intervals of measured accuracies: the spread over seeds, and the chance of which images are in the test set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from scipy.special import stdtrit

NORMAL = 1.96
"""97.5 % of a normal distribution lie below this many standard deviations."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over `seeds` with its 95 % interval, in the unit of the values."""

    mean: float
    low: float
    high: float
    seeds: int

    @property
    def sign(self) -> int:
        """1 or -1 where the whole interval lies above or below zero, else 0."""
        return (self.low > 0) - (self.high < 0)

    def __str__(self) -> str:
        return f"{self.mean:+.2f} ({self.low:+.2f} to {self.high:+.2f})"


def student(degrees: int) -> float:
    """How many standard errors 97.5 % of means stay below, for this many degrees of freedom (1 or more)."""
    # the quantile that scipy.stats.t gives, without the second that importing scipy.stats takes
    return float(stdtrit(degrees, 0.975))


def sampling_variance(accuracy: float, images: int) -> float:
    """Variance, in squared percentage points, of an accuracy (percent) on `images` drawn at random (binomial)."""
    return accuracy * (100 - accuracy) / images


def interval(values: Sequence[float], sampling: float = 0.0) -> Interval:
    """The mean of one value per seed; `sampling` is the variance that all of them share through the test set.

    Half-widths add as squares: Student's t over seeds, which says nothing for a single seed, and the normal
    distribution for the test set, whose part does not shrink with more seeds.
    """
    of_seeds = student(len(values) - 1) * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0
    half = sqrt(of_seeds**2 + NORMAL**2 * sampling)
    mean = fmean(values)
    return Interval(mean, mean - half, mean + half, len(values))
