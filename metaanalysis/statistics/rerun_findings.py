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

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.baseline_look import title
from metaanalysis.own_runs.differences import (
    CANNOT_BE_TOLD,
    DOES_NOT_HOLD,
    HOLDS,
    DifferenceAt,
    Side,
    at_sizes,
    at_speedups,
    in_words,
    judged,
    pairs,
)
from metaanalysis.own_runs.experiments import (
    NOTHING_YET,
    SIZE,
    SLACK,
    SPEEDUP,
    Experiment,
    by_initial_model,
    distinct,
)

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
Row = dict[str, str]


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per finding, study and pair of baselines; at least one row for every finding."""
    experiments = distinct(corpus)
    judgements: dict[str, list[Row]] = {name: [] for name in FINDINGS}
    for experiment in experiments:
        for all_over, layerwise in _sides(experiment, SCOPES):
            judgements["size"].append(_ahead(all_over, layerwise, at_sizes(all_over, layerwise)))
            judgements["speedup"].append(_at_speedup(layerwise, all_over))
        for magnitude, gradient in _sides(experiment, SCORES):
            judgements["magnitude"].append(_ahead(magnitude, gradient, at_sizes(magnitude, gradient)))
        for gradient, random in pairs(experiment, GRADIENTS, RANDOM):
            judgements["gradient"].append(_ahead(gradient, random, at_sizes(gradient, random)))
        if len(experiment.baselines) > 1:
            judgements["amount"].append(_by_amount(experiment))
    judgements["network"] += _by_network(experiments)
    for models in by_initial_model(corpus):
        judgements["initial"] += _by_initial_model(models)
        judgements["change"] += _by_change(models)
    reason = "no study of ours has what it takes yet" if experiments else NOTHING_YET
    nothing = _judgement(("", ""), "", "", CANNOT_BE_TOLD, reason)
    rows = []
    for name, finding in FINDINGS.items():
        for judgement in judgements[name] or [nothing]:
            rows.append({"finding": finding, **judgement})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _judgement(where: tuple[str, str], pair: str, differences: str, verdict: str, why: str) -> Row:
    """A judgement; `where` is the configuration and the study."""
    return {
        "configuration": where[0],
        "study": where[1],
        "pair": pair,
        "differences": differences,
        "verdict": verdict,
        "why": why,
    }


def _where(experiment: Experiment) -> tuple[str, str]:
    return experiment.configuration, f"{experiment.study}, initial model {experiment.initial}"


def _sides(experiment: Experiment, names: Sequence[tuple[str, str]]) -> Iterator[tuple[Side, Side]]:
    """Each of these pairs of baselines that the experiment has."""
    for first, second in names:
        yield from pairs(experiment, [first], [second])


def _over(one: str, other: str) -> str:
    return f"{title(one)} over {title(other)}"


def _ahead(one: Side, other: Side, differences: list[DifferenceAt]) -> Row:
    """Whether the first of the two is ahead wherever the differences decide."""
    verdict, why = judged(differences)
    pair = _over(one.baseline, other.baseline)
    return _judgement(_where(one.experiment), pair, in_words(differences), verdict, why)


def _at_speedup(one: Side, other: Side) -> Row:
    """As `_ahead`, at equal speedup; where each weight is used once, speedup and size are one and the same."""
    row = _ahead(one, other, at_speedups(one, other))
    for run in one.experiment.runs:
        if abs(run.point.number(SPEEDUP) / run.point.number(SIZE) - 1) >= SLACK:
            return row
    return {**row, "why": f"{row['why']}; here the speedup is the compression ratio"}


def _by_amount(experiment: Experiment) -> Row:
    """Whether any two baselines change places between two ratios of one experiment."""
    turned, numbers, often, count = [], [], 0, 0
    for one, other in combinations(experiment.baselines, 2):
        differences = at_sizes(Side(experiment, one), Side(experiment, other))
        decided = [difference.interval.sign for difference in differences if difference.interval.sign]
        count += 1
        often += len(decided) > 1
        if len(set(decided)) == 2:
            turned.append(_over(one, other))
            numbers.append(f"{_over(one, other)}: {in_words(differences)}")
    where = _where(experiment)
    if turned:
        why = f"{len(turned)} of {count} pairs change places"
        return _judgement(where, "; ".join(turned), "; ".join(numbers), HOLDS, why)
    pair = f"all pairs of {len(experiment.baselines)} baselines"
    if often:
        why = f"{often} of {count} pairs are decided at two ratios or more, none of them both ways"
        return _judgement(where, pair, "", DOES_NOT_HOLD, why)
    return _judgement(where, pair, "", CANNOT_BE_TOLD, "no pair is decided at two ratios")


def _by_network(experiments: Sequence[Experiment]) -> Iterator[Row]:
    """For each two configurations: whether any two baselines stand the other way round at one ratio."""
    for left, right in combinations(experiments, 2):
        if left.configuration != right.configuration:
            names = f"{left.configuration} and {right.configuration}", f"{left.study} and {right.study}"
            yield from _turned(left, right, names)


def _by_initial_model(models: Sequence[Experiment]) -> Iterator[Row]:
    """The same for each two initial models of one study."""
    for left, right in combinations(models, 2):
        names = left.configuration, f"{left.study}, initial models {left.initial} and {right.initial}"
        yield from _turned(left, right, names)


def _shared_baselines(left: Experiment, right: Experiment) -> list[str]:
    return [name for name in left.baselines if name in right.baselines]


def _turned(left: Experiment, right: Experiment, where: tuple[str, str]) -> Iterator[Row]:
    """Whether two baselines that both experiments have stand the other way round in them at one ratio."""
    shared = _shared_baselines(left, right)
    if len(shared) < 2:
        return
    turned, agreed = [], 0
    for one, other in combinations(shared, 2):
        in_left = at_sizes(Side(left, one), Side(left, other))
        in_right = at_sizes(Side(right, one), Side(right, other))
        here = {difference.at: difference.interval for difference in in_left}
        for there in in_right:
            if there.at not in here:
                continue
            signs = here[there.at].sign * there.interval.sign
            agreed += signs > 0
            if signs < 0:
                words = f"{_over(one, other)} at {there.at:g}x"
                turned.append(f"{words}: {here[there.at]} and {there.interval}")
    pair = f"{len(shared)} shared baselines"
    if turned:
        why = f"{len(turned)} turned round, {agreed} the same way"
        yield _judgement(where, pair, "; ".join(turned), HOLDS, why)
    elif agreed:
        why = f"decided in both at {agreed} places, always the same way"
        yield _judgement(where, pair, "", DOES_NOT_HOLD, why)
    else:
        yield _judgement(where, pair, "", CANNOT_BE_TOLD, "nothing is decided in both")


def _by_change(models: Sequence[Experiment]) -> Iterator[Row]:
    """For each two initial models and baselines: the one from either model set against the other from the other."""
    misleading_first = (HOLDS, CANNOT_BE_TOLD, DOES_NOT_HOLD)
    for left, right in combinations(models, 2):
        for one, other in permutations(_shared_baselines(left, right), 2):
            leads = set()  # ratios at which `one` leads from either model
            for model in (left, right):
                for difference in at_sizes(Side(model, one), Side(model, other)):
                    if difference.interval.sign > 0:
                        leads.add(difference.at)
            across = [
                _unfair(Side(left, one), Side(right, other), leads),
                _unfair(Side(right, one), Side(left, other), leads),
            ]
            yield min(across, key=lambda row: misleading_first.index(row["verdict"]))


def _unfair(one: Side, other: Side, leads: set[float]) -> Row:
    """Whether a baseline leads, in changes, at a ratio where it does not lead (`leads`) from the same model."""
    differences = []
    for difference in at_sizes(one, other, relative=True):
        if difference.at not in leads:
            differences.append(difference)
    verdict, why = judged(differences)
    if any(difference.interval.sign > 0 for difference in differences):
        verdict, why = HOLDS, f"{why}; there it does not lead from the same model"
    sides = [f"{title(side.baseline)} from {side.experiment.initial}" for side in (one, other)]
    where = one.experiment.configuration, one.experiment.study
    return _judgement(where, " over ".join(sides), in_words(differences), verdict, why)
