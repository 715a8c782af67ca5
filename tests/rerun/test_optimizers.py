"""Optimizers on flat vectors do what torch's own do."""

import pytest

pytest.importorskip("torch")

import torch

from rerun.study.recipe import TrainingRecipe
from rerun.training.optimizers import Adam, Sgd

CASES = {
    "plain": (Sgd, {"momentum": 0.0, "nesterov": False, "weight_decay": 0.0}),
    "momentum": (Sgd, {"momentum": 0.9, "nesterov": False, "weight_decay": 1e-2}),
    "nesterov": (Sgd, {"momentum": 0.9, "nesterov": True, "weight_decay": 1e-2}),
    "adam": (Adam, {"weight_decay": 1e-2}),
}


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("one_rate_each", [False, True])
def test_ten_steps_equal_torch(case, one_rate_each):
    """Ten steps end where torch.optim ends.

    Within 1e-13: ten steps of at most twenty roundings of 2^-53 each, of numbers below 4, are 9e-14.
    """
    kind, settings = CASES[case]
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(50, generator=generator)
    mine, theirs = start.clone(), torch.nn.Parameter(start.clone())
    reference = (torch.optim.SGD if kind is Sgd else torch.optim.Adam)([theirs], lr=0.05, **settings)
    optimizer = kind(mine, **settings)
    for _ in range(10):
        gradient = torch.randn(50, generator=generator)
        theirs.grad = gradient.clone()
        reference.step()
        optimizer.step(mine, gradient.clone(), torch.full((50,), 0.05) if one_rate_each else 0.05)
    torch.testing.assert_close(mine, theirs.detach(), rtol=1e-13, atol=1e-13)


def test_schedules_by_hand():
    """Constant, step, cosine and warm-up at epochs where the rate is known."""
    common = {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 8, "epochs": 200}
    assert TrainingRecipe(**common).rate_at(150) == 1
    step = TrainingRecipe(**common, schedule="step", milestones=(100, 150))
    assert [step.rate_at(epoch) for epoch in (0, 99.9, 100, 150)] == pytest.approx([1, 1, 0.1, 0.01])
    cosine = TrainingRecipe(**common, schedule="cosine", warm_up_epochs=10)
    assert [cosine.rate_at(epoch) for epoch in (0, 5, 10, 105, 200)] == pytest.approx(
        [0, 0.5, 1, 0.5, 0], abs=1e-12
    )
