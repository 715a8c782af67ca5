"""Network slimming's L1 term: it pulls batch-norm factors towards zero, and nothing else."""

import pytest

pytest.importorskip("torch")

import torch
from torch import nn

from rerun.images.in_memory import invented
from rerun.study.recipe import TrainingRecipe
from rerun.training.member import Member
from rerun.training.on_cpu import SideBySide
from rerun.training.on_gpu import Grouped
from rerun.training.train import StackTraining

PLAIN = TrainingRecipe(optimizer="sgd", learning_rate=0.1, batch_size=16, epochs=1)
KINDS = {"side by side": SideBySide, "grouped": lambda members, recipe: Grouped(members, recipe, "cpu")}


def network():
    """A convolution with batch normalization, whose factors are of both signs and one is 0."""
    torch.manual_seed(3)
    made = nn.Sequential(
        nn.Conv2d(1, 4, 5, 4), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(144, 10)
    )
    made[1].weight.data = torch.tensor([0.5, -0.5, 1.0, 0.0])
    return made


def after_one_step(kind, recipe):
    """The weights of two networks of two seeds after one minibatch."""
    data = invented((1, 28, 28), training=24, test=8, validation=8)
    members = [Member(network(), seed, recipe.learning_rate) for seed in (1, 2)]
    training = StackTraining(KINDS[kind](members, recipe), data, recipe)
    training.run()
    return [training.stack.state(number)["network"] for number in range(2)]


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("kind", KINDS)
def test_factors_move_by_rate_times_term_towards_zero(kind):
    """One step differs from one without the term by -rate x sparsity x sign in the factors, and in no other weight.

    Within 1e-15: two float64 below 1 and their difference are rounded by 2^-54 each, 2e-16 together.
    """
    sparse = PLAIN.model_copy(update={"sparsity": 0.01})
    for plain, pulled in zip(after_one_step(kind, PLAIN), after_one_step(kind, sparse), strict=True):
        change = pulled.pop("1.weight") - plain.pop("1.weight")
        torch.testing.assert_close(change, torch.tensor([-0.001, 0.001, -0.001, 0.0]), rtol=0, atol=1e-15)
        assert all(torch.equal(value, pulled[name]) for name, value in plain.items())


@pytest.mark.parametrize("kind", KINDS)
def test_networks_without_factors_are_refused(kind):
    """A recipe that wants factors sparse where there are none is an error, not a recipe that does nothing."""
    bare = Member(nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), 1, 0.1)
    with pytest.raises(ValueError, match="'sparsity' is for networks with batch normalization"):
        KINDS[kind]([bare], PLAIN.model_copy(update={"sparsity": 0.01}))
