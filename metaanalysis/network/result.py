"""The result of a network meta-analysis: its tables, and questions to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd

from corpus.schema.suggest import did_you_mean
from metaanalysis.network.components import Component
from metaanalysis.network.contribution import coefficients, shares
from metaanalysis.network.heterogeneity import QParts, p_value
from metaanalysis.network.precision import Precision
from metaanalysis.network.ranking import p_scores

LEAGUE = (
    *("treatment_a", "treatment_b", "effect_common", "se_common", "effect_random", "se_random"),
    *("low_random", "high_random", "direct", "indirect", "difference", "p_difference", "share_direct"),
)
"""Public columns of the league table."""
EVIDENCE = (
    *("direct", "se_direct", "indirect", "se_indirect"),
    *("difference", "se_difference", "p_difference", "share_direct"),
)


@dataclass(frozen=True, eq=False)
class NetworkResult:
    """A network meta-analysis; `treatments` are sorted, and effects are in the unit of the table.

    `reference` is the treatment that pictures and texts set the others against. Tables are data frames, NaN where
    there is nothing to say; `notes` say why.
    """

    treatments: tuple[str, ...]
    components: tuple[Component, ...]
    tau: str
    interval: str
    small_is_better: bool
    reference: str
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def league(self) -> pd.DataFrame:
        """All ordered pairs, with the columns LEAGUE; every effect is treatment_a minus treatment_b.

        low_random and high_random are the 95 % interval of effect_random. direct, indirect, their difference with
        its p-value and share_direct are those of the common effects; `split` has both.
        """
        common = [part.common for part in self.components]
        random = [part.random for part in self.components]
        effect = self._whole([network.effects for network in random])
        half = self._whole([part.half_width(self.interval) for part in self.components])
        behind = self._evidence("common")
        columns = {
            "effect_common": self._whole([network.effects for network in common]),
            "se_common": self._whole([network.standard_errors for network in common]),
            "effect_random": effect,
            "se_random": self._whole([network.standard_errors for network in random]),
            "low_random": effect - half,
            "high_random": effect + half,
            **behind,
        }
        return self._ordered_pairs(columns)[list(LEAGUE)]

    @cached_property
    def split(self) -> pd.DataFrame:
        """Direct and indirect evidence of all ordered pairs, under common and under random effects.

        Columns: treatment_a, treatment_b, studies (those of both treatments), then for each of common and random
        direct, se_direct, indirect, se_indirect, difference, se_difference, p_difference, share_direct.
        """
        counts = [part.evidence("common").studies for part in self.components]
        columns = {"studies": self._whole(counts, missing=0)}
        for model in ("common", "random"):
            for name, values in self._evidence(model).items():
                columns[f"{name}_{model}"] = values
        return self._ordered_pairs(columns)

    @cached_property
    def prediction(self) -> pd.DataFrame:
        """Where the effect of a further study would lie with 95 %: treatment_a, treatment_b, low, high.

        Student's t with the network's degrees of freedom on the variance of the estimate plus tau squared, of two
        degrees or more (Higgins, Thompson & Spiegelhalter 2009, doi 10.1111/j.1467-985X.2008.00552.x).
        """
        effect = self._whole([part.random.effects for part in self.components])
        half = self._whole([part.prediction_half_width() for part in self.components])
        return self._ordered_pairs({"low": effect - half, "high": effect + half})

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """P-scores: treatment, p_score_common, p_score_random; the best first, each component by itself.

        A P-score compares a treatment with the others of its component only.
        """
        frames = []
        for part in self.components:
            scores = pd.DataFrame(
                {
                    "treatment": part.treatments,
                    "p_score_common": p_scores(part.common, small_is_better=self.small_is_better),
                    "p_score_random": p_scores(part.random, small_is_better=self.small_is_better),
                }
            )
            frames.append(scores.sort_values("p_score_random", ascending=False, kind="stable"))
        return pd.concat(frames, ignore_index=True)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Heterogeneity and counts of the whole network by their public names; None for what cannot be estimated.

        Q and its parts are sums over the components. tau2 is None with more than one component, since each has its
        own; `by_component` gives them all, with their treatments.
        """
        parts = [_summary_of(part) for part in self.components]
        total = sum((part.q_parts for part in self.components), start=QParts())
        return {
            "tau2": parts[0]["tau2"] if len(parts) == 1 else None,
            **_without_nan(total.named()),
            "studies": sum(part["studies"] for part in parts),
            "treatments": len(self.treatments),
            "contrasts": sum(part["contrasts"] for part in parts),
            "components": len(parts),
            "tau_method": self.tau,
            "interval": self.interval,
            "notes": list(self.notes),
            "by_component": parts,
        }

    @cached_property
    def designs(self) -> pd.DataFrame:
        """Q within each design: design (treatments joined by ` : `), studies, q, df, p."""
        rows = []
        for part in self.components:
            for design in part.designs:
                names = [part.treatments[place] for place in design.treatments]
                row = {
                    "design": " : ".join(names),
                    "studies": design.studies,
                    "q": design.q,
                    "df": design.degrees,
                    "p": p_value(design.q, design.degrees),
                }
                rows.append(row)
        return pd.DataFrame(rows)

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """The share of every study in the variance of every pair's random-effects estimate; see `contributions_to`.

        Columns: treatment_a, treatment_b (each pair once), then one for each study; 0 for studies of another component,
        NaN for pairs that no path connects. Grows as pairs times studies: 300 MB for 200 treatments and 2,000 studies.
        """
        first, second = np.triu_indices(len(self.treatments), 1)
        names: list[str] = []
        for part in self.components:
            names += part.study_names
        values = np.full((len(first), len(names)), nan)
        start = 0
        for part in self.components:
            places = self._places(part)
            inside = np.flatnonzero(np.isin(first, places) & np.isin(second, places))
            ends = np.searchsorted(places, first[inside]), np.searchsorted(places, second[inside])
            own = shares(part.blocks, part.random, *ends)
            values[inside] = 0.0
            values[inside, start : start + own.shape[1]] = own
            start += own.shape[1]
        labels = np.array(self.treatments, dtype=object)
        pairs = pd.DataFrame({"treatment_a": labels[first], "treatment_b": labels[second]})
        return pd.concat([pairs, pd.DataFrame(values, columns=names)], axis=1)

    def contributions_to(self, a: str, b: str) -> pd.DataFrame:
        """What each study contributes to a minus b: study, share_common, share_random.

        A share is the study's part of the estimate's variance; shares sum to 1. ValueError if no path connects them.
        """
        part, first, second = self._pair(a, b)
        ends = np.array([first]), np.array([second])
        return pd.DataFrame(
            {
                "study": part.study_names,
                "share_common": shares(part.blocks, part.common, *ends)[0],
                "share_random": shares(part.blocks, part.random, *ends)[0],
            }
        )

    def hat_row(self, a: str, b: str, model: str = "random") -> pd.DataFrame:
        """The coefficients with which contrasts enter the estimate of a minus b.

        Columns study, treatment_a, treatment_b, coefficient; the estimate is the sum of coefficient times effect.
        """
        part, first, second = self._pair(a, b)
        rows = []
        by_block = coefficients(part.blocks, part.network(model), first, second)
        for block, own in zip(part.blocks, by_block, strict=True):
            for study, i, j in np.argwhere(np.triu(np.ones_like(own), 1)):
                row = {
                    "study": block.names[study],
                    "treatment_a": part.treatments[block.arms[study, i]],
                    "treatment_b": part.treatments[block.arms[study, j]],
                    "coefficient": own[study, i, j],
                }
                rows.append(row)
        return pd.DataFrame(rows)

    def precision(self, model: str = "random") -> Precision:
        """The covariance of all contrasts under `common` or `random` effects, to plan further studies with."""
        size = len(self.treatments)
        number = np.zeros(size, int)
        for place, part in enumerate(self.components):
            number[self._places(part)] = place
        covariance = self._whole([part.network(model).covariance for part in self.components], missing=0.0)
        return Precision(self.treatments, number, covariance)

    def reference_of(self, part: Component) -> str:
        """The reference where a component holds it, else its treatment in most studies."""
        if self.reference in part.treatments:
            return self.reference
        return part.most_studied

    def component_of(self, treatment: str) -> Component:
        """The component that holds a treatment; ValueError with a suggestion for an unknown one."""
        for part in self.components:
            if treatment in part.treatments:
                return part
        raise ValueError(
            f"no treatment '{treatment}' in the table{did_you_mean(treatment, self.treatments)}"
        )

    def why_absent(self, a: str, b: str) -> str:
        """Why there is no estimate of a minus b, or an empty string."""
        if self.component_of(a) is self.component_of(b):
            return ""
        return f"no path of studies leads from '{a}' to '{b}'"

    def _pair(self, a: str, b: str) -> tuple[Component, int, int]:
        """The component of two treatments and their places in it."""
        if self.why_absent(a, b):
            raise ValueError(self.why_absent(a, b))
        part = self.component_of(a)
        return part, part.treatments.index(a), part.treatments.index(b)

    def _evidence(self, model: str) -> dict[str, np.ndarray]:
        """Direct and indirect evidence (n, n) by the names EVIDENCE."""
        parts = [part.evidence(model) for part in self.components]
        return {name: self._whole([getattr(part, name) for part in parts]) for name in EVIDENCE}

    def _places(self, part: Component) -> np.ndarray:
        """Where the treatments of a component stand among those of the network."""
        return np.searchsorted(np.array(self.treatments), np.array(part.treatments))

    def _whole(self, parts: Sequence[np.ndarray], missing: float = nan) -> np.ndarray:
        """Matrices of the components as one of the network (n, n), with `missing` between components."""
        size = len(self.treatments)
        whole = np.full((size, size), missing)
        for part, values in zip(self.components, parts, strict=True):
            places = self._places(part)
            whole[np.ix_(places, places)] = values
        return whole

    def _ordered_pairs(self, columns: dict[str, np.ndarray]) -> pd.DataFrame:
        """Matrices (n, n) as one row for each ordered pair of different treatments."""
        different = ~np.eye(len(self.treatments), dtype=bool)
        first, second = np.nonzero(different)
        labels = np.array(self.treatments, dtype=object)
        table = {"treatment_a": labels[first], "treatment_b": labels[second]}
        for name, matrix in columns.items():
            table[name] = matrix[different]
        return pd.DataFrame(table)


def _summary_of(part: Component) -> dict[str, Any]:
    """Heterogeneity and counts of one component by their public names, and the names of its treatments."""
    values = {
        "tau2": part.tau2,
        **part.q_parts.named(),
        "studies": len(part.study_names),
        "treatments": len(part.treatments),
        "contrasts": part.contrasts,
    }
    return {**_without_nan(values), "names": list(part.treatments)}


def _without_nan(values: dict[str, Any]) -> dict[str, Any]:
    """The values with None for NaN, which JSON does not have."""
    return {
        name: None if isinstance(value, float) and isnan(value) else value for name, value in values.items()
    }
