"""How fair it is to set chosen methods side by side: pair by pair the strictest setup, and what is in its way."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from app.web.widgets import common_ground
from corpus.catalogue.corpus import Corpus, OperatingPoint
from metaanalysis.fairness.setups import MEANING, NONE, FairnessVerdict, SetupsOfPairs
from metaanalysis.fairness.text import STATES

COLUMNS = (
    "architecture",
    "dataset",
    "one",
    "other",
    "setup",
    "one_result",
    "other_result",
    "next_setup",
    "obstacle",
    "in_words",
)


def fair_pairs(corpus: Corpus, chosen: list[str], merged: bool) -> pd.DataFrame:
    """One row per shared setting and pair of methods: their strictest setup, by which results, and what is next."""
    placed = SetupsOfPairs(corpus)
    points = {name: common_ground.points_by_setting(corpus, name, merged) for name in chosen}
    rows = []
    for (dataset, architecture), names in common_ground.shared_settings(corpus, chosen, merged).items():
        for one, other in combinations(names, 2):
            mine, theirs = (points[name][dataset, architecture] for name in (one, other))
            rows.append((architecture, dataset, one, other, *_row(placed, mine, theirs)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(placed: SetupsOfPairs, mine: list[OperatingPoint], theirs: list[OperatingPoint]) -> tuple[str, ...]:
    found = placed.strictest(*([point.point_id for point in points] for points in (mine, theirs)))
    if found is None:
        return NONE, "", "", "S1", "ratio", "no two results at the same ratio or speedup"
    return (found.label, found.one.point.point_id, found.other.point.point_id, *_next(found))


def _next(found: FairnessVerdict) -> tuple[str, str, str]:
    if found.obstacle is None:
        return "", "", "nothing is stricter"
    words = found.obstacle.condition.replace("_", " ")
    return (
        found.next_setup,
        found.obstacle.condition,
        f"{words} {STATES[found.obstacle.state]}: {found.obstacle.said}",
    )


def meanings() -> list[tuple[str, str]]:
    """Each setup with what it holds equal."""
    return list(MEANING.items())
