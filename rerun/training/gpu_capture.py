"""A step recorded once as a CUDA graph and replayed: hundreds of small kernels for the price of one launch."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Protocol

import torch

Work = Callable[[], None]
WARM_UP = 3
"""Steps run as they are before one is recorded, since libraries choose kernels and take memory in the first ones."""


class StepRecorder(Protocol):
    """Makes a replayable copy of work that reads and writes tensors which stay in place."""

    def warm(self, work: Work) -> None: ...
    def record(self, work: Work) -> Work: ...


class CudaGraph:
    """Records work on a CUDA device; random numbers of these generators go on from replay to replay."""

    def __init__(self, device: str, generators: Sequence[torch.Generator]):
        self._device, self._generators = torch.device(device), generators

    def warm(self, work: Work) -> None:
        """Runs the work beside the stream on which everything else runs, as recording needs it."""
        beside = torch.cuda.Stream(self._device)
        beside.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(beside):
            work()
        torch.cuda.current_stream(self._device).wait_stream(beside)

    def record(self, work: Work) -> Work:
        """What does the work again in one launch; the work itself is not done here."""
        torch.cuda.synchronize(self._device)
        torch.cuda.empty_cache()  # the graph has memory of its own: what the warm-up took would lie idle
        graph = torch.cuda.CUDAGraph()
        for generator in self._generators:
            graph.register_generator_state(generator)
        with torch.cuda.graph(
            graph, capture_error_mode="thread_local"
        ):  # threads that load images may go on
            work()
        return graph.replay


class Captured:
    """Work that is run as it is a few times, then recorded and replayed; if it cannot be recorded it runs as it is."""

    def __init__(self, work: Work, recorder: StepRecorder):
        self._work, self._recorder = work, recorder
        self._warm = 0
        self._replay: Work | None = None

    def __call__(self) -> None:
        if self._replay is None and self._warm < WARM_UP:
            self._warm += 1
            self._recorder.warm(self._work)
            return
        if self._replay is None:
            self._replay = self._recorded()
        self._replay()

    def _recorded(self) -> Work:
        try:
            return self._recorder.record(self._work)
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:
            reason = str(error).splitlines()[0]
            warnings.warn(f"the step cannot be captured and runs kernel by kernel: {reason}", stacklevel=3)
            return self._work
