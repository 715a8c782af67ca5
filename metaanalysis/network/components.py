"""Components: the connected parts of a network, each analysed by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan, nan

import networkx as nx
import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from metaanalysis.network.direct import PairEvidence, direct_precision, evidence
from metaanalysis.network.fit import Fit, fit
from metaanalysis.network.heterogeneity import (
    Design,
    QParts,
    degrees_of_freedom,
    dersimonian_laird,
    designs,
    restricted_likelihood,
)
from metaanalysis.network.studies import ComparedStudy
from metaanalysis.network.weights import StudyBlock, blocks_of

LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Component:
    """A connected part of the network, with `treatments` sorted and its studies in `blocks` by their number of arms.

    `common` and `random` are the fits without and with variance between studies. `tau2` is NaN where no degree of
    freedom is left to estimate it; random effects are then those of tau2 = 0.
    """

    treatments: tuple[str, ...]
    blocks: tuple[StudyBlock, ...]
    tau2: float
    common: Fit
    random: Fit
    designs: tuple[Design, ...]

    @property
    def study_names(self) -> tuple[str, ...]:
        """The studies, block by block."""
        names: list[str] = []
        for block in self.blocks:
            names += block.names
        return tuple(names)

    @property
    def contrasts(self) -> int:
        """How many rows of the table this component has."""
        return sum(block.studies * block.arm_count * (block.arm_count - 1) // 2 for block in self.blocks)

    @property
    def studies_by_treatment(self) -> dict[str, int]:
        """How many studies hold each treatment."""
        counts = np.zeros(len(self.treatments), int)
        for block in self.blocks:
            np.add.at(counts, block.arms, 1)
        return dict(zip(self.treatments, counts.tolist(), strict=True))

    @property
    def most_studied(self) -> str:
        """The treatment in most studies; the first by name where several are."""
        counts = self.studies_by_treatment
        return max(self.treatments, key=counts.__getitem__)

    @property
    def degrees(self) -> int:
        """Degrees of freedom: independent contrasts less the estimated ones."""
        return degrees_of_freedom(self.blocks, len(self.treatments))

    @property
    def q_parts(self) -> QParts:
        """Q of the common effects, and its part within designs."""
        return QParts(
            q=self.common.q,
            degrees=self.degrees,
            within=sum(design.q for design in self.designs),
            degrees_within=sum(design.degrees for design in self.designs),
        )

    def evidence(self, model: str) -> PairEvidence:
        """Direct and indirect evidence under the `common` or the `random` effects."""
        return evidence(self.blocks, self.network(model))

    def network(self, model: str) -> Fit:
        """The fit of the `common` or the `random` effects."""
        return {"common": self.common, "random": self.random}[model]

    @property
    def direct_precision(self) -> np.ndarray:
        """The sum (n, n) over studies of both treatments of inverse variances, tau squared included."""
        return direct_precision(self.blocks, self.random.tau2)

    def half_width(self, interval: str) -> np.ndarray:
        """Half the width (n, n) of the 95 % intervals of the random effects.

        Without a degree of freedom there is no variance between studies to allow for, and the interval is normal.
        """
        errors = self.random.standard_errors
        if interval == "normal" or self.degrees == 0:
            return norm.ppf(0.5 + LEVEL / 2) * errors
        quantile = student.ppf(0.5 + LEVEL / 2, self.degrees)
        if interval == "t":
            return quantile * errors
        scale = np.sqrt(self.random.q / self.degrees)
        return quantile * scale * errors

    def prediction_half_width(self) -> np.ndarray:
        """Half the width (n, n) of 95 % prediction intervals; NaN below two degrees of freedom."""
        if self.degrees < 2:
            return np.full(self.random.covariance.shape, nan)
        quantile = student.ppf(0.5 + LEVEL / 2, self.degrees)
        return quantile * np.sqrt(self.random.variances + self.tau2)


def components_of(
    studies: Sequence[ComparedStudy],
) -> Iterator[tuple[tuple[str, ...], list[ComparedStudy]]]:
    """The sorted treatments of each connected part with its studies, the largest part first."""
    graph: nx.Graph[str] = nx.Graph()
    for study in studies:
        nx.add_path(graph, study.treatments)
    parts = [tuple(sorted(part)) for part in nx.connected_components(graph)]
    parts.sort(key=lambda treatments: (-len(treatments), treatments))
    for treatments in parts:
        inside = set(treatments)
        yield treatments, [study for study in studies if study.treatments[0] in inside]


def component(
    treatments: tuple[str, ...],
    studies: Sequence[ComparedStudy],
    *,
    tau: str = "DL",
    reference: str | None = None,
    tau2: float | None = None,
) -> Component:
    """The analysis of one connected part; `tau` and `tau2` as for `network_meta_analysis`."""
    place = {treatment: number for number, treatment in enumerate(treatments)}
    blocks = blocks_of(studies, place)
    if tau2 is None:
        base = -1 if reference is None else place.get(reference, -1)
        tau2 = _estimated_tau2(blocks, len(treatments), tau, base)
    common = fit(blocks, len(treatments))
    random = common
    if tau2 > 0:  # neither zero nor NaN
        random = fit(blocks, len(treatments), tau2)
    return Component(treatments, blocks, tau2, common, random, tuple(designs(blocks)))


def _estimated_tau2(blocks: Sequence[StudyBlock], treatments: int, tau: str, reference: int) -> float:
    if tau == "DL":
        return dersimonian_laird(blocks, treatments)
    if tau == "REML-diagonal":
        blocks = [_from_baseline(block, reference) for block in blocks]
    return restricted_likelihood(blocks, treatments)


def _from_baseline(block: StudyBlock, reference: int) -> StudyBlock:
    """A block whose contrasts to the reference, else to the last arm, are taken as independent."""
    holds = block.arms == reference
    baselines = np.where(holds.any(axis=1), holds.argmax(axis=1), block.arm_count - 1)
    return block.seen_from(baselines)


def without_tau2(part: Component) -> bool:
    """Whether a component has no degree of freedom to estimate the variance between studies from."""
    return isnan(part.tau2)
