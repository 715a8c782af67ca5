"""Network meta-analysis of a table of contrasts: estimates of all pairs, with common and with random effects.

Contrast-based and frequentist, by weighted least squares (Ruecker 2012, doi 10.1002/jrsm.1058). Every connected part of
the network stands by itself, with a variance between studies of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from corpus.schema.suggest import did_you_mean
from metaanalysis.network.components import Component, component, components_of, without_tau2
from metaanalysis.network.contrasts import ContrastTable, contrasts_of
from metaanalysis.network.result import NetworkResult
from metaanalysis.network.studies import ComparedStudy, studies_in

TAU = ("DL", "REML", "REML-diagonal")
"""Estimates of tau squared: see `network_meta_analysis`."""
INTERVALS = ("normal", "t", "hartung-knapp")
"""Kinds of 95 % interval of random effects: see `network_meta_analysis`.

In the benchmark network_coverage.py, 5 treatments and 8 to 60 studies with a tau of 0 to 10 standard errors,
`hartung-knapp` holds the true effect in 94 to 96 % of cases. `normal` falls to 89 % with 8 studies that differ, and
holds 92 % from 15 studies on. `t` never falls short, but holds 99 % where 8 studies do not differ.
"""


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
    interval: the 95 % intervals of random effects. `hartung-knapp`: Student's t on standard errors scaled by the Q of
      the random effects (Knapp & Hartung 2003, doi 10.1002/sim.1482). `t`: Student's t on the standard errors.
      `normal`: effect +- 1.96 standard errors, as R netmeta. The benchmark network_coverage.py says what each covers.
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
    if tau2 is not None and not tau2 >= 0:
        raise ValueError(f"tau2: {tau2} is no variance; expected zero or more")
    contrasts = contrasts_of(table) if isinstance(table, pd.DataFrame) else table
    studies = studies_in(contrasts)
    parts = dict(components_of(studies))
    treatments = tuple(sorted(treatment for part in parts for treatment in part))
    if reference is not None and reference not in treatments:
        expected = did_you_mean(reference, treatments) or f"; expected {', '.join(treatments)}"
        raise ValueError(f"no treatment '{reference}' in the table{expected}")
    components = []
    for names, own in parts.items():
        components.append(component(names, own, tau=tau, reference=reference, tau2=tau2))
    return NetworkResult(
        treatments=treatments,
        components=tuple(components),
        tau=tau if tau2 is None else "given",
        interval=interval,
        small_is_better=small_is_better,
        reference=reference or components[0].most_studied,
        notes=_notes(studies, components),
    )


def _require_choice(name: str, chosen: str, known: Sequence[str]) -> None:
    if chosen not in known:
        raise ValueError(
            f"{name}: '{chosen}' is unknown; expected {', '.join(known)}{did_you_mean(chosen, known)}"
        )


def _notes(studies: Sequence[ComparedStudy], components: Sequence[Component]) -> tuple[str, ...]:
    """What a reader must know beside the numbers."""
    notes = [study.note for study in studies if study.note]
    if len(components) > 1:
        listed = "; ".join(", ".join(part.treatments) for part in components)
        notes.append(
            f"{len(components)} components that no study connects, each analysed by itself, with no estimate between "
            f"them: {listed}"
        )
    for part in filter(without_tau2, components):
        notes.append(
            f"tau2 cannot be estimated for {', '.join(part.treatments)}: no degree of freedom is left; "
            "random effects are the common ones there"
        )
    return tuple(notes)
