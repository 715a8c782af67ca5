"""Two ways of pruning under each other's fine-tuning: who wins, the pruning or the recipe?

The cross-validation that Wang et al. (2023) ask for where two papers fine-tune differently: each of two ways of
pruning, a and b, under each of two recipes, at one compression ratio, from our own studies with several fine-tuned
arms. `lead_1` and `lead_2` are the accuracy of a minus that of b under either recipe, in points with 95 % intervals,
seed by seed. Their rule gives the winner: who leads under both recipes, else who has the highest of the four
accuracies; `why` says which, and whether the leads are larger than their intervals. As published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.own_runs.experiments import SLACK
from metaanalysis.own_runs.intervals import Interval
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import REPORTED, ArmResult, PrunedNetwork, difference

COLUMNS = (
    "study",
    "dataset",
    "architecture",
    "compression_ratio",
    "a",
    "b",
    "recipe_1",
    "recipe_2",
    "a_1",
    "b_1",
    "a_2",
    "b_2",
    "lead_1",
    "lead_2",
    "winner",
    "why",
)


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per study, amount, two ways of pruning and two recipes; accuracies in percent, leads in points."""
    ours = []
    for network in configurations(corpus):
        if network.source != REPORTED and network.compression_ratio:
            ours.append(network)
    rows: list[dict] = []
    for a, b in combinations(ours, 2):
        if _alike(a, b):
            rows += _cross_validations(a, b)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _alike(a: PrunedNetwork, b: PrunedNetwork) -> bool:
    """Whether two networks of one study were pruned by the same amount in two ways."""
    if a.paper != b.paper or a.title != b.title or a.pruning == b.pruning:
        return False
    if a.compression_ratio is None or b.compression_ratio is None:
        return False
    return abs(a.compression_ratio / b.compression_ratio - 1) <= SLACK


def _cross_validations(a: PrunedNetwork, b: PrunedNetwork) -> Iterator[dict[str, object]]:
    arms_of_a = {arm.name: arm for arm in a.arms if not arm.anew}
    arms_of_b = {arm.name: arm for arm in b.arms if not arm.anew}
    shared = [name for name in arms_of_a if name in arms_of_b]
    for first, second in combinations(shared, 2):
        a_1, b_1, a_2, b_2 = arms_of_a[first], arms_of_b[first], arms_of_a[second], arms_of_b[second]
        first_lead, second_lead = difference(a_1, b_1), difference(a_2, b_2)
        if first_lead is None or second_lead is None:  # runs of our own always have an interval
            continue
        leads = first_lead, second_lead
        winner, why = judged((a.pruning, b.pruning), (a_1, b_1, a_2, b_2), leads)
        yield {
            "study": a.title,
            "dataset": a.dataset,
            "architecture": a.architecture,
            "compression_ratio": a.compression_ratio,
            "a": a.pruning,
            "b": b.pruning,
            "recipe_1": first,
            "recipe_2": second,
            "a_1": a_1.mean,
            "b_1": b_1.mean,
            "a_2": a_2.mean,
            "b_2": b_2.mean,
            "lead_1": str(leads[0]),
            "lead_2": str(leads[1]),
            "winner": winner,
            "why": why,
        }


def judged(
    names: tuple[str, str],
    cells: tuple[ArmResult, ArmResult, ArmResult, ArmResult],
    leads: tuple[Interval, Interval],
) -> tuple[str, str]:
    """The winner of two ways of pruning by the rule of Wang et al. (2023), and how sure that is.

    `cells`: a and b under the first recipe, a and b under the second; ties win nothing.
    """
    clear = sum(lead.sign != 0 for lead in leads)
    sure = f"{('neither lead', 'one lead', 'each lead')[clear]} is larger than its interval"
    first, second = leads
    if first.mean * second.mean > 0:
        return names[0 if first.mean > 0 else 1], f"leads under both recipes; {sure}"
    best = max(cell.mean for cell in cells)
    winners = set()
    for place, cell in enumerate(cells):
        if cell.mean == best:
            winners.add(names[place % 2])
    if len(winners) == 2:
        return "", f"equal at the highest accuracy; {sure}"
    return winners.pop(), f"the recipes disagree; has the highest accuracy, {best:.2f} %; {sure}"
