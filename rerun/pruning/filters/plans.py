"""How many filters stay where: published configurations and uniform ratios, by name."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.schema.suggest import did_you_mean

if TYPE_CHECKING:
    from rerun.pruning.filters.filters import Filters


@dataclass(frozen=True)
class Plan:
    """Filters to remove: a fraction for each stage (`skip` names convolutions left alone), or what stays of each."""

    name: str
    method: str
    fractions: tuple[float, ...] = ()
    skip: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()

    @property
    def settings(self) -> dict:
        """Everything that decides which filters go, apart from the weights."""
        return {
            "method": self.method,
            "fractions": list(self.fractions),
            "skip": list(self.skip),
            "widths": list(self.widths),
        }


METHODS = {
    "filter-l1": ("li2016pruning", "filters of the smallest L1 norm go, so many of each convolution"),
    "network-slimming": (
        "liu2017learning",
        "channels of the smallest batch-norm factor go, over all layers together",
    ),
}
"""Source paper and meaning; the factors of network slimming are trained with an L1 term (`sparsity` of a recipe)."""

PUBLISHED = {
    plan.name: plan
    for plan in (
        # Liu et al. 2019, Table 1, after Li et al. 2017; skipped convolutions as in the authors' code.
        Plan("resnet-56-a", "filter-l1", (0.1, 0.1, 0.1), (16, 20, 38, 54)),
        Plan("resnet-56-b", "filter-l1", (0.6, 0.3, 0.1), (16, 18, 20, 34, 38, 54)),
        Plan("resnet-110-a", "filter-l1", (0.5, 0.0, 0.0), (36,)),
        Plan("resnet-110-b", "filter-l1", (0.5, 0.4, 0.3), (36, 38, 74)),
        Plan("vgg-16-a", "filter-l1", widths=(32, 64, 128, 128, *[256] * 9)),
    )
}


def plan_called(name: str) -> Plan:
    """The plan by its name: a published one, `uniform-0.3` or `slimming-0.7`; ValueError if there is none."""
    if name in PUBLISHED:
        return PUBLISHED[name]
    parts = re.fullmatch(r"(uniform|slimming)-(0?\.\d{1,4})", name)
    if parts:
        method = "filter-l1" if parts[1] == "uniform" else "network-slimming"
        return Plan(name, method, (float(parts[2]),))
    known = (*PUBLISHED, "uniform-<fraction>", "slimming-<fraction>")
    raise ValueError(f"plan '{name}' is unknown{did_you_mean(name, known)}; expected {', '.join(known)}")


def kept_widths(plan: Plan, groups: Sequence[Filters]) -> tuple[int, ...]:
    """How many filters of each group stay under a plan of `filter-l1`; ValueError if it is for another network."""
    if plan.widths:
        fits = len(plan.widths) == len(groups)
        if not fits or any(width > group.count for width, group in zip(plan.widths, groups, strict=True)):
            raise ValueError(f"plan {plan.name} is for another network: {len(plan.widths)} convolutions")
        return plan.widths
    stages = 1 + max(group.stage for group in groups)
    if len(plan.fractions) not in (1, stages):
        raise ValueError(f"plan {plan.name} is for {len(plan.fractions)} stages; this network has {stages}")
    widths = []
    for group in groups:
        fraction = plan.fractions[group.stage if len(plan.fractions) == stages else 0]
        widths.append(group.count if group.number in plan.skip else kept(group.count, fraction))
    return tuple(widths)


def kept(count: int, fraction: float) -> int:
    """Filters that stay of `count`: the removed ones are rounded up, but one always stays.

    The rule of Li et al.'s and Wang et al.'s released code; the tiny number undoes the rounding of decimal fractions.
    """
    return max(1, count - math.ceil(count * fraction - 1e-9))
