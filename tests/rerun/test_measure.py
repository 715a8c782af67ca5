"""Accuracies are exact."""

import pytest

pytest.importorskip("torch")

import torch

from rerun.images.in_memory import Split, assemble, checksum_of, invented, load
from rerun.pruning.counts import Accuracy, correct
from rerun.training.train import accuracies


def test_hits_are_counted_by_hand():
    """Top-1 and Top-5 hits of two networks on three images, a tie counting against the right class."""
    logits = torch.zeros(2, 3, 10)
    logits[0, 0, 4] = 1  # right
    logits[0, 1, :5] = torch.arange(5, 0, -1).float()  # fifth best is right
    logits[0, 2, :6] = torch.arange(6, 0, -1).float()  # sixth best is right
    logits[1, 0] = float("nan")
    labels = torch.tensor([4, 4, 5])
    assert correct(logits, labels).tolist() == [[1, 0], [2, 0]]


class Echo:
    """Three networks, each of which answers with the first pixel of an image, one of them one class too high."""

    def logits(self, images):
        answers = ((images[:, 0, 0, 0] * 0.25 + 0.5) * 255).round().long()
        return torch.stack(
            [torch.nn.functional.one_hot((answers + shift) % 10, 10).float() for shift in (0, 1, 0)]
        )


def test_the_last_short_batch_counts():
    """1,003 images, evaluated in batches of 1,000, count 1,003."""
    data = invented((1, 8, 8), training=50, test=1003, validation=10)
    labels = torch.arange(1003) % 10
    images = labels.to(torch.uint8).view(-1, 1, 1, 1).expand(-1, 1, 8, 8).contiguous()
    found = accuracies(Echo(), data, Split(images, labels))
    assert found == [
        Accuracy(1003, 1003, 1003),
        Accuracy(0, found[1].top5, 1003),
        Accuracy(1003, 1003, 1003),
    ]
    assert found[0].top1_percent == 100


def test_the_validation_part_is_held_out():
    """Held-out images are the same each time, no training image among them, and none is lost."""
    images = torch.arange(40, dtype=torch.uint8).view(40, 1, 1, 1)
    whole = Split(images, torch.arange(40))
    source = invented((1, 1, 1), training=2, test=1, validation=0).source
    data, again = (assemble(source, whole, whole.part(torch.arange(3)), 10, "") for _ in range(2))
    assert torch.equal(data.validation.labels, again.validation.labels)
    assert sorted(torch.cat([data.training.labels, data.validation.labels]).tolist()) == list(range(40))
    assert len(data.validation) == 10
    with pytest.raises(ValueError, match="cannot be held out"):
        assemble(source, whole, whole, 40, "")


def test_without_a_validation_part_the_test_set_stands_in():
    """ShrinkBench's choice: all training images train, and the test set chooses."""
    data = invented((1, 8, 8), training=50, test=20, validation=0)
    assert data.validation is data.test
    assert len(data.training) == 50


def test_the_checksum_sees_every_byte():
    """One changed pixel or label changes the checksum."""
    data = invented((1, 8, 8), training=50, test=20, validation=0)
    first = checksum_of(data.training, data.test)
    data.training.images[3, 0, 2, 2] ^= 1
    second = checksum_of(data.training, data.test)
    data.test.labels[0] = (data.test.labels[0] + 1) % 10
    assert len({first, second, checksum_of(data.training, data.test)}) == 3


def test_missing_data_is_one_clear_error(tmp_path):
    """No folder, an empty folder and an unknown dataset each say what is missing."""
    with pytest.raises(ValueError, match="--data-dir"):
        load("MNIST", None, validation=0)
    with pytest.raises(ValueError, match="--download fetches it"):
        load("CIFAR-10", tmp_path, validation=0)
    with pytest.raises(ValueError, match="did you mean 'CIFAR-10'"):
        load("CIFAR10", tmp_path, validation=0)
