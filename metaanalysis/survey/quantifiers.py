"""What words such as `more than a fourth` are taken to mean, so that a count can be held against them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """A test on a share (a fraction) or a number, and the test in words: `more than 25%`."""

    holds: Callable[[float], bool]
    reading: str
    of_share: bool = True


def _about(fraction: float) -> Meaning:
    low, high = fraction - NEAR, fraction + NEAR
    return Meaning(lambda share: low <= share <= high, f"between {low:.0%} and {high:.0%}")


def _above(fraction: float) -> Meaning:
    return Meaning(lambda share: share > fraction, f"more than {fraction:.0%}")


def _at_least(fraction: float) -> Meaning:
    return Meaning(lambda share: share >= fraction, f"at least {fraction:.0%}")


def _at_most(fraction: float) -> Meaning:
    return Meaning(lambda share: share <= fraction, f"at most {fraction:.0%}")


def _number(least: int) -> Meaning:
    return Meaning(lambda number: number >= least, f"at least {least}", of_share=False)


NEAR = 0.05
"""A share within five percentage points is about a fraction."""
MEANINGS = {
    "a quarter": _about(0.25),
    "another fourth": _about(0.25),
    "half": _about(0.5),
    "more than a fourth": _above(0.25),
    "most": _above(0.5),
    "nearly all": _at_least(0.9),
    "near universal": _at_least(0.9),
    "large fraction": _at_least(1 / 3),
    "often": _at_least(1 / 3),
    "even a third": Meaning(lambda share: share < 1 / 3, "less than a third"),
    "sometimes": Meaning(lambda share: 0 < share < 0.5, "some, but less than half"),
    "rarely": _at_most(0.1),
    "virtually no": _at_most(0.05),
    "dozens": _number(24),
    "many": _number(12),
    "two or more": _number(2),
    "at least one": _number(1),
}
"""Our readings of the survey's words; each verdict names the one it used."""
