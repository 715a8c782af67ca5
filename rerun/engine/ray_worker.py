"""What a worker of a Ray cluster does: one stack of networks, in an environment that equals the driver's."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from rerun.engine.attempt import Bench
from rerun.engine.local import one_thread_each
from rerun.engine.local import room as room_here
from rerun.engine.task import Event, Task, carry_out
from rerun.images.folder import FolderData
from rerun.images.in_memory import Data
from rerun.study.study import ENGINE_VERSION, Dense
from rerun.training.device import choose_device


@dataclass(frozen=True)
class Order:
    """How every worker trains; `until` counts as `time.time()` does."""

    device: str
    precision: str | None
    seconds_between_checkpoints: float
    until: float | None = None
    versions: tuple[str, ...] = (f"torch {torch.__version__}", f"engine {ENGINE_VERSION}")

    @property
    def time_is_up(self) -> bool:
        """Whether nothing new should begin."""
        return self.until is not None and time.time() >= self.until


def train(task: Task, weights: dict | None, data: Data | FolderData, order: Order) -> Iterator[Event]:
    """What happens while the stack trains here."""
    bench = _bench(data, order)
    if bench.time_is_up:
        return
    with one_thread_each():
        yield from carry_out(replace(task, weights=weights), bench)


def room(dense: Dense, data: Data | FolderData, order: Order, gpus: float) -> int:
    """Networks that can share a step on this worker, which may have a part of a GPU only."""
    return room_here(dense, _bench(data, order), min(1.0, gpus) if gpus else 1.0)


def _bench(data: Data | FolderData, order: Order) -> Bench:
    here = (f"torch {torch.__version__}", f"engine {ENGINE_VERSION}")
    if here != order.versions:
        raise ValueError(
            f"{platform.node()} has {', '.join(here)}, the driver {', '.join(order.versions)}; "
            "install the same versions everywhere"
        )
    if isinstance(data, FolderData):
        _look_for(data)
    device = replace(choose_device(order.device, order.precision), threads=1)
    return Bench(data, device, order.seconds_between_checkpoints, order.until)


def _look_for(data: FolderData) -> None:
    """Images in files have to lie on every machine; the first and the last of each part stand for all."""
    for part in (data.training, data.validation, data.test):
        for path, _ in (part[0], part[-1]):
            if not Path(path).is_file():
                raise ValueError(
                    f"{path} is not on {platform.node()}; the images must lie in the same folder on every machine"
                )
