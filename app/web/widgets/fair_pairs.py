"""How fair it is to set chosen methods side by side: pair by pair the strictest setup, and what is in its way."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from app.web.widgets import common_ground
from corpus.catalogue.corpus import Corpus, OperatingPoint
from metaanalysis.fairness.setups import MEANING, NONE, SetupsOfPairs
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
    for setting, names in common_ground.shared_settings(corpus, chosen, merged).items():
        for one, other in combinations(names, 2):
            row = {"architecture": setting[1], "dataset": setting[0], "one": one, "other": other}
            rows.append(row | _judged(placed, points[one][setting], points[other][setting]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _judged(
    placed: SetupsOfPairs, mine: list[OperatingPoint], theirs: list[OperatingPoint]
) -> dict[str, str]:
    """The strictest setup that a result of each satisfies, and what stands in the way of a stricter one."""
    verdict = placed.strictest([point.point_id for point in mine], [point.point_id for point in theirs])
    if verdict is None:
        return {
            "setup": NONE,
            "one_result": "",
            "other_result": "",
            "next_setup": "S1",
            "obstacle": "ratio",
            "in_words": "no two results at the same ratio or speedup",
        }
    row = {
        "setup": verdict.label,
        "one_result": verdict.one.point.point_id,
        "other_result": verdict.other.point.point_id,
    }
    obstacle = verdict.obstacle
    if obstacle is None:
        return row | {"next_setup": "", "obstacle": "", "in_words": "nothing is stricter"}
    condition = obstacle.condition.replace("_", " ")
    words = f"{condition} {STATES[obstacle.state]}: {obstacle.said}"
    return row | {"next_setup": verdict.next_setup, "obstacle": obstacle.condition, "in_words": words}


def meanings() -> list[tuple[str, str]]:
    """Each setup with what it holds equal."""
    return list(MEANING.items())
