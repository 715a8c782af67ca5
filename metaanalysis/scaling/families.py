"""Networks pruned again and again, gathered by task, each family with the scaling law fitted to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.catalogue.own_runs import OwnRun
from corpus.numbers.quantity import Quantity
from corpus.schema.paper import Method
from metaanalysis.scaling.fit import Fit, fit
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
    fit: Fit | None
    failure: str


@dataclass(frozen=True)
class _Entry:
    """One pruned network: its scale's name, its density, its accuracies in percent, and how it was pruned."""

    network: str
    density: float
    top1: float
    unpruned: Quantity
    run: str
    width: float
    depth: float
    prunable: float | None
    point: OperatingPoint


@lru_cache(maxsize=4)
def families(corpus: Corpus) -> tuple[Family, ...]:
    """What was measured here first, then reported curves of unstructured magnitude pruning with enough sizes."""
    return (*_measured(corpus), *_reported(corpus))


def _measured(corpus: Corpus) -> Iterator[Family]:
    """One family for each study of ours whose tables say round and density."""
    studies: dict[str, list[OwnRun]] = defaultdict(list)
    for run in corpus.reruns.runs:
        if {"round", "density"} <= run.noted.keys():
            studies[run.point.paper].append(run)
    for key, runs in studies.items():
        recipe = corpus.reruns.papers[key].written.recipe or {}
        parts = sorted({int(images) for run in runs if (images := run.noted.get("training_images"))})
        entries = [
            _entry(run, recipe.get("networks", {}).get(run.initial, {}), len(parts) > 1) for run in runs
        ]
        point, base = runs[0].point, recipe.get("architecture", runs[0].point.architecture)
        images = f" ({parts[0]:,} training images)" if len(parts) == 1 else ""
        yield _family(
            f"{base}, {point.dataset}{images}: measured here", base, entries, _method(corpus, entries[0])
        )


def _entry(run: OwnRun, scale: dict[str, str], names_images: bool) -> _Entry:
    """One round of one network; its scale is `width 0.5`, with depth and training images where they vary."""
    noted = run.noted
    width, depth = (float(noted.get(axis) or 1) for axis in ("width", "depth"))
    parts = [f"depth {depth:g}"] if noted.get("depth") else []
    parts += [f"width {width:g}"] + ([f"{int(noted['training_images']):,} images"] if names_images else [])
    prunable = scale.get("prunable_weights")
    return _Entry(
        *(", ".join(parts), float(noted["density"]), run.point.value("top1")),
        *(run.point.values["unpruned_top1"].quantity, run.initial, width, depth),
        *(float(prunable) if prunable else None, run.point),
    )


def _reported(corpus: Corpus) -> Iterator[Family]:
    """Reported curves of unstructured magnitude pruning on one network, with the unpruned accuracy beside them."""
    curves: dict[tuple, list[_Entry]] = defaultdict(list)
    for point in corpus.points:
        method = corpus.papers[point.paper].methods.get(point.method)
        if point.attribution != "reported":
            continue
        is_magnitude = method and (method.structure, method.scoring) == ("unstructured", "magnitude")
        unpruned, ratio = point.values.get("unpruned_top1"), point.value("compression_ratio")
        if not is_magnitude or None in (unpruned, ratio, point.value("top1")):
            continue
        entry = _Entry(
            point.architecture, 1 / ratio, point.value("top1"), unpruned.quantity, "", 1, 1, None, point
        )
        curves[point.label, point.dataset, point.architecture].append(entry)
    for (label, dataset, architecture), entries in sorted(curves.items()):
        if len({round(entry.density, 6) for entry in entries}) >= FEWEST_REPORTED:
            yield _family(
                f"{architecture}, {dataset}: {label}", architecture, entries, _method(corpus, entries[0])
            )


def _method(corpus: Corpus, entry: _Entry) -> Method:
    point = entry.point
    return (corpus.papers.get(point.paper) or corpus.reruns.papers[point.paper]).methods[point.method]


def _family(title: str, base: str, entries: list[_Entry], method: Method) -> Family:
    """A family; reported runs of one density are averaged, since each is another schedule and not another seed."""
    point, size = entries[0].point, _sizes(entries)
    starts = _unpruned(entries)
    measured = entries if point.attribution == "rerun" else _averaged(entries)
    points = Measurements(
        task=tuple(f"{base} on {entry.point.dataset}" for entry in measured),
        network=tuple(entry.network for entry in measured),
        density=np.array([entry.density for entry in measured]),
        error=np.array([1 - entry.top1 / 100 for entry in measured]),
        unpruned_error=np.array([starts[entry.network][0] for entry in measured]),
        unpruned_runs=np.array([starts[entry.network][1] for entry in measured], float),
        width=np.array([entry.width for entry in measured], float),
        depth=np.array([entry.depth for entry in measured], float),
    )
    networks = tuple(
        Network(
            entry.network, entry.point.architecture, entry.width, entry.depth, starts[name][0], *size[name]
        )
        for name, entry in {entry.network: entry for entry in reversed(measured)}.items()
    )
    in_evidence = (method.scheduling, method.fine_tuning) == ("iterative", "rewind")
    how = (
        "pruning of an unknown schedule"
        if method.scheduling == "unknown"
        else f"{method.scheduling} pruning"
    )
    try:
        found, failure = fit(points), ""
    except ValueError as error:
        found, failure = None, str(error)
    about = (title, point.attribution, point.dataset, base, "" if in_evidence else f"{how}: {OUTSIDE}")
    return Family(
        *about, tuple(sorted(networks, key=lambda one: (one.depth, one.width))), points, found, failure
    )


def _unpruned(entries: list[_Entry]) -> dict[str, tuple[float, int]]:
    """For each scale its unpruned error, a fraction, the mean over runs, and their number."""
    runs: dict[str, dict[str, Quantity]] = defaultdict(dict)
    for entry in entries:
        runs[entry.network][entry.run] = entry.unpruned
    found = {}
    for name, unpruned in runs.items():
        error = float(np.mean([1 - quantity.value / 100 for quantity in unpruned.values()]))
        found[name] = (error, sum(quantity.printed.count(", ") + 1 for quantity in unpruned.values()))
    return found


def _sizes(entries: list[_Entry]) -> dict[str, tuple[float | None, float | None]]:
    """For each scale its parameters, and how many of them density counts: all, if the source does not say."""
    return {
        entry.network: (params := entry.point.value("unpruned_params"), entry.prunable or params)
        for entry in entries
    }


def _averaged(entries: list[_Entry]) -> list[_Entry]:
    """One entry per density, with the mean accuracy."""
    by_density: dict[float, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_density[round(entry.density, 6)].append(entry)
    means = {
        density: float(np.mean([entry.top1 for entry in alike])) for density, alike in by_density.items()
    }
    return [
        replace(by_density[density][0], density=density, top1=means[density])
        for density in sorted(means)[::-1]
    ]
