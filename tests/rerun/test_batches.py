"""Minibatches: every image once, augmented as said, following the seed."""

import pytest

pytest.importorskip("torch")

from dataclasses import replace

import torch

from rerun.images.batches import Batches
from rerun.images.in_memory import Source, invented


@pytest.fixture(scope="module")
def data():
    """Invented colour images that are to be cropped and mirrored."""
    plain = invented((3, 12, 12), training=70, test=5, validation=0)
    return replace(
        plain, source=Source("invented", 10, (0.4, 0.5, 0.6), (0.2, 0.25, 0.3), padding=2, flips=True)
    )


def test_an_epoch_has_every_image_once(data):
    """Over an epoch the labels are those of the training part, the last batch shorter."""
    batches = list(Batches(data, 32, seed=1).epoch(0))
    assert [len(labels) for _, labels in batches] == [32, 32, 6]
    seen = torch.cat([labels for _, labels in batches])
    assert torch.equal(seen.bincount(minlength=10), data.training.labels.bincount(minlength=10))


def test_batches_follow_seed_and_epoch(data):
    """The same seed and epoch give the same images bit for bit; another epoch or seed gives others."""
    first, again = (next(Batches(data, 32, 1).epoch(3))[0] for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, next(Batches(data, 32, 1).epoch(4))[0])
    assert not torch.equal(first, next(Batches(data, 32, 2).epoch(3))[0])


def test_each_image_is_a_crop_mirrored_or_not(data):
    """Every augmented image equals one of the 50 crops and mirrored crops of a padded training image."""
    padded = torch.nn.functional.pad(data.training.images, (2, 2, 2, 2))
    crops = torch.stack(
        [padded[:, :, top : top + 12, left : left + 12] for top in range(5) for left in range(5)], 1
    ).flatten(0, 1)
    known = {crop.numpy().tobytes() for crop in torch.cat([crops, crops.flip(3)])}
    scale = torch.tensor([0.2, 0.25, 0.3]).view(-1, 1, 1) * 255
    shift = torch.tensor([0.4, 0.5, 0.6]).view(-1, 1, 1) * 255
    drawn = [
        ((images * scale) + shift).round().to(torch.uint8) for images, _ in Batches(data, 32, 5).epoch(0)
    ]
    drawn = torch.cat(drawn)
    assert all(image.numpy().tobytes() in known for image in drawn)
    assert len(
        {image.numpy().tobytes() for image in drawn}
        - {image.numpy().tobytes() for image in data.training.images}
    )
