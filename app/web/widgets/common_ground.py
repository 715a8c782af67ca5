"""What several methods have in common: settings, measures, verdicts; and what is missing where they have nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

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
PAIRS = tuple((x, y) for x in X_METRICS for y in Y_METRICS)


def names_of_methods(corpus: Corpus) -> dict[tuple[str, str], str]:
    """A name for each (paper, label): the label, with the paper's key where two papers share it."""
    pairs = sorted({(point.paper, point.label) for point in corpus.points}, key=lambda pair: pair[::-1])
    used = Counter(label for _, label in pairs)
    return {(paper, label): label if used[label] == 1 else f"{label} ({paper})" for paper, label in pairs}


def points_of_method(corpus: Corpus, name: str) -> list[OperatingPoint]:
    """The operating points of the method called `name`."""
    names = names_of_methods(corpus)
    return [point for point in corpus.points if names[point.paper, point.label] == name]


def points_by_setting(corpus: Corpus, name: str, merged: bool) -> dict[Setting, list[OperatingPoint]]:
    """The method's comparable operating points by dataset and architecture."""
    found: dict[Setting, list[OperatingPoint]] = {}
    for point in points_of_method(corpus, name):
        if point.serves(Purpose.HEAD_TO_HEAD):
            found.setdefault((point.dataset, group_of(corpus, point.architecture, merged)), []).append(
                point
            )
    return found


def shared_settings(corpus: Corpus, chosen: Iterable[str], merged: bool) -> dict[Setting, list[str]]:
    """Settings that two or more of the methods report on, with those methods; the most shared first."""
    users: dict[Setting, list[str]] = {}
    for label in chosen:
        for setting in points_by_setting(corpus, label, merged):
            users.setdefault(setting, []).append(label)
    shared = {setting: names for setting, names in users.items() if len(names) > 1}
    return dict(sorted(shared.items(), key=lambda item: (-len(item[1]), item[0])))


def measured(points: Iterable[OperatingPoint]) -> list[tuple[str, str]]:
    """Pairs of measures for which at least one of the points has both."""
    points = list(points)
    return [(x, y) for x, y in PAIRS if any(x in point.values and y in point.values for point in points)]


def curve(points: Iterable[OperatingPoint], x: str, y: str) -> list[tuple[float, float]]:
    """The plain values of the points that have both measures."""
    return [(point.value(x), point.value(y)) for point in points if x in point.values and y in point.values]


def verdicts(corpus: Corpus, chosen: list[str], merged: bool) -> pd.DataFrame:
    """For each shared setting, pair of measures and ordered pair of methods: how many points stand how."""
    rows = []
    by_label = {label: points_by_setting(corpus, label, merged) for label in chosen}
    for setting, names in shared_settings(corpus, chosen, merged).items():
        for x, y in PAIRS:
            curves = {name: curve(by_label[name][setting], x, y) for name in names}
            for name, mine in curves.items():
                for other, theirs in curves.items():
                    if name != other and mine and theirs:
                        counts = head_to_head(mine, theirs)
                        rows.append(
                            (*setting, x, y, name, other, *(counts[standing] for standing in STANDINGS))
                        )
    return pd.DataFrame(rows, columns=list(VERDICT_COLUMNS))


def obstacles(corpus: Corpus, one: str, other: str, merged: bool) -> list[str]:
    """Why two methods cannot be compared, naming what is missing; empty if they can."""
    mine, theirs = (points_by_setting(corpus, label, merged) for label in (one, other))
    for name, settings in ((one, mine), (other, theirs)):
        if not settings:
            return [
                f"all results of {name} are left out of comparisons; its file gives the reason under `exclude`"
            ]
    shared = sorted(mine.keys() & theirs.keys())
    if not shared:
        return [_nothing_shared(one, other, mine, theirs)]
    if any(set(measured(mine[setting])) & set(measured(theirs[setting])) for setting in shared):
        return []
    return [_no_measures(setting, {one: mine[setting], other: theirs[setting]}) for setting in shared]


def _nothing_shared(one: str, other: str, mine: dict, theirs: dict) -> str:
    datasets = sorted({dataset for dataset, _ in mine} & {dataset for dataset, _ in theirs})
    common = (
        f"both use {', '.join(datasets)}, but with different architectures: "
        if datasets
        else "no dataset in common: "
    )
    return f"no shared setting; {common}{one} has {_named(mine, datasets)}, {other} has {_named(theirs, datasets)}"


def _named(settings: Iterable[Setting], datasets: list[str]) -> str:
    kept = [setting for setting in settings if not datasets or setting[0] in datasets]
    return (
        ", ".join(f"{architecture} on {dataset}" for dataset, architecture in sorted(kept)) or "no numbers"
    )


def _no_measures(setting: Setting, points: dict[str, list[OperatingPoint]]) -> str:
    said = "; ".join(f"{label} {_measures(own)}" for label, own in points.items())
    return f"{setting[1]} on {setting[0]}: no pair of measures that both report ({said})"


def _measures(points: list[OperatingPoint]) -> str:
    known = {name for point in points for name in point.values}
    has = [name for name in (*X_METRICS, *Y_METRICS) if name in known]
    lacks = [name for name in (*X_METRICS, *Y_METRICS) if name not in known]
    return f"has {', '.join(has) or 'none of them'}, lacks {', '.join(lacks) or 'nothing'}"


def reason(row: object) -> str:
    """A verdict in words: how many points of the first stand how against the second."""
    counts = {standing: getattr(row, standing) for standing in STANDINGS}
    return "; ".join(
        f"{count} {standing} ({MEANING[standing]})" for standing, count in counts.items() if count
    )
