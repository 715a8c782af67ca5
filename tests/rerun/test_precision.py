"""The comparison of half with full precision finds a difference that is there, and none that is not."""

import importlib.util
import random
from pathlib import Path

import pytest

pytest.importorskip("torch")

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "precision.py"


@pytest.fixture(scope="module")
def precision():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("precision", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def arm(seed, shift=0.0):
    """20 configurations with three seeds each, whose accuracies scatter by 0.3 points around the configuration's."""
    draw = random.Random(seed)
    configurations = [("a", f"method {number}", 2.0) for number in range(20)]
    return {
        where: {one: 90 - number + shift + draw.gauss(0, 0.3) for one in (1, 2, 3)}
        for number, where in enumerate(configurations)
    }


def test_the_noise_between_seeds_is_found(precision):
    """The pooled standard deviation is the 0.3 that was put in; 80 degrees of freedom give it to 8 %: three of them."""
    assert precision.seed_noise(arm(1), arm(2)) == pytest.approx(0.3, rel=0.24)


def test_a_shift_is_told_from_noise(precision):
    """Noise alone is called a difference in 5 % of 200 comparisons (4.6 % expected at two errors, 1.5 % the scatter of
    that share: three of it); half a point over 60 pairs is nine standard errors and always found.
    """
    alike = [precision.verdict(arm(2 * number), arm(2 * number + 1)) for number in range(200)]
    assert 0.001 < sum("OUTSIDE" in said for said in alike) / 200 < 0.091
    for number in range(20):
        said = precision.verdict(arm(2 * number), arm(2 * number + 1, shift=-0.5))
        assert "OUTSIDE seed noise" in said
        assert said.startswith("bf16 - fp32 over 60 pairs: -0.")


def test_without_pairs_or_seeds_nothing_is_claimed(precision):
    """No pairs: it says so; one seed only: the noise is unknown."""
    assert precision.verdict(arm(1), {}) == "no pair of runs is finished in both precisions"
    with pytest.raises(ValueError, match="no configuration has two seeds"):
        precision.seed_noise({("a", "b", 2.0): {1: 90.0}})
