"""Tradeoff curves: which operating points stand in which panel, and under which label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint

COMMON_CONFIGURATIONS = (
    ("ImageNet", "VGG-16"),
    ("ImageNet", "Alex/CaffeNet"),
    ("ImageNet", "ResNet-50"),
    ("CIFAR-10", "ResNet-56"),
)
"""The survey's four most common (dataset, architecture) pairs outside MNIST; the second is a family."""
SIX_CONFIGURATIONS = (*COMMON_CONFIGURATIONS, ("ImageNet", "ResNet-18"), ("ImageNet", "ResNet-34"))
"""The four, and the two that the survey's own scripts add."""
X_METRICS = ("compression_ratio", "theoretical_speedup")
Y_METRICS = ("top1_change", "top5_change")
POINT_COLUMNS = (
    *(
        "dataset",
        "architecture",
        "x_metric",
        "y_metric",
        "label",
        "paper",
        "year",
        "x",
        "y",
        "y_std",
        "survey_row",
    ),
    *("point_id", "location", "printed", "file", "line"),
)


def configuration_of(
    corpus: Corpus, dataset: str, architecture: str, configurations: Iterable[tuple[str, str]]
) -> tuple[str, str] | None:
    """The first of `configurations` that a dataset and architecture belong to, by name or by family."""
    family = corpus.names.family(architecture)
    return next(
        (pair for pair in configurations if pair[0] == dataset and pair[1] in (architecture, family)), None
    )


def points_of(
    corpus: Corpus, analysis: str, configurations: tuple[tuple[str, str], ...] = COMMON_CONFIGURATIONS
) -> Iterator[tuple[tuple[str, str], OperatingPoint]]:
    """Operating points that `analysis` includes, each with its configuration."""
    for point in corpus.points:
        if analysis in point.excluded_from:
            continue
        pair = configuration_of(corpus, point.dataset, point.architecture, configurations)
        if pair is not None:
            yield pair, point


def panels(
    corpus: Corpus, analysis: str, configurations: tuple[tuple[str, str], ...] = COMMON_CONFIGURATIONS
) -> pd.DataFrame:
    """One row per panel and operating point that has both of the panel's measures; columns POINT_COLUMNS.

    x is the plain ratio, y and y_std (the reported standard deviation of the pruned accuracy) are percentage points.
    """
    rows = []
    for pair, point in points_of(corpus, analysis, configurations):
        for x_metric in X_METRICS:
            for y_metric in Y_METRICS:
                if x_metric in point.values and y_metric in point.values:
                    rows.append(_row(corpus, pair, point, x_metric, y_metric))
    frame = pd.DataFrame.from_records(rows, columns=list(POINT_COLUMNS))
    frame["survey_row"] = frame["survey_row"].astype("Int64")
    order = {pair: number for number, pair in enumerate(configurations)}
    place = [order[pair] for pair in zip(frame["dataset"], frame["architecture"], strict=True)]
    ordered = frame.assign(place=place).sort_values(
        ["y_metric", "x_metric", "place", "year", "label", "x"], kind="stable"
    )
    return ordered.drop(columns="place").reset_index(drop=True)


def _row(
    corpus: Corpus, pair: tuple[str, str], point: OperatingPoint, x_metric: str, y_metric: str
) -> tuple[object, ...]:
    y_std = point.std(y_metric.removesuffix("_change"))
    return (
        *(*pair, x_metric, y_metric, point.label, point.paper, corpus.papers[point.paper].year),
        *(point.value(x_metric), point.value(y_metric), y_std, point.survey_row),
        *(point.point_id, point.location, _printed(point, x_metric, y_metric), point.file, point.line),
    )


def _printed(point: OperatingPoint, *metrics: str) -> str:
    """The printed numbers behind a point, for reading over its shoulder."""
    leaves = {
        leaf.measure: leaf.quantity.printed for metric in metrics for leaf in point.values[metric].leaves()
    }
    return ", ".join(f"{name.replace('_', ' ')} {printed}" for name, printed in leaves.items())
