"""Networks pruned again and again, gathered by task, each family with the scaling law fitted to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.catalogue.own_runs import OwnRun
from corpus.numbers.quantity import Quantity
from corpus.schema.paper import Method
from metaanalysis.scaling.fit import LawFit, fit
from metaanalysis.scaling.law import Measurements

FEWEST_REPORTED = 6
"""Densities of a reported curve from which on it is looked at: three constants, and as many points to judge them by."""
OUTSIDE = "outside the law's evidence, which is iterative magnitude pruning with rewinding"


@dataclass(frozen=True)
class Network:
    """One scale of a family: what it is before pruning; `prunable` is what density is a part of."""

    name: str
    architecture: str
    width: float
    depth: float
    unpruned_error: float
    params: float | None
    prunable: float | None

    def params_at(self, density: float) -> float | None:
        """Parameters left at a density, if the network's size is known."""
        if self.params is None or self.prunable is None:
            return None
        return self.params - self.prunable * (1 - density)


@dataclass(frozen=True, eq=False)
class Family:
    """Networks of one task and one source; `fit` is None, and `failure` says why, if no law fits them."""

    title: str
    attribution: str
    dataset: str
    architecture: str
    caveat: str
    networks: tuple[Network, ...]
    points: Measurements
    fit: LawFit | None
    failure: str

    def densities_of(self, network: str) -> np.ndarray:
        """The densities that were measured of one of its networks, by name."""
        return self.points.density[np.array(self.points.network) == network]


@dataclass(frozen=True)
class _Pruned:
    """One pruned network: its scale's name, its density, its accuracies in percent, and how it was pruned.

    `run` tells unpruned networks of one scale apart; `prunable` counts the weights that density is a part of.
    """

    network: str
    density: float
    top1: float
    unpruned: Quantity
    point: OperatingPoint
    run: str = ""
    width: float = 1.0
    depth: float = 1.0
    prunable: float | None = None

    @property
    def rounded_density(self) -> float:
        """The density to six decimals: two that differ less are the same."""
        return round(self.density, 6)


@dataclass(frozen=True)
class _Start:
    """An unpruned network: its error, a fraction, as the mean over `runs`."""

    error: float
    runs: int


@lru_cache(maxsize=4)
def families(corpus: Corpus) -> tuple[Family, ...]:
    """What was measured here first, then reported curves of unstructured magnitude pruning with enough sizes."""
    return (*_measured(corpus), *_reported(corpus))


def _measured(corpus: Corpus) -> Iterator[Family]:
    """One family for each study of ours whose tables say round and density."""
    studies: dict[str, list[OwnRun]] = defaultdict(list)
    for run in corpus.reruns.runs:
        if "round" in run.noted and "density" in run.noted:
            studies[run.point.paper].append(run)
    for key, runs in studies.items():
        recipe: Any = corpus.reruns.papers[key].written.recipe or {}
        image_counts = sorted({int(run.noted.get("training_images") or 0) for run in runs} - {0})
        measured = []
        for run in runs:
            scale = recipe.get("networks", {}).get(run.initial, {})
            measured.append(_measured_network(run, scale, names_images=len(image_counts) > 1))
        point = runs[0].point
        architecture = recipe.get("architecture", point.architecture)
        title = f"{architecture}, {point.dataset}"
        if len(image_counts) == 1:
            title += f" ({image_counts[0]:,} training images)"
        yield _family(f"{title}: measured here", architecture, measured, _method(corpus, point))


def _measured_network(run: OwnRun, scale: dict[str, str], names_images: bool) -> _Pruned:
    """One round of one network; its scale is `width 0.5`, with depth and training images where they vary."""
    noted = run.noted
    width, depth = float(noted.get("width") or 1), float(noted.get("depth") or 1)
    parts = [f"width {width:g}"]
    if noted.get("depth"):
        parts.insert(0, f"depth {depth:g}")
    if names_images:
        parts.append(f"{int(noted['training_images']):,} images")
    prunable = scale.get("prunable_weights")
    return _Pruned(
        network=", ".join(parts),
        density=float(noted["density"]),
        top1=run.point.number("top1"),
        unpruned=run.point.values["unpruned_top1"].quantity,
        point=run.point,
        run=run.initial,
        width=width,
        depth=depth,
        prunable=float(prunable) if prunable else None,
    )


def _reported(corpus: Corpus) -> Iterator[Family]:
    """Reported curves of unstructured magnitude pruning on one network, with the unpruned accuracy beside them."""
    curves: dict[tuple[str, str, str], list[_Pruned]] = defaultdict(list)
    for point in corpus.points:
        method = corpus.papers[point.paper].method_of(point)
        if point.attribution != "reported" or method is None:
            continue
        if (method.structure, method.scoring) != ("unstructured", "magnitude"):
            continue
        unpruned, top1 = point.values.get("unpruned_top1"), point.value("top1")
        ratio = point.value("compression_ratio")
        if unpruned is not None and top1 is not None and ratio is not None:
            pruned = _Pruned(point.architecture, 1 / ratio, top1, unpruned.quantity, point)
            curves[point.label, point.dataset, point.architecture].append(pruned)
    for (label, dataset, architecture), curve in sorted(curves.items()):
        densities = {pruned.rounded_density for pruned in curve}
        if len(densities) >= FEWEST_REPORTED:
            title = f"{architecture}, {dataset}: {label}"
            yield _family(title, architecture, curve, _method(corpus, curve[0].point))


def _method(corpus: Corpus, point: OperatingPoint) -> Method | None:
    paper = corpus.papers.get(point.paper) or corpus.reruns.papers[point.paper]
    return paper.method_of(point)


def _family(title: str, architecture: str, pruned: list[_Pruned], method: Method | None) -> Family:
    """A family; reported runs of one density are averaged, since each is another schedule and not another seed."""
    point = pruned[0].point
    starts = _starts(pruned)
    points = pruned if point.attribution == "rerun" else _averaged(pruned)
    measurements = _measurements(architecture, points, starts)
    try:
        law, failure = fit(measurements), ""
    except ValueError as error:
        law, failure = None, str(error)
    return Family(
        title=title,
        attribution=point.attribution,
        dataset=point.dataset,
        architecture=architecture,
        caveat=_caveat(method),
        networks=_networks(points, pruned, starts),
        points=measurements,
        fit=law,
        failure=failure,
    )


def _caveat(method: Method | None) -> str:
    """Why a family is outside the law's evidence; empty if it is inside."""
    if method is None or method.scheduling == "unknown":
        return f"pruning of an unknown schedule: {OUTSIDE}"
    if (method.scheduling, method.fine_tuning) == ("iterative", "rewind"):
        return ""
    return f"{method.scheduling} pruning: {OUTSIDE}"


def _measurements(architecture: str, points: Sequence[_Pruned], starts: dict[str, _Start]) -> Measurements:
    of_points = [starts[pruned.network] for pruned in points]
    return Measurements(
        task=tuple(f"{architecture} on {pruned.point.dataset}" for pruned in points),
        network=tuple(pruned.network for pruned in points),
        density=np.array([pruned.density for pruned in points]),
        error=np.array([1 - pruned.top1 / 100 for pruned in points]),
        unpruned_error=np.array([start.error for start in of_points]),
        unpruned_runs=np.array([start.runs for start in of_points], float),
        width=np.array([pruned.width for pruned in points], float),
        depth=np.array([pruned.depth for pruned in points], float),
    )


def _networks(
    points: Sequence[_Pruned], pruned: Sequence[_Pruned], starts: dict[str, _Start]
) -> tuple[Network, ...]:
    """The scales of a family, the shallowest and narrowest first; a scale is described by its first point.

    `prunable` is all parameters where the source does not say how many of them density counts.
    """
    # sizes come from the last entry of a scale: with several images or seeds they are all the same
    last = {entry.network: entry for entry in pruned}
    networks: dict[str, Network] = {}
    for entry in points:
        params = last[entry.network].point.value("unpruned_params")
        network = Network(
            name=entry.network,
            architecture=entry.point.architecture,
            width=entry.width,
            depth=entry.depth,
            unpruned_error=starts[entry.network].error,
            params=params,
            prunable=last[entry.network].prunable or params,
        )
        networks.setdefault(entry.network, network)
    ordered = sorted(networks.values(), key=lambda network: (network.depth, network.width))
    return tuple(ordered)


def _starts(pruned: list[_Pruned]) -> dict[str, _Start]:
    """The unpruned network of each scale; a number printed as a list of accuracies is of as many runs."""
    by_run: dict[str, dict[str, Quantity]] = defaultdict(dict)
    for entry in pruned:
        by_run[entry.network][entry.run] = entry.unpruned
    starts = {}
    for name, quantities in by_run.items():
        errors, runs = [], 0
        for quantity in quantities.values():
            errors.append(1 - quantity.value / 100)
            runs += quantity.printed.count(", ") + 1
        starts[name] = _Start(float(np.mean(errors)), runs)
    return starts


def _averaged(pruned: list[_Pruned]) -> list[_Pruned]:
    """One entry per density, the largest first, with the mean accuracy."""
    by_density: dict[float, list[_Pruned]] = defaultdict(list)
    for entry in pruned:
        by_density[entry.rounded_density].append(entry)
    averaged = []
    for density in sorted(by_density, reverse=True):
        alike = by_density[density]
        mean = float(np.mean([entry.top1 for entry in alike]))
        averaged.append(replace(alike[0], density=density, top1=mean))
    return averaged
