"""Many networks on the CPU: each step every one of them takes the same minibatch, on as many threads as there are.

On a CPU this beats one large kernel for all: the activations of one small network stay in the cache.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import torch
from torch import Tensor
from torch.nn import functional

from rerun.digests import seed_for
from rerun.layers import seed_dropout
from rerun.study.recipe import TrainingRecipe
from rerun.training.member import Member, State, flat_views, optimizer_for, settle, shapes_of
from rerun.training.sparsity import add_subgradient, sparse_factors

Batch = tuple[Tensor, Tensor]


class SideBySide:
    """Networks that train at the same time without touching each other."""

    def __init__(
        self, members: Sequence[Member], recipe: TrainingRecipe, device: str = "cpu", threads: int = 1
    ):
        self.members, self.device = tuple(members), device
        self._copies = [_Copy(member, recipe, device) for member in members]
        # One thread per network, whoever else is there: sums are made in one order, and every bit comes out the same.
        self._threads = ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,))
        self._pending: list[Future] = []

    def __len__(self) -> int:
        return len(self._copies)

    def begin_epoch(self, epoch: int) -> None:
        """Training mode; the noise of dropout follows from each network's seed and the epoch."""
        for copy in self._copies:
            copy.begin_epoch(epoch)

    def step(self, batches: Mapping[int, Batch], rate: float) -> None:
        """One step of every network on the minibatch of its seed; returns before the arithmetic is done."""
        self._wait()
        self._pending = [
            self._threads.submit(copy.step, *batches[copy.seed], rate) for copy in self._copies
        ]

    def losses(self) -> list[float]:
        """The sum of each network's losses since the epoch began."""
        self._wait()
        return [copy.loss.item() for copy in self._copies]

    def logits(self, images: Tensor) -> Tensor:
        """Answers in evaluation mode: (networks, batch, classes)."""
        self._wait()
        return torch.stack(list(self._threads.map(lambda copy: copy.logits(images), self._copies)))

    def state(self, number: int) -> State:
        """All that training has changed in one network."""
        self._wait()
        return self._copies[number].state()

    def load(self, number: int, state: State) -> None:
        """Puts one network back into a state."""
        self._wait()
        self._copies[number].load(state)

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown()

    def _wait(self) -> None:
        pending, self._pending = self._pending, []
        for future in pending:
            future.result()


class _Copy:
    def __init__(self, member: Member, recipe: TrainingRecipe, device: str):
        self.seed, self._learning_rate = member.seed, member.learning_rate
        shapes = shapes_of(member.network)
        size = sum(torch.Size(shape).numel() for shape in shapes.values())
        self._weights, self._gradients = torch.zeros(2, size, device=device).unbind()
        self._shapes = shapes
        self.network = member.network.to(device)
        settle(self.network, self._views(self._weights), self._views(self._gradients))
        self._keep = None
        if member.mask is not None:
            self._keep = torch.ones(size, device=device)
            views = self._views(self._keep)
            for name, keep in member.mask.items():
                views[name].copy_(keep)
            self._weights.mul_(self._keep)
        self._factors, self._sparsity = sparse_factors(self.network, recipe), recipe.sparsity
        self._optimizer = optimizer_for(recipe, self._weights)
        self.loss = torch.zeros((), device=device)

    def _views(self, flat: Tensor) -> dict[str, Tensor]:
        return flat_views(self._shapes, flat, channels_last=True)

    def begin_epoch(self, epoch: int) -> None:
        generator = torch.Generator(self._weights.device)
        seed_dropout(self.network, [generator.manual_seed(seed_for("dropout", self.seed, epoch))])
        self.network.train()
        self.loss.zero_()

    def step(self, images: Tensor, labels: Tensor, rate: float) -> None:
        self._gradients.zero_()
        images = images.contiguous(memory_format=torch.channels_last)
        loss = functional.cross_entropy(self.network(images), labels)
        loss.backward()
        self.loss += loss.detach()
        add_subgradient(self._factors, self._sparsity)
        if self._keep is not None:
            self._gradients.mul_(
                self._keep
            )  # a removed weight gets no gradient, no momentum and no decay: it stays 0
        self._optimizer.step(self._weights, self._gradients, rate * self._learning_rate)

    @torch.no_grad()
    def logits(self, images: Tensor) -> Tensor:
        return self.network.eval()(images.contiguous(memory_format=torch.channels_last))

    def state(self) -> State:
        slots = {slot: self._views(flat) for slot, flat in self._optimizer.state.items()}
        return {
            "network": {name: tensor.clone() for name, tensor in self.network.state_dict().items()},
            "optimizer": {
                slot: {name: view.clone() for name, view in views.items()} for slot, views in slots.items()
            },
            "steps": self._optimizer.steps,
        }

    def load(self, state: State) -> None:
        self.network.load_state_dict(state["network"])
        for slot, flat in self._optimizer.state.items():
            for name, view in self._views(flat).items():
                view.copy_(state["optimizer"][slot][name])
        self._optimizer.steps = state["steps"]
