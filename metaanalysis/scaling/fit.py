"""Fits the scaling law by least squares on relative deviation, with bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import least_squares

from metaanalysis.scaling.law import CONSTANTS, Array, Law, Measurements, check

LOWEST = np.array([np.log(1e-3), np.log(0.02), -40.0, -10.0, -10.0])
HIGHEST = np.array([0.0, np.log(20.0), 40.0, 10.0, 10.0])
"""Bounds of ln plateau (no error is above 100 %), ln slope, ln knee and the two exponents."""
REPLICATES = 200
TOLERANCE = 1e-12
"""Relative gain of the cost below which a fit is done; the constants then hold to about 1e-6."""
ROUGH = 1e-8
"""The same for one of many fits: a step towards the best start, or one bootstrap replicate."""
CONTINUED = 4
"""How many of the roughly fitted starts are fitted to the end; the best of them is the law."""


@dataclass(frozen=True, eq=False)
class LawFit:
    """A law fitted to points, how far it is from them, and how far it might have been another."""

    points: Measurements
    law: Law
    replicates: Array
    """Constants refitted to resampled points, shape (replicates, 5), in the order of CONSTANTS."""

    @cached_property
    def deviations(self) -> Array:
        """(fitted - measured) / measured, per point."""
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
        deviations = {}
        for place, name in enumerate(self.points.networks):
            own = self.deviations[self.points.places == place]
            deviations[name] = (float(own.mean()), float(own.std(ddof=1)))
        return deviations

    @cached_property
    def left_out(self) -> Array | None:
        """Relative deviation of each point from the law fitted without its network; None with fewer than three."""
        if len(self.points.networks) < 3:
            return None
        squares = _Squares(self.points)
        predicted = np.empty(len(self.points))
        for place in range(len(self.points.networks)):
            own = self.points.places == place
            theta, _ = squares.least(_theta(self.law), (~own).astype(float))
            predicted[own] = _error(_law(theta), self.points)[own]
        return predicted / self.points.error - 1

    def interval(self, constant: str) -> tuple[float, float]:
        """95 % bootstrap interval of a constant."""
        values = self.replicates[:, CONSTANTS.index(constant)]
        low, high = np.percentile(values, [2.5, 97.5])
        return low, high

    def band(
        self, density: ArrayLike, unpruned_error: float, width: float, depth: float
    ) -> tuple[Array, Array]:
        """95 % bootstrap interval of the law's error at these densities."""
        densities = np.asarray(density, float)[None, :]
        errors = _laws(self.replicates).error(densities, unpruned_error, width, depth)
        low, high = np.percentile(errors, [2.5, 97.5], axis=0)
        return low, high

    def density_interval(
        self, error: float, unpruned_error: float, width: float, depth: float
    ) -> tuple[float, float]:
        """95 % bootstrap interval of the density at which the law reaches an error; may lack an end (nan)."""
        densities = _laws(self.replicates).density_for(error, unpruned_error, width, depth)[:, 0]
        # a replicate that never reaches the error counts as one that reaches it beyond every density
        ordered = np.sort(np.nan_to_num(densities, nan=np.inf))
        last = len(ordered) - 1
        low, high = ordered[round(0.025 * last)], ordered[round(0.975 * last)]
        return float(low), float(high if np.isfinite(high) else np.nan)


def fit(points: Measurements, *, replicates: int = REPLICATES, seed: int = 0) -> LawFit:
    """The law with the least sum of squared relative deviations; ValueError says why there is none.

    Intervals come from points resampled within each network, so that no network is lost, and from unpruned errors
    moved at random by as much as a run varies around the law, over the root of their number of runs. The same points
    and `seed` give the same intervals.
    """
    check(points)
    squares = _Squares(points)
    once = np.ones(len(points))
    rough = [squares.least(start, once, ROUGH, most=12) for start in _starts(points)]
    rough.sort(key=lambda theta_and_cost: theta_and_cost[1])
    finished = [squares.least(theta, once) for theta, _ in rough[:CONTINUED]]
    theta, _ = min(finished, key=lambda theta_and_cost: theta_and_cost[1])
    best = LawFit(points, _law(theta), np.empty((0, 5)))
    generator = np.random.default_rng(seed)
    weights = _resampled(points, replicates, generator)
    noise = generator.standard_normal((replicates, len(points.networks)))[:, points.places]
    moved = np.log(points.unpruned_error) + best.spread * noise / np.sqrt(points.unpruned_runs)
    again = np.empty((replicates, 5))
    for number in range(replicates):
        of_replicate = _Squares(points, moved[number])
        again[number], _ = of_replicate.least(theta, weights[number], ROUGH)
    return replace(best, replicates=_natural(again))


def _starts(points: Measurements) -> Array:
    """A grid of constants that all give the median error at the median size, in the fit's own coordinates."""
    middle = np.argsort(points.error)[len(points) // 2]
    density, start = points.density[middle], points.unpruned_error[middle]
    error = max(points.error[middle], 1.05 * start)
    widths = np.array([0.0, 1.0, 2.0]) if points.free[4] else np.array([0.0])
    depths = np.array([0.0, 1.0]) if points.free[3] else np.array([0.0])
    starts = []
    for plateau in np.minimum(points.error.max() * np.array([1.05, 2.0, 5.0]), 0.999):
        for slope in (0.5, 1.0, 2.0, 4.0):
            for depth in depths:
                for width in widths:
                    law = Law(plateau, slope, 1.0, depth, width)
                    unit = float(law.density_for(error, start, points.width[middle], points.depth[middle]))
                    knee = density / unit if np.isfinite(unit) and unit > 0 else density
                    starts.append([np.log(plateau), np.log(slope), np.log(knee), depth, width])
    return np.clip(np.array(starts), LOWEST, HIGHEST)


def _resampled(points: Measurements, replicates: int, generator: np.random.Generator) -> Array:
    """How often each point counts: (replicates, points), drawn within each network."""
    weights = np.zeros((replicates, len(points)))
    for place in range(len(points.networks)):
        own = np.flatnonzero(points.places == place)
        weights[:, own] = generator.multinomial(len(own), np.full(len(own), 1 / len(own)), size=replicates)
    return weights


class _Squares:
    """The sum of squared relative deviations of a law from points, as a function of the law's five coordinates.

    The coordinates are ln plateau, ln slope, ln knee and the two exponents; those that the points cannot tell stay as
    they are. `start` has logarithms of other unpruned errors than the points' own.
    """

    def __init__(self, points: Measurements, start: Array | None = None):
        self.size, self.width, self.depth = (
            np.log(points.density),
            np.log(points.width),
            np.log(points.depth),
        )
        self.start = np.log(points.unpruned_error) if start is None else start
        self.error = np.log(points.error)
        self.free = np.flatnonzero(points.free)

    def least(
        self, theta: Array, weights: Array, tolerance: float = TOLERANCE, most: int = 200
    ) -> tuple[Array, float]:
        """The coordinates of least weighted cost near `theta`, after `most` evaluations at most, and the cost."""
        roots = np.sqrt(weights)
        theta = theta.copy()

        def residuals(free: Array) -> Array:
            theta[self.free] = free
            return roots * self.deviations(theta)

        def slopes(free: Array) -> Array:
            theta[self.free] = free
            return roots[:, None] * self.slopes(theta)[:, self.free]

        solution = least_squares(
            residuals,
            theta[self.free],
            slopes,
            bounds=(LOWEST[self.free], HIGHEST[self.free]),
            ftol=tolerance,
            xtol=tolerance,
            gtol=tolerance,
            max_nfev=most,
        )
        theta[self.free] = solution.x
        return theta, 2 * solution.cost  # scipy's cost is half the sum of squares

    def deviations(self, theta: Array) -> Array:
        """(law - measured) / measured for each point."""
        ratio, _ = self._law(theta)
        return ratio - 1

    def slopes(self, theta: Array) -> Array:
        """Derivatives of the deviations by the five coordinates: (points, 5)."""
        ratio, derivatives = self._law(theta)
        return ratio[:, None] * derivatives

    def _law(self, theta: Array) -> tuple[Array, Array]:
        """The law's error over the measured one, and the derivatives of its logarithm: (points,) and (points, 5).

        `Law.error` in logarithms: ln error = start + slope / 2 (ln(m² + far) - ln(m² + near)), where `far` and `near`
        are the squared places of the two knees and m the invariant.
        """
        plateau, log_slope, knee, depth, width = theta
        slope = np.exp(log_slope)
        size = 2 * (self.size + depth * self.depth + width * self.width)
        rise = plateau - self.start
        far, near = 2 * knee + 2 / slope * rise, 2 * knee
        to_far, to_near = np.logaddexp(size, far), np.logaddexp(size, near)
        ratio = np.exp(self.start + slope / 2 * (to_far - to_near) - self.error)
        at_far, at_near = np.exp(far - to_far), np.exp(near - to_near)
        by_slope = slope / 2 * (to_far - to_near) - at_far * rise
        by_knee = slope * (at_far - at_near)
        derivatives = [at_far, by_slope, by_knee, -by_knee * self.depth, -by_knee * self.width]
        return ratio, np.stack(derivatives, axis=1)


def _error(law: Law, points: Measurements) -> Array:
    return law.error(points.density, points.unpruned_error, points.width, points.depth)


def _theta(law: Law) -> Array:
    """A law in the fit's own coordinates."""
    logs = np.log([law.plateau, law.slope, law.knee])
    return np.array([*logs, law.depth_exponent, law.width_exponent])


def _natural(theta: Array) -> Array:
    """The five constants of each row of coordinates."""
    return np.concatenate([np.exp(theta[:, :3]), theta[:, 3:]], 1)


def _law(theta: Array) -> Law:
    plateau, slope, knee, depth_exponent, width_exponent = _natural(theta[None, :])[0].tolist()
    return Law(plateau, slope, knee, depth_exponent, width_exponent)


def _laws(constants: Array) -> Law:
    """One law whose constants are columns: what it computes has a row for each of them."""
    columns = [column[:, None] for column in constants.T]
    return Law(*columns)
