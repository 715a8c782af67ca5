"""How far studies of one connected network differ: tau squared, Q and its parts, I squared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from metaanalysis.network.fit import Fit, add_laplacians, fit, flows, inverse, residuals, squares
from metaanalysis.network.weights import Block

GRID = 60
"""Variances at which the restricted likelihood is looked at before its highest maximum is found exactly."""


@dataclass(frozen=True, slots=True)
class Design:
    """Studies that compare the same treatments, given by their places; `q` is how far they differ from each other."""

    treatments: tuple[int, ...]
    studies: int
    q: float
    degrees: int


def degrees_of_freedom(blocks: Sequence[Block], treatments: int) -> int:
    """Independent contrasts less the estimated ones."""
    return sum(block.studies * (block.arm_count - 1) for block in blocks) - (treatments - 1)


def dersimonian_laird(blocks: Sequence[Block], treatments: int) -> float:
    """The generalised moment estimate of tau squared (Jackson, White & Riley 2012, doi 10.1002/sim.4516).

    NaN where no degree of freedom is left.
    """
    degrees = degrees_of_freedom(blocks, treatments)
    if degrees == 0:
        return float("nan")
    common = fit(blocks, treatments)
    return max(0.0, (common.q - degrees) / _growth_of_q(blocks, common))


def restricted_likelihood(blocks: Sequence[Block], treatments: int) -> float:
    """The tau squared of the highest restricted likelihood (REML); NaN where no degree of freedom is left.

    The likelihood may have several maxima, so it is first looked at on a grid; the maximum is then the root of its
    derivative, to the precision of doubles.
    """
    if degrees_of_freedom(blocks, treatments) == 0:
        return float("nan")
    pairs = [np.triu_indices(block.arm_count, 1) for block in blocks]
    variances = [block.variances[:, *pair].ravel() for block, pair in zip(blocks, pairs, strict=True)]
    effects = [block.effects[:, *pair].ravel() for block, pair in zip(blocks, pairs, strict=True)]
    smallest = np.concatenate(variances).min()
    highest = np.concatenate(variances).max() + np.square(np.concatenate(effects)).sum()  # above all squared residuals
    grid = np.concatenate([[0.0], np.geomspace(1e-6 * smallest, highest, GRID)])
    best = int(np.argmax([_log_likelihood(blocks, treatments, tau2) for tau2 in grid]))
    rising = _slope(grid[best], blocks, treatments) > 0
    if best == 0 and not rising:
        return 0.0
    low, high = (grid[best], grid[best + 1]) if rising else (grid[best - 1], grid[best])
    if _slope(low, blocks, treatments) <= 0 or _slope(high, blocks, treatments) >= 0:
        return float(grid[best])  # two turns between neighbours: the grid is as near as this comes
    return float(brentq(_slope, low, high, args=(blocks, treatments), xtol=1e-15 * high, rtol=1e-13))


def _log_likelihood(blocks: Sequence[Block], treatments: int, tau2: float) -> float:
    """Twice the restricted log-likelihood, up to a constant."""
    at = fit(blocks, treatments, tau2, exact=True)
    _, of_network = np.linalg.slogdet(at.laplacian[1:, 1:])  # the same up to a constant whichever row is left out
    return -sum(block.log_determinants(tau2) for block in blocks) - of_network - at.q


def _slope(tau2: float, blocks: Sequence[Block], treatments: int) -> float:
    """The derivative of `_log_likelihood` by tau squared."""
    at = fit(blocks, treatments, tau2, exact=True)
    pull = 0.0
    for block, laplacians in zip(blocks, at.laplacians, strict=True):
        pull += (flows(laplacians, residuals(block, at.level)) ** 2).sum()
    return pull / 2 - _growth_of_q(blocks, at)


def _growth_of_q(blocks: Sequence[Block], at: Fit) -> float:
    """How much the expected Q, with the weights of a fit, grows for each unit of variance between studies.

    Half of (sum of tr L_s) - tr(C sum of L_s L_s) over the Laplacians L_s of the studies, C being the fit's
    covariance: each arm carries half of the variance of a contrast.
    """
    products = np.zeros_like(at.covariance)
    traces = 0.0
    for block, laplacians in zip(blocks, at.laplacians, strict=True):
        traces += np.trace(laplacians, axis1=1, axis2=2).sum()
        add_laplacians(products, block, laplacians @ laplacians)
    return float(traces - (at.covariance * products).sum()) / 2


def i_squared(q: float, degrees: int) -> float:
    """The share of the differences between studies that is more than chance: max(0, (Q - df) / Q); NaN without df."""
    if degrees == 0:
        return float("nan")
    return max(0.0, (q - degrees) / q) if q > 0 else 0.0


def p_value(q: float, degrees: int) -> float:
    """The chance of a Q at least as large if nothing but sampling error were at work; NaN without df."""
    return float(chi2.sf(q, degrees)) if degrees else float("nan")


def designs(blocks: Sequence[Block]) -> list[Design]:
    """The designs of a network with the Q within each (Krahn, Binder & Koenig 2013, doi 10.1186/1471-2288-13-35).

    Q within designs is the sum over them; what is left of the network's Q lies between designs: the
    design-by-treatment part (Higgins et al. 2012, doi 10.1002/jrsm.1044).
    """
    return [design for block in blocks for design in _designs_of(block)]


def _designs_of(block: Block) -> list[Design]:
    arms, which, counts = np.unique(block.arms, axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    size = block.arm_count
    own = block.laplacians(0.0)
    laplacians, sums, q = np.zeros((len(arms), size, size)), np.zeros((len(arms), size)), np.zeros(len(arms))
    np.add.at(laplacians, which, own)
    np.add.at(sums, which, flows(own, block.effects))
    level = (inverse(laplacians) @ sums[:, :, None])[:, :, 0][which]
    left = block.effects - (level[:, :, None] - level[:, None, :])
    np.add.at(q, which, squares(own, left))
    return [
        Design(tuple(places), studies, of_design, (studies - 1) * (size - 1))
        for places, studies, of_design in zip(arms.tolist(), counts.tolist(), q.tolist(), strict=True)
    ]
