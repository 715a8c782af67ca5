"""How fair the claimed comparisons are, and what would have to be known to tell.

Each comparison that a paper claims is placed in the strictest comparison setup of Wang et al. (2023) that a result of
the one and a result of the other satisfy: S1 the same dataset, network, and ratio or speedup, S2 also the base model,
S3.1 the epochs of fine-tuning, S3.2 (the least they recommend) its learning rates, S4.1 and S4.2 the same of pruning;
SX-A and SX-B training as a whole. One row per setup and reason why it is not a stricter one: a condition of the next
setup that `differs`, or facts that are `missing` from a file (keys of its recipe, or measures). Setup `none`: the
comparison cannot be placed. `in_setup` counts all comparisons of the setup. With `same_base` named, base models are the
same only under one name, not by an equal accuracy to two decimals. Results of re-implementations are left out.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

import pandas as pd

from corpus.catalogue.corpus import Corpus, PaperComparison
from corpus.schema.purposes import Purpose
from metaanalysis.fairness.conditions import ratio
from metaanalysis.fairness.result import DIFFERS, HELD, MISSING
from metaanalysis.fairness.setups import BESIDE, CHAIN, MEANING, NONE, Placed, Verdict, label_of

COLUMNS = ("setup", "holds_equal", "in_setup", "share", "stricter_is", "because", "comparisons", "example")
NOTHING_SHARED = "no dataset and network in common"
NO_NUMBERS = "numbers for a dataset and network in common"
SETUPS = tuple(
    label_of(setup, beside)
    for setup in (*reversed(CHAIN), None)
    for beside in ((*BESIDE,), *((n,) for n in BESIDE), ())
)
"""Every cell that `setup` may have, the strictest first."""


def table(corpus: Corpus, *, same_base: Literal["accuracy", "named"] = "accuracy") -> pd.DataFrame:
    """One row per setup and reason; comparisons are counts, share is of all claimed comparisons."""
    placed = Placed(corpus, same_base)
    points = {key: _points(corpus, key) for key in corpus.papers}
    reasons: Counter[tuple[str, str, str]] = Counter()
    examples: dict[tuple[str, str, str], str] = {}
    for comparison in corpus.comparisons:
        found = placed.strictest(points.get(comparison.paper, ()), points.get(comparison.compares_to, ()))
        reason = _reason(found) if found else (NONE, *_hindrance(corpus, placed, points, comparison))
        reasons[reason] += 1
        examples.setdefault(reason, f"{comparison.paper} to {comparison.compares_to}")
    return _rows(reasons, examples)


def _points(corpus: Corpus, key: str) -> tuple[str, ...]:
    points = corpus.papers[key].points
    return tuple(
        point.point_id for point in points if not point.released and point.serves(Purpose.HEAD_TO_HEAD)
    )


def _reason(found: Verdict) -> tuple[str, str, str]:
    obstacle = found.obstacle
    if obstacle is None:
        return found.label, "", ""
    if obstacle.state == DIFFERS:
        return found.label, DIFFERS, obstacle.condition
    return found.label, MISSING, ", ".join(sorted({fact for _, fact in obstacle.missing}))


def _hindrance(
    corpus: Corpus, placed: Placed, points: dict, comparison: PaperComparison
) -> tuple[str, str]:
    """Why no pair of results of a comparison satisfies S1."""
    keys = (comparison.paper, comparison.compares_to)
    mine, theirs = ([placed.result(point) for point in points.get(key, ())] for key in keys)
    pairs = [
        (one, other)
        for one in mine
        for other in theirs
        if (one.point.dataset, one.point.architecture) == (other.point.dataset, other.point.architecture)
    ]
    if not pairs:
        used = [
            {(entry.dataset, entry.architecture) for entry in corpus.papers[key].entries} for key in keys
        ]
        return (MISSING, NO_NUMBERS) if used[0] & used[1] else (DIFFERS, NOTHING_SHARED)
    found = [ratio(pair) for pair in pairs]
    assert all(finding.state != HELD for finding in found)
    unknown = next((finding for finding in found if finding.state == MISSING), None)
    return (MISSING, "compression_ratio or theoretical_speedup") if unknown else (DIFFERS, "ratio")


def _rows(
    reasons: Counter[tuple[str, str, str]], examples: dict[tuple[str, str, str], str]
) -> pd.DataFrame:
    total, in_setup = sum(reasons.values()), Counter()
    for (setup, _, _), count in reasons.items():
        in_setup[setup] += count
    ordered = sorted(reasons, key=lambda reason: (SETUPS.index(reason[0]), -reasons[reason], reason))
    rows = [
        (
            *(setup, _meaning(setup), in_setup[setup], in_setup[setup] / total),
            *(state, because, reasons[setup, state, because], examples[setup, state, because]),
        )
        for setup, state, because in ordered
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _meaning(setup: str) -> str:
    return (
        "; ".join(MEANING[name] for name in setup.split(" and "))
        if setup != NONE
        else "too little, or it is not known"
    )
