"""The studies that rebuild the survey's figures run what those figures show."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

STUDIES = Path(__file__).parent.parent.parent / "rerun" / "studies"
FIGURES = {
    6: {("ImageNet", "ResNet-18")},
    7: {("CIFAR-10", "CIFAR-VGG"), ("CIFAR-10", "ResNet-56")},
    8: {("CIFAR-10", "ResNet-56")},
    **{key: {("CIFAR-10", "CIFAR-VGG")} for key in (9, 10)},
    **{key: {("CIFAR-10", "ResNet-20")} for key in (11, 12)},
    **{key: {("CIFAR-10", "ResNet-56")} for key in (13, 14)},
    **{key: {("CIFAR-10", "ResNet-110")} for key in (15, 16)},
    **{key: {("ImageNet", "ResNet-18")} for key in (17, 18)},
}
"""What each figure of Blalock et al. (2020) shows, from its caption."""
RATIOS = {6: (2, 4, 8, 16), 8: (2, 4, 8, 16, 32, 64), 17: (2, 4, 8, 16), 18: (2, 4, 8, 16)}
"""Ratios on the axis of a figure; 2 to 32 on the others."""
SHOWN = {"global-magnitude", "layerwise-magnitude", "global-gradient", "layerwise-gradient"}


@pytest.fixture(scope="module")
def studies() -> list[dict]:
    """Every study that names a figure."""
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in STUDIES.glob("*.yaml")]
    return [study for study in read if study.get("figures")]


@pytest.mark.parametrize(("figure", "shown"), FIGURES.items())
def test_every_figure_of_the_second_half_has_its_studies(studies, figure, shown):
    """The studies of a figure are on the configurations it shows, all of them and no other."""
    found = {(study["dataset"], study["architecture"]) for study in studies if figure in study["figures"]}
    assert found == shown


def test_no_study_claims_another_figure(studies):
    """Figures 1 to 5 are about what papers report."""
    assert {figure for study in studies for figure in study["figures"]} == set(FIGURES)


def test_studies_run_the_ratios_baselines_and_seeds_of_their_figures(studies):
    """Ratios as on the axes; the curves of the legend; three runs on CIFAR-10, two initial models in Figure 8."""
    for study in studies:
        for figure in study["figures"]:
            assert set(RATIOS.get(figure, (2, 4, 8, 16, 32))) <= set(study["ratios"]), (
                study["title"],
                figure,
            )
        wanted = {"global-magnitude", "layerwise-magnitude"} if 8 in study["figures"] else SHOWN
        assert wanted <= set(study["baselines"])
        assert study["dataset"] != "CIFAR-10" or len(study["seeds"]) == 3
        assert (len(study["initial"]) == 2) == (8 in study["figures"])
