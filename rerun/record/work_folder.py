"""Where a study's work lies: finished runs, unpruned networks, checkpoints; every file is whole or absent."""

from __future__ import annotations

import io
import json
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import torch


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside `path`, waits for the disk, renames: a reader sees the old file or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(unfinished, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise OSError(
            f"{path} cannot be written: {error.strerror}; free some space and start the study again"
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)


class WorkFolder:
    """The folder of one study."""

    def __init__(self, folder: Path):
        self.folder = folder

    def finished(self) -> dict[str, dict]:
        """Results of finished and failed runs, by the run's name."""
        rows = {}
        for path in sorted((self.folder / "runs").glob("*.json")):
            try:
                rows[path.stem] = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                raise ValueError(f"{path} is damaged; delete it, and the run will be done again") from None
        return rows

    def finish(self, name: str, row: dict) -> None:
        """Keeps the result of one run."""
        write_whole(self.folder / "runs" / f"{name}.json", json.dumps(row, indent=1).encode())

    def save(self, kind: str, name: str, content: dict) -> None:
        """Keeps tensors: `kind` is `dense` or `checkpoints`."""
        stream = io.BytesIO()
        torch.save(content, stream)
        write_whole(self.folder / kind / f"{name}.pt", stream.getvalue())

    def load(self, kind: str, name: str) -> dict | None:
        """What `save` kept, on the CPU; None if there is nothing."""
        path = self.folder / kind / f"{name}.pt"
        if not path.is_file():
            return None
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, ValueError, KeyError, pickle.UnpicklingError):
            raise ValueError(f"{path} is damaged; delete it, and its runs will start again") from None

    def checkpoints(self) -> Iterator[tuple[str, dict]]:
        """Every checkpoint with its name."""
        for path in sorted((self.folder / "checkpoints").glob("*.pt")):
            yield path.stem, self.load("checkpoints", path.stem)

    def forget(self, name: str) -> None:
        """Removes a checkpoint whose runs are finished."""
        (self.folder / "checkpoints" / f"{name}.pt").unlink(missing_ok=True)
