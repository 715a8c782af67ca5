"""ImageNet from a folder: `train/<class>/*` and `val/<class>/*`, read and transformed as the steps need them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms

from rerun.digests import seed_for
from rerun.images.in_memory import SOURCES, Source

WORKERS = min(16, os.cpu_count() or 1)
Samples = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class FolderData:
    """A dataset of image files; the parts are paths with labels."""

    source: Source
    training: Samples
    validation: Samples
    test: Samples
    checksum: str
    device: str = "cpu"

    def to(self, device: str) -> FolderData:
        """The same, its batches on another device."""
        return FolderData(self.source, self.training, self.validation, self.test, self.checksum, device)


def load_folder(folder: Path | None, validation: int, expected: str | None = None) -> FolderData:
    """ImageNet in `folder`; `validation` training images are held out, with 0 the test set stands in for them.

    The checksum covers the names and sizes of all files, not their contents.
    """
    if folder is None:
        raise ValueError(
            "ImageNet is needed: say where it is with --data-dir DIR, a folder with train/ and val/"
        )
    try:
        parts = [datasets.ImageFolder(str(folder / name)) for name in ("train", "val")]
    except FileNotFoundError as error:
        raise ValueError(
            f"{folder}: not ImageNet as folders train/<class> and val/<class> ({error})"
        ) from None
    if parts[0].classes != parts[1].classes:
        raise ValueError(
            f"{folder}: train/ has {len(parts[0].classes)} classes and val/ {len(parts[1].classes)}, or others"
        )
    training, test = (tuple(part.samples) for part in parts)
    checksum = _checksum(folder, training + test)
    if expected and checksum != expected:
        raise ValueError(f"{folder}: ImageNet has checksum {checksum[:16]}..., expected {expected[:16]}...")
    if not 0 <= validation < len(training):
        raise ValueError(f"validation: {validation} images of {len(training):,} cannot be held out")
    known = SOURCES["ImageNet"]
    source = Source(known.name, len(parts[0].classes), known.mean, known.std, flips=True)
    if validation == 0:
        return FolderData(source, training, test, test, checksum)
    generator = torch.Generator().manual_seed(seed_for("validation split"))
    order = torch.randperm(len(training), generator=generator).tolist()
    held_out, rest = (
        tuple(training[at] for at in sorted(part)) for part in (order[:validation], order[validation:])
    )
    return FolderData(source, rest, held_out, test, checksum)


def _checksum(folder: Path, samples: Samples) -> str:
    digest = hashlib.sha256()
    for path, label in samples:
        digest.update(
            f"{Path(path).relative_to(folder).as_posix()} {os.path.getsize(path)} {label}\n".encode()
        )
    return digest.hexdigest()


class _Files(Dataset):
    """Images of one pass; what is random about an image follows from the pass and its place alone."""

    def __init__(self, samples: Samples, transform: transforms.Compose, seed: int | None = None):
        self.samples, self.transform, self.seed = samples, transform, seed

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, place: int) -> tuple[Tensor, int]:
        path, label = self.samples[place]
        image = datasets.folder.default_loader(path)
        if self.seed is None:
            return self.transform(image), label
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed_for("transform", self.seed, place))
            return self.transform(image), label


def _to_numbers(source: Source) -> list:
    return [transforms.ToTensor(), transforms.Normalize(source.mean, source.std)]


class FolderBatches:
    """Minibatches of the training part for one seed, cropped and mirrored at random."""

    def __init__(self, data: FolderData, batch_size: int, seed: int):
        self.data, self.batch_size, self.seed = data, batch_size, seed
        self._transform = transforms.Compose(
            [
                transforms.RandomResizedCrop(224),
                transforms.RandomHorizontalFlip(),
                *_to_numbers(data.source),
            ]
        )

    def __len__(self) -> int:
        """Minibatches per epoch, the last one shorter if need be."""
        return -(-len(self.data.training) // self.batch_size)

    def epoch(self, number: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Normalized images with their labels, each image once."""
        seed = seed_for("batches", self.seed, number)
        order = torch.randperm(len(self.data.training), generator=torch.Generator().manual_seed(seed))
        files = _Files(tuple(self.data.training[at] for at in order.tolist()), self._transform, seed)
        yield from _loaded(files, self.batch_size, self.data.device)

    def first(self) -> tuple[Tensor, Tensor]:
        """The minibatch on which weights are scored."""
        return next(self.epoch(-1))


def folder_in_order(data: FolderData, samples: Samples, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
    """All images of a part in their order, the middle of each as usual on ImageNet."""
    transform = transforms.Compose(
        [transforms.Resize(256), transforms.CenterCrop(224), *_to_numbers(data.source)]
    )
    yield from _loaded(_Files(samples, transform), batch_size, data.device)


def _loaded(files: _Files, batch_size: int, device: str) -> Iterator[tuple[Tensor, Tensor]]:
    workers = WORKERS if len(files) > 4 * batch_size else 0
    pinned = device.startswith("cuda")
    for images, labels in DataLoader(files, batch_size, num_workers=workers, pin_memory=pinned):
        yield images.to(device, non_blocking=pinned), labels.to(device, non_blocking=pinned)
