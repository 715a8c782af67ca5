"""Planning: the precision of a network and its exact gain from a further study."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metaanalysis.network import network_meta_analysis

SEEDS = st.integers(0, 2**32 - 1)


def with_row(data: pd.DataFrame, a: str, b: str, error: float) -> pd.DataFrame:
    """The table with a study of a against b added."""
    row = {"study": "planned", "treatment_a": a, "treatment_b": b, "effect": 0.7, "standard_error": error}
    return pd.concat([data, pd.DataFrame([row])], ignore_index=True)


@settings(max_examples=30, deadline=None)
@given(
    seed=SEEDS, treatments=st.integers(3, 9), studies=st.integers(3, 15), tau2=st.sampled_from([0.0, 0.4])
)
def test_a_planned_study_has_the_variance_of_a_study_added(random_table, seed, treatments, studies, tau2):
    """The predicted variances of all pairs are those of the network with the study in its table."""
    data = random_table(seed, studies, treatments)
    before = network_meta_analysis(data, tau2=tau2)
    a, b = before.treatments[0], before.treatments[-1]
    predicted = before.precision().with_study(a, b, 0.3**2 + tau2)
    after = network_meta_analysis(with_row(data, a, b, 0.3), tau2=tau2)
    np.testing.assert_allclose(predicted.variances(), after.precision().variances(), rtol=1e-9, atol=1e-12)


def test_a_planned_study_may_join_components(table):
    """A study between two components, or of a new treatment, gives exactly what its row in the table gives."""
    data = table("1 A B 1 0.5\n2 A B 0 0.4\n3 B C 1 0.3\n4 X Y 1 0.5\n5 Y Z 2 0.2\n6 X Z 2 0.6")
    before = network_meta_analysis(data, tau2=0.1)
    assert before.precision().variance("C", "X") == float("inf")
    predicted = before.precision().with_study("C", "X", 0.25**2 + 0.1)
    after = network_meta_analysis(with_row(data, "C", "X", 0.25), tau2=0.1).precision()
    np.testing.assert_allclose(predicted.variances(), after.variances(), rtol=1e-12)
    new = before.precision().with_treatment("N").with_study("N", "A", 0.5)
    assert new.variance("N", "B") == pytest.approx(0.5 + before.precision().variance("A", "B"), rel=1e-12)
    assert not new.connected("N", "X")


def test_covariances_of_contrasts_fit_their_variances(random_table):
    """The matrix of all contrasts has their variances on its diagonal and follows from a - b = (a - c) + (c - b)."""
    precision = network_meta_analysis(random_table(5, 12, 5)).precision("common")
    pairs = [("t0", "t1"), ("t0", "t2"), ("t2", "t1")]
    covariance = precision.covariance_of(pairs)
    assert np.diag(covariance).tolist() == pytest.approx(
        [precision.variance(a, b) for a, b in pairs], rel=1e-12
    )
    made = covariance[1, 1] + covariance[2, 2] + 2 * covariance[1, 2]
    assert made == pytest.approx(covariance[0, 0], rel=1e-10)


def test_what_cannot_be_planned_is_said(table):
    """Unknown treatments, a study against itself and a variance of nothing are refused."""
    precision = network_meta_analysis(table("1 Alpha B 1 0.5\n2 X Y 1 0.5")).precision()
    with pytest.raises(ValueError, match="no treatment 'Alfa'; did you mean 'Alpha'"):
        precision.with_study("Alfa", "B", 1)
    with pytest.raises(ValueError, match="'B' against itself"):
        precision.with_study("B", "B", 1)
    with pytest.raises(ValueError, match="variance 0"):
        precision.with_study("Alpha", "B", 0)
    with pytest.raises(ValueError, match="no path of studies from 'B' to 'X'"):
        precision.covariance_of([("B", "X")])
    with pytest.raises(ValueError, match="in the network already"):
        precision.with_treatment("B")
