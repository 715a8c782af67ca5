"""Network meta-analysis of a table of contrasts: estimates of all pairs, with common and with random effects.

Contrast-based and frequentist, by weighted least squares (Ruecker 2012, doi 10.1002/jrsm.1058). Every connected part of
the network stands by itself, with a variance between studies of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan, nan

import networkx as nx
import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from corpus.suggest import did_you_mean
from metaanalysis.network.contrasts import ContrastTable, contrasts_of
from metaanalysis.network.contribution import coefficients, shares
from metaanalysis.network.direct import Evidence, direct_precision, evidence
from metaanalysis.network.fit import Fit, fit
from metaanalysis.network.heterogeneity import (
    Design,
    degrees_of_freedom,
    dersimonian_laird,
    designs,
    i_squared,
    p_value,
    restricted_likelihood,
)
from metaanalysis.network.precision import Precision
from metaanalysis.network.ranking import p_scores
from metaanalysis.network.studies import Study, studies_in
from metaanalysis.network.weights import Block, blocks_of

TAU = ("DL", "REML", "REML-diagonal")
"""Estimates of tau squared: see `network_meta_analysis`."""
INTERVALS = ("normal", "t", "hartung-knapp")
LEVEL = 0.95
LEAGUE = (
    *("treatment_a", "treatment_b", "effect_common", "se_common", "effect_random", "se_random"),
    *("low_random", "high_random", "direct", "indirect", "difference", "p_difference", "share_direct"),
)
"""Public columns of the league table."""


@dataclass(frozen=True, eq=False)
class Component:
    """A connected part of the network, with `treatments` sorted and its studies in `blocks` by their number of arms.

    `tau2` is NaN where no degree of freedom is left to estimate it; random effects are then those of tau2 = 0.
    """

    treatments: tuple[str, ...]
    blocks: tuple[Block, ...]
    tau2: float
    common: Fit
    random: Fit
    degrees: int
    designs: tuple[Design, ...]

    @property
    def study_names(self) -> tuple[str, ...]:
        """The studies, block by block."""
        return tuple(name for block in self.blocks for name in block.names)

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
        return max(self.treatments, key=lambda treatment: counts[treatment])

    @property
    def q_within(self) -> float:
        """How far studies of the same design differ."""
        return sum(design.q for design in self.designs)

    @property
    def degrees_within(self) -> int:
        """Degrees of freedom within designs."""
        return sum(design.degrees for design in self.designs)

    def evidence(self, network: Fit) -> Evidence:
        """Direct and indirect evidence under the common or the random effects."""
        return evidence(self.blocks, network)

    @property
    def direct_precision(self) -> np.ndarray:
        """The sum (n, n) over studies of both treatments of inverse variances, tau squared included."""
        return direct_precision(self.blocks, self.random.tau2)

    def half_width(self, interval: str) -> np.ndarray:
        """Half the width (n, n) of the 95 % intervals of the random effects."""
        errors = self.random.standard_errors
        if interval == "normal" or self.degrees == 0:
            return norm.ppf(0.5 + LEVEL / 2) * errors
        quantile = student.ppf(0.5 + LEVEL / 2, self.degrees)
        if interval == "t":
            return quantile * errors
        return quantile * errors * np.sqrt(self.random.q / self.degrees)

    def summary(self) -> dict[str, object]:
        """Counts and heterogeneity of this component by their public names; NaN for what cannot be estimated."""
        q, within = self.common.q, self.q_within
        between = max(0.0, q - within) if self.degrees > self.degrees_within else 0.0
        return {
            "tau2": self.tau2,
            **_parts_of_q(q, self.degrees, within, self.degrees_within, between),
            "studies": len(self.study_names),
            "treatments": len(self.treatments),
            "contrasts": sum(block.studies * block.arm_count * (block.arm_count - 1) // 2 for block in self.blocks),
        }


def _parts_of_q(q: float, degrees: int, within: float, degrees_within: int, between: float) -> dict[str, object]:
    degrees_between = degrees - degrees_within
    return {
        "q": q,
        "df_q": degrees,
        "p_q": p_value(q, degrees),
        "q_within": within,
        "df_within": degrees_within,
        "p_within": p_value(within, degrees_within),
        "q_between": between,
        "df_between": degrees_between,
        "p_between": p_value(between, degrees_between),
        "i2": i_squared(q, degrees),
    }


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
        common = self._evidence("common")
        half = self._assembled([part.half_width(self.interval) for part in self.components])
        effect = self._assembled([part.random.effects for part in self.components])
        return self._ordered_pairs(
            effect_common=self._assembled([part.common.effects for part in self.components]),
            se_common=self._assembled([part.common.standard_errors for part in self.components]),
            effect_random=effect,
            se_random=self._assembled([part.random.standard_errors for part in self.components]),
            low_random=effect - half,
            high_random=effect + half,
            direct=self._assembled([part.direct for part in common]),
            indirect=self._assembled([part.indirect for part in common]),
            difference=self._assembled([part.difference for part in common]),
            p_difference=self._assembled([part.p_difference for part in common]),
            share_direct=self._assembled([part.share_direct for part in common]),
        )

    @cached_property
    def split(self) -> pd.DataFrame:
        """Direct and indirect evidence of all ordered pairs, under common and under random effects.

        Columns: treatment_a, treatment_b, studies (those of both treatments), then for each of common and random
        direct, se_direct, indirect, se_indirect, difference, se_difference, p_difference, share_direct.
        """
        names = ("direct", "se_direct", "indirect", "se_indirect", "difference", "se_difference", "p_difference")
        common = self._evidence("common")
        columns = {"studies": self._assembled([part.studies for part in common], missing=0)}
        for model in ("common", "random"):
            parts = self._evidence(model)
            for name in (*names, "share_direct"):
                columns[f"{name}_{model}"] = self._assembled([getattr(part, name) for part in parts])
        return self._ordered_pairs(**columns)

    @cached_property
    def prediction(self) -> pd.DataFrame:
        """Where the effect of a further study would lie with 95 %: treatment_a, treatment_b, low, high.

        Student's t with the network's degrees of freedom on the variance of the estimate plus tau squared, of two
        degrees or more (Higgins, Thompson & Spiegelhalter 2009, doi 10.1111/j.1467-985X.2008.00552.x).
        """
        effect = self._assembled([part.random.effects for part in self.components])
        half = self._assembled([_prediction_half_width(part) for part in self.components])
        return self._ordered_pairs(low=effect - half, high=effect + half)

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """P-scores: treatment, p_score_common, p_score_random; the best first, each component by itself.

        A P-score compares a treatment with the others of its component only.
        """
        frames = []
        for part in self.components:
            scores = {
                "treatment": part.treatments,
                "p_score_common": p_scores(part.common, small_is_better=self.small_is_better),
                "p_score_random": p_scores(part.random, small_is_better=self.small_is_better),
            }
            frames.append(pd.DataFrame(scores).sort_values("p_score_random", ascending=False, kind="stable"))
        return pd.concat(frames, ignore_index=True)

    @cached_property
    def summary(self) -> dict[str, object]:
        """Heterogeneity and counts of the whole network by their public names; None for what cannot be estimated.

        Q and its parts are sums over the components. tau2 is None with more than one component, since each has its
        own; `by_component` gives them all, with their treatments.
        """
        parts = [part.summary() for part in self.components]
        total = {name: sum(part[name] for part in parts) for name in ("q", "df_q", "q_within", "df_within", "q_between")}
        counts = {name: sum(part[name] for part in parts) for name in ("studies", "treatments", "contrasts")}
        heterogeneity = _parts_of_q(*total.values())
        tau2 = parts[0]["tau2"] if len(parts) == 1 else nan
        described = [
            _without_nan(part.summary()) | {"names": list(part.treatments)} for part in self.components
        ]
        return {
            **_without_nan({"tau2": tau2} | heterogeneity),
            **counts,
            "components": len(parts),
            "tau_method": self.tau,
            "interval": self.interval,
            "notes": list(self.notes),
            "by_component": described,
        }

    @cached_property
    def designs(self) -> pd.DataFrame:
        """Q within each design: design (treatments joined by ` : `), studies, q, df, p."""
        rows = []
        for part in self.components:
            for design in part.designs:
                names = " : ".join(part.treatments[place] for place in design.treatments)
                tested = {"q": design.q, "df": design.degrees, "p": p_value(design.q, design.degrees)}
                rows.append({"design": names, "studies": design.studies} | tested)
        return pd.DataFrame(rows)

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """The share of every study in the variance of every pair's random-effects estimate; see `contributions_to`.

        Columns: treatment_a, treatment_b (each pair once), then one for each study; 0 for studies of another component,
        NaN for pairs that no path connects. Grows as pairs times studies: 300 MB for 200 treatments and 2,000 studies.
        """
        names = [name for part in self.components for name in part.study_names]
        first, second = np.triu_indices(len(self.treatments), 1)
        values = np.full((len(first), len(names)), nan)
        start = 0
        for part in self.components:
            places = self._places(part)
            inside = np.isin(first, places) & np.isin(second, places)
            own = shares(part.blocks, part.random, *(np.searchsorted(places, x[inside]) for x in (first, second)))
            values[inside] = 0.0
            values[np.flatnonzero(inside), start : start + own.shape[1]] = own
            start += own.shape[1]
        labels = np.array(self.treatments, dtype=object)
        pairs = pd.DataFrame({"treatment_a": labels[first], "treatment_b": labels[second]})
        return pd.concat([pairs, pd.DataFrame(values, columns=names)], axis=1)

    def contributions_to(self, a: str, b: str) -> pd.DataFrame:
        """What each study contributes to a minus b: study, share_common, share_random.

        A share is the study's part of the estimate's variance; shares sum to 1. ValueError if no path connects them.
        """
        part, first, second = self._pair(a, b)
        ends = (np.array([first]), np.array([second]))
        columns = {"study": part.study_names}
        for model, network in (("common", part.common), ("random", part.random)):
            columns[f"share_{model}"] = shares(part.blocks, network, *ends)[0]
        return pd.DataFrame(columns)

    def hat_row(self, a: str, b: str, model: str = "random") -> pd.DataFrame:
        """The coefficients with which contrasts enter the estimate of a minus b.

        Columns study, treatment_a, treatment_b, coefficient; the estimate is the sum of coefficient times effect.
        """
        part, first, second = self._pair(a, b)
        rows = []
        for block, own in zip(part.blocks, coefficients(part.blocks, getattr(part, model), first, second), strict=True):
            pairs = np.triu_indices(block.arm_count, 1)
            for study, name in enumerate(block.names):
                for i, j in zip(*pairs, strict=True):
                    ends = (part.treatments[block.arms[study, i]], part.treatments[block.arms[study, j]])
                    rows.append({"study": name, "treatment_a": ends[0], "treatment_b": ends[1]})
                    rows[-1]["coefficient"] = own[study, i, j]
        return pd.DataFrame(rows)

    def reference_of(self, part: Component) -> str:
        """The reference where a component holds it, else its treatment in most studies."""
        return self.reference if self.reference in part.treatments else part.most_studied

    def precision(self, model: str = "random") -> Precision:
        """The covariance of all contrasts under `common` or `random` effects, to plan further studies with."""
        size = len(self.treatments)
        component, covariance = np.zeros(size, int), np.zeros((size, size))
        for number, part in enumerate(self.components):
            places = self._places(part)
            component[places] = number
            covariance[np.ix_(places, places)] = getattr(part, model).covariance
        return Precision(self.treatments, component, covariance)

    def why_absent(self, a: str, b: str) -> str:
        """Why there is no estimate of a minus b, or an empty string."""
        if self.component_of(a) is self.component_of(b):
            return ""
        return f"no path of studies leads from '{a}' to '{b}'"

    def component_of(self, treatment: str) -> Component:
        """The component that holds a treatment; ValueError with a suggestion for an unknown one."""
        _require_known(treatment, self.treatments)
        return next(part for part in self.components if treatment in part.treatments)

    def _pair(self, a: str, b: str) -> tuple[Component, int, int]:
        if self.why_absent(a, b):
            raise ValueError(self.why_absent(a, b))
        part = self.component_of(a)
        return part, part.treatments.index(a), part.treatments.index(b)

    def _evidence(self, model: str) -> list[Evidence]:
        return [part.evidence(getattr(part, model)) for part in self.components]

    def _places(self, part: Component) -> np.ndarray:
        return np.searchsorted(np.array(self.treatments), np.array(part.treatments))

    def _assembled(self, parts: Sequence[np.ndarray], missing: float = nan) -> np.ndarray:
        """Matrices of the components as one of the network (n, n), with `missing` between components."""
        size = len(self.treatments)
        whole = np.full((size, size), missing)
        for part, values in zip(self.components, parts, strict=True):
            places = self._places(part)
            whole[np.ix_(places, places)] = values
        return whole

    def _ordered_pairs(self, **columns: np.ndarray) -> pd.DataFrame:
        """Matrices (n, n) as one row for each ordered pair of different treatments."""
        first, second = np.nonzero(~np.eye(len(self.treatments), dtype=bool))
        labels = np.array(self.treatments, dtype=object)
        values = {name: matrix[first, second] for name, matrix in columns.items()}
        return pd.DataFrame({"treatment_a": labels[first], "treatment_b": labels[second], **values})


def _prediction_half_width(part: Component) -> np.ndarray:
    if part.degrees < 2:
        return np.full_like(part.random.covariance, nan)
    quantile = student.ppf(0.5 + LEVEL / 2, part.degrees)
    return quantile * np.sqrt(part.random.variances + part.tau2)


def _without_nan(values: dict[str, object]) -> dict[str, object]:
    return {name: None if isinstance(value, float) and isnan(value) else value for name, value in values.items()}


def _require_known(treatment: str, treatments: Sequence[str]) -> None:
    if treatment not in treatments:
        expected = did_you_mean(treatment, treatments) or f"; expected {', '.join(treatments)}"
        raise ValueError(f"no treatment '{treatment}' in the table{expected}")


def network_meta_analysis(
    table: pd.DataFrame | ContrastTable,
    *,
    tau: str = "DL",
    reference: str | None = None,
    small_is_better: bool = False,
    interval: str = "hartung-knapp",
    tau2: float | None = None,
) -> NetworkResult:
    """The network meta-analysis of a table of contrasts.

    table: columns study, treatment_a, treatment_b, effect (a minus b), standard_error; a study with k arms gives
      k(k-1)/2 rows, whose correlations are worked out from their standard errors. `read_contrasts` reads one.
    tau: how the variance between studies is estimated. `DL`: by moments (DerSimonian & Laird, generalised). `REML`: by
      restricted likelihood, with the full covariance of multi-arm studies. `REML-diagonal`: the same with contrasts to
      each study's baseline (`reference`, else its last treatment) taken as independent, as R netmeta does where it has
      a table of contrasts but no counts of its arms; it depends on the reference, and serves comparison only.
    reference: the treatment that texts and pictures set the others against; default: the one in most studies of
      the largest component.
    small_is_better: the direction of P-scores.
    interval: the 95 % intervals of random effects. `hartung-knapp`: Student's t on standard errors scaled by the Q of the
      random effects (Knapp & Hartung 2003, doi 10.1002/sim.1482). `t`: Student's t on the standard errors. `normal`:
      effect +- 1.96 standard errors, as R netmeta. tests/benchmarks/network_coverage.py says what each covers.
    tau2: a known variance between studies, instead of an estimate.

    CorpusError lists everything wrong with the table; ValueError for an unknown option or reference.

    >>> import pandas as pd
    >>> trials = pd.DataFrame({
    ...     "study": ["1", "2", "3"], "treatment_a": ["A", "A", "B"], "treatment_b": ["B", "C", "C"],
    ...     "effect": [1.0, 3.0, 2.0], "standard_error": [0.5, 0.5, 0.5],
    ... })
    >>> float(network_meta_analysis(trials).league["effect_common"][0].round(9))
    1.0
    """
    _require_choice("tau", tau, TAU)
    _require_choice("interval", interval, INTERVALS)
    contrasts = contrasts_of(table) if isinstance(table, pd.DataFrame) else table
    studies = studies_in(contrasts)
    graph = nx.Graph()
    for study in studies:
        nx.add_path(graph, study.treatments)
    treatments = tuple(sorted(graph))
    if reference is not None:
        _require_known(reference, treatments)
    components = []
    for names in sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part)):
        inside = set(names)
        own = [study for study in studies if study.treatments[0] in inside]
        components.append(_component(tuple(names), own, tau, reference, tau2))
    return NetworkResult(
        treatments,
        tuple(components),
        tau if tau2 is None else "given",
        interval,
        small_is_better,
        reference or components[0].most_studied,
        _notes(studies, components),
    )


def _require_choice(name: str, chosen: str, known: Sequence[str]) -> None:
    if chosen not in known:
        raise ValueError(f"{name}: '{chosen}' is unknown; expected {', '.join(known)}{did_you_mean(chosen, known)}")


def _component(
    treatments: tuple[str, ...], studies: Sequence[Study], tau: str, reference: str | None, known_tau2: float | None
) -> Component:
    place = {treatment: number for number, treatment in enumerate(treatments)}
    blocks = blocks_of(studies, place)
    size = len(treatments)
    if known_tau2 is not None:
        tau2 = known_tau2
    elif tau == "DL":
        tau2 = dersimonian_laird(blocks, size)
    else:
        baseline = place.get(reference, -1)
        seen = blocks if tau == "REML" else [_from_baseline(block, baseline) for block in blocks]
        tau2 = restricted_likelihood(seen, size)
    common = fit(blocks, size)
    random = common if isnan(tau2) or tau2 == 0 else fit(blocks, size, tau2)
    return Component(
        treatments, blocks, tau2, common, random, degrees_of_freedom(blocks, size), tuple(designs(blocks))
    )


def _from_baseline(block: Block, reference: int) -> Block:
    """A block whose contrasts to the reference, else to the last arm, are taken as independent."""
    holds = block.arms == reference
    baselines = np.where(holds.any(axis=1), holds.argmax(axis=1), block.arm_count - 1)
    return block.seen_from(baselines)


def _notes(studies: Sequence[Study], components: Sequence[Component]) -> tuple[str, ...]:
    """What a reader must know beside the numbers."""
    notes = [study.note for study in studies if study.note]
    if len(components) > 1:
        listed = "; ".join(", ".join(part.treatments) for part in components)
        notes.append(
            f"{len(components)} components that no study connects, each analysed by itself, with no estimate between "
            f"them: {listed}"
        )
    for part in components:
        if isnan(part.tau2):
            notes.append(
                f"tau2 cannot be estimated for {', '.join(part.treatments)}: no degree of freedom is left; "
                "random effects are the common ones there"
            )
    return tuple(notes)
