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
from metaanalysis.own_runs.training_arms import REPORTED, Arm, Configuration, difference

COLUMNS = (
    *("study", "dataset", "architecture", "compression_ratio", "a", "b", "recipe_1", "recipe_2"),
    *("a_1", "b_1", "a_2", "b_2", "lead_1", "lead_2", "winner", "why"),
)


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per study, amount, two ways of pruning and two recipes; accuracies in percent, leads in points."""
    ours = [one for one in configurations(corpus) if one.source != REPORTED and one.compression_ratio]
    rows = [row for one, other in combinations(ours, 2) if _alike(one, other) for row in _rows(one, other)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _alike(one: Configuration, other: Configuration) -> bool:
    """Whether two networks of one study were pruned by the same amount in two ways."""
    same = one.paper == other.paper and one.title == other.title and one.pruning != other.pruning
    return same and abs(one.compression_ratio / other.compression_ratio - 1) <= SLACK


def _rows(one: Configuration, other: Configuration) -> Iterator[tuple]:
    left, right = ({arm.name: arm for arm in side.arms if not arm.anew} for side in (one, other))
    for first, second in combinations([name for name in left if name in right], 2):
        cells = left[first], right[first], left[second], right[second]
        leads = difference(*cells[:2]), difference(*cells[2:])
        winner, why = judged((one.pruning, other.pruning), cells, leads)
        yield (
            *(one.title, one.dataset, one.architecture, one.compression_ratio, one.pruning, other.pruning),
            *(first, second, *(arm.mean for arm in cells), *map(str, leads), winner, why),
        )


def judged(
    names: tuple[str, str], cells: tuple[Arm, ...], leads: tuple[Interval, Interval]
) -> tuple[str, str]:
    """The winner of two ways of pruning by the rule of Wang et al. (2023), and how sure that is.

    `cells`: a and b under the first recipe, a and b under the second; ties win nothing.
    """
    clear = sum(lead.sign != 0 for lead in leads)
    sure = f"{('neither lead', 'one lead', 'each lead')[clear]} is larger than its interval"
    first, second = leads
    if first.mean * second.mean > 0:
        return names[0 if first.mean > 0 else 1], f"leads under both recipes; {sure}"
    best = max(arm.mean for arm in cells)
    at_best = {place % 2 for place, arm in enumerate(cells) if arm.mean == best}
    if len(at_best) == 2:
        return "", f"equal at the highest accuracy; {sure}"
    return names[at_best.pop()], f"the recipes disagree; has the highest accuracy, {best:.2f} %; {sure}"
