"""Singular values of the input-output Jacobian: exact, and 1 for isometries."""

import pytest

pytest.importorskip("torch")

import torch
from torch import nn

from rerun.architectures import architecture
from rerun.training.trainability import jacobian_spectrum, singular_values


def images(*shape, seed=1):
    """Invented images in float64."""
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_an_orthogonal_map_has_singular_values_of_one():
    """Rows of an orthogonal matrix: mean, least, most and condition number are 1, spread and distance 0, to 1e-12."""
    turn, _ = torch.linalg.qr(images(12, 12))
    layer = nn.Linear(12, 5).double()
    layer.weight.data = turn[:5].clone()
    found = jacobian_spectrum(nn.Sequential(nn.Flatten(), layer), images(7, 3, 2, 2))
    assert (found.mean, found.least, found.most, found.condition) == pytest.approx((1, 1, 1, 1), abs=1e-12)
    assert (found.spread, found.from_isometry) == pytest.approx((0, 0), abs=1e-12)


@pytest.mark.parametrize("name", ["LeNet-300-100", "LeNet-5-Caffe", "ResNet-20"])
def test_singular_values_are_those_of_the_dense_jacobian(name):
    """For each image the same as a dense Jacobian taken alone, to 1e-9 relative in float64."""
    entry = architecture(name)
    network = entry.build(10, seed=1).double()
    batch = images(2, *entry.input_shape)
    values = singular_values(network, batch)
    for image, found in zip(batch, values, strict=True):
        dense = torch.autograd.functional.jacobian(network.eval(), image[None]).reshape(10, -1)
        torch.testing.assert_close(found, torch.linalg.svdvals(dense), rtol=1e-9, atol=1e-12)


def test_the_summary_is_that_of_a_diagonal_map():
    """Worked by hand: singular values 1, 2 and 3 have mean 2, spread sqrt(2/3)/2, condition 3, mean (s-1)² of 5/3."""
    layer = nn.Linear(3, 3).double()
    layer.weight.data = torch.diag(torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64))
    found = jacobian_spectrum(layer, images(4, 3))
    assert (found.mean, found.least, found.most, found.condition) == pytest.approx((2, 1, 3, 3))
    assert found.spread == pytest.approx((2 / 3) ** 0.5 / 2)
    assert found.from_isometry == pytest.approx(5 / 3)


def test_the_network_stays_as_it_is():
    """Training mode, batch statistics and gradients are what they were."""
    network = architecture("ResNet-20").build(10, seed=1).train()
    network.blocks[0].bn1.eval()
    before = {key: value.clone() for key, value in network.state_dict().items()}
    jacobian_spectrum(network, torch.randn(2, 3, 32, 32))
    assert network.training
    assert not network.blocks[0].bn1.training
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())
