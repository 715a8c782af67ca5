"""Which of our runs and which reported numbers may stand beside each other."""

from __future__ import annotations

from corpus.catalogue.corpus import Corpus, OperatingPoint
from metaanalysis.own_runs.experiments import Experiment, distinct, experiments

REPORTED = "reported"


def reported_points(corpus: Corpus, dataset: str, architecture: str) -> list[OperatingPoint]:
    """Rows of papers' own tables on a setting; released runs and points kept from standing beside papers are out."""
    points = []
    for point in corpus.points:
        if (point.dataset, point.architecture) != (dataset, architecture):
            continue
        if point.attribution == REPORTED and not point.released and point.stands_beside_papers:
            points.append(point)
    return points


def best_experiments(corpus: Corpus) -> dict[tuple[str, str], list[Experiment]]:
    """By dataset and architecture, each study's experiment from its most accurate unpruned network."""
    best: dict[tuple[str, str, str], Experiment] = {}
    for experiment in experiments(corpus):
        if not experiment.stands_beside_papers or experiment.unpruned("top1") is None:
            continue
        key = (experiment.dataset, experiment.architecture, experiment.study)
        if key not in best or experiment.start > best[key].start:
            best[key] = experiment
    by_setting: dict[tuple[str, str], list[Experiment]] = {}
    for (dataset, architecture, _), experiment in best.items():
        if experiment in distinct(corpus):
            by_setting.setdefault((dataset, architecture), []).append(experiment)
    return by_setting
