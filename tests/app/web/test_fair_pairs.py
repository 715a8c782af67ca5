"""The section of the page Compare that says how fair it is to set the chosen methods side by side."""

from __future__ import annotations

import re

import pytest

from metaanalysis.fairness.setups import MEANING, fair

pytest.importorskip("streamlit", reason="streamlit is not installed")

UNESCAPED = re.compile(r"\\([^A-Za-z0-9\s])")


def table_of(app, column: str) -> list[dict[str, str]]:
    """The rows of the table that has this column, as they are read."""
    found = next(table.value for table in app.table if column in table.value)
    return [
        {name: UNESCAPED.sub(r"\1", cell) for name, cell in row.items()} for row in found.to_dict("records")
    ]


def test_each_pair_has_its_strictest_setup_and_what_is_in_the_way(visit, everything):
    """He (Yang) 2018 and Peng 2019 on ResNet-56: S1, as `fair` says too, with both base accuracies in words."""
    app = visit("compare", methods=["He, Yang 2018", "Peng 2019, CCP"])
    rows = {row["Setting"]: row for row in table_of(app, "Not stricter, because")}
    row = rows["ResNet-56 on CIFAR-10"]
    best = fair(everything, "he2018soft", "peng2019collaborative").strictest
    assert row["Setup"] == f"**{best.label}**" == "**S1**"
    assert row["Not stricter, because"] == f"S2: base model differs: {best.obstacle.said}"
    assert "93.59%" in best.obstacle.said
    assert rows["ResNet-50 on ImageNet"]["Setup"] == "**none**"


def test_the_setups_are_explained(visit):
    """Every setup stands on the page with what it holds equal."""
    app = visit("compare", methods=["He, Yang 2018", "Peng 2019, CCP"])
    assert {row["Setup"]: row["Holds equal"] for row in table_of(app, "Holds equal")} == MEANING
