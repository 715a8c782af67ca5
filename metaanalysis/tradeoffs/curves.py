"""Tradeoff curves: which operating points stand in which panel, and under which label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.schema.purposes import Purpose

COMMON_CONFIGURATIONS = (
    ("ImageNet", "VGG-16"),
    ("ImageNet", "Alex/CaffeNet"),
    ("ImageNet", "ResNet-50"),
    ("CIFAR-10", "ResNet-56"),
)
"""The survey's four most common (dataset, architecture) pairs outside MNIST; the second is a family."""
SIX_CONFIGURATIONS = (*COMMON_CONFIGURATIONS, ("ImageNet", "ResNet-18"), ("ImageNet", "ResNet-34"))
"""The four, and the two that the survey's own scripts add."""
CONFIGURATIONS_OF_2020 = (
    ("ImageNet", "VGG-16"),
    ("ImageNet", "ResNet-18"),
    ("ImageNet", "ResNet-34"),
    ("ImageNet", "ResNet-50"),
    ("CIFAR-10", "ResNet-56"),
)
"""Configurations of the printed lower panel of Figure 4, which lost the AlexNet family by a slip."""
X_METRICS = ("compression_ratio", "theoretical_speedup")
Y_METRICS = ("top1_change", "top5_change")
PANEL = ("dataset", "architecture", "x_metric", "y_metric")
"""What tells one panel from another."""
POINT = (*PANEL, "point_id")
"""What tells one row of `panels` from another."""
POINT_COLUMNS = (
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
    "point_id",
    "location",
    "printed",
    "file",
    "line",
)


def configuration_of(
    corpus: Corpus, dataset: str, architecture: str, configurations: Iterable[tuple[str, str]]
) -> tuple[str, str] | None:
    """The first of `configurations` that a dataset and architecture belong to, by name or by family.

    >>> configuration_of(corpus, "ImageNet", "CaffeNet", COMMON_CONFIGURATIONS)
    ('ImageNet', 'Alex/CaffeNet')
    """
    family = corpus.names.family(architecture)
    for configuration in configurations:
        if configuration[0] == dataset and configuration[1] in (architecture, family):
            return configuration
    return None


def points_of(
    corpus: Corpus, purpose: Purpose, configurations: tuple[tuple[str, str], ...] = COMMON_CONFIGURATIONS
) -> Iterator[tuple[tuple[str, str], OperatingPoint]]:
    """Operating points that serve `purpose`, each with its configuration."""
    for point in corpus.points:
        if not point.serves(purpose):
            continue
        configuration = configuration_of(corpus, point.dataset, point.architecture, configurations)
        if configuration is not None:
            yield configuration, point


def panels(
    corpus: Corpus, purpose: Purpose, configurations: tuple[tuple[str, str], ...] = COMMON_CONFIGURATIONS
) -> pd.DataFrame:
    """One row per panel and operating point that has both of the panel's measures; columns POINT_COLUMNS.

    x is the plain ratio, y and y_std (the reported standard deviation of the pruned accuracy) are percentage points.
    """
    rows = []
    for configuration, point in points_of(corpus, purpose, configurations):
        for x_metric in X_METRICS:
            for y_metric in Y_METRICS:
                if x_metric in point.values and y_metric in point.values:
                    rows.append(_panel_row(corpus, configuration, point, x_metric, y_metric))
    frame = pd.DataFrame(rows, columns=list(POINT_COLUMNS))
    frame["survey_row"] = frame["survey_row"].astype("Int64")
    # panels stand in the order of the configurations, which is no alphabetical one
    frame["place"] = list(
        map(configurations.index, zip(frame["dataset"], frame["architecture"], strict=True))
    )
    ordered = frame.sort_values(["y_metric", "x_metric", "place", "year", "label", "x"], kind="stable")
    return ordered.drop(columns="place").reset_index(drop=True)


def _panel_row(
    corpus: Corpus, configuration: tuple[str, str], point: OperatingPoint, x_metric: str, y_metric: str
) -> dict[str, object]:
    dataset, architecture = configuration
    return {
        "dataset": dataset,
        "architecture": architecture,
        "x_metric": x_metric,
        "y_metric": y_metric,
        "label": point.label,
        "paper": point.paper,
        "year": corpus.papers[point.paper].year,
        "x": point.value(x_metric),
        "y": point.value(y_metric),
        "y_std": point.std(y_metric.removesuffix("_change")),
        "survey_row": point.survey_row,
        "point_id": point.point_id,
        "location": point.location,
        "printed": _printed(point, x_metric, y_metric),
        "file": point.file,
        "line": point.line,
    }


def _printed(point: OperatingPoint, *metrics: str) -> str:
    """The printed numbers that a point's `metrics` are derived from: `params 5.2M, unpruned params 60.9M`."""
    printed: dict[str, str] = {}
    for metric in metrics:
        for leaf in point.values[metric].leaves():
            printed[leaf.measure.replace("_", " ")] = leaf.quantity.printed
    return ", ".join(f"{name} {number}" for name, number in printed.items())
