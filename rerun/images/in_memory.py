"""Images held on the device as bytes: MNIST, CIFAR-10, CIFAR-100, or invented ones, with a held-out validation part."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from corpus.schema.suggest import did_you_mean
from rerun.digests import seed_for


@dataclass(frozen=True)
class Source:
    """Where a dataset comes from and how its images are normalized and augmented (as ShrinkBench does)."""

    name: str
    classes: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    padding: int = 0
    flips: bool = False
    checksum: str | None = None


_CIFAR = {"padding": 4, "flips": True}
SOURCES = {
    source.name: source
    for source in (
        Source(
            "MNIST",
            10,
            (0.1307,),
            (0.3081,),
            checksum="1e35582d42a90940c55b956deb61875c020b567ed20e3c5b174f52bf7809ed9b",
        ),
        Source(
            "CIFAR-10",
            10,
            (0.491, 0.482, 0.447),
            (0.247, 0.243, 0.262),
            **_CIFAR,
            checksum="9048fcbac9c08a64d57a7c5a5a66750a974ad4eab380914df129f7e223d823df",
        ),
        Source("ImageNet", 1000, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), flips=True),
        Source("CIFAR-100", 100, (0.507, 0.487, 0.441), (0.267, 0.256, 0.276), **_CIFAR),
    )
}
"""The checksum is `checksum_of` the original files; None where they were not at hand."""


@dataclass(frozen=True)
class Split:
    """Images (uint8: count, channels, height, width) with their labels (int64)."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, chosen: Tensor) -> Split:
        """The images at these positions."""
        return Split(self.images[chosen], self.labels[chosen])

    def to(self, device: torch.device | str) -> Split:
        """The same on another device."""
        return Split(self.images.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Data:
    """A dataset ready for use; `validation` chooses epochs, `test` is read once per run."""

    source: Source
    training: Split
    validation: Split
    test: Split
    checksum: str

    def to(self, device: torch.device | str) -> Data:
        """The same on another device."""
        parts = (part.to(device) for part in (self.training, self.validation, self.test))
        return Data(self.source, *parts, self.checksum)

    def normalized(self, images: Tensor) -> Tensor:
        """Bytes as floats of about zero mean and unit variance."""
        scale, shift = _scale_and_shift(self.source, images.device, torch.get_default_dtype())
        return images * scale + shift


@lru_cache(maxsize=16)
def _scale_and_shift(source: Source, device: torch.device, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Kept on the device, since copying them there at every step would wait for it."""
    pairs = list(zip(source.mean, source.std, strict=True))
    rows = torch.tensor([[1 / (255 * std), -mean / std] for mean, std in pairs], device=device, dtype=dtype)
    return tuple(column.view(-1, 1, 1) for column in rows.T.contiguous())


def load(
    name: str, folder: Path | None, *, validation: int, download: bool = False, expected: str | None = None
) -> Data:
    """The dataset by its name in the corpus; `validation` images of its training part are held out.

    With `validation` 0 the test set stands in for the validation part, as in ShrinkBench.
    """
    if name not in SOURCES:
        raise ValueError(
            f"dataset '{name}' cannot be re-run{did_you_mean(name, SOURCES)}; expected {', '.join(SOURCES)}"
        )
    if folder is None:
        raise ValueError(
            f"{name} is needed: say where it is with --data-dir DIR (and --download to fetch it there)"
        )
    source = SOURCES[name]
    training, test = _read(name, folder, download)
    checksum = checksum_of(training, test)
    wanted = expected or source.checksum
    if wanted and checksum != wanted:
        raise ValueError(
            f"{folder}: {name} has checksum {checksum[:16]}..., expected {wanted[:16]}...; fetch it again"
        )
    return assemble(source, training, test, validation, checksum)


def _read(name: str, folder: Path, download: bool) -> tuple[Split, Split]:
    from torchvision import datasets

    kind = getattr(datasets, name.replace("-", ""))
    try:
        parts = [kind(root=str(folder), train=train, download=download) for train in (True, False)]
    except RuntimeError as error:
        raise ValueError(
            f"{folder}: {name} is not there or damaged ({error}); --download fetches it"
        ) from None
    return tuple(_split(part.data, part.targets) for part in parts)


def _split(images: np.ndarray | Tensor, labels: list[int] | Tensor) -> Split:
    images = torch.as_tensor(images)
    images = images.unsqueeze(1) if images.ndim == 3 else images.permute(0, 3, 1, 2)
    return Split(images.contiguous(), torch.as_tensor(labels, dtype=torch.int64))


def checksum_of(training: Split, test: Split) -> str:
    """SHA-256 of all bytes and labels in their original order."""
    digest = hashlib.sha256()
    for part in (training, test):
        digest.update(part.images.numpy().tobytes())
        digest.update(part.labels.numpy().tobytes())
    return digest.hexdigest()


def assemble(source: Source, training: Split, test: Split, validation: int, checksum: str) -> Data:
    """The dataset with `validation` images, always the same ones, held out of the training part."""
    if not 0 <= validation < len(training):
        raise ValueError(f"validation: {validation} images of {len(training):,} cannot be held out")
    if validation == 0:
        return Data(source, training, test, test, checksum)
    generator = torch.Generator().manual_seed(seed_for("validation split"))
    order = torch.randperm(len(training), generator=generator)
    held_out, rest = order[:validation].sort().values, order[validation:].sort().values
    return Data(source, training.part(rest), training.part(held_out), test, checksum)


def fewer(data: Data, images: int) -> Data:
    """The dataset with so many of its training images, always the same; more of them contain fewer."""
    if not 0 < images <= len(data.training):
        raise ValueError(
            f"training_images: {images:,} cannot be had, the training part has {len(data.training):,}"
        )
    generator = torch.Generator().manual_seed(seed_for("training part"))
    chosen = torch.randperm(len(data.training), generator=generator)[:images].sort().values
    return replace(data, training=data.training.part(chosen))


def invented(
    shape: tuple[int, int, int], *, training: int, test: int, validation: int, classes: int = 10
) -> Data:
    """Images made in code: each class a smooth pattern, buried in noise so that no network gets all of them right.

    Nothing is read and nothing depends on the machine, so that a test or a first try needs no download.
    """
    generator = torch.Generator().manual_seed(seed_for("invented images"))
    channels, height, width = shape
    coarse = torch.randn(classes, channels, 4, 4, generator=generator)
    patterns = torch.nn.functional.interpolate(
        coarse, (height, width), mode="bilinear", align_corners=False
    )

    def draw(count: int) -> Split:
        labels = torch.randint(classes, (count,), generator=generator)
        noise = torch.randn(count, channels, height, width, generator=generator)
        images = (128 + 14 * patterns[labels] + 60 * noise).clamp(0, 255).to(torch.uint8)
        return Split(images, labels)

    parts = draw(training), draw(test)
    source = Source("invented", classes, (0.5,) * channels, (0.25,) * channels)
    return assemble(source, *parts, validation, checksum_of(*parts))
