"""The smallest network that reaches an error, by the scaling law fitted to a family of networks."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.catalogue.corpus import Corpus
from corpus.schema.suggest import did_you_mean
from metaanalysis.scaling.families import Family, Network, families
from metaanalysis.scaling.fit import LawFit


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
class PredictedNetworks:
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
) -> PredictedNetworks:
    """Which networks of one family reach an error (a fraction), by the law and within what was measured.

    `dataset` and `architecture` choose the family where there are several; `extrapolate` allows densities below the
    lowest that was measured.

    >>> predict(corpus, 0.05, dataset="MNIST").predictions[0].network.name
    'width 2'

    ValueError if the family is not clear, if no law fits it, or if only networks beyond the fitted range would do and
    `extrapolate` is not set.
    """
    if not 0 < error < 1:
        raise ValueError(f"an error of {error:.4g} is impossible; expected a fraction between 0 and 1")
    family = _family(corpus, dataset, architecture)
    if family.fit is None:
        raise ValueError(f"{family.title}: {family.failure}")
    reaching, within = [], []
    for network in family.networks:
        prediction = _prediction(family, family.fit, network, error)
        if prediction is None:
            continue
        reaching.append(prediction)
        if extrapolate or not prediction.extrapolated:
            within.append(prediction)
    if not reaching:
        raise ValueError(_out_of_reach(family, family.fit, error))
    if not within:
        raise ValueError(_beyond(family, error, min(reaching, key=_size)))
    return PredictedNetworks(family, error, tuple(sorted(within, key=_size)))


def _family(corpus: Corpus, dataset: str | None, architecture: str | None) -> Family:
    """The one family that fits the words; what was measured here stands before what papers report."""
    known = families(corpus)
    for wanted, name in ((dataset, "dataset"), (architecture, "architecture")):
        options = sorted({getattr(family, name) for family in known})
        if wanted is not None and wanted not in options:
            hint = did_you_mean(wanted, options) or f"; expected {', '.join(options)}"
            raise ValueError(f"no family of networks with {name} '{wanted}'{hint}")
    fitting = []
    for family in known:
        if dataset in (None, family.dataset) and architecture in (None, family.architecture):
            fitting.append(family)
    measured_here = [family for family in fitting if family.attribution == "rerun"]
    candidates = measured_here or fitting
    if len(candidates) == 1:
        return candidates[0]
    choices = []
    for family in candidates or known:
        choices.append(f"--dataset '{family.dataset}' --architecture '{family.architecture}'")
    count = len(candidates) or "no"
    raise ValueError(f"{count} families of networks fit; choose one: {'; '.join(choices)}")


def _prediction(family: Family, fit: LawFit, network: Network, error: float) -> Prediction | None:
    """The network at the density where the law has the error; None if no density gives it."""
    start, width, depth = network.unpruned_error, network.width, network.depth
    density = float(fit.law.density_for(error, start, width, depth))
    if not 0 < density <= 1:
        return None
    low, high = fit.density_interval(error, start, width, depth)
    params = network.params_at(density)
    fewest, most = network.params_at(low), network.params_at(min(high, 1.0))
    return Prediction(
        network=network,
        density=density,
        density_interval=(low, high),
        params=params,
        params_interval=None if fewest is None or most is None else (fewest, most),
        extrapolated=density < _lowest_density(family, network),
    )


def _lowest_density(family: Family, network: Network) -> float:
    """The smallest density measured, less a thousandth of it, which rounding may have added."""
    return 0.999 * float(family.densities_of(network.name).min())


def _size(prediction: Prediction) -> tuple[float, float]:
    """The order of predictions: by parameters left, where they are known, else by density."""
    size = prediction.density if prediction.params is None else prediction.params
    return size, prediction.density


def _out_of_reach(family: Family, fit: LawFit, error: float) -> str:
    best = min(family.networks, key=lambda network: network.unpruned_error)
    if error <= best.unpruned_error:
        return (
            f"{family.title}: no network here has an error of {error:.2%}, even unpruned; "
            f"the lowest is {best.unpruned_error:.2%} ({best.name})"
        )
    return (
        f"{family.title}: the law gives no density with an error of {error:.2%}; "
        f"its errors end at {fit.law.plateau:.2%}"
    )


def _beyond(family: Family, error: float, smallest: Prediction) -> str:
    name, lowest = smallest.network.name, _lowest_density(family, smallest.network)
    return (
        f"{family.title}: an error of {error:.2%} lies beyond the fitted range; {name} would have density "
        f"{smallest.density:.3g}, and {lowest:.3g} is the lowest measured; --extrapolate goes there all the same"
    )
