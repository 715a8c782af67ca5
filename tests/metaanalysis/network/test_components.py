"""Networks that no study holds together: each component by itself, and nothing between them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metaanalysis.network import network_meta_analysis


@pytest.fixture
def apart(random_table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two networks without a common treatment."""
    first, second = random_table(1, 9, 4), random_table(2, 9, 3)
    renamed = {name: f"u{name}" for name in ("treatment_a", "treatment_b", "study")}
    for name in renamed:
        second[name] = "u" + second[name]
    return first, second


@pytest.mark.parametrize("tau", ["DL", "REML"])
def test_each_component_is_what_it_is_alone(apart, tau: str):
    """Effects, intervals, evidence and P-scores of a component do not know of the other."""
    together = network_meta_analysis(pd.concat(apart), tau=tau)
    league = together.league.set_index(["treatment_a", "treatment_b"])
    ranking = together.ranking.set_index("treatment")
    for part, described in zip(apart, together.summary["by_component"], strict=True):
        alone = network_meta_analysis(part, tau=tau)
        expected = alone.league.set_index(["treatment_a", "treatment_b"])
        pd.testing.assert_frame_equal(league.loc[expected.index], expected, rtol=1e-12)
        scores = alone.ranking.set_index("treatment")
        pd.testing.assert_frame_equal(ranking.loc[scores.index], scores, rtol=1e-12)
        assert described["tau2"] == alone.summary["tau2"]
        assert described["names"] == list(alone.treatments)


def test_nothing_is_said_across(apart):
    """Pairs of different components have no number at all, and the result says why."""
    result = network_meta_analysis(pd.concat(apart))
    league = result.league
    across = league["treatment_a"].str.startswith("u") != league["treatment_b"].str.startswith("u")
    assert across.sum() == 2 * 4 * 3
    assert league[across].drop(columns=["treatment_a", "treatment_b"]).isna().all(axis=None)
    assert league.loc[~across, "effect_random"].notna().all()
    assert result.why_absent("t0", "ut1") == "no path of studies leads from 't0' to 'ut1'"
    assert result.why_absent("t0", "t1") == ""
    assert any("2 components that no study connects" in note for note in result.notes)
    with pytest.raises(ValueError, match="no path of studies leads from 't0' to 'ut1'"):
        result.contributions_to("t0", "ut1")


def test_the_summary_adds_up_what_adds_up(apart):
    """Q and counts are sums; tau squared belongs to a component and is not given for both."""
    result = network_meta_analysis(pd.concat(apart))
    parts = result.summary["by_component"]
    for name in (
        "q",
        "df_q",
        "q_within",
        "df_within",
        "q_between",
        "df_between",
        "studies",
        "contrasts",
        "treatments",
    ):
        assert result.summary[name] == pytest.approx(sum(part[name] for part in parts), rel=1e-12)
    assert result.summary["components"] == 2
    assert result.summary["tau2"] is None
    q, degrees = result.summary["q"], result.summary["df_q"]
    assert result.summary["i2"] == pytest.approx(max(0, (q - degrees) / q))


def test_contributions_stay_within_a_component(apart):
    """Studies of one component have no share in the other; pairs across have none at all."""
    whole = network_meta_analysis(pd.concat(apart)).contributions
    own = whole["treatment_a"].str.startswith("u") & whole["treatment_b"].str.startswith("u")
    across = whole["treatment_a"].str.startswith("u") != whole["treatment_b"].str.startswith("u")
    foreign = [name for name in whole.columns[2:] if not name.startswith("u")]
    assert (whole.loc[own, foreign] == 0).all(axis=None)
    assert whole.loc[across, whole.columns[2:]].isna().all(axis=None)
    shares = whole.loc[~across, whole.columns[2:]].sum(axis=1)
    np.testing.assert_allclose(shares, 1, rtol=1e-10)
