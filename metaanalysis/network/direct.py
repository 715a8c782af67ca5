"""Direct and indirect evidence for every pair of a connected network.

The direct estimate pools the contrasts of the studies that hold both treatments; the indirect one is what must have
been added to it to give the network's estimate (back-calculation, SIDE: Dias et al. 2010, doi 10.1002/sim.3767;
the share of direct evidence: Koenig, Krahn & Binder 2013, doi 10.1002/sim.6001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from metaanalysis.network.fit import Fit
from metaanalysis.network.weights import Block

NEGLIGIBLE_SHARE = 0.0005
"""A part of the evidence below this share gives no estimate of its own (as in R netmeta's netsplit).

Its standard error would be more than 44 times the network's.
"""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Every field (n, n), treatment i minus treatment j; NaN where there is none.

    `share_direct` is the part of the network's precision that studies of both treatments give; `difference` is direct
    minus indirect, `p_difference` its two-sided p-value (normal).
    """

    studies: np.ndarray
    direct: np.ndarray
    se_direct: np.ndarray
    indirect: np.ndarray
    se_indirect: np.ndarray
    difference: np.ndarray
    se_difference: np.ndarray
    p_difference: np.ndarray
    share_direct: np.ndarray


def evidence(blocks: Sequence[Block], network: Fit) -> Evidence:
    """Direct and indirect evidence behind the estimates of a fit, with its variance between studies."""
    shape = network.covariance.shape
    studies, precision, weighted = np.zeros(shape, int), np.zeros(shape), np.zeros(shape)
    for block in blocks:
        at = (block.arms[:, :, None], block.arms[:, None, :])
        itself = np.eye(block.arm_count, dtype=bool)
        weights = np.where(itself, 0.0, 1 / np.where(itself, 1.0, block.variances + network.tau2))
        np.add.at(studies, at, np.broadcast_to(~itself, weights.shape).astype(int))
        np.add.at(precision, at, weights)
        np.add.at(weighted, at, weights * block.effects)
    effects, variances = network.effects, network.variances
    share = np.minimum(variances * precision, 1.0)  # it is at most 1 but for the last digits
    with np.errstate(divide="ignore", invalid="ignore"):
        direct, se_direct = weighted / precision, 1 / np.sqrt(precision)
        left = np.where(studies > 0, share, 0.0)
        indirect = (effects - left * np.where(studies > 0, direct, 0.0)) / (1 - left)
        se_indirect = np.sqrt(variances / (1 - left))
    _blank(share < NEGLIGIBLE_SHARE, direct, se_direct)
    _blank(1 - share < NEGLIGIBLE_SHARE, indirect, se_indirect)
    _blank(np.eye(shape[0], dtype=bool), direct, se_direct, indirect, se_indirect, share)
    difference, se_difference = direct - indirect, np.hypot(se_direct, se_indirect)
    p_difference = 2 * norm.sf(np.abs(difference) / se_difference)
    return Evidence(
        studies, direct, se_direct, indirect, se_indirect, difference, se_difference, p_difference, share
    )


def _blank(where: np.ndarray, *fields: np.ndarray) -> None:
    for values in fields:
        values[where] = np.nan
