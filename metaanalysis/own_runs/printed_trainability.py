"""Trainability accuracies that papers print, read from printed/*.yaml; the corpus has no such measure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class PrintedTrainability:
    """The theoretical speedup of the pruned network, and trainability accuracies (percent) by method."""

    speedup: float = 0.0
    accuracies: dict[str, float] = field(default_factory=dict)


@cache
def printed_trainability(paper: str) -> PrintedTrainability:
    """What the paper of this key prints; nothing, for a speedup of 0 that no network has, if it prints none."""
    path = resources.files("metaanalysis") / "printed" / f"{paper}.yaml"
    if not path.is_file():
        return PrintedTrainability()
    tree = yaml.safe_load(path.read_text("utf-8"))
    accuracies = {name: float(value) for name, value in tree["trainability_accuracy"].items()}
    return PrintedTrainability(float(tree["speedup"]), accuracies)
