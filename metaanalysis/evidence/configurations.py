"""The configurations that figures and tables of the evidence offer, each at its usual amount unless one is named."""

from __future__ import annotations

from typing import Literal

from corpus.catalogue.corpus import Corpus
from metaanalysis.evidence.question import Question
from metaanalysis.evidence.studies import studies_of
from metaanalysis.evidence.synthesis import Evidence, evidence_from, usual_amount

DatasetName = Literal["CIFAR-10", "ImageNet", "MNIST"]
ArchitectureName = Literal[
    "ResNet-56",
    "ResNet-110",
    "CIFAR-VGG",
    "VGG-16",
    "Alex/CaffeNet",
    "ResNet-18",
    "ResNet-34",
    "ResNet-50",
    "LeNet-5-Caffe",
]
AmountName = Literal["usual", "compression", "speedup"]
GroupingName = Literal["method", "structure", "scoring"]
MEASURE_OF = {"usual": None, "compression": "compression_ratio", "speedup": "theoretical_speedup"}


def evidence_at(
    corpus: Corpus,
    dataset: str,
    architecture: str,
    amount: str = "usual",
    ratio: int = 0,
    by: str = "method",
) -> Evidence | None:
    """The evidence on a configuration; None where no paper says anything.

    `amount` is `usual`, `compression` or `speedup`; the usual ratio is taken where `ratio` is 0.
    """
    measure, usual = usual_amount(corpus, dataset, architecture, MEASURE_OF[amount], by=by)
    question = Question(dataset, architecture, measure, float(ratio) if ratio >= 1 else usual, by)
    studies = studies_of(corpus, question)
    return evidence_from(studies) if studies.studies else None
