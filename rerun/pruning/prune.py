"""Prunes a network by one amount with one baseline: from weights and gradients to a mask."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from rerun.baselines import PruningBaseline
from rerun.digests import seed_for
from rerun.layers import seed_dropout
from rerun.pruning.counts import Anatomy
from rerun.pruning.masks import Mask, dense, keep_highest, keep_highest_of_each, kept_for, same_share


def gradients(network: nn.Module, images: Tensor, labels: Tensor, seed: int) -> dict[str, Tensor]:
    """dL/dw of every parameter: mean cross-entropy of one minibatch, in training mode; the network stays as it is."""
    network = copy.deepcopy(network).train()
    seed_dropout(network, [torch.Generator(images.device).manual_seed(seed_for("scoring dropout", seed))])
    functional.cross_entropy(network(images), labels).backward()
    return {name: parameter.grad for name, parameter in network.named_parameters()}


def prune(
    counts: Anatomy,
    weights: Mapping[str, Tensor],
    gradient: Mapping[str, Tensor],
    baseline: PruningBaseline,
    ratio: float,
    seed: int,
    *,
    classifier: bool = False,
) -> Mask:
    """The mask that shrinks the network `ratio` times; `weights` and `gradient` by parameter name.

    The seed decides random scores, the same at every ratio, so that stronger masks lie within weaker ones. Unreachable
    if no mask gives the ratio, ValueError if scores are not finite.
    """
    prunable = baseline.prunable(counts, classifier)
    if ratio == 1:
        return dense(prunable)
    keep = kept_for(counts, prunable, ratio)
    scores = _scores(prunable, weights, gradient, baseline, seed)
    if baseline.of is not None:
        copied = prune(counts, weights, gradient, baseline.of, ratio, seed, classifier=classifier)
        return keep_highest_of_each(scores, copied.counts)
    if baseline.scope == "global":
        return keep_highest(scores, keep)
    return keep_highest_of_each(scores, same_share(prunable, keep))


def _scores(
    prunable: Mapping[str, tuple[int, ...]],
    weights: Mapping[str, Tensor],
    gradient: Mapping[str, Tensor],
    baseline: PruningBaseline,
    seed: int,
) -> dict[str, Tensor]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_for("scores", baseline.noise, seed))
        return {
            name: baseline.score(weights[name].detach().cpu(), gradient[name].cpu()).float()
            for name in prunable
        }
