"""Estimates of pairs: worked by hand, against classical meta-analysis and against generalised least squares."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from metaanalysis.network import network_meta_analysis

SEEDS = st.integers(0, 2**32 - 1)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ESTIMATES = ("effect_common", "se_common", "effect_random", "se_random")


def pair(result, a: str, b: str) -> pd.Series:
    """The row of the league table for a minus b."""
    return result.league.set_index(["treatment_a", "treatment_b"]).loc[(a, b)]


def test_a_triangle_by_hand(table):
    """Three equal studies of three pairs: each effect is two thirds direct and one third by the other two."""
    result = network_meta_analysis(table("1 A B 1 0.6\n2 B C 1 0.6\n3 A C 5 0.6"))
    a_b = pair(result, "A", "B")
    # the direct variance 0.36, the indirect one 0.72: weights 2 : 1
    assert a_b["effect_common"] == pytest.approx((2 * 1 + (5 - 1)) / 3, rel=1e-12)
    assert a_b["se_common"] == pytest.approx((0.36 * 2 / 3) ** 0.5, rel=1e-12)
    assert a_b["direct"] == pytest.approx(1, rel=1e-12)
    assert a_b["indirect"] == pytest.approx(4, rel=1e-12)
    assert a_b["difference"] == pytest.approx(-3, rel=1e-12)
    assert a_b["share_direct"] == pytest.approx(2 / 3, rel=1e-12)
    assert a_b["p_difference"] == pytest.approx(2 * norm.sf(3 / (0.36 + 0.72) ** 0.5), rel=1e-12)
    assert result.summary["q"] == pytest.approx(3**2 / (3 * 0.36), rel=1e-12)
    assert (result.summary["df_q"], result.summary["df_within"], result.summary["df_between"]) == (1, 0, 1)
    assert result.summary["q_between"] == pytest.approx(result.summary["q"], rel=1e-12)


def test_two_treatments_are_a_classical_meta_analysis(table):
    """Inverse-variance weights, Cochran's Q and the estimate of DerSimonian and Laird (1986), written out."""
    result = network_meta_analysis(table("1 A B 0.5 0.2\n2 A B 1.3 0.3\n3 B A 0.1 0.4\n4 A B 2.0 0.5"))
    effects, errors = np.array([0.5, 1.3, -0.1, 2.0]), np.array([0.2, 0.3, 0.4, 0.5])
    weights = errors**-2
    mean = (weights * effects).sum() / weights.sum()
    q = (weights * (effects - mean) ** 2).sum()
    tau2 = (q - 3) / (weights.sum() - (weights**2).sum() / weights.sum())
    random = 1 / (errors**2 + tau2)
    expected = [mean, weights.sum() ** -0.5, (random * effects).sum() / random.sum(), random.sum() ** -0.5]
    a_b = pair(result, "A", "B")
    assert a_b[list(ESTIMATES)].tolist() == pytest.approx(expected, rel=1e-12)
    assert result.summary["tau2"] == pytest.approx(tau2, rel=1e-12)
    assert (result.summary["q"], result.summary["q_within"]) == pytest.approx((q, q), rel=1e-12)
    assert a_b["direct"] == pytest.approx(mean, rel=1e-12)
    assert np.isnan(a_b["indirect"])
    assert a_b["share_direct"] == pytest.approx(1, rel=1e-12)
    shares = result.contributions_to("A", "B")
    assert shares["share_random"].tolist() == pytest.approx((random / random.sum()).tolist(), rel=1e-12)


@QUICK
@given(
    seed=SEEDS,
    treatments=st.integers(2, 9),
    studies=st.integers(1, 20),
    tau2=st.sampled_from([0.0, 0.3, 20.0]),
)
def test_multi_arm_studies_are_weighted_exactly(random_table, dense, seed, treatments, studies, tau2):
    """Effects, errors and Q are those of generalised least squares with the full covariance of every study."""
    data = random_table(seed, studies, treatments)
    peer = dense(data)
    estimate, covariance, q = peer.solve(tau2)
    result = network_meta_analysis(data, tau2=tau2)
    league = result.league.set_index(["treatment_a", "treatment_b"])
    levels = dict(zip(peer.treatments, [0.0, *estimate], strict=True))
    whole = np.pad(covariance, (1, 0))
    place = {treatment: number for number, treatment in enumerate(peer.treatments)}
    # variances span less than four orders here, so that cancellation leaves nine of sixteen digits
    for a, b in permutations(peer.treatments, 2):
        i, j = place[a], place[b]
        row = league.loc[(a, b)]
        variance = whole[i, i] + whole[j, j] - 2 * whole[i, j]
        assert row["effect_random"] == pytest.approx(levels[a] - levels[b], rel=1e-9, abs=1e-9)
        assert row["se_random"] ** 2 == pytest.approx(variance, rel=1e-9)
    assert result.components[0].random.q == pytest.approx(q, rel=1e-8, abs=1e-10)


@QUICK
@given(
    seed=SEEDS,
    treatments=st.integers(2, 9),
    studies=st.integers(3, 20),
    tau=st.sampled_from(["DL", "REML"]),
)
def test_names_order_and_orientation_do_not_matter(random_table, seed, treatments, studies, tau):
    """The same studies in another order, under other names and turned round say the same."""
    data = random_table(seed, studies, treatments)
    random = np.random.default_rng(seed)
    names = sorted({*data["treatment_a"], *data["treatment_b"]})
    renamed = dict(
        zip(names, random.permutation([f"n{place}" for place in range(len(names))]), strict=True)
    )
    other = data.sample(frac=1, random_state=seed % 1000).reset_index(drop=True)
    turned = random.random(len(other)) < 0.5
    ends = other[["treatment_a", "treatment_b"]].replace(renamed)
    other["treatment_a"] = np.where(turned, ends["treatment_b"], ends["treatment_a"])
    other["treatment_b"] = np.where(turned, ends["treatment_a"], ends["treatment_b"])
    other["effect"] = np.where(turned, -other["effect"], other["effect"])
    first = network_meta_analysis(data, tau=tau)
    second = network_meta_analysis(other, tau=tau)
    league = first.league.replace({"treatment_a": renamed, "treatment_b": renamed})
    league = league.set_index(["treatment_a", "treatment_b"]).sort_index()
    expected = second.league.set_index(["treatment_a", "treatment_b"]).sort_index()
    # a tau squared of REML is exact to about 1e-8, where its likelihood is flat in double precision
    pd.testing.assert_frame_equal(league, expected, rtol=1e-6, atol=1e-7)
    for name in ("q", "q_within", "df_q", "df_within", "studies", "contrasts"):
        assert first.summary[name] == pytest.approx(second.summary[name], rel=1e-9, abs=1e-9)


@QUICK
@given(seed=SEEDS, treatments=st.integers(3, 9), studies=st.integers(1, 20))
def test_effects_are_consistent(random_table, seed, treatments, studies):
    """a - b and b - c make a - c; b - a is minus a - b, in all columns."""
    result = network_meta_analysis(random_table(seed, studies, treatments))
    league = result.league.set_index(["treatment_a", "treatment_b"])
    for model in ("effect_common", "effect_random"):
        for a, b, c in permutations(result.treatments[:4], 3):
            made = league[model][(a, b)] + league[model][(b, c)]
            assert made == pytest.approx(league[model][(a, c)], rel=1e-10, abs=1e-10)
    turned = league.swaplevel().reindex(league.index)
    for name in ("effect_common", "effect_random", "direct", "indirect", "difference"):
        np.testing.assert_allclose(league[name], -turned[name], rtol=1e-10, atol=1e-10)
    for name in ("se_common", "se_random", "share_direct", "p_difference"):
        np.testing.assert_allclose(league[name], turned[name], rtol=1e-10)
    np.testing.assert_allclose(league["low_random"], -turned["high_random"], rtol=1e-10, atol=1e-10)


@QUICK
@given(seed=SEEDS, treatments=st.integers(2, 8), studies=st.integers(1, 15))
def test_contributions_add_up(random_table, seed, treatments, studies):
    """Shares of studies sum to one; the hat matrix's coefficients times the effects give the estimate."""
    data = random_table(seed, studies, treatments)
    result = network_meta_analysis(data)
    whole = result.contributions
    np.testing.assert_allclose(
        whole.drop(columns=["treatment_a", "treatment_b"]).sum(axis=1), 1, rtol=1e-10
    )
    a, b = whole["treatment_a"][0], whole["treatment_b"][0]
    one = result.contributions_to(a, b).set_index("study")["share_random"]
    np.testing.assert_allclose(whole.loc[0, one.index].astype(float), one, rtol=1e-9, atol=1e-12)
    row = result.hat_row(a, b)
    effects = {(r.study, r.treatment_a, r.treatment_b): r.effect for r in data.itertuples()}
    effects |= {(r.study, r.treatment_b, r.treatment_a): -r.effect for r in data.itertuples()}
    made = sum(r.coefficient * effects[r.study, r.treatment_a, r.treatment_b] for r in row.itertuples())
    assert made == pytest.approx(pair(result, a, b)["effect_random"], rel=1e-9, abs=1e-9)


def test_a_study_with_five_arms_alone_gives_its_own_contrasts():
    """One study is its own network: nothing is added to what it says, and nothing can be said of heterogeneity."""
    data = pd.DataFrame(
        [
            {
                "study": "1",
                "treatment_a": a,
                "treatment_b": b,
                "effect": ord(b) - ord(a),
                "standard_error": 0.5,
            }
            for a, b in ("AB", "AC", "AD", "AE", "BC", "BD", "BE", "CD", "CE", "DE")
        ]
    )
    result = network_meta_analysis(data)
    for row in data.itertuples():
        estimate = pair(result, row.treatment_a, row.treatment_b)
        assert estimate["effect_common"] == pytest.approx(row.effect, rel=1e-12)
        assert estimate["se_common"] == pytest.approx(0.5, rel=1e-12)
        assert estimate["share_direct"] == pytest.approx(1, rel=1e-12)
    assert result.summary["df_q"] == 0
    assert result.summary["tau2"] is None


def test_precise_and_vague_studies_stand_side_by_side(table):
    """Standard errors six orders apart cost six of sixteen digits, not more."""
    result = network_meta_analysis(
        table("1 A B 1 0.001\n2 B C 2 1000\n3 A B 1.001 0.002"), interval="normal"
    )
    assert pair(result, "A", "B")["effect_common"] == pytest.approx(1.0002, rel=1e-6)
    assert pair(result, "B", "C")["se_common"] == pytest.approx(1000, rel=1e-9)
