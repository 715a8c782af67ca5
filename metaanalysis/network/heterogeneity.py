"""How far studies of one connected network differ: tau squared, Q and its parts, I squared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from metaanalysis.network.fit import Fit, add_laplacians, fit, flows, inverse, residuals, squares
from metaanalysis.network.weights import StudyBlock

GRID = 30
"""Variances at which the restricted likelihood is looked at before its highest maximum is found exactly."""


@dataclass(frozen=True, slots=True)
class Design:
    """Studies that compare the same treatments, given by their places; `q` is how far they differ from each other."""

    treatments: tuple[int, ...]
    studies: int
    q: float
    degrees: int


@dataclass(frozen=True, slots=True)
class QParts:
    """Q with its degrees of freedom, and the part of both that lies within designs; parts of networks add up.

    What is left lies between designs: the design-by-treatment part (Higgins et al. 2012, doi 10.1002/jrsm.1044).
    """

    q: float = 0.0
    degrees: int = 0
    within: float = 0.0
    degrees_within: int = 0

    def __add__(self, other: QParts) -> QParts:
        return QParts(
            q=self.q + other.q,
            degrees=self.degrees + other.degrees,
            within=self.within + other.within,
            degrees_within=self.degrees_within + other.degrees_within,
        )

    @property
    def degrees_between(self) -> int:
        """Degrees of freedom between designs."""
        return self.degrees - self.degrees_within

    @property
    def between(self) -> float:
        """Q between designs; 0 without degrees of freedom, where only rounding is left."""
        if self.degrees_between == 0:
            return 0.0
        return max(0.0, self.q - self.within)

    def named(self) -> dict[str, object]:
        """The parts with their p-values and I squared, by their public names; NaN without degrees of freedom."""
        return {
            "q": self.q,
            "df_q": self.degrees,
            "p_q": p_value(self.q, self.degrees),
            "q_within": self.within,
            "df_within": self.degrees_within,
            "p_within": p_value(self.within, self.degrees_within),
            "q_between": self.between,
            "df_between": self.degrees_between,
            "p_between": p_value(self.between, self.degrees_between),
            "i2": i_squared(self.q, self.degrees),
        }


def i_squared(q: float, degrees: int) -> float:
    """The share of the differences between studies that is more than chance: max(0, (Q - df) / Q); NaN without df."""
    if degrees == 0:
        return float("nan")
    if q <= degrees:
        return 0.0
    return (q - degrees) / q


def p_value(q: float, degrees: int) -> float:
    """The chance of a Q at least as large if nothing but sampling error were at work; NaN without df."""
    if degrees == 0:
        return float("nan")
    return float(chi2.sf(q, degrees))


def degrees_of_freedom(blocks: Sequence[StudyBlock], treatments: int) -> int:
    """Independent contrasts less the estimated ones."""
    independent = sum(block.studies * (block.arm_count - 1) for block in blocks)
    return independent - (treatments - 1)


def dersimonian_laird(blocks: Sequence[StudyBlock], treatments: int) -> float:
    """The generalised moment estimate of tau squared (Jackson, White & Riley 2012, doi 10.1002/sim.4516).

    NaN where no degree of freedom is left.
    """
    degrees = degrees_of_freedom(blocks, treatments)
    if degrees == 0:
        return float("nan")
    common = fit(blocks, treatments)
    surplus = common.q - degrees
    return max(0.0, surplus / _growth_of_q(blocks, common))


def restricted_likelihood(blocks: Sequence[StudyBlock], treatments: int) -> float:
    """The tau squared of the highest restricted likelihood (REML); NaN where no degree of freedom is left.

    The likelihood may have several maxima, so it is first looked at on a grid; the maximum is then the root of its
    derivative, to the precision of doubles.
    """
    if degrees_of_freedom(blocks, treatments) == 0:
        return float("nan")
    grid = _grid(blocks)
    likelihoods = [_log_likelihood(blocks, treatments, tau2) for tau2 in grid]
    best = int(np.argmax(likelihoods))
    rising = _slope(grid[best], blocks, treatments) > 0
    if best == 0 and not rising:
        return 0.0
    low, high = grid[best - 1], grid[best]
    if rising:
        low, high = grid[best], grid[best + 1]
    if _slope(low, blocks, treatments) <= 0 or _slope(high, blocks, treatments) >= 0:
        return float(grid[best])  # two turns between neighbours: the grid is as near as this comes
    root = brentq(_slope, low, high, args=(blocks, treatments), xtol=1e-15 * high, rtol=1e-13)
    return float(root)


def _grid(blocks: Sequence[StudyBlock]) -> np.ndarray:
    """Variances from zero to beyond the sum of all squared effects, above which the likelihood only falls."""
    smallest, largest, sum_of_squares = np.inf, 0.0, 0.0
    for block in blocks:
        first, second = np.triu_indices(block.arm_count, 1)
        variances = block.variances[:, first, second]
        effects = block.effects[:, first, second]
        smallest = min(smallest, variances.min())
        largest = max(largest, variances.max())
        sum_of_squares += np.square(effects).sum()
    return np.append(0.0, np.geomspace(1e-6 * smallest, largest + sum_of_squares, GRID))


def _log_likelihood(blocks: Sequence[StudyBlock], treatments: int, tau2: float) -> float:
    """Twice the restricted log-likelihood, up to a constant."""
    at = fit(blocks, treatments, tau2, exact=True)
    of_studies = sum(block.log_determinants(tau2) for block in blocks)
    reduced = at.laplacian[1:, 1:]  # whichever row is left out, the determinant is the same
    _, of_network = np.linalg.slogdet(reduced)
    return -of_studies - of_network - at.q


def _slope(tau2: float, blocks: Sequence[StudyBlock], treatments: int) -> float:
    """The derivative of `_log_likelihood` by tau squared."""
    at = fit(blocks, treatments, tau2, exact=True)
    pull = 0.0
    for block, laplacians in zip(blocks, at.laplacians, strict=True):
        left = flows(laplacians, residuals(block, at.level))
        pull += np.square(left).sum()
    return pull / 2 - _growth_of_q(blocks, at)


def _growth_of_q(blocks: Sequence[StudyBlock], at: Fit) -> float:
    """How much the expected Q, with the weights of a fit, grows for each unit of variance between studies.

    Half of (sum of tr L_s) - tr(C sum of L_s L_s) over the Laplacians L_s of the studies, C being the fit's
    covariance: each arm carries half of the variance of a contrast.
    """
    products = np.zeros_like(at.covariance)
    traces = 0.0
    for block, laplacians in zip(blocks, at.laplacians, strict=True):
        traces += np.trace(laplacians, axis1=1, axis2=2).sum()
        add_laplacians(products, block, laplacians @ laplacians)
    explained = (at.covariance * products).sum()
    return float(traces - explained) / 2


def designs(blocks: Sequence[StudyBlock]) -> list[Design]:
    """The designs of a network with the Q within each (Krahn, Binder & Koenig 2013, doi 10.1186/1471-2288-13-35)."""
    found: list[Design] = []
    for block in blocks:
        found += _designs_of(block)
    return found


def _designs_of(block: StudyBlock) -> list[Design]:
    """Each design fitted by itself, all at once: a network of k treatments each."""
    arms, which, counts = np.unique(block.arms, axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    size = block.arm_count
    laplacians = np.zeros((len(arms), size, size))
    sums = np.zeros((len(arms), size, 1))
    q = np.zeros(len(arms))
    own = block.laplacians(0.0)
    np.add.at(laplacians, which, own)
    np.add.at(sums[:, :, 0], which, flows(own, block.effects))
    level = (inverse(laplacians) @ sums)[which]
    left = block.effects - (level - level.transpose(0, 2, 1))
    np.add.at(q, which, squares(own, left))
    return [
        Design(
            treatments=tuple(places),
            studies=studies,
            q=of_design,
            degrees=(studies - 1) * (size - 1),
        )
        for places, studies, of_design in zip(arms.tolist(), counts.tolist(), q.tolist(), strict=True)
    ]
