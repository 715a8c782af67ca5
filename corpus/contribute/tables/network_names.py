"""The network that a label names, with what authors add to it: `ResNet-50(Baseline)`, `ResNet-50-0.52`."""

from __future__ import annotations

import re

from corpus.schema.vocabulary import Names

UNPRUNED_WORDS = r"unpruned|baselines?|dense|original|uncompressed|full\smodel|reference"
UNPRUNED_LABEL = re.compile(
    rf"(?<![\w-])(?:{UNPRUNED_WORDS})(?![\w-])|^(?:base|full)(?![\w-])(?!.*\+)|[(\[]\s*(?:base|full)\s*[)\]]",
    re.I,
)
"""A row's label that says it is the unpruned network: `Baseline`, `ResNet-50 (Dense)`, but not `dense-sparse-dense`."""
_ADDED = (
    re.compile(rf"\s*[(\[]?\s*(?<!\w)(?:{UNPRUNED_WORDS})(?!\w)\s*[)\]]?\s*", re.I),
    re.compile(r"\s*\((?:ours|base|hf|torchvision|timm)\)\s*$", re.I),
    re.compile(r"[\s_-]+0(?:\.\d+)?$"),  # a pruning ratio
    re.compile(r"[\s_-]+\d+%$"),
)


def known_architecture(label: str, names: Names) -> str | None:
    """The vocabulary's name of the network that a label names; None if it names none that is known.

    >>> known_architecture("ResNet-50-0.52", names)  # doctest: +SKIP
    'ResNet-50'
    """
    for spelling in _spellings(label):
        vocabulary = names.architectures
        known = vocabulary.canonical(spelling) or vocabulary.canonical_ignoring_case(spelling)
        if known and not vocabulary[known].placeholder:
            return known
    return None


def _spellings(label: str) -> list[str]:
    """The label itself, and without what authors add, from the end on."""
    spellings = [label.strip()]
    for pattern in _ADDED:
        shorter = pattern.sub("", spellings[-1]).strip()
        if shorter and shorter != spellings[-1]:
            spellings.append(shorter)
    return spellings


def is_unpruned(label: str) -> bool:
    """Whether a label says that its row is the unpruned network.

    >>> is_unpruned("VGG-16-BN(Baseline)"), is_unpruned("DenseNet-40")
    (True, False)
    """
    return UNPRUNED_LABEL.search(label) is not None


def network_of(label: str, names: Names) -> str:
    """A network's name for telling rows of different networks apart, known or not; nothing for no label."""
    known = known_architecture(label, names)
    return known or _spellings(label)[-1].lower()
