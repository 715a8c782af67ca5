"""Equal to R netmeta 3.6-2 on published networks, where its results are at hand (PRUNEBASE_SHARED)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from metaanalysis.network import NetworkResult, network_meta_analysis, read_contrasts

NETWORKS = ("Senn2013", "smoking")
PAIR = ["treatment_a", "treatment_b"]
PRINTED = 1e-8
"""Relative: both sides compute in doubles, with condition numbers below 1e6."""
ITERATED = 1e-5
"""Relative, for tau squared by REML: metafor stops when its likelihood changes by less than 1e-8 or so."""
REFERENCE = {"Senn2013": "Placebo", "smoking": None}
METHOD = {"Senn2013": "REML-diagonal", "smoking": "REML"}
"""What netmeta did for each file's REML.

For smoking it had the counts of every arm, hence the covariance of multi-arm studies; for Senn2013, a table of
contrasts, it took the two contrasts of the three-armed study to its baseline as independent for tau squared.
"""


def analysis(folder: Path, name: str, tau: str) -> NetworkResult:
    method = METHOD[name] if tau == "REML" else tau
    table = read_contrasts(folder / f"{name}.csv")
    return network_meta_analysis(table, tau=method, reference=REFERENCE[name], small_is_better=True)


def compare(ours: pd.Series, theirs: pd.Series, tolerance: float) -> None:
    """The same values in the same rows, missing ones alike."""
    assert ours.isna().tolist() == theirs.isna().tolist()
    assert ours.dropna().tolist() == pytest.approx(theirs.dropna().tolist(), rel=tolerance)


@pytest.mark.parametrize("tau", ["DL", "REML"])
@pytest.mark.parametrize("name", NETWORKS)
def test_league_table(reference_folder, name: str, tau: str):
    """Effects and standard errors of all ordered pairs."""
    theirs = pd.read_csv(reference_folder / f"{name}_{tau}_league.csv").set_index(PAIR)
    ours = analysis(reference_folder, name, tau).league.set_index(PAIR).loc[theirs.index]
    assert len(ours) == len(theirs)
    random = PRINTED if tau == "DL" else ITERATED
    for model, tolerance in (("common", PRINTED), ("random", random)):
        compare(ours[f"effect_{model}"], theirs[f"te_{model}"], tolerance)
        compare(ours[f"se_{model}"], theirs[f"se_{model}"], tolerance)


@pytest.mark.parametrize("tau", ["DL", "REML"])
@pytest.mark.parametrize("name", NETWORKS)
def test_heterogeneity(reference_folder, name: str, tau: str):
    """Tau squared, Q and its parts, I squared and the counts."""
    theirs = pd.read_csv(reference_folder / f"{name}_{tau}_summary.csv").iloc[0]
    ours = analysis(reference_folder, name, tau).summary
    assert ours["tau2"] == pytest.approx(theirs["tau2"], rel=PRINTED if tau == "DL" else ITERATED)
    for key, name_there in (("q", "Q"), ("q_within", "Q_within"), ("q_between", "Q_between"), ("i2", "I2")):
        assert ours[key] == pytest.approx(theirs[name_there], rel=PRINTED)
    for key, name_there in (("df_q", "df"), ("df_within", "df_within"), ("df_between", "df_between")):
        assert ours[key] == theirs[name_there]
    for key in ("studies", "treatments", "contrasts"):
        assert ours[key] == theirs[key]


@pytest.mark.parametrize("tau", ["DL", "REML"])
@pytest.mark.parametrize("name", NETWORKS)
def test_p_scores(reference_folder, name: str, tau: str):
    """P-scores where small values are better."""
    theirs = pd.read_csv(reference_folder / f"{name}_{tau}_pscores.csv").set_index("treatment")
    ours = analysis(reference_folder, name, tau).ranking.set_index("treatment").loc[theirs.index]
    compare(ours["p_score_common"], theirs["pscore_common"], PRINTED)
    compare(ours["p_score_random"], theirs["pscore_random"], PRINTED if tau == "DL" else ITERATED)


@pytest.mark.parametrize("name", NETWORKS)
def test_direct_and_indirect_evidence(reference_folder, name: str):
    """Direct and indirect estimates, their difference with its p-value, and the share of direct evidence."""
    theirs = pd.read_csv(reference_folder / f"{name}_DL_split.csv")
    theirs[PAIR] = theirs["comparison"].str.split(":", expand=True)
    theirs = theirs.set_index(PAIR)
    result = analysis(reference_folder, name, "DL")
    league = result.league.set_index(PAIR).loc[theirs.index]
    split = result.split.set_index(PAIR).loc[theirs.index]
    assert split["studies"].tolist() == theirs["k"].tolist()
    compare(league["share_direct"], theirs["share_direct_common"], PRINTED)
    for key, name_there in (("direct",) * 2, ("indirect",) * 2, ("difference",) * 2, ("p_difference", "p")):
        compare(league[key], theirs[name_there], PRINTED)
    compare(split["se_difference_common"], theirs["se_difference"], PRINTED)


def test_exact_reml_differs_from_the_diagonal_one(reference_folder):
    """On Senn 2013 the covariance of the three-armed study moves REML's tau squared by one percent."""
    table = read_contrasts(reference_folder / "Senn2013.csv")
    exact = network_meta_analysis(table, tau="REML").summary["tau2"]
    diagonal = network_meta_analysis(table, tau="REML-diagonal", reference="Placebo").summary["tau2"]
    assert 0.01 < diagonal / exact - 1 < 0.02
