"""Networks for the tests of network meta-analysis: small ones worked by hand, random ones, and a peer for the fit."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import block_diag

COLUMNS = ["study", "treatment_a", "treatment_b", "effect", "standard_error"]


@pytest.fixture(scope="session")
def table() -> Callable:
    """A table of contrasts from rows such as `1 A B 0.5 0.1`, one a line."""

    def made(text: str) -> pd.DataFrame:
        rows = [line.split() for line in text.strip().splitlines()]
        return pd.DataFrame(rows, columns=COLUMNS).astype({"effect": float, "standard_error": float})

    return made


@pytest.fixture(scope="session")
def random_table() -> Callable:
    """A connected random network with multi-arm studies of up to five arms: a function of seed, studies, treatments."""

    def made(seed: int, studies: int, treatments: int, tau: float = 0.5) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        rows = []
        for number in range(max(studies, treatments - 1)):
            arms = [number + 1, int(random.integers(number + 1))] if number + 1 < treatments else None
            if arms is None:
                arms = random.choice(treatments, min(int(random.integers(2, 6)), treatments), replace=False)
            variances = random.uniform(0.05, 0.5, len(arms)) ** 2
            level = random.normal(0, 1 + tau, len(arms))
            for i, j in combinations(range(len(arms)), 2):
                effect, error = level[i] - level[j], np.sqrt(variances[i] + variances[j])
                rows.append([f"s{number}", f"t{arms[i]}", f"t{arms[j]}", effect, error])
        return pd.DataFrame(rows, columns=COLUMNS)

    return made


@dataclass(frozen=True, eq=False)
class Dense:
    """Contrasts of all studies to the study's own baseline, as one vector with one covariance matrix.

    `design` (rows, treatments - 1) is against the first treatment; `shared` is what tau squared multiplies.
    """

    treatments: list[str]
    effects: np.ndarray
    design: np.ndarray
    covariance: np.ndarray
    shared: np.ndarray

    def solve(self, tau2: float) -> tuple[np.ndarray, np.ndarray, float]:
        """Estimates against the first treatment, their covariance, and Q, by generalised least squares."""
        weights = np.linalg.inv(self.covariance + tau2 * self.shared)
        covariance = np.linalg.inv(self.design.T @ weights @ self.design)
        estimate = covariance @ self.design.T @ weights @ self.effects
        left = self.effects - self.design @ estimate
        return estimate, covariance, float(left @ weights @ left)

    def restricted_likelihood(self, tau2: float) -> float:
        """The restricted log-likelihood up to a constant, as in any textbook."""
        whole = self.covariance + tau2 * self.shared
        _, covariance, q = self.solve(tau2)
        return -0.5 * (np.linalg.slogdet(whole)[1] - np.linalg.slogdet(covariance)[1] + q)


@pytest.fixture(scope="session")
def dense() -> Callable:
    """A table in the form of generalised least squares, made without anything of the package."""

    def made(table: pd.DataFrame) -> Dense:
        treatments = sorted({*table["treatment_a"], *table["treatment_b"]})
        effects, design, blocks = [], [], []
        for _, rows in table.groupby("study", sort=False):
            effect, variance = {}, {}
            for row in rows.itertuples():
                effect[row.treatment_a, row.treatment_b] = row.effect
                effect[row.treatment_b, row.treatment_a] = -row.effect
                variance[frozenset((row.treatment_a, row.treatment_b))] = row.standard_error**2
            baseline, *others = sorted({*rows["treatment_a"], *rows["treatment_b"]})
            block = np.zeros((len(others), len(others)))
            for i, first in enumerate(others):
                effects.append(effect[first, baseline])
                design.append([(t == first) * 1.0 - (t == baseline) for t in treatments[1:]])
                for j, second in enumerate(others):
                    between = variance.get(frozenset((first, second)), 0.0)
                    block[i, j] = (
                        variance[frozenset((first, baseline))] + variance[frozenset((second, baseline))]
                    )
                    block[i, j] = (block[i, j] - between) / 2
            blocks.append(block)
        shared = block_diag(*[(np.eye(len(block)) + 1) / 2 for block in blocks])
        return Dense(treatments, np.array(effects), np.array(design), block_diag(*blocks), shared)

    return made


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    """The folder with data and results of R netmeta; skips where it is not at hand."""
    shared = os.environ.get("PRUNEBASE_SHARED")
    if not shared:
        pytest.skip(
            "needs reference values of R netmeta: set PRUNEBASE_SHARED to the folder that holds facts/nma"
        )
    return Path(shared) / "facts" / "nma"
