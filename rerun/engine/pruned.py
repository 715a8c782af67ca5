"""Pruned networks ready for training: one unpruned network, many masks, or many smaller networks."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import torch
from torch import Tensor

from rerun.architectures import NetworkBuilder
from rerun.baselines import baseline
from rerun.images.in_memory import Data
from rerun.pruning.counts import Anatomy, anatomy, anatomy_of, kept_multiply_adds
from rerun.pruning.filters.filters import removable
from rerun.pruning.filters.plans import plan_called
from rerun.pruning.filters.removal import kept_filters, small_network, without
from rerun.pruning.prune import gradients, prune
from rerun.study.study import PlannedRun
from rerun.training.member import Member
from rerun.training.train import batches_of


def pruned_members(
    runs: list[PlannedRun], entry: NetworkBuilder, classes: int, weights: dict[str, Tensor], data: Data
) -> Iterator[tuple[PlannedRun, Member | str]]:
    """Each run with its pruned network, or with the reason why it cannot be had.

    Scores are computed on the CPU in full precision, so that masks do not depend on the device; `data` lies there.
    """
    counts = anatomy(entry.name, classes)
    by_seed: dict[int, dict[str, Tensor]] = {}
    for run in runs:
        if run.seed not in by_seed:
            by_seed[run.seed] = _gradients(run, entry, classes, weights, data)
        yield run, _member(run, entry, classes, weights, by_seed[run.seed], counts)


def _gradients(
    run: PlannedRun, entry: NetworkBuilder, classes: int, weights: dict, data: Data
) -> dict[str, Tensor]:
    network = entry.build(classes)
    network.load_state_dict(weights)
    batches = batches_of(data, run.dense.study.file.fine_tuning.batch_size, run.seed)
    return gradients(network, *batches.first(), run.seed)


def _member(
    run: PlannedRun,
    entry: NetworkBuilder,
    classes: int,
    weights: dict,
    gradient: dict[str, Tensor],
    counts: Anatomy,
) -> Member | str:
    try:
        if run.plan is not None:
            return _smaller(run, entry, classes, weights, counts)
        return _masked(run, entry, classes, weights, gradient, counts)
    except ValueError as error:
        return str(error)


def _masked(
    run: PlannedRun,
    entry: NetworkBuilder,
    classes: int,
    weights: dict,
    gradient: dict[str, Tensor],
    counts: Anatomy,
) -> Member:
    """The network under a mask; from scratch the mask stays, and the weights below it are new."""
    file = run.dense.study.file
    chosen = baseline(run.baseline)
    mask = prune(counts, weights, gradient, chosen, run.ratio, run.seed, classifier=file.prunes_classifier)
    if run.starts_anew:
        network = entry.build(classes, run.new_weights_seed)
    else:
        network = entry.build(classes)
        network.load_state_dict(weights)
    recipe = run.recipe(counts.multiply_adds / max(1, kept_multiply_adds(counts, mask)))
    return Member(network, run.seed, recipe.learning_rate, mask, recipe)


def _smaller(
    run: PlannedRun, entry: NetworkBuilder, classes: int, weights: dict, counts: Anatomy
) -> Member:
    """The network without the filters that its plan takes away: small and dense, never masked."""
    with torch.device("meta"):
        filters = removable(entry.build(classes))
    kept = kept_filters(plan_called(run.plan), filters, weights)
    network = small_network(entry, classes, [len(stay) for stay in kept], run.new_weights_seed)
    if not run.starts_anew:
        network.load_state_dict(without(weights, filters, kept))
    with torch.device("meta"):
        sent = torch.empty(1, *entry.input_shape)
    anatomy = anatomy_of(copy.deepcopy(network).to("meta").eval(), sent, entry.name)
    recipe = run.recipe(counts.multiply_adds / anatomy.multiply_adds)
    return Member(network, run.seed, recipe.learning_rate, recipe=recipe, anatomy=anatomy)
