"""What tests of the re-run engine share."""

from __future__ import annotations

import pytest


@pytest.fixture
def float64():
    """Everything made in the test is computed in float64, so that an order of summation cannot pass for a mistake."""
    torch = pytest.importorskip("torch")
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)
