"""The engine on this machine: one stack after another."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager

import torch

from rerun.architectures import architecture
from rerun.engine.attempt import Bench
from rerun.engine.capacity import networks_at_once
from rerun.engine.task import Event, Task, carry_out
from rerun.study.study import Dense


class Local:
    """Trains each stack here, until the time is up."""

    def __init__(self, bench: Bench):
        self._bench = bench
        self.checksum = bench.data.checksum
        self.training_images = len(bench.data.training)

    @property
    def time_is_up(self) -> bool:
        """Whether nothing new should begin."""
        return self._bench.time_is_up

    @property
    def one_shape(self) -> bool:
        """Whether networks of a stack must have the same shape: on a GPU they share its kernels."""
        return self._bench.device.name != "cpu"

    def networks_at_once(self, dense: Dense, _pending: int) -> int:
        """As many as fit into the memory."""
        return room(dense, self._bench)

    def carry_out(self, tasks: Iterable[Task]) -> Generator[Event]:
        """What happens while these tasks are done, one after another."""
        with one_thread_each():
            for task in tasks:
                yield from carry_out(task, self._bench)
                if self.time_is_up:
                    return


def room(dense: Dense, bench: Bench, share: float = 1.0) -> int:
    """Networks like this one, or pruned from it, that can share a step in `share` of this device's memory."""
    recipe, device = dense.study.file.fine_tuning or dense.recipe, bench.device
    return networks_at_once(
        architecture(dense.architecture),
        bench.data.source.classes,
        recipe.batch_size,
        device.name,
        device.threads,
        share,
        device.precision,
    )


@contextmanager
def one_thread_each() -> Iterator[None]:
    """One thread for each kernel: networks are spread over threads themselves, and sums are made in one order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
