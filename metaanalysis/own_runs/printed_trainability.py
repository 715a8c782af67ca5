"""Trainability accuracies that papers print, read from printed/*.yaml; the corpus has no such measure."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml


@cache
def printed_trainability(paper: str) -> tuple[float, dict[str, float]]:
    """The theoretical speedup of a paper's network and its methods' trainability accuracies (percent), if printed."""
    path = resources.files("metaanalysis") / "printed" / f"{paper}.yaml"
    if not path.is_file():
        return 0.0, {}
    read = yaml.safe_load(path.read_text("utf-8"))
    return float(read["speedup"]), {
        name: float(value) for name, value in read["trainability_accuracy"].items()
    }
