"""A question to the evidence: one dataset and network, at one amount of pruning, with methods or classes of methods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.schema.suggest import did_you_mean

AMOUNTS = {"compression_ratio": "compression", "theoretical_speedup": "speedup"}
"""Measures of how far a network is pruned, with the word for each."""
GROUPINGS = ("method", "structure", "scoring")
"""What a treatment is: a method, or all methods that remove the same structure, or that score by the same means."""
MEASURES = ("top1", "top5")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `ratio` is of the measure `amount`; `architecture` may be a family.

    `assumed_scale` multiplies every assumed deviation, `reruns` takes our own runs in as studies. ValueError for a
    grouping or measure that does not exist, and for numbers that cannot be.

    >>> Question("CIFAR-10", "ResNet-56", "theoretical_speedup", 2.0).words
    'ResNet-56 on CIFAR-10 at 2x speedup, Top-1'
    """

    dataset: str
    architecture: str
    amount: str
    ratio: float
    by: str = "method"
    measure: str = "top1"
    assumed_scale: float = 1.0
    reruns: bool = False

    def __post_init__(self):
        _require("amount", self.amount, AMOUNTS)
        _require("by", self.by, GROUPINGS)
        _require("measure", self.measure, MEASURES)
        if not 1 <= self.ratio < float("inf"):
            raise ValueError(
                f"{AMOUNTS[self.amount]}: {self.ratio:g} is no ratio; expected 1 or more, such as 4"
            )
        if not 0 < self.assumed_scale < float("inf"):
            raise ValueError(
                f"assumed scale: {self.assumed_scale:g}; expected a number above zero, such as 0.5"
            )

    @property
    def words(self) -> str:
        """The question as a heading."""
        measure = {"top1": "Top-1", "top5": "Top-5"}[self.measure]
        return (
            f"{self.architecture} on {self.dataset} at {self.ratio:.3g}x {AMOUNTS[self.amount]}, {measure}"
        )

    def scaled(self, scale: float) -> Question:
        """The same question with every assumed deviation multiplied by `scale`."""
        return replace(self, assumed_scale=scale)

    def concerns(self, corpus: Corpus, point: OperatingPoint) -> bool:
        """Whether an operating point is of this dataset and network."""
        names = (point.architecture, corpus.names.family(point.architecture))
        return point.dataset == self.dataset and self.architecture in names


def require_configuration(corpus: Corpus, dataset: str, architecture: str) -> tuple[str, str]:
    """The dataset and the network by their own names, aliases resolved; ValueError for one without results."""
    datasets = {point.dataset for point in corpus.points}
    dataset = corpus.names.datasets.canonical_ignoring_case(dataset) or dataset
    _require("dataset", dataset, sorted(datasets), shown=6)
    own = {point.architecture for point in corpus.points if point.dataset == dataset}
    families = {corpus.names.family(name) for name in own}
    if architecture not in families:
        architecture = corpus.names.architectures.canonical_ignoring_case(architecture) or architecture
    _require(f"architecture on {dataset}", architecture, sorted(own | families), shown=6)
    return dataset, architecture


def _require(what: str, value: str, known: Iterable[str], shown: int = 8) -> None:
    names = list(known)
    if value in names:
        return
    expected = ", ".join(names[:shown]) + (" ..." if len(names) > shown else "")
    raise ValueError(f"{what}: '{value}' is unknown{did_you_mean(value, names)}; expected {expected}")
