"""What a result may be kept out of, and the words that papers' files use for it."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """A use of results from which a file may exclude some of its own, with the reason.

    The value is the word in the file: `exclude: {from: [fragmentation], because: ...}`. These words were chosen in 2020
    after what each purpose was first needed for; they say nothing on where a purpose is served today.

    >>> Purpose("fragmentation")
    <Purpose.BESIDE_PAPERS: 'fragmentation'>
    """

    SETTING_COUNTS = "counts"
    """Counts of datasets, architectures and their pairs."""
    RESULT_COUNTS = "results_per_paper"
    """Counts of the results that a paper has."""
    BESIDE_PAPERS = "fragmentation"
    """Standing beside the tradeoffs of other papers."""
    BESIDE_ARCHITECTURES = "pruned_vs_architectures"
    """Standing beside unpruned networks of other architectures."""
    MAGNITUDE_VARIANTS = "resnet50_magnitude"
    """Standing among the variants of magnitude pruning, and beside all other methods."""
    HEAD_TO_HEAD = "head_to_head"
    """Being set against single results of another paper."""
