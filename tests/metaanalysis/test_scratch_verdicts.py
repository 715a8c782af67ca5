"""Table 4 of Wang et al. (2023): with the printed deviations every speedup is decided."""

from __future__ import annotations

from metaanalysis.registry import statistics


def test_all_six_speedups_are_decided(everything):
    """Training from scratch is not as good at any of them; the reason names the difference with its interval."""
    table = statistics()["scratch_verdicts"].data(everything)
    rows = table[(table["paper"] == "wang2023why") & (table["dataset"] == "ImageNet-100")]
    verdicts = rows.groupby("theoretical_speedup")["verdict"].unique()
    assert verdicts.index.tolist() == [1.11, 1.41, 1.93, 3.09, 7.68, 12.06]
    assert [list(found) for found in verdicts] == [["does not hold"]] * 6
    assert rows["why"].str.contains(r"over scratch: \+\d\.\d\d \(\+").all()
    assert rows["std"].notna().all()
    assert (rows["n"] == 3).all()
