"""Families of pruned networks from the corpus: what is gathered, fitted, drawn and predicted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import corpus
from app.cli.main import app
from metaanalysis.figures import scaling_law as figure
from metaanalysis.prediction import predict
from metaanalysis.scaling.families import families
from metaanalysis.scaling.law import Law
from metaanalysis.statistics import scaling_constants

LAW = Law(0.9, 1.4, 0.03, 0.0, 1.1)
SIZES = {0.5: ("LeNet-150-50", 125_810, 125_600), 1: ("LeNet-300-100", 266_610, 266_200)}
HEADER = "method,params,flops,top1,top5,round,density,width,depth,training_images,seed,run,test_images"
KEY = "prunebase2026invented"


def written(folder: Path, rounds: int = 16) -> Path:
    """A record of two widths and two seeds that follow a law, as a study of iterative pruning leaves it."""
    generator, blocks, scales = np.random.default_rng(1), [], []
    for width, (name, params, prunable) in SIZES.items():
        for seed in (1, 2):
            start = 0.05 * width**-0.3
            unpruned = round(10_000 * (1 - start * (1 + 0.02 * generator.standard_normal())))
            lines = [HEADER]
            for number in range(1, rounds + 1):
                kept = round(prunable * 0.8**number)
                error = LAW.error(kept / prunable, start, width) * (1 + 0.034 * generator.standard_normal())
                top1 = f"{round(10_000 * (1 - float(error))) / 100:.2f}%"
                left = params - prunable + kept
                cells = f"{number},{kept / prunable:.6g},{width},,10000,{seed},{width}{seed}{number},10000"
                lines.append(f"iterative-magnitude,{left},{left},{top1},99.9%,{cells}")
            table = f"{KEY}.w{width:g}-s{seed}.csv"
            (folder / table).write_text("\n".join(lines) + "\n", encoding="utf-8")
            sizes = f"params: '{params}', flops: '{prunable}'"
            blocks.append(
                f"- where: width {width}\n  dataset: MNIST\n  architecture: {name}\n  flops_counts: multiply-adds\n"
                f"  unpruned: {{top1: {unpruned / 100:.2f}%, {sizes}}}\n  table: {table}\n"
            )
            scales.append(
                f"    w{width:g}-s{seed}: {{width: '{width:g}', prunable_weights: '{prunable}'}}\n"
            )
    method = "structure: unstructured, scoring: magnitude, scope: global, scheduling: iterative, fine_tuning: rewind"
    (folder / f"{KEY}.yaml").write_text(
        f"title: Invented\nauthors: [The prunebase authors]\nlabel: prunebase\nvenue: prunebase\ndate: '2026-11-20'\n"
        f"attribution: rerun\nmethods:\n  iterative-magnitude: {{name: iterative-magnitude, {method}}}\n"
        f"recipe:\n  study: invented\n  architecture: LeNet-300-100\n  networks:\n{''.join(scales)}"
        f"results:\n{''.join(blocks)}",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """A folder with the record."""
    return written(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def both(results):
    """The corpus with what papers report and the record beside it."""
    return corpus.load(reruns_from=results)


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """The corpus without any re-run."""
    return corpus.load(reruns_from=tmp_path_factory.mktemp("nothing"))


def test_measured_networks_come_first_and_are_inside_the_evidence(both):
    """The family has both widths, all seeds, and constants near those it was made with."""
    own, *others = families(both)
    assert own.title == "LeNet-300-100, MNIST (10,000 training images): measured here"
    assert (own.caveat, own.failure) == ("", "")
    assert [(one.name, one.architecture) for one in own.networks] == [
        ("width 0.5", "LeNet-150-50"),
        ("width 1", "LeNet-300-100"),
    ]
    assert len(own.points) == 2 * 2 * 16
    assert set(own.points.unpruned_runs) == {2}
    assert own.fit.law.width_exponent == pytest.approx(
        1.1, abs=0.15
    )  # one octave of widths, 3 % sideways each
    assert all("outside the law's evidence" in other.caveat for other in others)


def test_reported_gradual_pruning_says_that_it_is_outside(reported):
    """Without re-runs the released runs of Gale et al. remain, six sizes, averaged, with a caution."""
    (gale,) = families(reported)
    assert gale.title == "ResNet-50, ImageNet: Gale 2019, Magnitude"
    assert gale.caveat.startswith("gradual pruning: outside the law's evidence")
    assert sorted(gale.points.density.round(3)) == [0.02, 0.05, 0.1, 0.2, 0.3, 0.5]
    table = scaling_constants.table(reported)
    assert list(table["constant"]) == ["plateau", "slope", "knee"]
    assert set(table["evidence"]) == {"outside"}


def test_the_figure_has_points_and_law_of_both(both):
    """Every measured mean and every line is there; the mean over seeds is the mean."""
    data = figure.data(both)
    assert list(data["family"].unique()) == [family.title for family in families(both)]
    measured, law = data[data["layer"] == "measured"], data[data["layer"] == "law"]
    own = measured[measured["attribution"] == "rerun"]
    assert len(own) == 2 * 16
    assert set(own["runs"]) == {2}
    points = families(both)[0].points
    mine = (np.array(points.network) == "width 1") & np.isclose(points.density, own.iloc[-1]["density"])
    assert own.iloc[-1]["error"] == pytest.approx(100 * points.error[mine].mean())
    assert (law["low"] <= law["high"] + 1e-9).all()
    assert law.groupby("network").size().eq(figure.SMOOTH).all()
    text = json.dumps(figure.chart(data).to_dict(validate=False))
    assert "outside the law" in text


def test_a_family_that_cannot_be_fitted_is_drawn_with_the_reason(tmp_path):
    """Three rounds are too few: points stay, the heading says why there is no line, and `predict` says it too."""
    loaded = corpus.load(reruns_from=written(tmp_path, rounds=3))
    data = figure.data(loaded)
    own = data[data["attribution"] == "rerun"]
    assert set(own["layer"]) == {"measured"}
    assert own["heading"].iloc[0].startswith("No law fitted: width 0.5: 3 densities are too few")
    figure.chart(data).to_dict(validate=False)
    with pytest.raises(ValueError, match="3 densities are too few"):
        predict(loaded, 0.1, dataset="MNIST")


def test_the_smallest_network_is_the_smallest(both):
    """Predictions are sorted by size, lie on the law, and their intervals hold them."""
    answer = predict(both, 0.1)
    sizes = [one.params for one in answer.predictions]
    assert sizes == sorted(sizes)
    for one in answer.predictions:
        network = one.network
        law = answer.family.fit.law
        assert law.error(one.density, network.unpruned_error, network.width) == pytest.approx(0.1, rel=1e-9)
        assert one.density_interval[0] <= one.density <= one.density_interval[1]
        kept = round(one.density * SIZES[network.width][2])
        assert one.params == pytest.approx(SIZES[network.width][1] - SIZES[network.width][2] + kept, abs=1)


def test_a_target_beyond_the_range_needs_a_word(both):
    """Within the measured densities nothing is said; beyond them it is refused, or marked."""
    beyond = next(error for error in np.arange(0.3, 0.9, 0.02) if _refused(both, error))
    with pytest.raises(ValueError, match=r"beyond the fitted range.*--extrapolate"):
        predict(both, beyond)
    assert all(one.extrapolated for one in predict(both, beyond, extrapolate=True).predictions)


def _refused(loaded, error: float) -> bool:
    try:
        predict(loaded, error)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--error", "2"], "'2' is no error; expected a percentage such as 2%"),
        (["--error", "0%"], "'0%' is no error"),
        (["--error", "1%"], "no network here has an error of 1.00%, even unpruned; the lowest is 4."),
        (["--error", "99%"], "the law gives no density with an error of 99.00%"),
        (
            ["--error", "9%", "--dataset", "MNISTT"],
            "dataset 'MNISTT'; did you mean 'MNIST'?",
        ),
        (
            ["--error", "9%", "--dataset", "MNIST", "--architecture", "ResNet-50"],
            "no families of networks fit",
        ),
        (["--error", "9%", "--format", "xml"], "--format: 'xml' is unknown"),
    ],
)
def test_mistakes_are_one_line(results, words, message):
    """A mistake is one line on standard error and exit code 1."""
    done = CliRunner().invoke(app, ["predict", *words, "--reruns-from", str(results)])
    assert done.exit_code == 1
    assert message in done.output
    assert len(done.output.splitlines()) == 1


def test_the_verb_prints_and_exports(results):
    """Text names width, density, parameters and interval; JSON has the same numbers."""
    words = ["predict", "--error", "10%", "--reruns-from", str(results)]
    text = CliRunner().invoke(app, words).output
    found = re.search(
        r"smallest network .*: (width \S+) \(\S+\) at density (\S+) \((\S+) to (\S+)\), ([\d,]+) param",
        text,
    )
    made = json.loads(CliRunner().invoke(app, [*words, "--format", "json"]).output)["networks"][0]
    assert found[1] == made["network"]
    assert float(found[2]) == pytest.approx(made["density"], rel=5e-3)
    assert int(found[5].replace(",", "")) == pytest.approx(made["params"], abs=0.5)
    outside = CliRunner().invoke(app, ["predict", "--error", "26%", "--dataset", "ImageNet"]).output
    assert "caution: gradual pruning: outside the law's evidence" in outside


def test_the_table_of_constants_has_an_interval_each(both):
    """Plateau, slope, knee and width exponent of the measured family, each within its interval."""
    table = scaling_constants.table(both)
    own = table[table["attribution"] == "rerun"]
    assert list(own["constant"]) == ["plateau", "slope", "knee", "width_exponent"]
    assert (own["low"] <= own["value"]).all()
    assert (own["value"] <= own["high"]).all()
    assert isinstance(table, pd.DataFrame)
