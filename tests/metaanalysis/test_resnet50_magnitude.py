"""Figure 5: magnitude pruning against all other methods on ResNet-50."""

from __future__ import annotations

import csv
from statistics import mean, stdev

import pytest

from corpus.checks.check import default_folder
from metaanalysis.figures.resnet50_magnitude import FEWEST_PARAMS, LOWEST_TOP1
from metaanalysis.normalize import PAPERS, TABLES, baselines
from metaanalysis.registry import figures

FIGURE = "resnet50_magnitude"
COLUMNS = ["panel", "label", "params", "top1", "top1_std"]
TABLES_PARAMS = (26_000_000 + 25_557_032) / 2
TABLES_TOP1 = (76.0 + 76.01) / 2
DENSE_RUNS = (76.67, 76.8, 76.59)


@pytest.fixture(scope="module")
def as_published(published):
    return figures()[FIGURE].data(published)


@pytest.fixture(scope="module")
def by_default(corrected):
    return figures()[FIGURE].data(corrected)


def labels(data, panel) -> list[str]:
    return sorted(set(data.loc[data["panel"] == panel, "label"]))


@pytest.mark.parametrize(("panel", "half", "curves"), [("magnitude", "upper", 7), ("other", "lower", 11)])
def test_as_published_the_curves_of_the_printed_legends(as_published, printed, panel, half, curves):
    """Method axes alone put the printed seven labels in the upper panel and the printed eleven in the lower."""
    assert labels(as_published, panel) == sorted(printed["figure_5"][half]["legend"])
    assert len(labels(as_published, panel)) == curves


def test_as_published_117_runs_of_sparse_vd(as_published):
    """Every run of variational dropout above both limits is a point of its own."""
    assert int((as_published["label"] == "Gale 2019, SparseVD").sum()) == 117


def test_nothing_at_or_below_the_limits_is_drawn(as_published, by_default):
    """Each run is above 65% and 0.99 M parameters; no run of the L0 method is."""
    for data in (as_published, by_default):
        assert (data["top1"] > LOWEST_TOP1).all()
        assert (data["params"] > FEWEST_PARAMS).all()
        assert "Gale 2019, HardConcrete" not in set(data["label"])


# Each from one row, by hand, moved onto the tables' network.
WORKED = [
    # reset-to-epoch-10, 10% kept: 73.66 against 76.14%, deviation 0.12
    ("Frankle 2019, ResetToEpoch=10", TABLES_PARAMS * 0.1, 73.66 - 76.14 + TABLES_TOP1, 0.12),
    # prune-at-epoch-15, 70% kept: 75.76 against 76.14%, deviation 0.03
    ("Frankle 2019, PruneAtEpoch=15", TABLES_PARAMS * 0.7, 75.76 - 76.14 + TABLES_TOP1, 0.03),
    # row 50: 80% pruned, 76.52 against 76.69%
    ("Gale 2019, Magnitude-v2", TABLES_PARAMS * 0.2, 76.52 - 76.69 + TABLES_TOP1, None),
    # row 592: 30% pruned, 76.06 against 76.15%
    ("Liu 2019, Magnitude", TABLES_PARAMS * 0.7, 76.06 - 76.15 + TABLES_TOP1, None),
    # row 85: 25.3 of 25.5 M, 75.44 against 76.12%
    ("Huang 2018", TABLES_PARAMS * 25.3 / 25.5, 75.44 - 76.12 + TABLES_TOP1, None),
    # a run of variational dropout with 95.5824136734% pruned at 71.0600018501%, against the mean of three dense runs
    (
        "Gale 2019, SparseVD",
        TABLES_PARAMS * 0.044175863266,
        71.0600018501 - mean(DENSE_RUNS) + TABLES_TOP1,
        None,
    ),
]


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked[0])
def test_as_published_points_worked_by_hand(as_published, worked):
    """A run stands where its change and its fraction kept put it from the tables' network."""
    label, params, top1, spread = worked
    curve = as_published[as_published["label"] == label]
    # to a millionth: products of printed numbers
    (found,) = curve[
        ((curve["params"] / params - 1).abs() < 1e-6) & ((curve["top1"] - top1).abs() < 1e-6)
    ].itertuples()
    assert found.top1_std == pytest.approx(spread) if spread else found.top1_std != found.top1_std


def test_runs_of_equal_size_are_averaged_with_their_sample_deviation(as_published):
    """The released magnitude runs with 95% pruned: 22 accuracies of the file, their mean and deviation over n - 1."""
    with open(default_folder() / "papers" / "gale2019state.magnitude.csv", encoding="utf-8") as stream:
        runs = [
            float(row["top1"].rstrip("%"))
            for row in csv.DictReader(stream)
            if row["params_pruned"] == "95%"
        ]
    curve = as_published[as_published["label"] == "Gale 2019, Magnitude"].set_index("runs")
    found = curve.loc[len(runs)]
    assert len(runs) == 22
    assert found["params"] == pytest.approx(TABLES_PARAMS * 0.05)
    assert found["top1"] == pytest.approx(mean(runs) - mean(DENSE_RUNS) + TABLES_TOP1)
    assert found["top1_std"] == pytest.approx(stdev(runs))


def test_low_runs_are_left_out_before_averaging(as_published):
    """The averaged points rest on exactly those runs of the released file that are above both limits."""
    with open(default_folder() / "papers" / "gale2019state.magnitude.csv", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    moved = mean(DENSE_RUNS) - TABLES_TOP1
    kept = [
        row
        for row in rows
        if float(row["top1"].rstrip("%")) - moved > LOWEST_TOP1
        and TABLES_PARAMS * (1 - float(row["params_pruned"].rstrip("%")) / 100) > FEWEST_PARAMS
    ]
    assert len(kept) < len(rows)
    assert as_published.loc[as_published["label"] == "Gale 2019, Magnitude", "runs"].sum() == len(kept)


def test_by_default_frankle_2019_has_no_bars(as_published, by_default):
    """The released deviations are maxima; corrected they are void, as published they are the bars."""
    for data, expected in ((as_published, 20), (by_default, 0)):
        curves = data[data["label"].str.startswith("Frankle 2019")]
        assert len(curves) == 20
        assert int(curves["top1_std"].notna().sum()) == expected


def test_by_default_sizes_start_from_the_papers_median(corrected, by_default):
    """Row 50 keeps 20% of the papers' median, the tables' with the option."""
    start = baselines(corrected, PAPERS)["ResNet-50"]["params"].value
    tables = figures()[FIGURE].data(corrected, baseline="tables").set_index("label")
    assert by_default.set_index("label").loc["Gale 2019, Magnitude-v2", "params"] == pytest.approx(
        0.2 * start
    )
    exact = baselines(corrected, TABLES)["ResNet-50"]["params"].value
    assert exact != pytest.approx(
        TABLES_PARAMS, rel=1e-3
    )  # the mean with a rounded size is the published view's alone
    assert tables.loc["Gale 2019, Magnitude-v2", "params"] == pytest.approx(0.2 * exact)


def test_the_caption_states_the_difference_of_the_baselines(published, corrected):
    """The caption's sizes and accuracy are those of both baselines, in both views."""
    caption = figures()[FIGURE].caption
    for corpus in (published, corrected):
        papers, tables = (baselines(corpus, source)["ResNet-50"] for source in (PAPERS, TABLES))
        assert f"{tables['params'].value / 1e6:.2f} M" in caption
        assert f"the survey's papers report ({papers['params'].value / 1e6:.2f} M)" in caption
        assert f"the tables' median ({tables['top1'].value:.1f}%)" in caption


def test_public_columns_in_order(as_published):
    """The export has the public columns, and a curve of the upper panel has one row per size."""
    public = figures()[FIGURE].public(as_published)
    assert list(public.columns) == COLUMNS
    upper = public[public["panel"] == "magnitude"]
    assert not upper.duplicated(["label", "params"]).any()


def test_a_corpus_without_resnet_50_draws_an_empty_figure(toy):
    """The invented corpus has no ImageNet: no rows and still a chart."""
    figure = figures()[FIGURE]
    data = figure.data(toy)
    assert data.empty
    assert figure.chart(data).to_dict(validate=False)["vconcat"]
