"""Where networks are trained, and how precisely."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Device:
    """A device by torch's name for it, the precision of training on it, and the threads of the CPU."""

    name: str
    precision: str
    threads: int

    @property
    def title(self) -> str:
        """For the record: which processor it was."""
        if self.name.startswith("cuda"):
            return torch.cuda.get_device_name(self.name)
        return f"CPU, {self.threads} threads"


def choose_device(name: str = "auto", precision: str | None = None) -> Device:
    """The device asked for; `auto` takes a GPU if there is one. GPUs train in bf16 unless told otherwise."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name.startswith("cuda"):
        os.environ.setdefault(
            "CUBLAS_WORKSPACE_CONFIG", ":4096:8"
        )  # read once, at the first use of the GPU
    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError) as error:
        raise ValueError(f"--device: '{name}' cannot be used ({str(error).splitlines()[0]})") from None
    precision = precision or ("bf16" if name.startswith("cuda") else "fp32")
    if precision not in ("fp32", "bf16"):
        raise ValueError(f"--precision: '{precision}' is unknown; expected fp32 or bf16")
    if name == "cpu" and precision != "fp32":
        raise ValueError("--precision: the CPU trains in fp32 only")
    if name.startswith("cuda"):
        _repeatable(fp32=precision == "fp32")
    return Device(name, precision, torch.get_num_threads())


def _repeatable(*, fp32: bool) -> None:
    """Kernels of a GPU that give the same sums each time; with `fp32` none that round their inputs to TF32."""
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = not fp32
