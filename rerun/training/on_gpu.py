"""Many networks as one: K networks share every kernel of a step, which keeps a GPU busy with small networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from rerun.digests import seed_for
from rerun.layers import seed_dropout
from rerun.study.recipe import TrainingRecipe
from rerun.training.gpu_capture import Captured, CudaGraph, StepRecorder
from rerun.training.member import Member, State, flat_views, optimizer_for, settle, shapes_of
from rerun.training.optimizers import Corrections
from rerun.training.sparsity import add_subgradient, sparse_factors
from rerun.training.stacked_layers import grouped

Batch = tuple[Tensor, Tensor]


class Grouped:
    """K stacked networks; those of one seed read the same images."""

    def __init__(
        self,
        members: Sequence[Member],
        recipe: TrainingRecipe,
        device: str,
        precision: str = "fp32",
        *,
        channels_last: bool = False,
        capture: bool = False,
        recorder: StepRecorder | None = None,
    ):
        if capture and recorder is None and not device.startswith("cuda"):
            raise ValueError(f"a step can be captured on a CUDA device only, not on {device}")
        self.members, self.device, self._precision = tuple(members), device, precision
        self._channels_last, self._batch_size = channels_last, recipe.batch_size
        self.seeds = _streams([member.seed for member in members])
        self._copies = len(members) // len(self.seeds)
        self._single = shapes_of(members[0].network)
        self._network = grouped(members[0].network, len(members), len(self.seeds)).to(device)
        shapes = shapes_of(self._network)
        size = sum(torch.Size(shape).numel() for shape in shapes.values())
        self._shapes = shapes
        self._weights, self._gradients = torch.zeros(2, size, device=device).unbind()
        settle(self._network, self._views(self._weights), self._views(self._gradients))
        for number, member in enumerate(members):
            self._load_network(number, member.network.state_dict())
        self._keep = self._masks()
        self._factors, self._sparsity = sparse_factors(self._network, recipe), recipe.sparsity
        self._optimizer = optimizer_for(recipe, self._weights)
        self._rates = self._learning_rates()
        self._losses = torch.zeros(len(members), device=device)
        self._generators = [torch.Generator(device) for _ in self.seeds]
        self._rate, *self._corrections = torch.ones(3, device=device).unbind()
        self._images = self._labels = torch.empty(0, device=device)
        self._captured = None
        if capture:
            self._captured = Captured(self._replayable, recorder or CudaGraph(device, self._generators))

    def __len__(self) -> int:
        return len(self.members)

    def begin_epoch(self, epoch: int) -> None:
        """Training mode; the noise of dropout follows from each seed and the epoch."""
        for seed, generator in zip(self.seeds, self._generators, strict=True):
            generator.manual_seed(seed_for("dropout", seed, epoch))
        seed_dropout(self._network, self._generators)
        self._network.train()
        self._losses.zero_()

    def step(self, batches: Mapping[int, Batch], rate: float) -> None:
        """One step of every network on the minibatch of its seed; nothing waits for the device."""
        images = torch.cat([batches[seed][0] for seed in self.seeds], 1)
        labels = torch.stack([batches[seed][1] for seed in self.seeds])
        if self._captured is None or images.shape[0] != self._batch_size:  # the last batch may be shorter
            self._advance(images, labels, self._rates * rate)
            return
        if self._images.numel() == 0:
            self._images, self._labels = torch.empty_like(images), torch.empty_like(labels)
        self._images.copy_(images)
        self._labels.copy_(labels)
        self._rate.fill_(rate)
        for tensor, value in zip(self._corrections, self._optimizer.corrections(), strict=True):
            tensor.fill_(value)  # a number goes with its kernel: nothing is copied and nothing waits
        steps = self._optimizer.steps
        self._captured()
        self._optimizer.steps = steps + 1  # a replay runs no Python

    def _replayable(self) -> None:
        """The step from tensors that stay in place."""
        self._advance(self._images, self._labels, self._rate * self._rates, tuple(self._corrections))

    def _advance(
        self, images: Tensor, labels: Tensor, rates: float | Tensor, corrections: Corrections | None = None
    ) -> None:
        if self._channels_last and images.ndim == 4:
            images = images.contiguous(memory_format=torch.channels_last)
        labels = labels[:, None].expand(-1, self._copies, -1).flatten(0, 1)
        self._gradients.zero_()
        kind, half = torch.device(self.device).type, self._precision == "bf16"
        # Weights are cast once a step either way, and a recorded step must not find them cast already.
        with torch.autocast(kind, torch.bfloat16, enabled=half, cache_enabled=self._captured is None):
            logits = self._apart(self._network(images))
        if half:
            logits = logits.float()
        losses = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
        losses = losses.view(labels.shape).mean(1)
        losses.sum().backward()
        self._losses += losses.detach()
        add_subgradient(self._factors, self._sparsity)
        if self._keep is not None:
            self._gradients.mul_(
                self._keep
            )  # a removed weight gets no gradient, no momentum and no decay: it stays 0
        self._optimizer.step(self._weights, self._gradients, rates, corrections)

    def losses(self) -> list[float]:
        """The sum of each network's losses since the epoch began."""
        return self._losses.tolist()

    @torch.no_grad()
    def logits(self, images: Tensor) -> Tensor:
        """Answers in evaluation mode and full precision: (networks, batch, classes)."""
        network, copies = self._network.eval(), (1, len(self.seeds), *[1] * (images.ndim - 2))
        parts = images.split(2 * self._batch_size)  # no more at once than fits while training
        return torch.cat([self._apart(network(part.repeat(copies))) for part in parts], 1)

    def state(self, number: int) -> State:
        """All that training has changed in one network."""
        slots = {slot: self._views(flat) for slot, flat in self._optimizer.state.items()}
        return {
            "network": {
                name: self._own(tensor, number).clone()
                for name, tensor in self._network.state_dict().items()
            },
            "optimizer": {slot: self._shares(views, number) for slot, views in slots.items()},
            "steps": self._optimizer.steps,
        }

    def load(self, number: int, state: State) -> None:
        """Puts one network back into a state."""
        self._load_network(number, state["network"])
        for slot, flat in self._optimizer.state.items():
            for name, view in self._views(flat).items():
                self._own(view, number).copy_(state["optimizer"][slot][name])
        self._optimizer.steps = state["steps"]

    def close(self) -> None:
        """Lets go of the recorded step and its memory."""
        self._captured = None

    def _apart(self, answers: Tensor) -> Tensor:
        return answers.view(answers.shape[0], len(self), -1).transpose(0, 1)

    def _views(self, flat: Tensor) -> dict[str, Tensor]:
        return flat_views(self._shapes, flat, self._channels_last)

    def _own(self, tensor: Tensor, number: int) -> Tensor:
        """One network's share of a stacked tensor; a plain count belongs to all."""
        return tensor if tensor.ndim == 0 else tensor.view(len(self), -1, *tensor.shape[1:])[number]

    def _shares(self, views: dict[str, Tensor], number: int) -> dict[str, Tensor]:
        return {name: self._own(view, number).clone() for name, view in views.items()}

    def _load_network(self, number: int, state: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, tensor in self._network.state_dict().items():
                self._own(tensor, number).copy_(state[name])

    def _masks(self) -> Tensor | None:
        if all(member.mask is None for member in self.members):
            return None
        keep = torch.ones(self._weights.shape, dtype=torch.bool, device=self.device)
        views = self._views(keep)
        for number, member in enumerate(self.members):
            for name, kept in (member.mask or {}).items():
                self._own(views[name], number).copy_(kept)
        self._weights.mul_(keep)
        return keep

    def _learning_rates(self) -> float | Tensor:
        """One number if all networks share it, else one per entry of the flat vector."""
        rates = [member.learning_rate for member in self.members]
        if len(set(rates)) == 1:
            return rates[0]
        spread = torch.zeros_like(self._weights)
        for view in self._views(spread).values():
            for number, rate in enumerate(rates):
                self._own(view, number).fill_(rate)
        return spread


def _streams(seeds: list[int]) -> list[int]:
    """The seed of each stream of images: one for equally many neighbours each, else one for every network."""
    once = list(dict.fromkeys(seeds))
    shared = [seed for seed in once for _ in range(len(seeds) // len(once))]
    return once if seeds == shared else seeds
