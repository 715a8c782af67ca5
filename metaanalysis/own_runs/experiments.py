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

    @property
    def start(self) -> float:
        """Top-1 accuracy before pruning, in percent; KeyError where it is not known."""
        return self.runs[0].point.number("unpruned_top1")

    def of(self, baseline: str, ratio: float) -> tuple[OwnRun, ...]:
        """The runs of a baseline at a ratio, one per seed, by seed."""
        return self._by_place.get((baseline, ratio), ())

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, float], tuple[OwnRun, ...]]:
        by_seed: dict[tuple[str, float], dict[int, OwnRun]] = {}
        for run in self.runs:
            by_seed.setdefault((run.baseline, run.ratio), {})[run.seed] = run
        places = {}
        for place, runs in by_seed.items():
            places[place] = tuple(runs[seed] for seed in sorted(runs))
        return places

    def accuracies(self, baseline: str, axis: str, at: float, measure: str = "top1") -> dict[int, float]:
        """Accuracy (percent) by seed at a compression ratio or speedup, between runs along log2 of that axis.

        The unpruned network is the start of every curve, at 1; nothing is said beyond a curve's last run.
        """
        accuracies = {}
        for seed, curve in self._curves(baseline, axis, measure).items():
            accuracy = between(curve, at)
            if accuracy is not None:
                accuracies[seed] = accuracy
        return accuracies

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
        curves = list(self._curves(baseline, axis, "top1").values())
        if not curves:
            return ""
        places = [x for x, _ in curves[0]]
        for place in places:
            if abs(place / at - 1) <= SLACK:
                return f"{place:.3g}x"
        for left, right in pairwise(places):
            if left < at < right:
                return f"between {left:.3g}x and {right:.3g}x"
        return ""

    def accuracy(self, baseline: str, axis: str, at: float, measure: str = "top1") -> Interval | None:
        """Mean accuracy over seeds with its interval, in percent; None where there is no run."""
        values = list(self.accuracies(baseline, axis, at, measure).values())
        return interval(values, sampling_variance(fmean(values), self.test_images)) if values else None

    def change(self, baseline: str, axis: str, at: float, measure: str = "top1") -> Interval | None:
        """As `accuracy`, minus that of the unpruned network, in points; both errors count, as if independent."""
        values = list(self.accuracies(baseline, axis, at, measure).values())
        start = self.unpruned(measure)
        if not values or start is None:
            return None
        sampling = sampling_variance(fmean(values), self.test_images)
        sampling += sampling_variance(start, self.test_images)
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
    groups: dict[tuple[str, str, str, str, bool, float | None], list[OwnRun]] = {}
    for run in corpus.reruns.runs:
        point, paper = run.point, corpus.reruns.papers[run.point.paper]
        method = paper.method_of(point)
        if method is None or method.scheduling not in IN_ONE_SHOT or method.fine_tuning not in CONTINUED:
            continue
        if run.noted.get("arm"):
            continue
        size = point.value("unpruned_params")  # networks of two widths are two unpruned networks
        invented = "invented" in (paper.written.recipe or {})
        key = (run.study, point.dataset, point.architecture, run.initial, invented, size)
        groups.setdefault(key, []).append(run)
    grouped = []
    for (study, dataset, architecture, initial, invented, _), runs in groups.items():
        grouped.append(Experiment(study, dataset, architecture, initial, tuple(runs), invented))
    return tuple(grouped)


def distinct(corpus: Corpus) -> tuple[Experiment, ...]:
    """The experiments without those whose runs are all another's too: two studies may share an unpruned network."""
    names: list[set[str]] = []
    for experiment in experiments(corpus):
        names.append({run.noted.get("run", run.point.point_id) for run in experiment.runs})
    kept = []
    for place, experiment in enumerate(experiments(corpus)):
        own = names[place]
        is_part_of_another = any(own < other for other in names)
        if not is_part_of_another and own not in names[:place]:
            kept.append(experiment)
    return tuple(kept)


def by_initial_model(corpus: Corpus) -> list[list[Experiment]]:
    """Experiments of one study that differ in the initial model alone, two or more together."""
    groups: dict[tuple, list[Experiment]] = {}
    for experiment in experiments(corpus):
        size = experiment.runs[0].point.value("unpruned_params")
        key = (experiment.study, experiment.dataset, experiment.architecture, size)
        groups.setdefault(key, []).append(experiment)
    return [groups[key] for key in sorted(groups) if len(groups[key]) > 1]


def titled(corpus: Corpus) -> Iterator[tuple[Experiment, str]]:
    """Each distinct experiment with its heading: configuration, study, and the initial model if there are several."""
    counts = Counter(experiment.study for experiment in experiments(corpus))
    for experiment in distinct(corpus):
        source = f"study {experiment.study}"
        if counts[experiment.study] > 1:
            source += f", initial model {experiment.initial}"
        yield experiment, f"{experiment.configuration} ({source})"


def spread(values: Sequence[float]) -> float:
    """Sample standard deviation (n - 1), NaN for a single value."""
    return stdev(values) if len(values) > 1 else float("nan")
