"""Accuracies and their changes with the binary noise of the 2020 analysis, which kept percentages as fractions of 1.

It subtracted fractions and compared the differences to their last bit, so that 0.7495 - 0.7601 came out above -0.0106.
Two rows of one network in the survey's sheet (526 and 527) therefore both stand on their paper's frontier.
"""

from __future__ import annotations

from corpus.numbers.derive import Derivation


def as_fraction(derivation: Derivation) -> float:
    """An accuracy or a change of accuracy as a fraction of 1, as the 2020 analysis came to it.

    Raises
    ------
    ValueError
        For arithmetic other than 100 minus an error, or one accuracy minus another.
    """
    if not derivation.inputs:
        return derivation.quantity.value / 100
    parts = [as_fraction(part) for part in derivation.inputs]
    if derivation.route.startswith("100 - "):
        return 1 - parts[0]
    if derivation.route.count(" - ") == 1 and len(parts) == 2:
        return parts[0] - parts[1]
    raise ValueError(f"no accuracy follows by {derivation.route} in the 2020 analysis")
