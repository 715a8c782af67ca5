"""The survey's findings on pruning itself, held against our own runs.

Section 7.3 of Blalock et al. (2020) and the captions of its Figures 6, 7 and 8: global beats layerwise pruning at equal
size and loses at equal theoretical speedup; magnitude beats gradient beats random; the order depends on network and
amount; different initial models change the order; and a method that never leads from the same model can lead in change
of accuracy from another. One row per finding, study
and pair, judged from the data: `differences` are Top-1 accuracies of the first minus the second in points, with 95 %
intervals (Student's t over seeds, which both share, and the binomial spread of the test set, taken as if each network
had its own: too wide rather than too narrow). Holds: ahead wherever the interval decides. Does not hold: the reverse
somewhere. Cannot be told: no interval decides, or no run. Each interval errs in about one of twenty cases; with many of
them some decide by chance. Equal speedup is read between runs, along log2 of the speedup. As published there are no
re-runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, permutations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.figures.initial_models import families
from metaanalysis.own_runs.baseline_look import title
from metaanalysis.own_runs.differences import (
    CANNOT_BE_TOLD,
    DOES_NOT_HOLD,
    HOLDS,
    Side,
    at_sizes,
    at_speedups,
    judged,
    pairs,
    told,
)
from metaanalysis.own_runs.experiments import NOTHING_YET, SIZE, SLACK, SPEEDUP, Experiment, distinct

COLUMNS = ("finding", "configuration", "study", "pair", "differences", "verdict", "why")
FINDINGS = {
    "size": "global beats layerwise at equal size",
    "speedup": "global loses to layerwise at equal speedup",
    "magnitude": "magnitude beats gradient at equal size",
    "gradient": "gradient beats random at equal size",
    "amount": "the order depends on the amount",
    "network": "the order depends on the network",
    "initial": "different initial models change the order",
    "change": "across initial models, changes in accuracy mislead",
}
GRADIENTS = ("global-gradient", "layerwise-gradient")
RANDOM = ("random-layerwise", "random-global")
SCOPES = (("global-magnitude", "layerwise-magnitude"), ("global-gradient", "layerwise-gradient"))
SCORES = (("global-magnitude", "global-gradient"), ("layerwise-magnitude", "layerwise-gradient"))


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per finding, study and pair of baselines; at least one row for every finding."""
    found = distinct(corpus)
    groups = families(corpus)
    rows = {name: [] for name in FINDINGS}
    for experiment in found:
        scopes = [sides for pair in SCOPES for sides in pairs(experiment, pair[:1], pair[1:])]
        scores = [sides for pair in SCORES for sides in pairs(experiment, pair[:1], pair[1:])]
        gradients = pairs(experiment, GRADIENTS, RANDOM)
        rows["size"] += [_row(*sides, at_sizes(*sides)) for sides in scopes]
        rows["speedup"] += [_at_speedup(layerwise, all_over) for all_over, layerwise in scopes]
        rows["magnitude"] += [_row(*sides, at_sizes(*sides)) for sides in scores]
        rows["gradient"] += [_row(*sides, at_sizes(*sides)) for sides in gradients]
    rows["amount"] = [row for experiment in found if (row := _by_amount(experiment))]
    rows["network"] = list(_by_network(found))
    rows["initial"] = [row for family in groups for row in _by_initial_model(family)]
    rows["change"] = [row for family in groups for row in _by_change(family)]
    missing = NOTHING_YET if not found else "no study of ours has what it takes yet"
    empty = [("", "", "", "", CANNOT_BE_TOLD, missing)]
    told_rows = [(FINDINGS[name], *row) for name, known in rows.items() for row in known or empty]
    return pd.DataFrame(told_rows, columns=list(COLUMNS))


def _row(one: Side, other: Side, found: list) -> tuple:
    verdict, why = judged(found)
    experiment = one.experiment
    return (
        *_of(experiment),
        f"{title(one.baseline)} over {title(other.baseline)}",
        told(found),
        verdict,
        why,
    )


def _at_speedup(one: Side, other: Side) -> tuple:
    """As `_row`, at equal speedup; where each weight is used once, speedup and size are one and the same."""
    *row, why = _row(one, other, at_speedups(one, other))
    ratios = [(run.point.value(SIZE), run.point.value(SPEEDUP)) for run in one.experiment.runs]
    same = all(abs(speedup / size - 1) < SLACK for size, speedup in ratios)
    return (*row, f"{why}; here the speedup is the compression ratio" if same else why)


def _of(experiment: Experiment) -> tuple[str, str]:
    return experiment.configuration, f"{experiment.study}, initial model {experiment.initial}"


def _by_amount(experiment: Experiment) -> tuple | None:
    """Whether any two baselines change places between two ratios of one experiment."""
    sides = [
        (Side(experiment, one), Side(experiment, other))
        for one, other in combinations(experiment.baselines, 2)
    ]
    found = {pair: at_sizes(*pair) for pair in sides}
    decided = {
        pair: {one.interval.sign for one in differences} - {0} for pair, differences in found.items()
    }
    turned = [pair for pair in sides if len(decided[pair]) == 2]
    often = [pair for pair in sides if sum(one.interval.sign != 0 for one in found[pair]) > 1]
    pair_names = "; ".join(_named(*pair) for pair in turned)
    numbers = "; ".join(f"{_named(*pair)}: {told(found[pair])}" for pair in turned)
    if turned:
        return (
            *_of(experiment),
            pair_names,
            numbers,
            HOLDS,
            f"{len(turned)} of {len(sides)} pairs change places",
        )
    if often:
        why = (
            f"{len(often)} of {len(sides)} pairs are decided at two ratios or more, none of them both ways"
        )
        return (
            *_of(experiment),
            f"all pairs of {len(experiment.baselines)} baselines",
            "",
            DOES_NOT_HOLD,
            why,
        )
    if not sides:
        return None
    why = "no pair is decided at two ratios"
    return (
        *_of(experiment),
        f"all pairs of {len(experiment.baselines)} baselines",
        "",
        CANNOT_BE_TOLD,
        why,
    )


def _named(one: Side, other: Side) -> str:
    return f"{title(one.baseline)} over {title(other.baseline)}"


def _by_network(found: Iterable[Experiment]) -> Iterator[tuple]:
    """For each two configurations: whether any two baselines stand the other way round at one ratio."""
    for left, right in combinations(found, 2):
        if left.configuration != right.configuration:
            names = (f"{left.configuration} and {right.configuration}", f"{left.study} and {right.study}")
            yield from _turned(left, right, names)


def _by_initial_model(family: list[Experiment]) -> Iterator[tuple]:
    """The same for each two initial models of one study."""
    for left, right in combinations(family, 2):
        names = (left.configuration, f"{left.study}, initial models {left.initial} and {right.initial}")
        yield from _turned(left, right, names)


def _turned(left: Experiment, right: Experiment, names: tuple[str, str]) -> Iterator[tuple]:
    """Whether two baselines that both experiments have stand the other way round in them at one ratio."""
    shared = [name for name in left.baselines if name in right.baselines]
    turned, agreed = [], 0
    for one, other in combinations(shared, 2):
        here = {found.at: found for found in at_sizes(Side(left, one), Side(left, other))}
        for there in at_sizes(Side(right, one), Side(right, other)):
            signs = (here[there.at].interval.sign * there.interval.sign) if there.at in here else 0
            agreed += signs > 0
            if signs < 0:
                words = f"{title(one)} over {title(other)} at {there.at:g}x"
                turned.append(f"{words}: {here[there.at].interval} and {there.interval}")
    if len(shared) < 2:
        return
    pair = f"{len(shared)} shared baselines"
    if turned:
        yield (*names, pair, "; ".join(turned), HOLDS, f"{len(turned)} turned round, {agreed} the same way")
    elif agreed:
        yield (*names, pair, "", DOES_NOT_HOLD, f"decided in both at {agreed} places, always the same way")
    else:
        yield (*names, pair, "", CANNOT_BE_TOLD, "nothing is decided in both")


def _by_change(family: list[Experiment]) -> Iterator[tuple]:
    """For each two initial models and baselines: the one from either model set against the other from the other."""
    for left, right in combinations(family, 2):
        shared = [name for name in left.baselines if name in right.baselines]
        for one, other in permutations(shared, 2):
            fair = [
                found for model in (left, right) for found in at_sizes(Side(model, one), Side(model, other))
            ]
            leads = {found.at for found in fair if found.interval.sign > 0}
            ways = [_unfair(Side(a, one), Side(b, other), leads) for a, b in ((left, right), (right, left))]
            yield min(ways, key=lambda row: (HOLDS, CANNOT_BE_TOLD, DOES_NOT_HOLD).index(row[-2]))


def _unfair(one: Side, other: Side, leads: set[float]) -> tuple:
    """Whether a baseline leads, in changes, at a ratio where it does not lead (`leads`) from the same model."""
    found = [difference for difference in at_sizes(one, other, relative=True) if difference.at not in leads]
    names = (one.experiment.configuration, one.experiment.study)
    pair = " over ".join(f"{title(side.baseline)} from {side.experiment.initial}" for side in (one, other))
    verdict, why = judged(found)
    if any(difference.interval.sign > 0 for difference in found):
        verdict, why = HOLDS, f"{why}; there it does not lead from the same model"
    return (*names, pair, told(found), verdict, why)
