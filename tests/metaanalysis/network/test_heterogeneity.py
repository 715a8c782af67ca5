"""Variance between studies, Q and its parts, intervals: against textbook forms, and at their limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from scipy.stats import t as student

from metaanalysis.network import network_meta_analysis

SEEDS = st.integers(0, 2**32 - 1)
QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(
    seed=SEEDS, treatments=st.integers(2, 6), studies=st.integers(8, 20), tau=st.sampled_from([0.0, 1.0])
)
def test_restricted_likelihood_has_its_maximum_there(random_table, dense, seed, treatments, studies, tau):
    """REML's tau squared maximises the textbook likelihood with the full covariance matrix."""
    data = random_table(seed, studies, treatments, tau)
    peer = dense(data)
    tau2 = network_meta_analysis(data, tau="REML").summary["tau2"]
    best = minimize_scalar(
        lambda x: -peer.restricted_likelihood(x), bounds=(0, 40), options={"xatol": 1e-10}
    )
    # near a maximum the likelihood is flat: equal in its last digit means tau squared equal to its square root
    assert peer.restricted_likelihood(tau2) >= -best.fun - 1e-9 * abs(best.fun)


@QUICK
@given(seed=SEEDS, treatments=st.integers(2, 6), studies=st.integers(8, 20))
def test_the_moment_estimate_makes_q_expected(random_table, dense, seed, treatments, studies):
    """With DL's tau squared the expected Q, tr(P (V + tau2 T)) written out in full, is the Q that was seen."""
    data = random_table(seed, studies, treatments, 1.5)
    peer = dense(data)
    summary = network_meta_analysis(data).summary
    weights = np.linalg.inv(peer.covariance)
    _, covariance, q = peer.solve(0.0)
    projected = weights - weights @ peer.design @ covariance @ peer.design.T @ weights
    expected = np.trace(projected @ (peer.covariance + summary["tau2"] * peer.shared))
    assert summary["q"] == pytest.approx(q, rel=1e-9)
    if summary["tau2"] > 0:
        assert expected == pytest.approx(q, rel=1e-8)
    else:
        assert expected >= q - 1e-8 * q


@QUICK
@given(seed=SEEDS, treatments=st.integers(2, 6), studies=st.integers(4, 25))
def test_q_within_designs_is_that_of_each_design_alone(random_table, seed, treatments, studies):
    """The part of Q within designs is the sum of the Q of networks made of one design each."""
    data = random_table(seed, studies, treatments)
    whole = network_meta_analysis(data)
    arms = data.groupby("study")[["treatment_a", "treatment_b"]].agg(set)
    design = {study: frozenset(row["treatment_a"] | row["treatment_b"]) for study, row in arms.iterrows()}
    alone = [network_meta_analysis(rows).summary for _, rows in data.groupby(data["study"].map(design))]
    assert whole.summary["q_within"] == pytest.approx(sum(part["q"] for part in alone), rel=1e-9, abs=1e-9)
    assert whole.summary["df_within"] == sum(part["df_q"] for part in alone)
    assert whole.summary["df_between"] == whole.summary["df_q"] - whole.summary["df_within"]
    made = whole.summary["q_within"] + whole.summary["q_between"]
    assert made == pytest.approx(whole.summary["q"], rel=1e-9, abs=1e-9)
    assert len(whole.designs) == len(alone)
    assert whole.designs["studies"].sum() == whole.summary["studies"]


@pytest.mark.parametrize("tau", ["DL", "REML", "REML-diagonal"])
def test_studies_that_agree_have_no_variance_between_them(table, tau: str):
    """With Q below its degrees of freedom tau squared and I squared are 0, and both models say the same."""
    result = network_meta_analysis(table("1 A B 1.0 0.5\n2 A B 1.1 0.5\n3 B C 1 0.5\n4 A C 2 0.5"), tau=tau)
    assert result.summary["tau2"] == 0
    assert result.summary["i2"] == 0
    assert result.league["effect_common"].tolist() == result.league["effect_random"].tolist()


def test_studies_that_agree_exactly(table):
    """A Q of nothing is no division by it."""
    result = network_meta_analysis(table("1 A B 1 0.5\n2 A B 1 0.25"))
    assert (result.summary["q"], result.summary["i2"], result.summary["tau2"]) == pytest.approx(
        (0, 0, 0), abs=1e-20
    )


@pytest.mark.parametrize("tau", ["DL", "REML"])
def test_without_a_degree_of_freedom_nothing_is_claimed(table, tau: str):
    """A chain of studies has no two estimates of anything: tau squared is not known, and a note says so."""
    result = network_meta_analysis(table("1 A B 1 0.5\n2 B C 1 0.5"), tau=tau)
    summary = result.summary
    assert (summary["df_q"], summary["tau2"], summary["i2"], summary["p_q"]) == (0, None, None, None)
    assert "tau2 cannot be estimated" in summary["notes"][0]
    league = result.league
    assert league["se_random"].tolist() == league["se_common"].tolist()
    half = norm.ppf(0.975) * league["se_common"]
    np.testing.assert_allclose(league["high_random"] - league["effect_random"], half, rtol=1e-12)
    assert result.prediction["low"].isna().all()


def test_intervals_by_their_definitions(table):
    """Normal, Student's t, and Knapp and Hartung's, each written out; the estimates are the same."""
    data = table("1 A B 0.5 0.2\n2 A B 1.3 0.3\n3 B C 0.1 0.4\n4 A C 2.0 0.5\n5 A C 1.1 0.2")
    results = {
        kind: network_meta_analysis(data, interval=kind) for kind in ("normal", "t", "hartung-knapp")
    }
    scale = (results["t"].components[0].random.q / 3) ** 0.5
    factors = {
        "normal": norm.ppf(0.975),
        "t": student.ppf(0.975, 3),
        "hartung-knapp": scale * student.ppf(0.975, 3),
    }
    for kind, result in results.items():
        league = result.league
        half = factors[kind] * league["se_random"]
        np.testing.assert_allclose(league["high_random"] - league["effect_random"], half, rtol=1e-12)
        np.testing.assert_allclose(league["effect_random"] - league["low_random"], half, rtol=1e-12)
    prediction = results["t"].prediction
    spread = (
        student.ppf(0.975, 3)
        * (results["t"].league["se_random"] ** 2 + results["t"].summary["tau2"]) ** 0.5
    )
    np.testing.assert_allclose((prediction["high"] - prediction["low"]) / 2, spread, rtol=1e-12)


def test_diagonal_reml_depends_on_the_reference(table):
    """It takes contrasts to a baseline as independent, so its answer turns with the baseline; exact REML's does not."""
    data = table("1 A B 1.0 0.2\n1 B C 1.0 0.3\n1 A C 2.0 0.3\n2 A B 2.2 0.2\n3 B C 0.2 0.2\n4 A C 1.1 0.3")
    exact = {
        name: network_meta_analysis(data, tau="REML", reference=name).summary["tau2"] for name in "ABC"
    }
    diagonal = {
        name: network_meta_analysis(data, tau="REML-diagonal", reference=name).summary["tau2"]
        for name in "ABC"
    }
    assert len(set(exact.values())) == 1
    assert max(diagonal.values()) > 1.01 * min(diagonal.values())
