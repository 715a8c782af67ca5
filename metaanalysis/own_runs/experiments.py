"""Our own runs as curves: one initial model of one study, its baselines, their accuracies at each size and speedup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import log2
from statistics import fmean, stdev

from corpus.catalogue.corpus import Corpus
from corpus.catalogue.own_runs import OwnRun
from metaanalysis.own_runs.intervals import Interval, interval, sampling_variance

NOTHING_YET = "no re-run results yet"
SIZE, SPEEDUP = "compression_ratio", "theoretical_speedup"
IN_ONE_SHOT, CONTINUED = ("one-shot", "unknown"), ("continue", "unknown")
SLACK = 0.01
"""Share of a ratio by which two still count as one: ours are exact to within a weight, reported ones are rounded."""
SECOND_HALF = (
    ("ImageNet", "ResNet-18"),
    ("CIFAR-10", "CIFAR-VGG"),
    ("CIFAR-10", "ResNet-20"),
    ("CIFAR-10", "ResNet-56"),
    ("CIFAR-10", "ResNet-110"),
)
"""What Blalock et al. (2020) pruned themselves, in the order of their Figures 6 to 18."""


@dataclass(frozen=True, eq=False)
class Experiment:
    """The runs that start from one unpruned network: everything but baseline, amount and seed is held equal."""

    study: str
    dataset: str
    architecture: str
    initial: str
    runs: tuple[OwnRun, ...]
    invented: bool = False
    """Whether its images were made in code, in the place of the dataset's own."""

    @property
    def configuration(self) -> str:
        """`ResNet-20 on CIFAR-10`."""
        return f"{self.architecture} on {'images made in code' if self.invented else self.dataset}"

    @cached_property
    def baselines(self) -> tuple[str, ...]:
        """Names of the baselines, in the order of the study."""
        return tuple(dict.fromkeys(run.baseline for run in self.runs))

    @cached_property
    def ratios(self) -> tuple[float, ...]:
        """Compression ratios asked for, the smallest first."""
        return tuple(sorted({run.ratio for run in self.runs}))

    @property
    def stands_beside_papers(self) -> bool:
        """Whether its numbers may be drawn beside reported ones; its document says why, where not."""
        return not self.invented and all(run.point.stands_beside_papers for run in self.runs)

    @property
    def test_images(self) -> int:
        """Images behind every accuracy."""
        return min(run.test_images for run in self.runs)

    def unpruned(self, measure: str) -> float | None:
        """What `measure` (top1 or top5, percent) is before pruning."""
        return self.runs[0].point.value(f"unpruned_{measure}")

    def of(self, baseline: str, ratio: float) -> tuple[OwnRun, ...]:
        """The runs of a baseline at a ratio, one per seed, by seed."""
        return self._by_place.get((baseline, ratio), ())

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, float], tuple[OwnRun, ...]]:
        places: dict[tuple[str, float], dict[int, OwnRun]] = {}
        for run in self.runs:
            places.setdefault((run.baseline, run.ratio), {})[run.seed] = run
        return {place: tuple(found[seed] for seed in sorted(found)) for place, found in places.items()}

    def seeds(self, *baselines: str) -> tuple[int, ...]:
        """Seeds that every one of these baselines has runs with."""
        sets = ({run.seed for run in self.runs if run.baseline == baseline} for baseline in baselines)
        return tuple(sorted(set.intersection(*sets)))

    def accuracies(self, baseline: str, axis: str, at: float, measure: str = "top1") -> dict[int, float]:
        """Accuracy (percent) by seed at a compression ratio or speedup, between runs along log2 of that axis.

        The unpruned network is the start of every curve, at 1; nothing is said beyond a curve's last run.
        """
        return {
            seed: value
            for seed, curve in self._curves(baseline, axis, measure).items()
            if (value := between(curve, at)) is not None
        }

    def _curves(self, baseline: str, axis: str, measure: str) -> dict[int, list[tuple[float, float]]]:
        start = self.unpruned(measure)
        curves: dict[int, list[tuple[float, float]]] = {}
        for run in self.runs:
            x, y = run.point.value(axis), run.point.value(measure)
            if run.baseline == baseline and x is not None and y is not None and start is not None:
                curves.setdefault(run.seed, [(1.0, start)]).append((x, y))
        return {seed: sorted(curve) for seed, curve in sorted(curves.items())}

    def around(self, baseline: str, axis: str, at: float) -> str:
        """Where on the curve a value at `at` comes from: `4x`, or `between 2x and 4x`."""
        curve = next(iter(self._curves(baseline, axis, "top1").values()), [])
        places = sorted(x for x, _ in curve)
        near = [x for x in places if abs(x / at - 1) <= SLACK]
        if near or not places or not places[0] < at < places[-1]:
            return f"{near[0]:.3g}x" if near else ""
        left, right = max(x for x in places if x < at), min(x for x in places if x > at)
        return f"between {left:.3g}x and {right:.3g}x"

    def accuracy(self, baseline: str, axis: str, at: float, measure: str = "top1") -> Interval | None:
        """Mean accuracy over seeds with its interval, in percent; None where there is no run."""
        values = list(self.accuracies(baseline, axis, at, measure).values())
        return interval(values, sampling_variance(fmean(values), self.test_images)) if values else None

    def change(self, baseline: str, axis: str, at: float, measure: str = "top1") -> Interval | None:
        """As `accuracy`, minus that of the unpruned network, in points; both errors count, as if independent."""
        values = list(self.accuracies(baseline, axis, at, measure).values())
        if not values:
            return None
        start = self.unpruned(measure)
        sampling = sampling_variance(fmean(values), self.test_images) + sampling_variance(
            start, self.test_images
        )
        return interval([value - start for value in values], sampling)


def between(curve: Sequence[tuple[float, float]], at: float) -> float | None:
    """The curve's y at `at`, linear in log2 x between its points; None outside."""
    near = min(curve, key=lambda point: abs(log2(point[0] / at)))
    if abs(near[0] / at - 1) <= SLACK:
        return near[1]
    for (left, low), (right, high) in pairwise(curve):
        if left < at < right:
            return low + (high - low) * log2(at / left) / log2(right / left)
    return None


@lru_cache(maxsize=8)
def experiments(corpus: Corpus) -> tuple[Experiment, ...]:
    """Every unpruned network of our own with what was pruned from it in one shot, in the order of studies.

    Pruning in rounds, and arms that train differently, are other questions; they have figures of their own.
    """
    groups: dict[tuple, list[OwnRun]] = {}
    for run in corpus.reruns.runs:
        point, paper = run.point, corpus.reruns.papers[run.point.paper]
        method = paper.methods.get(point.method)
        if method is None or method.scheduling not in IN_ONE_SHOT or method.fine_tuning not in CONTINUED:
            continue
        if run.noted.get("arm"):
            continue
        size = point.value("unpruned_params")  # networks of two widths are two unpruned networks
        invented = "invented" in (paper.written.recipe or {})
        key = (run.study, point.dataset, point.architecture, run.initial, invented, size)
        groups.setdefault(key, []).append(run)
    return tuple(Experiment(*key[:4], tuple(runs), key[4]) for key, runs in groups.items())


def distinct(corpus: Corpus) -> tuple[Experiment, ...]:
    """The experiments without those whose runs are all another's too: two studies may share an unpruned network."""
    found = experiments(corpus)
    names = [{run.noted.get("run", run.point.point_id) for run in experiment.runs} for experiment in found]
    return tuple(
        experiment
        for experiment, own in zip(found, names, strict=True)
        if not any(own < other for other in names) and own not in names[: found.index(experiment)]
    )


def titled(corpus: Corpus) -> Iterator[tuple[Experiment, str]]:
    """Each distinct experiment with its heading: configuration, study, and the initial model if there are several."""
    counts = Counter(experiment.study for experiment in experiments(corpus))
    for experiment in distinct(corpus):
        heading = f"{experiment.configuration} (study {experiment.study}"
        several = counts[experiment.study] > 1
        yield experiment, heading + (f", initial model {experiment.initial})" if several else ")")


def spread(values: Sequence[float]) -> float:
    """Sample standard deviation (n - 1), NaN for a single value."""
    return stdev(values) if len(values) > 1 else float("nan")
