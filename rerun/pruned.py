"""Pruned networks ready for fine-tuning: one unpruned network, many masks."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from rerun.architectures import Architecture
from rerun.baselines import baseline
from rerun.data import Data
from rerun.experiment import Run
from rerun.measure import Anatomy, anatomy
from rerun.member import Member
from rerun.prune import gradients, prune
from rerun.train import batches_of


def pruned_members(
    runs: list[Run], entry: Architecture, classes: int, weights: dict[str, Tensor], data: Data
) -> Iterator[tuple[Run, Member | str]]:
    """Each run with its pruned network, or with the reason why it cannot be had.

    Scores are computed on the CPU in full precision, so that masks do not depend on the device; `data` lies there.
    """
    counts = anatomy(entry.name, classes)
    by_seed: dict[int, dict[str, Tensor]] = {}
    for run in runs:
        if run.seed not in by_seed:
            by_seed[run.seed] = _gradients(run, entry, classes, weights, data)
        yield run, _member(run, entry, classes, weights, by_seed[run.seed], counts)


def _gradients(run: Run, entry: Architecture, classes: int, weights: dict, data: Data) -> dict[str, Tensor]:
    network = entry.build(classes)
    network.load_state_dict(weights)
    batches = batches_of(data, run.dense.study.file.fine_tuning.batch_size, run.seed)
    return gradients(network, *batches.first(), run.seed)


def _member(
    run: Run, entry: Architecture, classes: int, weights: dict, gradient: dict[str, Tensor], counts: Anatomy
) -> Member | str:
    file = run.dense.study.file
    try:
        mask = prune(
            counts,
            weights,
            gradient,
            baseline(run.baseline),
            run.ratio,
            run.seed,
            classifier=file.prune_classifier,
        )
    except ValueError as error:
        return str(error)
    network = entry.build(classes)
    network.load_state_dict(weights)
    return Member(network, run.seed, file.fine_tuning.learning_rate, mask)
