"""Fits the scaling law by least squares on relative deviation, many fits at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from metaanalysis.scaling.law import CONSTANTS, Array, Law, Measurements, check

LOWEST = np.array([np.log(1e-3), np.log(0.02), -40.0, -10.0, -10.0])
HIGHEST = np.array([0.0, np.log(20.0), 40.0, 10.0, 10.0])
"""Bounds of ln plateau (no error is above 100 %), ln slope, ln knee and the two exponents."""
REPLICATES = 200
TOLERANCE = 1e-9
"""Relative gain of the cost below which a fit is done."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A law fitted to points, how far it is from them, and how far it might have been another."""

    points: Measurements
    law: Law
    replicates: Array
    """Constants refitted to resampled points, shape (replicates, 5), in the order of CONSTANTS."""

    @cached_property
    def deviations(self) -> Array:
        """(fitted − measured) / measured, per point."""
        return _error(self.law, self.points) / self.points.error - 1

    @property
    def mean(self) -> float:
        """Mean relative deviation over all points."""
        return float(self.deviations.mean())

    @property
    def spread(self) -> float:
        """Standard deviation of the relative deviation over all points."""
        return float(self.deviations.std(ddof=1))

    @property
    def per_network(self) -> dict[str, tuple[float, float]]:
        """Mean and standard deviation of the relative deviation, scale by scale."""
        parts = {
            name: self.deviations[self.points.places == place]
            for place, name in enumerate(self.points.networks)
        }
        return {name: (float(part.mean()), float(part.std(ddof=1))) for name, part in parts.items()}

    @cached_property
    def left_out(self) -> Array | None:
        """Relative deviation of each point from the law fitted without its network; None with fewer than three."""
        count = len(self.points.networks)
        if count < 3:
            return None
        places = self.points.places
        kept = (places[None, :] != np.arange(count)[:, None]).astype(float)
        theta, _ = _fitted(_theta(self.law)[None, :].repeat(count, 0), self.points, kept, 100)
        laws = [_law(row) for row in theta]
        predicted = np.array([_error(law, self.points) for law in laws])[places, np.arange(len(places))]
        return predicted / self.points.error - 1

    def interval(self, constant: str) -> tuple[float, float]:
        """95 % bootstrap interval of a constant."""
        return tuple(np.percentile(self.replicates[:, CONSTANTS.index(constant)], [2.5, 97.5]))

    def band(
        self, density: ArrayLike, unpruned_error: float, width: float, depth: float
    ) -> tuple[Array, Array]:
        """95 % bootstrap interval of the law's error at these densities."""
        asked = np.asarray(density, float)[None, :], unpruned_error, width, depth
        errors = _laws(self.replicates).error(*asked)
        return tuple(np.percentile(errors, [2.5, 97.5], axis=0))

    def density_interval(
        self, error: float, unpruned_error: float, width: float, depth: float
    ) -> tuple[float, float]:
        """95 % bootstrap interval of the density at which the law reaches an error; may lack an end (nan)."""
        found = _laws(self.replicates).density_for(error, unpruned_error, width, depth)[:, 0]
        found = np.sort(np.nan_to_num(found, nan=np.inf))
        low, high = (found[round(share * (len(found) - 1))] for share in (0.025, 0.975))
        return float(low), float(high if np.isfinite(high) else np.nan)


def fit(points: Measurements, *, replicates: int = REPLICATES, seed: int = 0) -> Fit:
    """The law with the least sum of squared relative deviations; ValueError says why there is none.

    Intervals come from points resampled within each network, so that no network is lost, and from unpruned errors
    moved at random by as much as a run varies around the law, over the root of their number of runs.
    """
    check(points)
    ones = np.ones((1, len(points)))
    starts = _starts(points)
    rough, costs = _fitted(starts, points, ones.repeat(len(starts), 0), 12)
    best = rough[np.argsort(costs, kind="stable")[:4]]
    theta, costs = _fitted(best, points, ones.repeat(len(best), 0), 200)
    chosen = theta[np.argmin(costs)]
    found = Fit(points, _law(chosen), np.empty((0, 5)))
    generator = np.random.default_rng(seed)
    weights = _resampled(points, replicates, generator)
    noise = generator.standard_normal((replicates, len(points.networks)))[:, points.places]
    moved = np.log(points.unpruned_error) + found.spread * noise / np.sqrt(points.unpruned_runs)
    again, _ = _fitted(chosen[None, :].repeat(replicates, 0), points, weights, 20, moved, tolerance=1e-5)
    return replace(found, replicates=_natural(again))


def _starts(points: Measurements) -> Array:
    """A grid of constants that all give the median error at the median size, in the fit's own coordinates."""
    middle = np.argsort(points.error)[len(points) // 2]
    widths = np.array([0.0, 1.0, 2.0]) if points.free[4] else np.array([0.0])
    depths = np.array([0.0, 1.0]) if points.free[3] else np.array([0.0])
    starts = []
    for plateau in np.minimum(points.error.max() * np.array([1.05, 2.0, 5.0]), 0.999):
        for slope in (0.5, 1.0, 2.0, 4.0):
            for depth in depths:
                for width in widths:
                    law = Law(plateau, slope, 1.0, depth, width)
                    about = points.unpruned_error[middle], points.width[middle], points.depth[middle]
                    error = max(points.error[middle], 1.05 * about[0])
                    unit = float(law.density_for(error, *about))
                    knee = (
                        points.density[middle] / unit
                        if np.isfinite(unit) and unit > 0
                        else points.density[middle]
                    )
                    starts.append([np.log(plateau), np.log(slope), np.log(knee), depth, width])
    return np.clip(np.array(starts), LOWEST, HIGHEST)


def _resampled(points: Measurements, replicates: int, generator: np.random.Generator) -> Array:
    """How often each point counts: (replicates, points), drawn within each network."""
    weights = np.zeros((replicates, len(points)))
    for place in range(len(points.networks)):
        own = np.flatnonzero(points.places == place)
        weights[:, own] = generator.multinomial(len(own), np.full(len(own), 1 / len(own)), size=replicates)
    return weights


def _fitted(
    theta: Array,
    points: Measurements,
    weights: Array,
    iterations: int,
    start: Array | None = None,
    tolerance: float = TOLERANCE,
) -> tuple[Array, Array]:
    """Constants of least weighted cost near each row of `theta`, and the costs (Levenberg 1944, Marquardt 1963).

    `start` has a row of logarithmic unpruned errors for each row of `theta`, where they differ from the points' own.
    """
    theta, damping = theta.copy(), np.full(len(theta), 1e-2)
    free = np.flatnonzero(points.free)
    axes = _Axes(points, start)
    deviations, slopes = axes.deviations(theta)
    costs = np.sum(weights * deviations**2, 1)
    for _ in range(iterations):
        step = _step(deviations, slopes[:, :, free], weights, damping)
        tried = theta.copy()
        tried[:, free] += step
        tried = np.clip(tried, LOWEST, HIGHEST)
        new_deviations, new_slopes = axes.deviations(tried)
        new_costs = np.sum(weights * new_deviations**2, 1)
        better = new_costs < costs
        gain = np.where(better, costs - new_costs, 0) / np.maximum(costs, 1e-300)
        theta[better], costs[better] = tried[better], new_costs[better]
        deviations[better], slopes[better] = new_deviations[better], new_slopes[better]
        damping = np.clip(np.where(better, damping / 5, damping * 4), 1e-12, 1e8)
        if np.all(np.where(better, gain < tolerance, damping >= 1e4)):
            break
    return theta, costs


def _step(deviations: Array, slopes: Array, weights: Array, damping: Array) -> Array:
    weighted = slopes * weights[:, :, None]
    curvature = np.matmul(weighted.transpose(0, 2, 1), slopes)
    downhill = -np.matmul(weighted.transpose(0, 2, 1), deviations[:, :, None])
    diagonal = np.einsum("bkk->bk", curvature)
    diagonal += damping[:, None] * diagonal + 1e-12
    return np.linalg.solve(curvature, downhill)[:, :, 0]


class _Axes:
    """The points' logarithms, and the relative deviations of many laws from them with their derivatives."""

    def __init__(self, points: Measurements, start: Array | None = None):
        self.size, self.width, self.depth = (
            np.log(part) for part in (points.density, points.width, points.depth)
        )
        self.start, self.error = (
            np.log(points.unpruned_error) if start is None else start,
            np.log(points.error),
        )

    def deviations(self, theta: Array) -> tuple[Array, Array]:
        """Deviations (laws, points) and their derivatives by the five coordinates (laws, points, 5)."""
        plateau, log_slope, knee, depth, width = (column[:, None] for column in theta.T)
        slope = np.exp(log_slope)
        size = 2 * (self.size + depth * self.depth + width * self.width)
        rise = plateau - self.start
        far, near = 2 * knee + 2 / slope * rise, 2 * knee
        to_far, to_near = np.logaddexp(size, far), np.logaddexp(size, near)
        ratio = np.exp(self.start + slope / 2 * (to_far - to_near) - self.error)
        at_far, at_near = np.exp(far - to_far), np.exp(near - to_near)
        by_knee = slope * (at_far - at_near)
        by_slope = slope / 2 * (to_far - to_near) - at_far * rise
        slopes = np.stack([at_far, by_slope, by_knee, -by_knee * self.depth, -by_knee * self.width], 2)
        return ratio - 1, ratio[:, :, None] * slopes


def _error(law: Law, points: Measurements) -> Array:
    return law.error(points.density, points.unpruned_error, points.width, points.depth)


def _theta(law: Law) -> Array:
    logs = np.log([law.plateau, law.slope, law.knee])
    return np.array([*logs, law.depth_exponent, law.width_exponent])


def _natural(theta: Array) -> Array:
    return np.concatenate([np.exp(theta[:, :3]), theta[:, 3:]], 1)


def _law(theta: Array) -> Law:
    return Law(*map(float, _natural(theta[None, :])[0]))


def _laws(constants: Array) -> Law:
    """One law whose constants are columns: what it computes has a row for each of them."""
    return Law(**dict(zip(CONSTANTS, (column[:, None] for column in constants.T), strict=True)))
