"""What is kept of iterative pruning: where each network stands, and one flat row for each of its rounds."""

from __future__ import annotations

from dataclasses import dataclass

from rerun.engine.outcome import masked, measured
from rerun.pruning.counts import Accuracy, anatomy
from rerun.pruning.masks import Mask
from rerun.study.iterative_study import Round
from rerun.training.device import Device
from rerun.training.train import Training


@dataclass
class Chain:
    """How far one network is: its next round, its weights and mask after the last, and what they are rewound to."""

    round: int = 0
    weights: dict | None = None
    keep: dict | None = None
    rewound: dict | None = None
    failure: str | None = None


def round_row(
    run: Round,
    training: Training,
    number: int,
    accuracy: Accuracy,
    seconds: float,
    device: Device,
    mask: Mask | None,
    rewound: str,
) -> dict:
    """The row of a round; `rewound` is the digest of the weights it began with, before the mask."""
    counts = anatomy(run.dense.architecture, training.data.source.classes)
    row = {
        **_of(run),
        "failure": training.courses[number].failure,
        **measured(training, number, accuracy, seconds, device),
        "initial_weights": rewound,
    }
    if mask is None:
        return row | {"density": 1.0, "params": counts.params, "flops": counts.multiply_adds}
    return row | {"density": mask.kept / (mask.kept + mask.removed), **masked(counts, mask)}


def failed_round_row(run: Round, reason: str) -> dict:
    """The row of a round that gave no network."""
    return {**_of(run), "failure": reason}


def _of(run: Round) -> dict:
    return {"initial": run.dense.initial, "round": run.number, "seed": run.dense.seed}
