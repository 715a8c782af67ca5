"""Trainability accuracies that papers print, read from printed/*.yaml; the corpus has no such measure."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

PAPERS = ("wang2023why",)


@cache
def printed_trainability(paper: str) -> tuple[float, dict[str, float]]:
    """The theoretical speedup of a paper's network and the trainability accuracy of each of its methods, percent."""
    if paper not in PAPERS:
        return 0.0, {}
    text = (resources.files("metaanalysis") / "printed" / f"{paper}.yaml").read_text("utf-8")
    read = yaml.safe_load(text)
    return float(read["speedup"]), {name: float(value) for name, value in read["trainability_accuracy"].items()}
