"""Masks of exact size: which weights stay."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from rerun.pruning.counts import Anatomy


class Unreachable(ValueError):
    """A compression ratio that no mask over the prunable weights can give."""


class Mask(Mapping):
    """Kept (True) or removed (False) for every prunable parameter of one network; cannot be changed or misshapen."""

    def __init__(self, prunable: Mapping[str, tuple[int, ...]], keep: Mapping[str, Tensor]):
        if set(keep) != set(prunable):
            odd = sorted(set(keep) ^ set(prunable))
            raise ValueError(
                f"a mask covers exactly the prunable parameters; these differ: {', '.join(odd)}"
            )
        for name, shape in prunable.items():
            if keep[name].dtype != torch.bool or tuple(keep[name].shape) != tuple(shape):
                given = f"{keep[name].dtype} of shape {tuple(keep[name].shape)}"
                raise ValueError(
                    f"the mask of {name} is {given}; expected torch.bool of shape {tuple(shape)}"
                )
        self._keep = {name: keep[name].detach().cpu().clone() for name in prunable}
        self._kept = {name: int(tensor.sum()) for name, tensor in self._keep.items()}

    def __getitem__(self, name: str) -> Tensor:
        return self._keep[name].clone()

    def __iter__(self) -> Iterator[str]:
        return iter(self._keep)

    def __len__(self) -> int:
        return len(self._keep)

    @property
    def kept(self) -> int:
        """Prunable parameters that stay."""
        return sum(self._kept.values())

    @property
    def removed(self) -> int:
        """Parameters taken away."""
        return sum(tensor.numel() for tensor in self._keep.values()) - self.kept

    @property
    def counts(self) -> dict[str, int]:
        """Per parameter tensor, how many entries stay."""
        return dict(self._kept)

    def kept_of(self, name: str, size: int) -> int:
        """Entries of the parameter `name` that stay; all `size` of them if it cannot be pruned."""
        return self._kept.get(name, size)


def dense(prunable: Mapping[str, tuple[int, ...]]) -> Mask:
    """The mask that removes nothing."""
    return Mask(prunable, {name: torch.ones(shape, dtype=torch.bool) for name, shape in prunable.items()})


def kept_for(counts: Anatomy, prunable: Mapping[str, tuple[int, ...]], ratio: float) -> int:
    """How many prunable parameters stay so that all parameters shrink by `ratio`, to within half a parameter."""
    if not ratio >= 1:
        raise Unreachable(f"compression ratio {ratio:g} is below 1: pruning cannot make a network larger")
    size = sum(map(math.prod, prunable.values()))
    fixed = counts.params - size
    keep = round(counts.params / ratio) - fixed
    if keep < 1:
        largest = math.floor(100 * counts.params / (fixed + 1)) / 100
        raise Unreachable(
            f"compression ratio {ratio:g} is out of reach for {counts.name}: {fixed:,} of its {counts.params:,} "
            f"parameters are never pruned, so the largest reachable ratio is {largest:g}"
        )
    return keep


def keep_highest(scores: Mapping[str, Tensor], keep: int) -> Mask:
    """The mask of the `keep` highest scores over all tensors together; of equal scores the first stay."""
    shapes = _checked(scores)
    flat = torch.cat([scores[name].detach().reshape(-1).cpu() for name in shapes])
    parts = _highest(flat, keep).split([math.prod(shape) for shape in shapes.values()])
    kept = {}
    for (name, shape), part in zip(shapes.items(), parts, strict=True):
        kept[name] = part.reshape(shape)
    return Mask(shapes, kept)


def keep_highest_of_each(scores: Mapping[str, Tensor], counts: Mapping[str, int]) -> Mask:
    """The mask of the `counts[name]` highest scores within each tensor; of equal scores the first stay."""
    shapes = _checked(scores)
    kept = {}
    for name, shape in shapes.items():
        flat = scores[name].detach().reshape(-1).cpu()
        kept[name] = _highest(flat, counts[name]).reshape(shape)
    return Mask(shapes, kept)


def same_share(shapes: Mapping[str, tuple[int, ...]], keep: int) -> dict[str, int]:
    """`keep` entries shared among the tensors by size; fewer in all never means more in one.

    Webster's method: the only rounding of shares that is both unbiased and monotone (Balinski and Young 1982).
    """
    sizes = {name: math.prod(shape) for name, shape in shapes.items()}
    share = keep / sum(sizes.values())
    counts = {name: min(size, math.floor(share * size + 0.5)) for name, size in sizes.items()}
    while (missing := keep - sum(counts.values())) > 0:
        unfilled = (name for name in sizes if counts[name] < sizes[name])
        counts[min(unfilled, key=lambda name: (counts[name] + 0.5) / sizes[name])] += 1
    for _ in range(-missing):
        # The last of equals gives way, so that the first of them had gained it.
        filled = [name for name in reversed(sizes) if counts[name] > 0]
        counts[max(filled, key=lambda name: (counts[name] - 0.5) / sizes[name])] -= 1
    return counts


def _highest(flat: Tensor, keep: int) -> Tensor:
    """True at the `keep` highest scores; a stable order decides among equals, so that masks lie within each other."""
    chosen = torch.zeros(flat.numel(), dtype=torch.bool)
    chosen[torch.argsort(flat, descending=True, stable=True)[:keep]] = True
    return chosen


def _checked(scores: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor of scores; ValueError unless all of them are numbers that can be ranked."""
    for name, tensor in scores.items():
        if not bool(tensor.isfinite().all()):
            raise ValueError(f"the scores of {name} are not all finite: the unpruned network has diverged")
    return {name: tuple(tensor.shape) for name, tensor in scores.items()}
