"""What several methods have in common: settings, measures, verdicts; and what is missing where they have nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import filterfalse, permutations, product

import pandas as pd

from app.web.widgets.tradeoff import group_of
from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.schema.purposes import Purpose
from metaanalysis.tradeoffs.compare import STANDINGS, head_to_head
from metaanalysis.tradeoffs.curves import X_METRICS, Y_METRICS

Setting = tuple[str, str]
VERDICT_COLUMNS = ("dataset", "architecture", "x_metric", "y_metric", "label", "other", *STANDINGS)
MEANING = {
    "dominant": "better than a point of the other in both",
    "above": "above the line between the other's best points",
    "level": "level with the other",
    "below": "below the line between the other's best points",
    "dominated": "worse than a point of the other in both",
    "incomparable": "outside the range that the other reports",
}
MEASURES = (*X_METRICS, *Y_METRICS)
PAIRS = tuple(product(X_METRICS, Y_METRICS))


def names_of_methods(corpus: Corpus) -> dict[tuple[str, str], str]:
    """A name for each (paper, label): the label, with the paper's key where two papers share it."""
    methods = sorted({(point.label, point.paper) for point in corpus.points})
    papers_with = Counter(label for label, _ in methods)
    names = {}
    for label, paper in methods:
        names[paper, label] = label if papers_with[label] == 1 else f"{label} ({paper})"
    return names


def points_of_method(corpus: Corpus, name: str) -> list[OperatingPoint]:
    """The operating points of the method called `name`."""
    names = names_of_methods(corpus)
    return [point for point in corpus.points if names[point.paper, point.label] == name]


def points_by_setting(corpus: Corpus, name: str, merged: bool) -> dict[Setting, list[OperatingPoint]]:
    """The method's comparable operating points by dataset and architecture."""
    settings: dict[Setting, list[OperatingPoint]] = {}
    for point in points_of_method(corpus, name):
        if point.serves(Purpose.HEAD_TO_HEAD):
            setting = (point.dataset, group_of(corpus, point.architecture, merged))
            settings.setdefault(setting, []).append(point)
    return settings


def shared_settings(corpus: Corpus, chosen: Iterable[str], merged: bool) -> dict[Setting, list[str]]:
    """Settings that two or more of the methods report on, with those methods; the most shared first."""
    users: dict[Setting, list[str]] = {}
    for label in chosen:
        for setting in points_by_setting(corpus, label, merged):
            users.setdefault(setting, []).append(label)
    shared = {setting: names for setting, names in users.items() if len(names) > 1}
    return dict(sorted(shared.items(), key=lambda item: (-len(item[1]), item[0])))


def measured_pairs(points: Iterable[OperatingPoint]) -> list[tuple[str, str]]:
    """Pairs of measures, size and accuracy, for which at least one of the points has both."""
    known = [point.values.keys() for point in points]
    return [(x, y) for x, y in PAIRS if any({x, y} <= measures for measures in known)]


def curve(points: Iterable[OperatingPoint], x: str, y: str) -> list[tuple[float, float]]:
    """The plain values of the points that have both measures."""
    return [(point.value(x), point.value(y)) for point in points if {x, y} <= point.values.keys()]


def verdicts(corpus: Corpus, chosen: list[str], merged: bool) -> pd.DataFrame:
    """For each shared setting, pair of measures and ordered pair of methods: how many points stand how."""
    rows = []
    points_of = {label: points_by_setting(corpus, label, merged) for label in chosen}
    for setting, labels in shared_settings(corpus, chosen, merged).items():
        for x, y in PAIRS:
            for label, other in permutations(labels, 2):
                mine = curve(points_of[label][setting], x, y)
                theirs = curve(points_of[other][setting], x, y)
                if mine and theirs:
                    row = {"dataset": setting[0], "architecture": setting[1], "x_metric": x, "y_metric": y}
                    row |= {"label": label, "other": other}
                    counts = head_to_head(mine, theirs)
                    rows.append(row | {standing: counts[standing] for standing in STANDINGS})
    return pd.DataFrame(rows, columns=list(VERDICT_COLUMNS))


def obstacles(corpus: Corpus, one: str, other: str, merged: bool) -> list[str]:
    """Why two methods cannot be compared, naming what is missing; empty if they can."""
    mine = points_by_setting(corpus, one, merged)
    theirs = points_by_setting(corpus, other, merged)
    for name, settings in ((one, mine), (other, theirs)):
        if not settings:
            return [
                f"all results of {name} are left out of comparisons; its file gives the reason under `exclude`"
            ]
    shared = sorted(mine.keys() & theirs.keys())
    if not shared:
        return [_nothing_shared(one, other, mine, theirs)]
    missing = []
    for setting in shared:
        if set(measured_pairs(mine[setting])) & set(measured_pairs(theirs[setting])):
            return []
        missing.append(_no_measures(setting, {one: mine[setting], other: theirs[setting]}))
    return missing


def _nothing_shared(one: str, other: str, mine: Iterable[Setting], theirs: Iterable[Setting]) -> str:
    """That the datasets differ, or only the architectures on them, with what each method has."""
    datasets = sorted(_datasets(mine) & _datasets(theirs))
    common = "no dataset in common"
    if datasets:
        common = f"both use {', '.join(datasets)}, but with different architectures"
    has = f"{one} has {_named(mine, datasets)}, {other} has {_named(theirs, datasets)}"
    return f"no shared setting; {common}: {has}"


def _datasets(settings: Iterable[Setting]) -> set[str]:
    return {dataset for dataset, _ in settings}


def _named(settings: Iterable[Setting], datasets: list[str]) -> str:
    """Settings in words, on `datasets` alone if there are any."""
    names = []
    for dataset, architecture in sorted(settings):
        if not datasets or dataset in datasets:
            names.append(f"{architecture} on {dataset}")
    return ", ".join(names) or "no numbers"


def _no_measures(setting: Setting, points: dict[str, list[OperatingPoint]]) -> str:
    dataset, architecture = setting
    words = "; ".join(f"{label} {_measures(own)}" for label, own in points.items())
    return f"{architecture} on {dataset}: no pair of measures that both report ({words})"


def _measures(points: list[OperatingPoint]) -> str:
    """Which of the measures that are compared the points have, and which not."""
    known: set[str] = set()
    for point in points:
        known |= point.values.keys()
    has = ", ".join(filter(known.__contains__, MEASURES)) or "none of them"
    lacks = ", ".join(filterfalse(known.__contains__, MEASURES)) or "nothing"
    return f"has {has}, lacks {lacks}"


def reason(row: object) -> str:
    """A verdict in words: how many points of the first stand how against the second."""
    parts = []
    for standing in STANDINGS:
        count = getattr(row, standing)
        if count:
            parts.append(f"{count} {standing} ({MEANING[standing]})")
    return "; ".join(parts)
