"""What follows pruning, arm by arm: fine-tuned or trained from scratch, as papers report it and as we measured it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan, sqrt
from statistics import fmean

from corpus.catalogue import Corpus, OperatingPoint, Paper
from corpus.reruns import RERUN, Run
from metaanalysis.differences import CANNOT_BE_TOLD, DOES_NOT_HOLD, HOLDS
from metaanalysis.intervals import NORMAL, Interval, interval, sampling_variance, student
from metaanalysis.measured import spread
from metaanalysis.printed_trainability import printed_trainability

REPORTED = "reported"
CLAIM = "fine-tuning is no better than training from scratch"
ANEW, ON = "reinitialize", "continue"


@dataclass(frozen=True, eq=False)
class Arm:
    """One way of training a pruned network: top-1 accuracies in percent, `by_seed` if we measured them."""

    name: str
    anew: bool
    """Whether it starts from new random weights."""
    kind: str
    mean: float
    std: float
    n: int | None
    test_images: int | None
    point: OperatingPoint
    by_seed: Mapping[int, float]
    trainability: float = nan
    """Mean accuracy over the first learning-rate stage, percent."""

    @property
    def interval(self) -> Interval | None:
        """The mean with its 95 % interval; None where neither a deviation nor the number of test images is known."""
        return _around(self.mean, self.n, _variance((self,)), (self,))


@dataclass(frozen=True, eq=False)
class Configuration:
    """One pruned network, the same in all its arms."""

    source: str
    paper: str
    title: str
    dataset: str
    architecture: str
    pruning: str
    compression_ratio: float | None
    theoretical_speedup: float | None
    arms: tuple[Arm, ...]
    structure: str = "unknown"
    """What is removed, as the fine-tuned arms' methods say."""
    stands_beside_papers: bool = True
    """Whether its numbers may be set beside reported ones: no images made in code, no part of a training set."""

    @property
    def amount(self) -> str:
        """`2.5x smaller`, `1.4x faster`, or that nobody says."""
        if self.compression_ratio:
            return f"{self.compression_ratio:.3g}x smaller"
        return f"{self.theoretical_speedup:.3g}x faster" if self.theoretical_speedup else "amount not given"

    def of(self, *, anew: bool) -> list[Arm]:
        """The arms that start from new weights, or those that keep theirs; the most accurate first."""
        return sorted((arm for arm in self.arms if arm.anew is anew), key=lambda arm: -arm.mean)

    @property
    def is_pair(self) -> bool:
        """Whether there is an arm of either sort."""
        return len({arm.anew for arm in self.arms}) == 2


def difference(one: Arm, other: Arm) -> Interval | None:
    """Accuracy of `one` minus that of `other` with its 95 % interval, in points; None where nothing tells its width.

    Ours are taken seed by seed, reported ones as independent; test images count as drawn anew for each.
    """
    shared = sorted(one.by_seed.keys() & other.by_seed.keys())
    if shared:
        values = [one.by_seed[seed] - other.by_seed[seed] for seed in shared]
        return interval(values, _sampling((one, other)) or 0.0)
    n = min(one.n, other.n) if one.n and other.n else None
    return _around(one.mean - other.mean, n, _variance((one, other)), (one, other))


def _around(mean: float, n: int | None, of_means: float | None, arms: tuple[Arm, ...]) -> Interval | None:
    """Half-widths of seeds and test images add as squares, as far as they are known."""
    sampling = _sampling(arms)
    if of_means is None and sampling is None:
        return None
    seeds = student(n - 1) ** 2 * of_means if of_means is not None else 0.0
    half = sqrt(seeds + NORMAL**2 * (sampling or 0.0))
    return Interval(mean, mean - half, mean + half, n or 1)


def _variance(arms: tuple[Arm, ...]) -> float | None:
    """The sum of the variances of the arms' means over their runs; None unless all are known."""
    if any(isnan(arm.std) or not arm.n or arm.n < 2 for arm in arms):
        return None
    return sum(arm.std**2 / arm.n for arm in arms)


def _sampling(arms: tuple[Arm, ...]) -> float | None:
    if any(arm.test_images is None for arm in arms):
        return None
    return sum(sampling_variance(arm.mean, arm.test_images) for arm in arms)


def judged(found: Configuration) -> tuple[str, str, Interval | None]:
    """Whether the claim holds of a configuration, why, and the best fine-tuned arm minus the best from scratch."""
    tuned, anew = found.of(anew=False)[0], found.of(anew=True)[0]
    apart = difference(tuned, anew)
    names = f"{tuned.name} over {anew.name}"
    if apart is None:
        return CANNOT_BE_TOLD, f"{names}: {tuned.mean - anew.mean:+.2f}, neither deviation nor test images known", None
    if apart.sign == 0:
        return CANNOT_BE_TOLD, f"{names}: {apart} includes zero", apart
    return (DOES_NOT_HOLD if apart.sign > 0 else HOLDS), f"{names}: {apart}", apart


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
        if method is None or method.fine_tuning not in (ANEW, ON) or "top1" not in point.values or point.released:
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
    groups: dict[tuple, dict[str, list[Run]]] = {}
    for run in corpus.reruns.runs:
        arm = run.noted.get("arm")
        if not arm or "top1" not in run.point.values:
            continue
        pruning = f"{run.baseline.removesuffix(f'-{arm}')} {run.noted.get('plan', '')}".rstrip()
        groups.setdefault((run.point.paper, run.study, run.initial, pruning, run.ratio), {}).setdefault(arm, []).append(
            run
        )
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
        yield Configuration(
            *about, *amount, arms, structure, not invented and "fragmentation" not in point.excluded_from
        )


def _mean(runs: Iterable[Run], measure: str) -> float | None:
    values = [run.point.value(measure) for run in runs]
    return None if None in values else fmean(values)


def _measured_arm(paper: Paper, name: str, runs: list[Run]) -> Arm:
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
