"""How precisely a network knows each contrast, and what a further study would add to that.

For planning: neither needs an effect, only variances. A two-arm study changes the covariance by a matrix of rank one,
so its gain is exact and costs n squared operations (Sherman & Morrison 1950, doi 10.1214/aoms/1177729893).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.schema.suggest import did_you_mean


@dataclass(frozen=True, eq=False)
class Precision:
    """The covariance (n, n) behind the contrasts of n treatments; `component` (n,) numbers the connected parts.

    var(a - b) = c[a, a] + c[b, b] - 2 c[a, b] for treatments of one component; between components c is zero.
    """

    treatments: tuple[str, ...]
    component: np.ndarray
    covariance: np.ndarray

    def place(self, treatment: str) -> int:
        """Where a treatment stands; ValueError with a suggestion for an unknown one."""
        if treatment not in self.treatments:
            raise ValueError(f"no treatment '{treatment}'{did_you_mean(treatment, self.treatments)}")
        return self.treatments.index(treatment)

    def connected(self, a: str, b: str) -> bool:
        """Whether a path of studies leads from one treatment to the other."""
        return bool(self.component[self.place(a)] == self.component[self.place(b)])

    def variances(self) -> np.ndarray:
        """Variances (n, n) of all contrasts, infinite where no path leads from one treatment to the other."""
        own = np.diag(self.covariance)
        variances = np.maximum(own[:, None] + own[None, :] - 2 * self.covariance, 0)
        variances[self.component[:, None] != self.component[None, :]] = np.inf
        return variances

    def variance(self, a: str, b: str) -> float:
        """The variance of a minus b, infinite where no path leads from one to the other."""
        if not self.connected(a, b):
            return float("inf")
        contrast = self._contrast(a, b)
        return float(contrast @ self.covariance @ contrast)

    def covariance_of(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """The covariance matrix (p, p) of p contrasts a minus b; ValueError for a pair that is not connected."""
        apart = [(a, b) for a, b in pairs if not self.connected(a, b)]
        if apart:
            raise ValueError(f"no path of studies from '{apart[0][0]}' to '{apart[0][1]}'")
        contrasts = np.array([self._contrast(a, b) for a, b in pairs])
        return contrasts @ self.covariance @ contrasts.T

    def with_treatment(self, treatment: str) -> Precision:
        """The same with a treatment that no study has held yet, a component by itself."""
        if treatment in self.treatments:
            raise ValueError(f"treatment '{treatment}' is in the network already")
        component = np.append(self.component, self.component.max(initial=-1) + 1)
        return Precision((*self.treatments, treatment), component, np.pad(self.covariance, (0, 1)))

    def with_study(self, a: str, b: str, variance: float) -> Precision:
        """The precision once a study of a against b is added, exactly.

        `variance` is that of its effect: its squared standard error, plus tau squared under random effects (which
        stays as it is). A study between two components makes them one.

        >>> import numpy as np
        >>> apart = Precision(("A", "B"), np.array([0, 1]), np.zeros((2, 2)))
        >>> once = apart.with_study("A", "B", 0.5)
        >>> once.variance("A", "B"), once.with_study("A", "B", 0.5).variance("A", "B")
        (0.5, 0.25)
        """
        if not variance > 0:
            raise ValueError(f"a study with variance {variance}; expected a number above zero")
        first, second = self.place(a), self.place(b)
        if first == second:
            raise ValueError(f"a study of '{a}' against itself; expected two different treatments")
        if self.component[first] != self.component[second]:
            return self._joined(first, second, variance)
        shift = self.covariance[:, first] - self.covariance[:, second]
        own = shift[first] - shift[second]
        return self._changed(self.covariance - np.outer(shift, shift) / (variance + own))

    def _contrast(self, a: str, b: str) -> np.ndarray:
        contrast = np.zeros(len(self.treatments))
        contrast[self.place(a)] += 1
        contrast[self.place(b)] -= 1
        return contrast

    def _changed(self, covariance: np.ndarray) -> Precision:
        return Precision(self.treatments, self.component, (covariance + covariance.T) / 2)

    def _joined(self, first: int, second: int, variance: float) -> Precision:
        """Two components made one by a study: each is seen from its end of the study, one also through the study."""
        component = self.component.copy()
        covariance = self.covariance.copy()
        for end in (first, second):
            inside = np.flatnonzero(component == component[end])
            own = covariance[np.ix_(inside, inside)]
            at_end = covariance[inside, end]
            seen = own - at_end[:, None] - at_end[None, :] + covariance[end, end]
            covariance[np.ix_(inside, inside)] = seen + (variance if end == second else 0.0)
        component[component == component[second]] = component[first]
        return Precision(self.treatments, component, covariance)
