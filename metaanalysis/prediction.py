"""The smallest network that reaches an error, by the scaling law fitted to a family of networks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.catalogue.corpus import Corpus
from corpus.schema.suggest import did_you_mean
from metaanalysis.scaling.families import Family, Network, families


@dataclass(frozen=True)
class Prediction:
    """One network pruned until its error is the one asked for; intervals are 95 %, an end is nan where there is none.

    `params` counts what is left of all parameters; None, with its interval, where the network's size is not known.
    """

    network: Network
    density: float
    density_interval: tuple[float, float]
    params: float | None
    params_interval: tuple[float, float] | None
    extrapolated: bool


@dataclass(frozen=True)
class Answer:
    """The family that was asked, and its networks that reach the error, the smallest first."""

    family: Family
    error: float
    predictions: tuple[Prediction, ...]


def predict(
    corpus: Corpus,
    error: float,
    *,
    dataset: str | None = None,
    architecture: str | None = None,
    extrapolate: bool = False,
) -> Answer:
    """Which networks of one family reach an error (a fraction), by the law and within what was measured.

    ValueError if the family is not clear, if no law fits it, or if only networks beyond the fitted range would do and
    `extrapolate` is not set.
    """
    if not 0 < error < 1:
        raise ValueError(f"an error of {error:.4g} is impossible; expected a fraction between 0 and 1")
    family = _family(corpus, dataset, architecture)
    if family.fit is None:
        raise ValueError(f"{family.title}: {family.failure}")
    found = [
        made for network in family.networks if (made := _prediction(family, network, error)) is not None
    ]
    if not found:
        raise ValueError(_out_of_reach(family, error))
    within = [made for made in found if extrapolate or not made.extrapolated]
    if not within:
        raise ValueError(_beyond(family, error, found))
    return Answer(family, error, tuple(sorted(within, key=_size)))


def _family(corpus: Corpus, dataset: str | None, architecture: str | None) -> Family:
    """The one family that fits the words; what was measured here stands before what papers report."""
    known = families(corpus)
    for asked, name in ((dataset, "dataset"), (architecture, "architecture")):
        options = sorted({getattr(family, name) for family in known})
        if asked is not None and asked not in options:
            hint = did_you_mean(asked, options) or f"; expected {', '.join(options)}"
            raise ValueError(f"no family of networks with {name} '{asked}'{hint}")
    fitting = [
        family
        for family in known
        if dataset in (None, family.dataset) and architecture in (None, family.architecture)
    ]
    own = [family for family in fitting if family.attribution == "rerun"] or fitting
    if len(own) == 1:
        return own[0]
    told = "; ".join(
        f"--dataset '{family.dataset}' --architecture '{family.architecture}'" for family in own or known
    )
    raise ValueError(f"{len(own) or 'no'} families of networks fit; choose one: {told}")


def _prediction(family: Family, network: Network, error: float) -> Prediction | None:
    """The network at the density where the law has the error; None if no density gives it."""
    asked = error, network.unpruned_error, network.width, network.depth
    density = float(family.fit.law.density_for(*asked))
    if not 0 < density <= 1:
        return None
    low, high = family.fit.density_interval(*asked)
    params = network.params_at(density)
    interval = None if params is None else (network.params_at(low), network.params_at(min(high, 1.0)))
    return Prediction(
        network, density, (low, high), params, interval, density < _lowest_density(family, network)
    )


def _lowest_density(family: Family, network: Network) -> float:
    """The smallest density measured, less half a step of rounding."""
    own = family.points.density[np.array(family.points.network) == network.name]
    return 0.999 * float(own.min())


def _size(made: Prediction) -> tuple[float, float]:
    return (made.density if made.params is None else made.params), made.density


def _out_of_reach(family: Family, error: float) -> str:
    best = min(family.networks, key=lambda network: network.unpruned_error)
    if error <= best.unpruned_error:
        told = f"no network here has an error of {error:.2%}, even unpruned"
        return f"{family.title}: {told}; the lowest is {best.unpruned_error:.2%} ({best.name})"
    plateau = family.fit.law.plateau
    return f"{family.title}: the law gives no density with an error of {error:.2%}; its errors end at {plateau:.2%}"


def _beyond(family: Family, error: float, found: list[Prediction]) -> str:
    made = min(found, key=_size)
    lowest = _lowest_density(family, made.network)
    return (
        f"{family.title}: an error of {error:.2%} lies beyond the fitted range; {made.network.name} would have density "
        f"{made.density:.3g}, and {lowest:.3g} is the lowest measured; --extrapolate goes there all the same"
    )
