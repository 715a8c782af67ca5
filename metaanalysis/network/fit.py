"""The weighted least-squares fit of one connected network, for a given variance between studies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metaanalysis.network.weights import StudyBlock


@dataclass(frozen=True, eq=False)
class Fit:
    """Estimates for a connected network of n treatments.

    `level` (n,) is each treatment's estimate, of which only differences mean anything. `laplacian` (n, n) is that of
    the network, `covariance` (n, n) a generalised inverse of it: var(i - j) = c[i, i] + c[j, j] - 2 c[i, j].
    `laplacians` has those of the studies (m, k, k), block by block. `q` is the weighted sum of squared residuals and
    `tau2` the variance between studies that the fit was made with.
    """

    tau2: float
    level: np.ndarray
    covariance: np.ndarray
    laplacian: np.ndarray
    laplacians: tuple[np.ndarray, ...]
    q: float

    @property
    def effects(self) -> np.ndarray:
        """Treatment i minus treatment j, (n, n)."""
        return self.level[:, None] - self.level[None, :]

    @property
    def variances(self) -> np.ndarray:
        """Variances (n, n) of the effects."""
        own = np.diag(self.covariance)
        return np.maximum(own[:, None] + own[None, :] - 2 * self.covariance, 0)

    @property
    def standard_errors(self) -> np.ndarray:
        """Standard errors (n, n) of the effects."""
        return np.sqrt(self.variances)


def fit(blocks: Sequence[StudyBlock], treatments: int, tau2: float = 0.0, *, exact: bool = False) -> Fit:
    """The fit of a connected network of that many treatments (Ruecker 2012, doi 10.1002/jrsm.1058).

    The estimates solve L x = b with the network's Laplacian L, the sum of those of its studies, and b the weighted
    sums of effects at each treatment. `exact` keeps negative weights that are only rounding, as a likelihood must.
    """
    laplacians = tuple(
        block.exact_laplacians(tau2) if exact else block.laplacians(tau2) for block in blocks
    )
    laplacian = np.zeros((treatments, treatments))
    sums = np.zeros(treatments)
    for block, own in zip(blocks, laplacians, strict=True):
        add_laplacians(laplacian, block, own)
        np.add.at(sums, block.arms, flows(own, block.effects))
    covariance = inverse(laplacian)
    level = covariance @ sums
    q = 0.0
    for block, own in zip(blocks, laplacians, strict=True):
        q += squares(own, residuals(block, level)).sum()
    return Fit(tau2, level, covariance, laplacian, laplacians, float(q))


def add_laplacians(total: np.ndarray, block: StudyBlock, laplacians: np.ndarray) -> None:
    """Adds the Laplacians (m, k, k) of a block's studies to `total` (n, n), each at its treatments."""
    np.add.at(total, (block.arms[:, :, None], block.arms[:, None, :]), laplacians)


def flows(laplacians: np.ndarray, effects: np.ndarray) -> np.ndarray:
    """Weighted sums (m, k) of the effects (m, k, k) of each arm over the others."""
    return -(laplacians * effects).sum(
        axis=2
    )  # weights are what stands beside the diagonal, with its sign changed


def squares(laplacians: np.ndarray, effects: np.ndarray) -> np.ndarray:
    """Weighted sums (m,) of the squares of effects (m, k, k), each pair once."""
    return -(laplacians * effects**2).sum(axis=(1, 2)) / 2


def residuals(block: StudyBlock, level: np.ndarray) -> np.ndarray:
    """Effects (m, k, k) of each study less those of the estimates `level` (n,)."""
    own = level[block.arms]
    return block.effects - (own[:, :, None] - own[:, None, :])


def inverse(laplacian: np.ndarray) -> np.ndarray:
    """A generalised inverse of Laplacians (..., n, n) of connected graphs, grounded at one vertex.

    Its row and column of the ground are zero. Contrasts have the same variances with every generalised inverse; with
    the ground at the heaviest vertex and rows and columns scaled to a unit diagonal, weights many orders apart do
    not drown each other as they do in the Moore-Penrose inverse.
    """
    ground = int(
        np.argmax(np.diagonal(laplacian, axis1=-2, axis2=-1).reshape(-1, laplacian.shape[-1]).sum(axis=0))
    )
    others = np.delete(np.arange(laplacian.shape[-1]), ground)
    inside = (..., others[:, None], others[None, :])
    reduced = laplacian[inside]
    scale = 1 / np.sqrt(np.diagonal(reduced, axis1=-2, axis2=-1))
    scales = scale[..., :, None] * scale[..., None, :]
    whole = np.zeros_like(laplacian)
    whole[inside] = np.linalg.inv(reduced * scales) * scales
    return whole
