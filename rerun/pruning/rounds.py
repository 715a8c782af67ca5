"""Masks round by round: the weights of least magnitude go, all layers together, and never come back."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from rerun.pruning.counts import Anatomy
from rerun.pruning.masks import Mask, Unreachable, keep_highest


def prunable_weights(counts: Anatomy, classifier: bool) -> dict[str, tuple[int, ...]]:
    """Shapes of the weights of convolutions and linear layers, by name; biases and normalization are never pruned."""
    names = {f"{layer.name}.weight" for layer in counts.layers}
    return {name: shape for name, shape in counts.prunable(classifier).items() if name in names}


def kept_after(rounds: int, weights: int, kept_per_round: float) -> int:
    """Weights left of `weights` after so many rounds, each rounded from the first and not from the one before."""
    keep = round(weights * kept_per_round**rounds)
    if keep < 1:
        raise Unreachable(f"after {rounds} rounds nothing is left of {weights:,} weights")
    return keep


def surviving(
    shapes: Mapping[str, tuple[int, ...]], weights: Mapping[str, Tensor], keep: int, earlier: Mask | None
) -> Mask:
    """The mask of the `keep` weights of largest magnitude over all tensors together.

    Only survivors of the `earlier` mask may stay, if there is one: ValueError if they are fewer than `keep`.
    """
    scores = {name: weights[name].detach().cpu().float().abs() for name in shapes}
    if earlier is not None:
        if keep > earlier.kept:
            raise ValueError(f"{earlier.kept:,} weights are left; cannot keep {keep:,} of them")
        for name in shapes:
            scores[name] = scores[name].masked_fill(~earlier[name], -1.0)  # below any magnitude
    return keep_highest(scores, keep)
