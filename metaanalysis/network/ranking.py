"""P-scores: how certainly a treatment is better than another one of its network, on average over the others.

Ruecker & Schwarzer 2015 (doi 10.1186/s12874-015-0060-8): the mean over all others of the one-sided p-value's
complement. 1 is better than all others for certain, 0 worse than all.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from metaanalysis.network.fit import Fit


def p_scores(network: Fit, *, small_is_better: bool) -> np.ndarray:
    """The P-score (n,) of each treatment of a connected network, n of 2 or more."""
    size = len(network.level)
    others = ~np.eye(size, dtype=bool)
    z = np.zeros((size, size))
    np.divide(network.effects, network.standard_errors, out=z, where=others)
    better = norm.cdf(-z if small_is_better else z)
    return (better * others).sum(axis=1) / (size - 1)
