"""The scaling law of iteratively pruned networks (Rosenfeld et al. 2021): error as a function of size, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
CONSTANTS = ("plateau", "slope", "knee", "depth_exponent", "width_exponent")


@dataclass(frozen=True)
class Law:
    """The five constants of one task; three for a single network, whose exponents are 0.

    `plateau` is the error, as a fraction, of a network with almost nothing left (written ε↑ in the paper), `slope` the
    power γ by which error grows between the knees, `knee` the value p of the invariant at the lower one.
    """

    plateau: float
    slope: float
    knee: float
    depth_exponent: float = 0.0
    width_exponent: float = 0.0

    def invariant(self, density: ArrayLike, width: ArrayLike = 1.0, depth: ArrayLike = 1.0) -> Array:
        """m* = l^φ w^ψ d: networks of equal m* and equal unpruned error have equal error (Section 5)."""
        exponents = self.depth_exponent * np.log(depth) + self.width_exponent * np.log(width)
        return np.exp(exponents) * np.asarray(density, float)

    def error(
        self, density: ArrayLike, unpruned_error: ArrayLike, width: ArrayLike = 1.0, depth: ArrayLike = 1.0
    ) -> Array:
        """Error as a fraction: ε_np [(m² + p²A) / (m² + p²)]^(γ/2) with A = (ε↑/ε_np)^(2/γ).

        Equal to the paper's ε_np |(m − jpA^(1/2)) / (m − jp)|^γ with j² = −1 (Section 4), without complex numbers.
        """
        size = 2 * np.log(self.invariant(density, width, depth))
        start = np.log(unpruned_error)
        far = 2 * np.log(self.knee) + 2 / self.slope * (np.log(self.plateau) - start)
        near = 2 * np.log(self.knee)
        return np.exp(start + self.slope / 2 * (np.logaddexp(size, far) - np.logaddexp(size, near)))

    def density_for(
        self, error: ArrayLike, unpruned_error: ArrayLike, width: ArrayLike = 1.0, depth: ArrayLike = 1.0
    ) -> Array:
        """The density at which the error is reached, the inverse of `error`: m² = p² (A − r) / (r − 1).

        r = (error / ε_np)^(2/γ). Not a number where no density gives it: at or below ε_np, at or above the plateau.
        """
        error, start = np.asarray(error, float), np.asarray(unpruned_error, float)
        reached = (error > start) & (error < self.plateau)
        with np.errstate(all="ignore"):
            # A - 1 and r - 1, which lose no digits where both ratios are near 1
            beyond = np.expm1(2 / self.slope * np.log(self.plateau / start))
            rise = np.expm1(2 / self.slope * np.log(error / start))
            invariant = self.knee * np.sqrt((beyond - rise) / rise)
        return np.where(reached, invariant / self.invariant(1.0, width, depth), np.nan)


@dataclass(frozen=True, eq=False)
class Measurements:
    """Pruned networks of one task, one entry each: error and unpruned error as fractions, density above 0.

    `network` names the scale (width, depth, training images); all seeds of a scale share its name and its
    unpruned error, the mean over `unpruned_runs` of them.
    """

    task: tuple[str, ...]
    network: tuple[str, ...]
    density: Array
    error: Array
    unpruned_error: Array
    unpruned_runs: Array
    width: Array
    depth: Array

    def __len__(self) -> int:
        return len(self.network)

    @property
    def networks(self) -> tuple[str, ...]:
        """The scales, in the order of their first entries."""
        return tuple(dict.fromkeys(self.network))

    @property
    def places(self) -> NDArray[np.intp]:
        """For each entry, the place of its scale in `networks`."""
        order = {name: place for place, name in enumerate(self.networks)}
        return np.array([order[name] for name in self.network], dtype=np.intp)

    @property
    def free(self) -> NDArray[np.bool_]:
        """Which of the five constants the entries can tell: an exponent only if its axis varies."""
        return np.array([True, True, True, len(set(self.depth)) > 1, len(set(self.width)) > 1])


FEWEST_DENSITIES = 5
"""Per network: three constants, and two more points to see whether they fit."""
MOST_FALL = 0.15
"""By which error may fall as density falls: three standard deviations of the difference of two runs, 3 √2 · 3.4 %."""
LEAST_RISE = 1.15
"""Error of the most pruned network over that of the unpruned one, below which noise alone would be fitted; as above."""


def check(points: Measurements) -> None:
    """ValueError with every reason why no law can be fitted to these points."""
    problems = []
    tasks = sorted(set(points.task))
    if len(tasks) > 1:
        names = ", ".join(tasks)
        problems.append(
            f"{len(tasks)} tasks are mixed ({names}); the constants belong to one: fit each alone"
        )
    for name, place in zip(points.networks, range(len(points)), strict=False):
        densities, errors = _curve(points, place)
        if len(densities) < FEWEST_DENSITIES:
            problems.append(
                f"{name}: {len(densities)} densities are too few to fit the law; expected {FEWEST_DENSITIES} or more"
            )
            continue
        highest = np.maximum.accumulate(errors)
        worst = int(np.argmin(errors / highest))
        if errors[worst] < (1 - MOST_FALL) * highest[worst]:
            problems.append(
                f"{name}: error falls from {highest[worst]:.2%} to {errors[worst]:.2%} as density falls to "
                f"{densities[worst]:.3g}; the law only rises: are several recipes mixed, or densities swapped?"
            )
    if len(points) == 0:
        problems.append("no points; nothing can be fitted")
    elif not problems and np.max(points.error / points.unpruned_error) < LEAST_RISE:
        rise = np.max(points.error / points.unpruned_error) - 1
        problems.append(f"error rises by {rise:.1%} at most, which noise alone may do; prune further")
    if problems:
        raise ValueError("\n".join(problems))


def _curve(points: Measurements, place: int) -> tuple[Array, Array]:
    """Densities of one scale, falling, each with its mean error over seeds."""
    own = points.places == place
    densities, inverse = np.unique(points.density[own], return_inverse=True)
    errors = np.bincount(inverse, points.error[own]) / np.bincount(inverse)
    return densities[::-1], errors[::-1]
