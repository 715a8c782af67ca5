"""One unit for FLOPs: two per multiply-add are halved once, and sizes unlike any reference are told once a network."""

from __future__ import annotations

import pytest

from corpus.checks.check import check_corpus
from corpus.checks.plausibility import is_answered
from corpus.schema.places import default_folder
from metaanalysis import normalize
from metaanalysis.registry import figures, statistics

COUNTS_TWO = {
    "luo2017thinet",
    "luo2018autopruner",
    "suzuki2018spectral",
    "han2015learning",
    "liu2018rethinking",
    "huang2018data",
    "yamamoto2018pcas",
    "wang2023why",
}


def test_a_paper_that_counts_two_says_why(everything):
    """Each block that is halved has its reason; papers known to count two are among them."""
    halved = set()
    for paper in everything.papers.values():
        for _, _, block in paper.written.blocks:
            if block.flops_counts == "flops":
                assert block.flops_because, paper.key
                halved.add(paper.key)
    assert halved >= COUNTS_TWO
    of_survey = {key for key in halved if everything.papers[key].survey()}
    assert of_survey == COUNTS_TWO - {"wang2023why"}


def test_one_network_has_one_count_of_multiply_adds(corrected, published):
    """ResNet-50 starts near 4.1 G in every paper of the survey by default; as published some say 7.7 G."""
    counts = {}
    for name, view in {"default": corrected, "published": published}.items():
        rows = view.sql(
            "SELECT unpruned_flops FROM points WHERE dataset = 'ImageNet' AND architecture = 'ResNet-50' "
            "AND unpruned_flops IS NOT NULL"
        )
        counts[name] = rows["unpruned_flops"]
    assert counts["default"].between(3.8e9, 4.2e9).all()
    assert counts["published"].max() == pytest.approx(7.729e9)


def test_no_pruned_network_lies_right_of_its_own_unpruned_one(everything):
    """In the default Figure 1 pruning makes every network smaller than the start drawn for its architecture."""
    data = figures()["pruned_vs_architectures"].data(everything)
    drawn = data[data["series"] == "unpruned"].groupby(["architecture", "x_metric"])["x"].median()
    pruned = data[data["series"] == "pruned"]
    assert len(pruned) > 200
    on_curve = [drawn.get(key) for key in zip(pruned["architecture"], pruned["x_metric"], strict=True)]
    right = pruned[
        [start is not None and x > start for x, start in zip(pruned["x"], on_curve, strict=True)]
    ]
    assert right["about"].tolist() == []


def test_a_paper_that_counts_two_unsaid_is_warned_of_once_a_network(tmp_path):
    """Without `flops_counts` each of the papers has one warning of kind `unit` for each network."""
    files = []
    for key in sorted(COUNTS_TWO - {"wang2023why"}):
        text = (default_folder() / "papers" / f"{key}.yaml").read_text(encoding="utf-8")
        lines = [
            line
            for line in text.splitlines()
            if not line.strip().startswith(("flops_counts: flops", "flops_because"))
        ]
        files.append(tmp_path / f"{key}.yaml")
        files[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    warned = []
    for warning in check_corpus(files=files).warnings:
        of_these = warning.file.rpartition("/")[2].removesuffix(".yaml") in COUNTS_TWO
        if of_these and warning.kind == "unit" and "flops_counts: flops" in warning.message:
            warned.append(
                (warning.file.rpartition("/")[2], warning.message.partition(" has ")[0].rpartition(" ")[2])
            )
    assert sorted(warned) == [
        ("han2015learning.yaml", "VGG-16"),
        ("huang2018data.yaml", "VGG-16"),
        ("liu2018rethinking.yaml", "ResNet-50"),
        ("liu2018rethinking.yaml", "VGG-16"),
        ("luo2017thinet.yaml", "ResNet-50"),
        ("luo2017thinet.yaml", "VGG-16"),
        ("luo2018autopruner.yaml", "ResNet-50"),
        ("luo2018autopruner.yaml", "VGG-16"),
        ("suzuki2018spectral.yaml", "VGG-16"),
        ("yamamoto2018pcas.yaml", "ResNet-50"),
        ("yamamoto2018pcas.yaml", "VGG-16"),
    ]


def test_sizes_off_by_other_factors_are_warned_of(corrected):
    """x1.3, x0.76 and x0.56 of the reference network, each once, and no other paper of the survey."""
    of_survey = {f"{key}.yaml" for key in corrected.papers}
    warnings = [warning for warning in check_corpus().warnings if warning.kind == "unit"]
    warnings = [warning for warning in warnings if warning.file.rpartition("/")[2] in of_survey]
    told = {warning.file.rpartition("/")[2]: warning.message for warning in warnings}
    assert len(warnings) == len(told) == 3
    for file, factor in {
        "choi2019jointly": "x1.3",
        "figurnov2016perforatedcnns": "x0.758",
        "yang2017designing": "x0.562",
    }.items():
        assert factor in told[f"{file}.yaml"]


@pytest.mark.parametrize(
    ("doubt", "measure", "answered"),
    [
        ("the unpruned top-1 lies above others, so this may be VGG-16-BN", "unpruned_flops", False),
        ("the unpruned top-1 lies above others, so this may be VGG-16-BN", "top1_change", True),
        ("the authors' FLOP counter gives 2.34e7 where 2.43e7 is printed", "flops_pruned", True),
        ("Table S5 gives a parameter ratio of 1.99", "theoretical_speedup", False),
        ("two digits look swapped", "params", True),
    ],
)
def test_a_doubt_answers_for_its_own_measures(doubt, measure, answered):
    """A doubt of an accuracy says nothing of sizes; one that names no measure answers all."""
    assert is_answered(doubt, measure) == answered


def test_accuracies_of_several_views_are_no_drift(everything, published):
    """The 10-view accuracy of zhang2015accelerating is in the data with its flag, and is not drawn."""
    drift = figures()["baseline_drift"].data(everything)
    row = drift[(drift["paper"] == "zhang2015accelerating") & (drift["measure"] == "top1")].iloc[0]
    assert (row["value"], row["flag"]) == (62.4, "10 views")
    assert row[["points", "ratio"]].isna().all()
    spread = statistics()["baselines"].data(everything)
    alex = spread[(spread["architecture"] == "Alex/CaffeNet") & (spread["measure"] == "top1")].iloc[0]
    assert "zhang2015accelerating" not in alex[["lowest_in", "highest_in"]].tolist()
    old = figures()["baseline_drift"].data(published)
    assert old[old["paper"] == "zhang2015accelerating"]["flag"].tolist() == ["", "", ""]


def test_reference_sizes_are_exact_counts(everything, published):
    """ResNet-50 has 25,557,032 parameters by default; as published the mean with a rounded 26 M that was drawn."""
    default = normalize.baselines(everything, normalize.TABLES)["ResNet-50"]
    assert default["params"].value == 25_557_032
    assert default["flops"].value == pytest.approx(4.09e9)
    drawn = normalize.baselines(published, normalize.TABLES)["ResNet-50"]
    assert drawn["params"].value == pytest.approx((25_557_032 + 26e6) / 2)
