"""Weights of studies: Laplacians of studies with the same number of arms, exact for multi-arm studies.

The variances R of all contrasts of a study are effective resistances; the Laplacian with these resistances holds the
weights with which its contrasts enter (Ruecker 2012, doi 10.1002/jrsm.1058; Ruecker & Schwarzer 2014,
doi 10.1002/sim.6236). A least-squares fit with them is the generalised one with the full covariance of each study.
Variance between studies adds tau squared to the variance of each contrast, half of it from each arm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.linalg import helmert

from metaanalysis.network.studies import ComparedStudy

NEGLIGIBLE_WEIGHT = 0.001
"""A negative weight below this part of its study's weights is rounding and counts as zero (as in R netmeta)."""


@dataclass(frozen=True, eq=False)
class StudyBlock:
    """All m studies with k arms of a component.

    `names` has m entries; `arms` (m, k) holds the place of each arm's treatment among those of the component;
    `effects` and `variances` are (m, k, k), arm i against arm j.
    """

    names: tuple[str, ...]
    arms: np.ndarray
    effects: np.ndarray
    variances: np.ndarray

    @property
    def studies(self) -> int:
        """How many studies m these are."""
        return self.arms.shape[0]

    @property
    def arm_count(self) -> int:
        """How many arms k each of them has."""
        return self.arms.shape[1]

    @cached_property
    def _principal(self) -> tuple[np.ndarray, np.ndarray]:
        """Variances (m, k-1) and axes (m, k, k-1) of each study's arms about their mean."""
        basis = helmert(self.arm_count)  # (k - 1, k), rows orthonormal and each summing to zero
        covariance = -0.5 * basis @ self.variances @ basis.T
        spread, axes = np.linalg.eigh(covariance)
        return spread, basis.T @ axes

    def exact_laplacians(self, tau2: float) -> np.ndarray:
        """Laplacians (m, k, k) with variance `tau2` between studies: the pseudoinverses of the arms' covariances."""
        spread, axes = self._principal
        return (axes / (spread + tau2 / 2)[:, None, :]) @ axes.transpose(0, 2, 1)

    def log_determinants(self, tau2: float) -> float:
        """Sum over studies of the logarithm of the determinant of their covariance, up to a constant."""
        spread, _ = self._principal
        return float(np.log(spread + tau2 / 2).sum())

    def laplacians(self, tau2: float) -> np.ndarray:
        """The same with negative weights that are only rounding taken as zero."""
        laplacians = self.exact_laplacians(tau2)
        if self.arm_count == 2:
            return laplacians
        diagonal = np.arange(self.arm_count)
        weights = -laplacians
        weights[:, diagonal, diagonal] = 0
        size = np.abs(weights)
        total = size.sum(axis=(1, 2), keepdims=True) / 2
        weights[(weights < 0) & (size < NEGLIGIBLE_WEIGHT * total)] = 0
        laplacians = -weights
        laplacians[:, diagonal, diagonal] = weights.sum(axis=2)
        return laplacians

    def seen_from(self, baselines: np.ndarray) -> StudyBlock:
        """The block with the contrasts to one arm of each study taken as independent; `baselines` (m,) are its places.

        Contrasts between two other arms get the sum of the variances of theirs to the baseline.
        """
        to_baseline = np.take_along_axis(self.variances, baselines[:, None, None], axis=2)
        sums = to_baseline + to_baseline.transpose(0, 2, 1)
        diagonal = np.arange(self.arm_count)
        sums[:, diagonal, diagonal] = 0
        return replace(self, variances=sums)


def blocks_of(studies: Sequence[ComparedStudy], place: Mapping[str, int]) -> tuple[StudyBlock, ...]:
    """The studies by their number of arms; `place` numbers the treatments in sorted order."""
    by_arms: dict[int, list[ComparedStudy]] = {}
    for study in studies:
        by_arms.setdefault(len(study.treatments), []).append(study)
    return tuple(_block(alike, place) for _, alike in sorted(by_arms.items()))


def _block(studies: Sequence[ComparedStudy], place: Mapping[str, int]) -> StudyBlock:
    arms = [[place[treatment] for treatment in study.treatments] for study in studies]
    effects = np.stack([study.effects for study in studies])
    variances = np.stack([study.variances for study in studies])
    return StudyBlock(tuple(study.name for study in studies), np.array(arms), effects, variances)
