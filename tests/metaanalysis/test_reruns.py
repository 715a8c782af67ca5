"""Our own runs in figures and statistics, on invented results worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from math import gamma, pi, sqrt
from statistics import stdev

import pytest

import corpus
from metaanalysis.own_runs.differences import (
    CANNOT_BE_TOLD,
    DOES_NOT_HOLD,
    HOLDS,
    Side,
    at_sizes,
    at_speedups,
    judged,
)
from metaanalysis.own_runs.experiments import NOTHING_YET, SIZE, SPEEDUP, between, distinct, experiments
from metaanalysis.own_runs.intervals import interval, sampling_variance, student
from metaanalysis.registry import figures, statistics
from metaanalysis.statistics.rerun_findings import FINDINGS

T_OF_TWO = 0.95 / sqrt(2 * 0.975 * 0.025)
"""The 97.5 % quantile of Student's t with two degrees of freedom, which has this closed form: 4.3027."""
NAMES = ("rerun_tradeoffs", "initial_models", "reported_and_rerun")
FIVE = (
    "global-magnitude",
    "layerwise-magnitude",
    "global-gradient",
    "layerwise-gradient",
    "random-layerwise",
)
RESNET_20 = {"dataset": "CIFAR-10", "architecture": "ResNet-20", "sizes": (269_722, 40_551_040)}


def level(top1: float, step: float = 0.02) -> list[float]:
    """Three seeds around an accuracy."""
    return [top1 - step, top1, top1 + step]


def halved(baseline: str, ratio: float) -> float:
    """Speedups of a network whose early layers cost more: global pruning gains less from the same size."""
    return ratio ** (0.5 if baseline.startswith("global") else 1.0)


ORDERED = {
    baseline: {2.0: level(90.0 - place), 8.0: level(86.0 - 4 * place)}
    for place, baseline in enumerate(FIVE)
}
"""Each baseline clearly below the one before it, by 1 point at 2x and 4 points at 8x."""


@pytest.fixture
def measured(tmp_path, write_study) -> Callable:
    """The corpus with invented studies of our own, each as `write_study` takes it."""

    def read(*studies: tuple[str, dict, dict]) -> corpus.Corpus:
        for name, initial, about in studies:
            write_study(tmp_path / "results", name, initial, **about)
        return corpus.load(reruns_from=tmp_path / "results")

    return read


@pytest.fixture
def ordered(measured):
    """One study of ResNet-20 with five baselines in a clear order."""
    return measured(("first", {"a": (91.0, ORDERED)}, {**RESNET_20, "faster": halved}))


def rows_of(table, finding: str) -> list[dict]:
    """The rows of one finding."""
    return table[table["finding"] == FINDINGS[finding]].to_dict("records")


@pytest.mark.parametrize("degrees", [1, 2, 5, 30, 200])
def test_the_quantile_is_students(degrees):
    """97.5 % of Student's t lie below it: the density, summed up from zero, gives 47.5 %.

    The midpoint rule with 20,000 steps is off by width² / 24 times the change of the density's slope, under 1e-7.
    """
    quantile = student(degrees)
    scale = gamma((degrees + 1) / 2) / (sqrt(degrees * pi) * gamma(degrees / 2))
    steps = 20_000
    width = quantile / steps
    inside = sum(
        (1 + (width * (step + 0.5)) ** 2 / degrees) ** (-(degrees + 1) / 2) for step in range(steps)
    )
    assert scale * inside * width == pytest.approx(0.475, abs=1e-7)


def test_the_quantile_falls_to_the_normal_one():
    """With more degrees it goes on falling, towards 1.96."""
    assert student(30) > student(31) > student(200) > 1.96
    assert student(10**6) == pytest.approx(1.96, abs=1e-4)  # the normal quantile to its two decimals


def test_an_interval_adds_seeds_and_test_images_as_squares():
    """Worked by hand: three values, t with two degrees; 10,000 images at 90 % give a variance of 0.09."""
    assert sampling_variance(90.0, 10_000) == pytest.approx(0.09)
    found = interval([89.0, 90.0, 91.0], 0.09)
    half = sqrt((T_OF_TWO * 1.0 / sqrt(3)) ** 2 + (1.96 * 0.3) ** 2)
    assert (found.mean, found.low, found.high) == pytest.approx((90.0, 90.0 - half, 90.0 + half))


def test_a_single_seed_has_the_spread_of_the_test_set_alone():
    """One value says nothing of seeds; the interval says how many seeds there were."""
    found = interval([90.0], 0.09)
    assert (found.high - found.mean, found.seeds) == (pytest.approx(1.96 * 0.3), 1)


def test_curves_are_read_on_the_line_between_runs():
    """Halfway in log2 from 2x to 8x is 4x; a run within 1 % is the run itself; nothing beyond the ends."""
    curve = [(1.0, 91.0), (2.0, 90.0), (8.0, 86.0)]
    assert between(curve, 4.0) == pytest.approx(88.0)
    assert between(curve, 2.01) == 90.0
    assert between(curve, 16.0) is None


def test_the_tradeoffs_are_means_and_deviations_over_seeds(ordered):
    """Each baseline and ratio has mean, sample standard deviation, number of seeds, size, speedup and the start."""
    data = figures()["rerun_tradeoffs"].data(ordered).set_index(["baseline", "ratio"])
    assert len(data) == 10
    row = data.loc[("layerwise-magnitude", 8.0)]
    assert (row["accuracy"], row["accuracy_std"], row["seeds"]) == (
        pytest.approx(82.0),
        pytest.approx(stdev(level(82.0))),
        3,
    )
    assert (row["compression_ratio"], row["theoretical_speedup"]) == pytest.approx(
        (8, 8), rel=1e-4
    )  # whole weights
    assert data.loc[("global-magnitude", 8.0), "theoretical_speedup"] == pytest.approx(sqrt(8), rel=1e-4)
    assert set(data["unpruned_accuracy"]) == {91.0}


def test_findings_in_a_clear_order_hold_and_say_where(ordered):
    """Global over layerwise, magnitude over gradient over random: each holds, with the differences behind it."""
    table = statistics()["rerun_findings"].data(ordered)
    for finding in ("size", "magnitude", "gradient"):
        rows = rows_of(table, finding)
        assert {row["verdict"] for row in rows} == {HOLDS}, finding
        assert all(row["why"].startswith("ahead at") for row in rows)
    first = rows_of(table, "size")[0]
    assert first["pair"] == "global magnitude over layerwise magnitude"
    assert "8x +4.00 (" in first["differences"]


def test_equal_size_and_equal_speedup_can_be_judged_apart(measured):
    """Global is ahead at each ratio, but at the speedup layerwise reaches there it is at twice the ratio's exponent."""
    curves = {
        "global-magnitude": {4.0: level(90), 64.0: level(80)},
        "layerwise-magnitude": {4.0: level(89.5)},
    }
    curves["layerwise-magnitude"][64.0] = level(70)
    loaded = measured(
        ("speed", {"a": (91.0, curves)}, {**RESNET_20, "faster": halved, "images": 1_000_000})
    )
    [experiment] = experiments(loaded)
    layerwise, overall = Side(experiment, "layerwise-magnitude"), Side(experiment, "global-magnitude")
    assert judged(at_sizes(overall, layerwise))[0] == HOLDS
    faster = {found.at: found for found in at_speedups(layerwise, overall)}
    # at 4x fewer multiply-adds layerwise is at ratio 4 (89.5), global at ratio 16, halfway from 90 to 80 (85)
    assert faster[4.0].interval.mean == pytest.approx(4.5, abs=0.01)  # sizes are whole numbers of weights
    table = statistics()["rerun_findings"].data(loaded)
    assert rows_of(table, "speedup")[0]["verdict"] == HOLDS


def test_a_finding_that_is_reversed_does_not_hold(measured):
    """With global pruning clearly behind, the verdict says so; with both at one place, it depends on the amount."""
    behind = {"global-magnitude": {2.0: level(80)}, "layerwise-magnitude": {2.0: level(90)}}
    turned = {
        "global-magnitude": {2.0: level(80), 8.0: level(80)},
        "layerwise-magnitude": {2.0: level(90), 8.0: level(70)},
    }
    table = statistics()["rerun_findings"].data(
        measured(("behind", {"a": (91.0, behind)}, RESNET_20), ("turned", {"a": (91.0, turned)}, RESNET_20))
    )
    first, second = rows_of(table, "size")
    assert (first["verdict"], first["why"]) == (DOES_NOT_HOLD, "the reverse at 2x")
    assert second["verdict"] == DOES_NOT_HOLD
    assert second["why"] == "it depends on the amount: ahead at 8x, the reverse at 2x"
    amounts = {row["study"].split(",")[0]: row["verdict"] for row in rows_of(table, "amount")}
    assert amounts == {"behind": CANNOT_BE_TOLD, "turned": HOLDS}


def test_differences_within_their_intervals_decide_nothing(measured):
    """0.1 points on 10,000 images with seeds 2 points apart cannot be told."""
    curves = {
        "global-magnitude": {2.0: [88.0, 90.0, 92.1]},
        "layerwise-magnitude": {2.0: [91.0, 88.0, 91.0]},
    }
    table = statistics()["rerun_findings"].data(measured(("noise", {"a": (91.0, curves)}, RESNET_20)))
    [row] = rows_of(table, "size")
    assert (row["verdict"], row["why"]) == (CANNOT_BE_TOLD, "no difference is larger than its interval")


def test_the_order_on_two_networks_is_compared_ratio_by_ratio(measured):
    """Turned round on the other network: holds, with both differences; the same way everywhere: does not hold."""
    one = {"global-magnitude": {8.0: level(85)}, "global-gradient": {8.0: level(75)}}
    other = {"global-magnitude": {8.0: level(75)}, "global-gradient": {8.0: level(85)}}
    vgg = {"dataset": "CIFAR-10", "architecture": "CIFAR-VGG", "sizes": (14_991_946, 313_463_808)}
    turned = measured(("one", {"a": (91.0, one)}, RESNET_20), ("two", {"a": (91.0, other)}, vgg))
    [row] = rows_of(statistics()["rerun_findings"].data(turned), "network")
    assert row["verdict"] == HOLDS
    assert "global magnitude over global gradient at 8x: +10.00" in row["differences"]
    assert "and -10.00" in row["differences"]


def test_two_initial_models_can_turn_an_order_and_mislead_by_changes(measured):
    """Layerwise never leads from the same model, yet its change from b beats that of global from a."""
    a = {"global-magnitude": {8.0: level(80)}, "layerwise-magnitude": {8.0: level(78)}}
    b = {"global-magnitude": {8.0: level(79)}, "layerwise-magnitude": {8.0: level(77)}}
    loaded = measured(("models", {"a": (92.0, a), "b": (85.0, b)}, RESNET_20))
    table = statistics()["rerun_findings"].data(loaded)
    [order] = rows_of(table, "initial")
    assert order["verdict"] == DOES_NOT_HOLD
    layerwise = next(row for row in rows_of(table, "change") if row["pair"].startswith("layerwise"))
    assert layerwise["pair"] == "layerwise magnitude from b over global magnitude from a"
    assert layerwise["differences"].startswith("8x +4.00 (")  # -8 against -12
    assert layerwise["verdict"] == HOLDS
    data = figures()["initial_models"].data(loaded).set_index(["initial", "baseline", "panel"])["value"]
    assert data[("a", "global-magnitude", "absolute")] == pytest.approx(80.0)
    assert data[("a", "global-magnitude", "relative")] == pytest.approx(-12.0)
    assert data[("b", "layerwise-magnitude", "relative")] == pytest.approx(-8.0)


def test_one_initial_model_is_no_comparison_of_two(ordered):
    """A study with a single initial model is not drawn, and the finding cannot be told."""
    assert figures()["initial_models"].data(ordered).empty
    [row] = rows_of(statistics()["rerun_findings"].data(ordered), "initial")
    assert row["verdict"] == CANNOT_BE_TOLD


def test_reported_and_measured_stand_in_the_panels_that_have_both(ordered, everything):
    """ResNet-20 has reported speedups and points without any ratio, which stand in both panels; so do our curves."""
    data = figures()["reported_and_rerun"].data(ordered)
    assert set(zip(data["architecture"], data["x_metric"], data["y_metric"], strict=True)) == {
        ("ResNet-20", SPEEDUP, "top1_change"),
        ("ResNet-20", SIZE, "top1_change"),
    }
    reported = everything.sql(
        "SELECT count(theoretical_speedup) speedups, count(compression_ratio) sizes, "
        "count(*) FILTER (coalesce(theoretical_speedup, compression_ratio) IS NULL) neither FROM points "
        "WHERE dataset = 'CIFAR-10' AND architecture = 'ResNet-20' AND top1_change IS NOT NULL "
        "AND attribution = 'reported' AND excluded_from IS NULL"
    ).iloc[0]
    assert reported["neither"] > 0
    for panel, with_ratio in ((SPEEDUP, reported["speedups"]), (SIZE, reported["sizes"])):
        drawn = data[data["x_metric"] == panel]
        assert drawn["source"].value_counts().to_dict() == {
            "rerun": 10,
            "reported": with_ratio + reported["neither"],
        }
    ours = data[(data["source"] == "rerun") & (data["x_metric"] == SPEEDUP)].set_index(["label", "ratio"])
    assert ours.loc[("global-magnitude", 2.0), "y"] == pytest.approx(-1.0)
    assert ours.loc[("global-magnitude", 2.0), "n"] == 3


def test_a_reported_number_without_a_ratio_is_kept_without_one(measured):
    """han2015deep reports LeNet-300-100 with no ratio in the corpus: it stands in both panels, x missing."""
    curves = {"global-magnitude": {2.0: level(98.0)}}
    data = figures()["reported_and_rerun"].data(measured(("lenet", {"a": (98.4, curves)}, {})))
    theirs = data[data["source"] == "reported"]
    assert "han2015deep" in set(theirs["paper"])
    theirs = theirs[theirs["paper"] == "han2015deep"]
    assert theirs["x"].isna().all()
    assert set(theirs["x_metric"]) == {SIZE, SPEEDUP}


def test_curves_far_below_all_reports_end_at_the_floor(measured):
    """A curve that collapses leaves the panel where it crosses the floor; no reported point is cut off."""
    from metaanalysis.figures.reported_and_rerun import _described, leaving

    curves = {"random-layerwise": {2.0: level(80), 8.0: level(30)}}
    data = figures()["reported_and_rerun"].data(measured(("fall", {"a": (91.0, curves)}, RESNET_20)))
    panel = _described(data)
    cut = leaving(panel)
    reported = panel.loc[panel["source"] == "reported", "y"]
    floor = cut["y"].min()
    assert sorted(cut.loc[cut["source"] == "reported", "y"]) == sorted(reported)
    assert reported.min() - 4 < floor < reported.min()
    assert (
        cut.loc[cut["y"] == floor, "x"].between(1, 2).all()
    )  # from 91 % it falls through the floor before 2x


def test_verdicts_against_what_papers_report(measured):
    """he2018soft: 1.1792x at +0.04, 1.4144x at -1.00, 1.7301x at -1.37 points, by filters.

    Global magnitude with a flat curve at -1.00 agrees with the second within rounding, not with the first.
    """
    flat = {"global-magnitude": {1.1: level(90.0), 2.0: level(90.0)}}
    loaded = measured(("flat", {"a": (91.0, flat)}, {**RESNET_20, "images": 1_000_000}))
    table = statistics()["rerun_verdicts"].data(loaded)
    rows = table[(table["architecture"] == "ResNet-20") & table["measured"].notna()].to_dict("records")
    assert [row["papers"] for row in rows] == ["he2018soft"] * 3
    assert [row["comparable"] for row in rows] == ["another kind: filter"] * 3
    assert [row["ratio"] for row in rows] == pytest.approx([1.179, 1.414, 1.730], abs=1e-3)  # as printed
    assert [row["verdict"] for row in rows][:2] == ["outside", "agrees within rounding"]
    assert rows[0]["measured_at"] == "between 1.1x and 2x"
    assert rows[0]["gap"] > 0.9
    assert rows[0]["seeds"] == 3


def test_few_test_images_make_a_verdict_milder(measured):
    """The same curve measured on 500 images is no longer outside: its interval reaches what is reported."""
    flat = {"global-magnitude": {1.1: level(90.0), 2.0: level(90.0)}}
    loaded = measured(("flat", {"a": (91.0, flat)}, {**RESNET_20, "images": 500}))
    table = statistics()["rerun_verdicts"].data(loaded)
    rows = table[(table["architecture"] == "ResNet-20") & table["measured"].notna()]
    assert set(rows["verdict"]) == {"within sampling and seeds", "agrees within rounding"}


def test_the_same_kind_of_pruning_is_told_from_another(measured):
    """A filter-pruning study of ours is of the kind that he2018soft reports; unstructured pruning is not."""
    from metaanalysis.statistics.rerun_verdicts import is_same_kind

    loaded = measured(("one", {"a": (91.0, {"global-magnitude": {2.0: level(90.0)}})}, RESNET_20))
    theirs = loaded.papers["he2018soft"].methods["soft-filter"]
    ours = next(iter(loaded.reruns.papers.values())).methods["global-magnitude"]
    assert not is_same_kind(theirs, ours)
    assert is_same_kind(theirs, theirs)
    assert not is_same_kind(None, ours)


def test_what_no_run_reaches_is_not_attempted(measured):
    """Reported points of the survey's second half stay listed; beyond our last ratio they are not attempted."""
    short = {"global-magnitude": {1.2: level(90.9), 1.3: level(90.8)}}
    table = statistics()["rerun_verdicts"].data(measured(("short", {"a": (91.0, short)}, RESNET_20)))
    ours = table[table["architecture"] == "ResNet-20"].set_index("ratio")["verdict"]
    assert [verdict for ratio, verdict in ours.items() if ratio > 1.31] == ["not attempted"] * 2
    assert_nothing_was_run(table[table["architecture"] == "ResNet-56"])


def assert_nothing_was_run(verdicts):
    """Every reported ratio is not attempted; a point that has none cannot be."""
    has_ratio = verdicts["ratio"].notna()
    assert set(verdicts.loc[has_ratio, "verdict"]) == {"not attempted"}
    assert set(verdicts.loc[~has_ratio, "verdict"]) == {"no ratio reported"}


def test_images_made_in_code_stand_beside_no_paper(tmp_path, write_study):
    """A study on invented images is drawn under that name, and never set against reported numbers."""
    path = write_study(tmp_path, "smoke", {"a": (91.0, ORDERED)}, **RESNET_20)
    path.write_text(
        path.read_text().replace("study: smoke", "study: smoke\n  invented: {training: '9', test: '9'}")
    )
    loaded = corpus.load(reruns_from=tmp_path)
    assert figures()["reported_and_rerun"].data(loaded).empty
    assert_nothing_was_run(statistics()["rerun_verdicts"].data(loaded))
    headings = figures()["rerun_tradeoffs"].data(loaded)["heading"]
    assert set(headings) == {"ResNet-20 on images made in code (study smoke)"}


@pytest.mark.parametrize("name", NAMES)
def test_without_results_a_figure_says_so(name, tmp_path):
    """No run: an empty table with the public columns, and a picture with the sentence."""
    entry = figures()[name]
    data = entry.data(corpus.load(reruns_from=tmp_path))
    assert list(entry.public(data).columns) == list(entry.columns)
    assert data.empty
    assert NOTHING_YET in str(entry.chart(data).to_dict())


def test_without_results_the_tables_say_so(tmp_path):
    """Every finding cannot be told for want of runs; every reported operating point is not attempted."""
    loaded = corpus.load(reruns_from=tmp_path)
    findings = statistics()["rerun_findings"].data(loaded)
    assert list(findings["finding"]) == list(FINDINGS.values())
    assert set(findings["verdict"]) == {CANNOT_BE_TOLD}
    assert set(findings["why"]) == {NOTHING_YET}
    verdicts = statistics()["rerun_verdicts"].data(loaded)
    assert len(verdicts) > 0
    assert_nothing_was_run(verdicts)


@pytest.mark.parametrize("name", NAMES)
def test_invented_results_of_many_studies_are_drawn(name, measured):
    """Valid Vega-Lite with a mark for every baseline, for several studies at once."""
    two = {"a": (91.0, ORDERED), "b": (90.0, ORDERED)}
    loaded = measured(("one", two, RESNET_20), ("two", {"a": (98.3, ORDERED)}, {}))
    entry = figures()[name]
    data = entry.data(loaded)
    drawn = str(entry.chart(data, "corrected").to_dict(validate=True))
    assert all(baseline.replace("-", " ") in drawn for baseline in FIVE)


@pytest.mark.parametrize("name", [*NAMES, "rerun_verdicts", "rerun_findings"])
def test_as_published_there_are_no_runs(name, published):
    """The published view draws and counts nothing of ours."""
    entry = {**figures(), **statistics()}[name]
    data = entry.public(entry.data(published))
    assert data.empty or "measured" not in data or data["measured"].isna().all()
    assert name != "rerun_findings" or set(data["verdict"]) == {CANNOT_BE_TOLD}
    assert name not in NAMES or data.empty


def test_arms_and_rounds_belong_to_other_figures(tmp_path, write_study):
    """Runs of an arm, and pruning in rounds, are neither drawn nor judged here."""
    one = write_study(tmp_path, "arms", {"a": (91.0, ORDERED)}, **RESNET_20)
    table = one.with_name(f"{one.stem}.a.csv")
    head, *lines = table.read_text().splitlines()
    table.write_text("\n".join([f"{head},arm", *(f"{line},fine-tune" for line in lines), ""]))
    rounds = write_study(tmp_path, "rounds", {"a": (91.0, ORDERED)}, **RESNET_20)
    rounds.write_text(rounds.read_text().replace("scheduling: one-shot", "scheduling: iterative"))
    loaded = corpus.load(reruns_from=tmp_path)
    assert len(loaded.reruns.runs) == 60
    assert experiments(loaded) == ()


def test_two_studies_of_one_unpruned_network_are_drawn_once(tmp_path, write_study):
    """A study whose runs are all another's too adds no row; with two initial models it has its own figure."""
    write_study(tmp_path, "whole", {"a": (91.0, ORDERED)}, **RESNET_20)
    part = {baseline: ORDERED[baseline] for baseline in FIVE[:2]}
    other = write_study(tmp_path, "part", {"a": (91.0, part), "b": (90.0, part)}, **RESNET_20)
    table = other.with_name(f"{other.stem}.a.csv")
    table.write_text(table.read_text().replace("part-a-", "whole-a-"))
    loaded = corpus.load(reruns_from=tmp_path)
    found = {(experiment.study, experiment.initial) for experiment in distinct(loaded)}
    assert found == {("whole", "a"), ("part", "b")}
    assert set(figures()["initial_models"].data(loaded)["initial"]) == {"a", "b"}
