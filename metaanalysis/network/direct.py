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
from metaanalysis.network.weights import StudyBlock

NEGLIGIBLE_SHARE = 0.0005
"""A part of the evidence below this share gives no estimate of its own (as in R netmeta's netsplit).

Its standard error would be more than 44 times the network's.
"""


@dataclass(frozen=True, eq=False)
class PairEvidence:
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


def evidence(blocks: Sequence[StudyBlock], network: Fit) -> PairEvidence:
    """Direct and indirect evidence behind the estimates of a fit, with its variance between studies."""
    shape = network.covariance.shape
    studies, weighted = np.zeros(shape, int), np.zeros(shape)
    for block in blocks:
        _add(studies, block, np.broadcast_to(~np.eye(block.arm_count, dtype=bool), block.variances.shape))
        _add(weighted, block, _inverse_variances(block, network.tau2) * block.effects)
    precision = direct_precision(blocks, network.tau2)
    effects, variances = network.effects, network.variances
    share = np.minimum(variances * precision, 1.0)  # above 1 only in its last digits
    compared = studies > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        direct, se_direct = weighted / precision, 1 / np.sqrt(precision)
        indirect = (effects - share * np.where(compared, direct, 0.0)) / (1 - share)
        se_indirect = np.sqrt(variances / (1 - share))
    itself = np.eye(shape[0], dtype=bool)
    _blank(itself | (share < NEGLIGIBLE_SHARE), direct, se_direct)
    _blank(itself | (1 - share < NEGLIGIBLE_SHARE), indirect, se_indirect)
    _blank(itself, share)
    difference, se_difference = direct - indirect, np.hypot(se_direct, se_indirect)
    return PairEvidence(
        studies=studies,
        direct=direct,
        se_direct=se_direct,
        indirect=indirect,
        se_indirect=se_indirect,
        difference=difference,
        se_difference=se_difference,
        p_difference=2 * norm.sf(np.abs(difference) / se_difference),
        share_direct=share,
    )


def direct_precision(blocks: Sequence[StudyBlock], tau2: float) -> np.ndarray:
    """The sum (n, n) of inverse variances, with `tau2` between studies, over the studies of each pair."""
    size = 1 + max(int(block.arms.max()) for block in blocks)
    precision = np.zeros((size, size))
    for block in blocks:
        _add(precision, block, _inverse_variances(block, tau2))
    return precision


def _inverse_variances(block: StudyBlock, tau2: float) -> np.ndarray:
    """Inverse variances (m, k, k) of a block's contrasts, zero for an arm against itself."""
    itself = np.eye(block.arm_count, dtype=bool)
    return np.where(itself, 0.0, 1 / (block.variances + tau2 + itself))


def _add(total: np.ndarray, block: StudyBlock, values: np.ndarray) -> None:
    """Adds values (m, k, k) of a block's studies to `total` (n, n), each at its treatments."""
    np.add.at(total, (block.arms[:, :, None], block.arms[:, None, :]), values)


def _blank(where: np.ndarray, *fields: np.ndarray) -> None:
    for values in fields:
        values[where] = np.nan
