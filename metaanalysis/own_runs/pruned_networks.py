"""Pruned networks with their arms, fine-tuned or trained from scratch, from papers and from our own studies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import nan
from statistics import fmean
from typing import Any

from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from corpus.catalogue.own_runs import RERUN, OwnRun
from metaanalysis.own_runs.experiments import spread
from metaanalysis.own_runs.training_arms import REPORTED, ArmResult, PrunedNetwork

ANEW, ON = "reinitialize", "continue"
"""The two values of a method's axis `fine_tuning` that arms are told apart by: new weights, or those that stay."""


@lru_cache(maxsize=8)
def configurations(corpus: Corpus) -> tuple[PrunedNetwork, ...]:
    """Every pruned network of papers that report both sorts of arms, then every one of our own studies with arms."""
    reported: list[PrunedNetwork] = []
    for paper in corpus.papers.values():
        reported += _reported(corpus, paper)
    return (*reported, *_measured(corpus))


def _reported(corpus: Corpus, paper: Paper) -> Iterator[PrunedNetwork]:
    """Points of one paper whose networks are of equal size and speedup, if it has methods of both sorts."""
    sorts = {method.fine_tuning for method in paper.methods.values()}
    if ANEW not in sorts or ON not in sorts:
        return
    networks: dict[tuple, dict[str, OperatingPoint]] = {}
    for point in paper.points:
        method = paper.method_of(point)
        if point.method is None or method is None or method.fine_tuning not in (ANEW, ON):
            continue
        if "top1" in point.values and not point.released:
            size = _rounded(point.value("compression_ratio"))
            speedup = _rounded(point.value("theoretical_speedup"))
            network = (point.dataset, point.architecture, size, speedup)
            networks.setdefault(network, {}).setdefault(point.method, point)
    for (dataset, architecture, _, _), points in networks.items():
        first = next(iter(points.values()))
        images = corpus.names.datasets[dataset].test_size
        arms = [_reported_arm(paper, name, point, images) for name, point in points.items()]
        yield PrunedNetwork(
            source=REPORTED,
            paper=paper.key,
            title=paper.label,
            dataset=dataset,
            architecture=architecture,
            pruning="",
            compression_ratio=first.value("compression_ratio"),
            theoretical_speedup=first.value("theoretical_speedup"),
            arms=tuple(arms),
            structure=_structure(paper, points),
        )


def _structure(paper: Paper, methods: Iterable[str | None]) -> str:
    """What these methods remove, if those of them that say so agree."""
    structures = {paper.methods[name].structure for name in methods if name is not None} - {"unknown"}
    return structures.pop() if len(structures) == 1 else "unknown"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _reported_arm(paper: Paper, name: str, point: OperatingPoint, images: int | None) -> ArmResult:
    """One arm of a paper; `images` are those of the dataset's test set."""
    std = point.std("top1")
    trainability = point.value("trainability_accuracy")
    anew = paper.methods[name].fine_tuning == ANEW
    return ArmResult(
        name=name,
        anew=anew,
        kind=name if anew else "fine-tune",
        mean=point.number("top1"),
        std=nan if std is None else std,
        n=point.trials,
        test_images=None if images is None else int(images),
        point=point,
        by_seed={},
        trainability=nan if trainability is None else trainability,
    )


def _measured(corpus: Corpus) -> Iterator[PrunedNetwork]:
    """Our own runs of studies with arms, by unpruned network, baseline and amount."""
    networks: dict[tuple[str, str, str, str, float], dict[str, list[OwnRun]]] = {}
    for run in corpus.reruns.runs:
        arm = run.noted.get("arm")
        if not arm or "top1" not in run.point.values:
            continue
        pruning = f"{run.baseline.removesuffix(f'-{arm}')} {run.noted.get('plan', '')}".rstrip()
        network = (run.point.paper, run.study, run.initial, pruning, run.ratio)
        networks.setdefault(network, {}).setdefault(arm, []).append(run)
    for (key, study, initial, pruning, _), runs_by_arm in networks.items():
        paper = corpus.reruns.papers[key]
        runs: list[OwnRun] = []
        arms = []
        for name, runs_of_arm in runs_by_arm.items():
            runs += runs_of_arm
            arms.append(_measured_arm(paper, name, runs_of_arm))
        point = runs[0].point
        invented = "invented" in (paper.written.recipe or {})
        title = f"study {study}"
        if len(paper.written.results) > 1:
            title += f", initial model {initial}"
        if invented:
            title += " (images made in code)"
        yield PrunedNetwork(
            source=RERUN,
            paper=key,
            title=title,
            dataset=point.dataset,
            architecture=point.architecture,
            pruning=pruning,
            compression_ratio=_mean(runs, "compression_ratio"),
            theoretical_speedup=_mean(runs, "theoretical_speedup"),
            arms=tuple(arms),
            structure=_structure(paper, {run.point.method for run in runs}),
            stands_beside_papers=not invented and point.stands_beside_papers,
        )


def _mean(runs: Iterable[OwnRun], measure: str) -> float | None:
    """The mean of a measure, None where a run lacks it."""
    values = []
    for run in runs:
        if measure not in run.point.values:
            return None
        values.append(run.point.number(measure))
    return fmean(values)


def _measured_arm(paper: Paper, name: str, runs: list[OwnRun]) -> ArmResult:
    by_seed = {run.seed: run.point.number("top1") for run in runs}
    trainability = [float(text) for run in runs if (text := run.noted.get("trainability_accuracy"))]
    point = runs[0].point
    recipe: Any = paper.written.recipe or {}
    kind = recipe.get("arms", {}).get(name, {}).get("kind", name)
    method = paper.method_of(point)
    return ArmResult(
        name=name,
        anew=method is not None and method.fine_tuning == ANEW,
        kind=kind,
        mean=fmean(by_seed.values()),
        std=spread(list(by_seed.values())),
        n=len(by_seed),
        test_images=min(run.test_images for run in runs),
        point=point,
        by_seed=by_seed,
        trainability=fmean(trainability) if trainability else nan,
    )
