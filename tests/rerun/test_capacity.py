"""How many networks share a step follows from the memory that is free."""

import pytest

pytest.importorskip("torch")

import torch

from rerun.architectures import architecture
from rerun.engine import capacity

RESNET = architecture("ResNet-20")


def most(monkeypatch, gigabytes, batch=128, **options):
    """Networks at once where so much memory of a GPU is free."""
    monkeypatch.setattr(capacity, "free_bytes", lambda _: gigabytes * 10**9)
    return capacity.networks_at_once(RESNET, 10, batch, "cuda", 1, **options)


def test_more_memory_takes_more_networks(monkeypatch):
    """In proportion, between one and the most that a step takes; half a GPU takes half as many."""
    assert most(monkeypatch, 0.01) == 1
    assert most(monkeypatch, 10_000) == capacity.MOST["cuda"]
    assert most(monkeypatch, 40) == pytest.approx(2 * most(monkeypatch, 20), abs=1)
    assert most(monkeypatch, 40, share=0.5) == most(monkeypatch, 20)


def test_half_precision_and_smaller_batches_take_more_networks(monkeypatch):
    """Activations, which fill most of the memory, halve with either; weights stay as large as they are."""
    full = most(monkeypatch, 20)
    assert 1.8 * full < most(monkeypatch, 20, precision="bf16") <= 2 * full + 1
    assert 1.8 * full < most(monkeypatch, 20, batch=64) <= 2 * full + 1


def test_activations_are_those_of_the_layers():
    """ResNet-20's convolutions put out 7 x 16 x 32^2, 6 x 32 x 16^2 and 6 x 64 x 8^2 numbers for one image."""
    convolutions = capacity.activation_values(RESNET, 10, torch.nn.Conv2d)
    assert convolutions == 7 * 16 * 32**2 + 6 * 32 * 16**2 + 6 * 64 * 8**2
    assert capacity.activation_values(RESNET, 10) > 2 * convolutions
