"""The engine on a Ray cluster: one stack of networks per task, done again elsewhere when its worker is lost."""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import ceil
from typing import TYPE_CHECKING, Any

from rerun.digests import name_of
from rerun.engine import ray_worker
from rerun.engine.attempt import Checkpoint
from rerun.engine.task import Event, Finished, Lost, Task
from rerun.images.folder import FolderData
from rerun.images.in_memory import Data
from rerun.study.study import Dense

if TYPE_CHECKING:
    from ray import ObjectRefGenerator

TRIES = 4


@dataclass
class Flight:
    """A task on a worker: what it has finished and kept so far, and how often it was begun."""

    task: Task
    tries: int = 1
    done: set[str] = field(default_factory=set)
    kept: dict[str, dict] = field(default_factory=dict)

    def note(self, event: Event) -> None:
        """Remembers what need not be done again."""
        if isinstance(event, Checkpoint):
            self.kept.pop(event.name, None)
            if event.content is not None:
                self.kept[event.name] = event.content
        elif isinstance(event, Finished):
            self.done |= {
                name
                for name, run in zip(self.task.names, self.task.runs, strict=True)
                if run.name in event.rows
            }

    def rest(self) -> Iterator[Task]:
        """What is left of it: from its checkpoints, or from the start."""
        left = [name for name in self.task.names if name not in self.done]
        for name, content in self.kept.items():
            if set(content["runs"]) <= set(left):
                left = [name for name in left if name not in content["runs"]]
                yield replace(self.task, name=name, names=tuple(content["runs"]), saved=content["training"])
        if left:
            whole = tuple(left) == self.task.names
            yield (
                self.task
                if whole
                else replace(self.task, name=name_of(left), names=tuple(left), saved=None)
            )


class Ray:
    """Hands the stacks of a study to the workers of an existing cluster; rows and checkpoints come back here."""

    def __init__(
        self,
        order: ray_worker.Order,
        *,
        address: str | None = None,
        gpus_per_task: float | None = None,
    ):
        self._ray, self._joined = _connected(address)
        there = self._ray.cluster_resources()
        gpus = (
            gpus_per_task
            if gpus_per_task is not None
            else float(order.device != "cpu" and there.get("GPU", 0) > 0)
        )
        if gpus and not there.get("GPU", 0):
            raise ValueError(
                f"--gpus-per-task: the cluster has no GPU, so that no task could ever have {gpus:g}"
            )
        if order.device == "auto":
            order = replace(order, device="cuda" if gpus else "cpu")
        self._needs = {"num_cpus": 1, "num_gpus": gpus}
        self._slots = max(
            1, int(min(there.get("CPU", 0), there.get("GPU", 0) / gpus if gpus else float("inf")))
        )
        self._order = order

    def __enter__(self) -> Ray:
        return self

    def __exit__(self, *_: object) -> None:
        """Leaves the cluster, which stays as it is."""
        if self._joined:
            self._ray.shutdown()

    def share(self, data: Data | FolderData) -> None:
        """Lets the workers have the images, or the names of their files."""
        self._data = self._ray.put(data)
        self.checksum, self.training_images = data.checksum, len(data.training)

    @property
    def one_shape(self) -> bool:
        """Whether networks of a stack must have the same shape."""
        return self._order.device != "cpu"

    @property
    def time_is_up(self) -> bool:
        """Whether nothing new should begin."""
        return self._order.time_is_up

    def networks_at_once(self, dense: Dense, pending: int) -> int:
        """As many as fit into a worker's memory, but few enough that every worker has some."""
        answer = self._remote(ray_worker.room, max_retries=TRIES).remote(
            dense, self._data, self._order, self._needs["num_gpus"]
        )
        return max(1, min(self._got(answer), ceil(pending / self._slots)))

    def carry_out(self, tasks: Iterable[Task]) -> Generator[Event]:
        """What happens while the workers do these tasks, as it comes in."""
        weights, flights, given_up = _Shared(self._ray), {}, []
        try:
            for task in tasks:
                flights[self._started(task, weights)] = Flight(task)
            while flights:
                (stream,), _ = self._ray.wait(list(flights), num_returns=1)
                flight = flights[stream]
                event = self._next(stream, flight)
                if event is None or isinstance(event, Lost):
                    del flights[stream]
                if isinstance(event, Lost) and flight.tries == TRIES:
                    given_up += event.names
                elif isinstance(event, Lost):
                    for task in flight.rest():
                        flights[self._started(task, weights)] = Flight(task, flight.tries + 1)
                if event is not None:
                    flight.note(event)
                    yield event
        finally:
            for stream in flights:
                self._ray.cancel(stream, force=True)
        if given_up:
            raise ValueError(
                f"{len(given_up)} networks lost their worker {TRIES} times in a row, for want of memory perhaps; all "
                "others are done; start the study again, with a smaller `networks_at_once`, to go on"
            )

    def _remote(self, function: Any, **options: Any) -> Any:
        return self._ray.remote(function).options(**self._needs, **options)

    def _started(self, task: Task, weights: _Shared) -> ObjectRefGenerator:
        function = self._remote(
            ray_worker.train, max_retries=0, num_returns="streaming", name=f"prunebase {task.name}"
        )
        return function.remote(
            replace(task, weights=None), weights.put(task.weights), self._data, self._order
        )

    def _next(self, stream: ObjectRefGenerator, flight: Flight) -> Event | None:
        """The task's next event; None after the last one."""
        try:
            return self._got(next(stream))
        except StopIteration:
            return None
        except _WorkerLost:
            return Lost(tuple(name for name in flight.task.names if name not in flight.done))

    def _got(self, reference: Any) -> Any:
        errors = self._ray.exceptions
        try:
            return self._ray.get(reference)
        except errors.RayTaskError as error:
            if isinstance(error.cause, (ValueError, OSError, ImportError)):
                raise ValueError(f"on a worker of the cluster: {error.cause}") from None
            raise
        except (
            errors.WorkerCrashedError,
            errors.NodeDiedError,
            errors.ObjectLostError,
            errors.OutOfMemoryError,
        ):
            raise _WorkerLost("a worker of the cluster is gone; start the study again to go on") from None


class _WorkerLost(ValueError):
    """The process or the machine that held a task is gone."""


class _Shared:
    """Weights in the cluster's memory, each network's once."""

    def __init__(self, ray: Any):
        self._ray, self._known = ray, {}

    def put(self, weights: dict | None) -> Any:
        """What stands for these weights in a task."""
        if weights is None:
            return None
        if id(weights) not in self._known:
            self._known[id(weights)] = weights, self._ray.put(weights)  # held, so that its id stays its own
        return self._known[id(weights)][1]


def installed() -> bool:
    """Whether Ray is there (the extra `ray`)."""
    return importlib.util.find_spec("ray") is not None


def _connected(address: str | None) -> tuple[Any, bool]:
    """Ray, and whether it was connected here."""
    if not installed():
        raise ValueError("--engine ray needs Ray; install the extra: pip install 'prunebase[ray]'")
    import ray

    if ray.is_initialized():
        return ray, False
    try:
        if address:
            _knock(address)  # Ray itself would try for minutes
        ray.init(
            address=address or "auto", log_to_driver=False, logging_level="error", configure_logging=False
        )
    except (OSError, RuntimeError, ValueError) as error:
        where = f"at {address} ({str(error).splitlines()[0]})" if address else "on this machine"
        raise ValueError(
            f"--engine ray: no Ray cluster found {where}; start one with `ray start --head`, or say where it is "
            "with --ray-address HOST:PORT"
        ) from None
    return ray, True


def _knock(address: str) -> None:
    """OSError or ValueError unless somebody listens at HOST:PORT."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("expected HOST:PORT")
    socket.create_connection((host, int(port)), timeout=10).close()
