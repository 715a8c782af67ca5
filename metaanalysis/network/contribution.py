"""What every study contributes to the estimate of every pair: the hat matrix, and its parts of the variance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from metaanalysis.network.fit import Fit
from metaanalysis.network.weights import StudyBlock


def coefficients(blocks: Sequence[StudyBlock], network: Fit, first: int, second: int) -> list[np.ndarray]:
    """The row of the hat matrix for treatment `first` minus `second`, block by block (m, k, k).

    The estimate is the sum over studies and pairs of arms i < j of the coefficient [i, j] times the study's effect
    i minus j (Ruecker 2012). Coefficients of multi-arm studies depend on each other, those of two-arm ones do not.
    """
    potential = network.covariance[:, first] - network.covariance[:, second]
    rows = []
    for block, laplacians in zip(blocks, network.laplacians, strict=True):
        own = potential[block.arms]
        rows.append(-laplacians * (own[:, :, None] - own[:, None, :]))
    return rows


def shares(blocks: Sequence[StudyBlock], network: Fit, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The share (pairs, studies) of each study in the variance of each pair's estimate; every row sums to 1.

    With x the contrast and C the fit's covariance, the variance x'Cx is the sum over studies of x'C L_s C x.
    In a network of two treatments these are the weights of a classical meta-analysis. Studies stand block by block.
    """
    potential = network.covariance[first] - network.covariance[second]
    parts = []
    for block, laplacians in zip(blocks, network.laplacians, strict=True):
        own = potential[:, block.arms]
        parts.append(np.einsum("pmi,mij,pmj->pm", own, laplacians, own, optimize=True))
    return np.concatenate(parts, axis=1) / network.variances[first, second][:, None]
