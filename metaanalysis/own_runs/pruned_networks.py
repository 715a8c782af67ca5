"""Pruned networks with their arms, fine-tuned or trained from scratch, from papers and from our own studies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import nan
from statistics import fmean

from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from corpus.catalogue.own_runs import RERUN, OwnRun
from metaanalysis.own_runs.experiments import spread
from metaanalysis.own_runs.printed_trainability import printed_trainability
from metaanalysis.own_runs.training_arms import REPORTED, Arm, Configuration

ANEW, ON = "reinitialize", "continue"


@lru_cache(maxsize=8)
def configurations(corpus: Corpus) -> tuple[Configuration, ...]:
    """Every pruned network of papers that report both sorts of arms, then every one of our own studies with arms."""
    reported = [one for paper in corpus.papers.values() for one in _reported(corpus, paper)]
    return (*reported, *_measured(corpus))


def _reported(corpus: Corpus, paper: Paper) -> Iterator[Configuration]:
    """Points of one paper whose networks are of equal size and speedup, if it has methods of both sorts."""
    if not {ANEW, ON} <= {method.fine_tuning for method in paper.methods.values()}:
        return
    groups: dict[tuple, dict[str, OperatingPoint]] = {}
    for point in paper.points:
        method = paper.methods.get(point.method)
        if (
            method is None
            or method.fine_tuning not in (ANEW, ON)
            or "top1" not in point.values
            or point.released
        ):
            continue
        amount = tuple(_rounded(point.value(name)) for name in ("compression_ratio", "theoretical_speedup"))
        groups.setdefault((point.dataset, point.architecture, *amount), {}).setdefault(point.method, point)
    for (dataset, architecture, *_), points in groups.items():
        first = next(iter(points.values()))
        images = corpus.names.datasets[dataset].test_size
        arms = [_reported_arm(paper, name, point, images) for name, point in points.items()]
        amount = (first.value("compression_ratio"), first.value("theoretical_speedup"))
        structure = _structure(paper, points)
        about = (REPORTED, paper.key, paper.label, dataset, architecture, "")
        yield Configuration(*about, *amount, tuple(arms), structure)


def _structure(paper: Paper, methods: Iterable[str]) -> str:
    """What these methods remove, if those of them that say so agree."""
    said = {paper.methods[name].structure for name in methods} - {"unknown"}
    return said.pop() if len(said) == 1 else "unknown"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _reported_arm(paper: Paper, name: str, point: OperatingPoint, images: int | None) -> Arm:
    std = point.std("top1")
    speedup, trainability = printed_trainability(paper.key)
    told = trainability.get(name, nan) if point.value("theoretical_speedup") == speedup else nan
    anew = paper.methods[name].fine_tuning == ANEW
    kind = name if anew else "fine-tune"
    accuracy = point.value("top1"), nan if std is None else std, point.trials
    return Arm(name, anew, kind, *accuracy, _whole(images), point, {}, told)


def _whole(images: object) -> int | None:
    return None if images is None else int(images)


def _measured(corpus: Corpus) -> Iterator[Configuration]:
    """Our own runs of studies with arms, by unpruned network, baseline and amount."""
    groups: dict[tuple, dict[str, list[OwnRun]]] = {}
    for run in corpus.reruns.runs:
        arm = run.noted.get("arm")
        if not arm or "top1" not in run.point.values:
            continue
        pruning = f"{run.baseline.removesuffix(f'-{arm}')} {run.noted.get('plan', '')}".rstrip()
        groups.setdefault((run.point.paper, run.study, run.initial, pruning, run.ratio), {}).setdefault(
            arm, []
        ).append(run)
    for (key, study, initial, pruning, _), by_arm in groups.items():
        paper, runs = corpus.reruns.papers[key], [run for found in by_arm.values() for run in found]
        arms = tuple(_measured_arm(paper, name, found) for name, found in by_arm.items())
        point, several = runs[0].point, len(paper.written.results) > 1
        title = f"study {study}" + (f", initial model {initial}" if several else "")
        invented = "invented" in (paper.written.recipe or {})
        title += " (images made in code)" if invented else ""
        amount = (_mean(runs, "compression_ratio"), _mean(runs, "theoretical_speedup"))
        about = (RERUN, key, title, point.dataset, point.architecture, pruning)
        structure = _structure(paper, {run.point.method for run in runs})
        yield Configuration(*about, *amount, arms, structure, not invented and point.stands_beside_papers)


def _mean(runs: Iterable[OwnRun], measure: str) -> float | None:
    values = [run.point.value(measure) for run in runs]
    return None if None in values else fmean(values)


def _measured_arm(paper: Paper, name: str, runs: list[OwnRun]) -> Arm:
    values = {run.seed: run.point.value("top1") for run in runs}
    told = [float(text) for run in runs if (text := run.noted.get("trainability_accuracy"))]
    arms = (paper.written.recipe or {}).get("arms", {})
    return Arm(
        name,
        paper.methods[runs[0].point.method].fine_tuning == ANEW,
        arms.get(name, {}).get("kind", name),
        fmean(values.values()),
        spread(list(values.values())),
        len(values),
        min(run.test_images for run in runs),
        runs[0].point,
        values,
        fmean(told) if told else nan,
    )
