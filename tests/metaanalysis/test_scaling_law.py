"""The scaling law: its form, its inverse, its fit, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from metaanalysis.scaling.fit import fit
from metaanalysis.scaling.law import CONSTANTS, Law, Measurements

NOISE = 0.034
"""Relative standard deviation between seeds, as Rosenfeld et al. measured it."""
LAW = Law(plateau=0.9, slope=1.5, knee=0.05, depth_exponent=0.6, width_exponent=1.3)


def grid():
    """Laws, densities and unpruned errors over orders of magnitude."""
    for slope in (0.2, 0.7, 1.5, 4.0):
        for knee in (1e-4, 0.03, 2.0):
            for start in (0.001, 0.05, 0.4):
                yield Law(0.9, slope, knee), np.geomspace(1e-5, 1, 41), start


def invented(
    law=LAW, noise=NOISE, seed=0, widths=(0.25, 0.5, 1, 2, 4), depths=(8, 14, 20), seeds=2, rounds=30
):
    """Networks that follow a law but for noise of each run, the unpruned ones too."""
    generator, rows = np.random.default_rng(seed), []
    for width in widths:
        for depth in depths:
            start = 0.12 * width**-0.2 * depth**-0.3
            seen = start * (1 + noise * generator.standard_normal() / np.sqrt(seeds))
            for density in 0.8 ** np.arange(1, rounds + 1):
                for _ in range(seeds):
                    error = law.error(density, start, width, depth) * (
                        1 + noise * generator.standard_normal()
                    )
                    rows.append(
                        (f"width {width}, depth {depth}", density, float(error), seen, seeds, width, depth)
                    )
    names, *columns = zip(*rows, strict=True)
    return Measurements(("invented",) * len(rows), names, *(np.array(column, float) for column in columns))


def changed(points: Measurements, **columns) -> Measurements:
    return Measurements(**{**vars(points), **columns})


def test_the_real_form_is_the_complex_one():
    """|(m − jp√A) / (m − jp)|^γ in complex numbers gives the same error, to 1e-12 of it: a few roundings."""
    for law, density, start in grid():
        far = law.knee * (law.plateau / start) ** (1 / law.slope)
        complex_form = start * np.abs((density - 1j * far) / (density - 1j * law.knee)) ** law.slope
        assert np.abs(law.error(density, start) / complex_form - 1).max() < 1e-12


def test_the_inverse_is_the_inverse():
    """The density for an error is the density that has it; 1e-6 where the curve is not flat, as rounding demands."""
    for law, density, start in grid():
        error = law.error(density, start)
        steep = (error > 1.001 * start) & (error < 0.999 * law.plateau)
        assert np.abs(law.density_for(error[steep], start) / density[steep] - 1).max(initial=0) < 1e-6
        found = law.density_for(error[steep], start)
        assert np.abs(law.error(found, start) / error[steep] - 1).max(initial=0) < 1e-12


def test_the_limits_are_those_of_the_paper():
    """Dense: the unpruned error. Nothing left: the plateau. Between the knees: the power law."""
    law = Law(0.9, 1.2, 0.01)
    assert law.error(1e9, 0.01) == pytest.approx(0.01, rel=1e-12)
    assert law.error(1e-12, 0.01) == pytest.approx(0.9, rel=1e-12)
    wide = Law(0.9, 1.2, 1e-3)
    assert wide.error(0.05, 1e-6) == pytest.approx(0.9 * (1e-3 / 0.05) ** 1.2, rel=1e-3)
    assert np.isnan(law.density_for([0.01, 0.005, 0.9, 0.95], 0.01)).all()


def test_width_depth_and_density_are_interchangeable():
    """Networks of equal l^φ w^ψ d and equal unpruned error have equal error."""
    other = 0.1 * (2 / 0.5) ** 1.3 * (20 / 8) ** 0.6
    assert LAW.error(other, 0.05, 0.5, 8) == pytest.approx(LAW.error(0.1, 0.05, 2, 20), rel=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_known_constants_are_recovered(seed):
    """From 900 noisy points the constants come back, each as near as the noise of the unpruned errors allows.

    What decides is the error of ε_np, 3.4 % / √2 for each of 15 networks, that is 0.6 % for all together: it moves
    curves sideways by 0.6 % / γ, so that p is known to about 3 %, and exponents, spread over ln(16) and ln(2.5), to
    about 0.01 and 0.03. Tolerances are three times that, or 0.1 for γ whose curve has a knee at either end.
    """
    found = fit(invented(seed=seed), replicates=100)
    assert found.law.plateau == pytest.approx(0.9, abs=0.02)
    assert found.law.slope == pytest.approx(1.5, abs=0.1)
    assert found.law.knee == pytest.approx(0.05, rel=0.1)
    assert found.law.depth_exponent == pytest.approx(0.6, abs=0.09)
    assert found.law.width_exponent == pytest.approx(1.3, abs=0.03)
    assert abs(found.mean) < 0.01
    assert found.spread == pytest.approx(NOISE, abs=0.006)
    assert found.left_out.std() == pytest.approx(NOISE, abs=0.008)


def test_without_noise_the_constants_are_exact():
    """A law fitted to itself is itself."""
    found = fit(invented(noise=0.0, seeds=1), replicates=2).law
    for name in CONSTANTS:
        assert getattr(found, name) == pytest.approx(getattr(LAW, name), rel=1e-5)


def test_a_single_network_has_no_exponents():
    """One width and depth tell three constants."""
    law = Law(0.9, 1.5, 0.05)
    found = fit(invented(law, widths=(1,), depths=(20,), seeds=3))
    assert (found.law.depth_exponent, found.law.width_exponent) == (0, 0)
    assert found.law.slope == pytest.approx(1.5, abs=0.2)
    assert found.left_out is None
    assert list(found.per_network) == ["width 1, depth 20"]


def test_intervals_hold_what_they_should():
    """Of 95 % intervals over twelve invented families at least nine in twelve hold the width exponent and the slope.

    Fewer would be a chance of 0.22 % if they are 95 % intervals; for each of them the seeds are fixed.
    """
    held = {"width_exponent": 0, "slope": 0}
    law = Law(0.9, 1.5, 0.05, 0.0, 1.3)
    for seed in range(12):
        found = fit(invented(law, seed=seed, depths=(1,), rounds=20), replicates=80, seed=seed)
        for name in held:
            low, high = found.interval(name)
            held[name] += low <= getattr(law, name) <= high
    assert min(held.values()) >= 9


def test_fits_repeat():
    """The same points give the same law and the same intervals."""
    points = invented(depths=(20,))
    first, again = fit(points), fit(points)
    assert first.law == again.law
    assert (first.replicates == again.replicates).all()


def test_what_cannot_be_fitted_says_why():
    """Too few points, errors that fall, several tasks, no rise: one message each."""
    few = invented(Law(0.9, 1.5, 0.05), widths=(1,), depths=(20,), rounds=3)
    with pytest.raises(
        ValueError, match=r"^width 1, depth 20: 3 densities are too few .*; expected 5 or more$"
    ):
        fit(few)
    points = invented(depths=(20,), widths=(1,), noise=0.0)
    with pytest.raises(
        ValueError, match=r"^width 1, depth 20: error falls from .* as density falls to .*swapped\?$"
    ):
        fit(changed(points, density=points.density[::-1]))
    tasks = ("MNIST", "CIFAR-10") * (len(points) // 2)
    with pytest.raises(ValueError, match=r"^2 tasks are mixed \(CIFAR-10, MNIST\).*fit each alone$"):
        fit(changed(points, task=tasks))
    flat = changed(points, error=points.unpruned_error * 1.01)
    with pytest.raises(ValueError, match=r"^error rises by 1.0% at most"):
        fit(flat)
