"""How much smaller a network becomes under a plan, before anything is trained."""

from __future__ import annotations

from functools import cache

import torch

from rerun.architectures import architecture
from rerun.pruning.counts import Anatomy, anatomy_of
from rerun.pruning.filters.filters import removable
from rerun.pruning.filters.plans import Plan, kept_widths, plan_called
from rerun.pruning.filters.removal import small_network


@cache
def _sizes(name: str, architecture_name: str) -> tuple[Anatomy, Anatomy]:
    """The counts of the unpruned network and of what the plan leaves."""
    entry, plan = architecture(architecture_name), plan_called(name)
    with torch.device("meta"):
        network = entry.build()
        sent = torch.empty(1, *entry.input_shape)
        widths = kept_widths(plan, removable(network))
        small = small_network(entry, entry.classes, widths)
        return anatomy_of(network.eval(), sent), anatomy_of(small.eval(), sent)


def expected_ratio(name: str, architecture_name: str) -> float:
    """The compression ratio of a plan; for network slimming, which only training decides, channels over those left."""
    plan = plan_called(name)
    if plan.method == "network-slimming":
        with torch.device("meta"):
            removable(architecture(architecture_name).build())
        return _of_channels(plan)
    before, after = _sizes(name, architecture_name)
    return round(before.params / after.params, 4)


def expected_saving(name: str, architecture_name: str) -> float:
    """The theoretical speedup of a plan; for network slimming, channels over those left."""
    plan = plan_called(name)
    if plan.method == "network-slimming":
        return _of_channels(plan)
    before, after = _sizes(name, architecture_name)
    return before.multiply_adds / after.multiply_adds


def _of_channels(plan: Plan) -> float:
    return round(1 / (1 - plan.fractions[0]), 4)
