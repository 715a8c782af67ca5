"""Networks that are pruned round after round: what each carries from one round to the next, and how a round begins."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from torch import Tensor

from rerun.architectures import architecture
from rerun.pruning.counts import anatomy
from rerun.pruning.masks import Mask
from rerun.pruning.rounds import kept_after, prunable_weights, surviving
from rerun.study.study import PlannedRun
from rerun.training.member import Member
from rerun.training.train import Course

Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Carried:
    """What a network carries on: its next round, weights and mask after the last one, and what it is rewound to."""

    round: int = 0
    weights: Weights | None = None
    keep: Weights | None = None
    rewound: Weights | None = None
    failure: str | None = None

    def after(self, course: Course, mask: Mask | None) -> Carried:
        """The same network after the round in which it took this course under this mask."""
        return replace(
            self,
            round=self.round + 1,
            weights={name: tensor.cpu() for name, tensor in course.best.items()},
            keep=None if mask is None else dict(mask),
            failure=course.failure,
        )

    def failed(self, reason: str) -> Carried:
        """The same network after a round that gave none."""
        return replace(self, round=self.round + 1, failure=reason)


def member_of_round(run: PlannedRun, carried: Carried, classes: int) -> Member | str:
    """The network at the start of a round, with its mask; or why the round cannot be had."""
    file, dense = run.dense.study.file, run.dense
    network = architecture(dense.architecture).build(classes, dense.seed)
    rate = dense.recipe.learning_rate
    if run.round == 0:
        return Member(network, dense.seed, rate)
    shapes = prunable_weights(anatomy(dense.architecture, classes), file.prunes_classifier)
    earlier = None if carried.keep is None else Mask(shapes, carried.keep)
    try:
        keep = kept_after(run.round, sum(map(math.prod, shapes.values())), file.kept_per_round)
        mask = surviving(shapes, carried.weights, keep, earlier)
    except ValueError as error:
        return str(error)
    network.load_state_dict(carried.rewound)
    return Member(network, dense.seed, rate, mask)
