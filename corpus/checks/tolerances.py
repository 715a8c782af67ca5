"""How far two numbers may lie apart before a check speaks: every tolerance of every slip, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A bound, what it is measured in, and why it is no smaller and no larger."""

    value: float
    unit: str
    reason: str


TOLERANCES: dict[str, Tolerance] = {
    "hint": Tolerance(
        0.02,
        "share of the larger number",
        "a slip explains a number only if it leads to it; two printed digits round by up to 2 %",
    ),
    "relative change": Tolerance(
        0.03,
        "share of the larger number",
        "a change and the accuracy it is divided by are both rounded, so their quotient is off a little more",
    ),
    "same size": Tolerance(
        0.12,
        "share of the known size",
        "counters of one network differ by less: ResNet-50 has 3.86 to 4.13 billion multiply-adds, VGG-16 with "
        "and without batch normalization 138.34 to 138.37 million parameters",
    ),
    "same accuracy": Tolerance(
        4.0,
        "percentage points",
        "trainings of one network on one dataset lie this close (VGG-16 68.3 to 71.6 %, ResNet-50 72.9 to 76.8 %)",
    ),
    "other accuracy": Tolerance(
        20.0,
        "percentage points",
        "five times what trainings differ by: nearer than this an error rate looks like an accuracy",
    ),
    "chance": Tolerance(
        0.02,
        "share of a guess's accuracy",
        "a network that has lost everything is right as often as a guess, give or take a few images",
    ),
    "almost nothing": Tolerance(
        0.01, "fraction", "nobody reports a network that lost 1 % or less: it is 60 % written as 0.6"
    ),
    "whole image": Tolerance(
        0.01,
        "images",
        "57.8999996185 %, a share kept in single precision, misses a whole number of 10,000 images by less",
    ),
    "coarse digit": Tolerance(
        0.1,
        "share of the number",
        "one unit of the last digit is a rounding only where it is small beside the number: in 2x it is half of it",
    ),
    "sharp": Tolerance(
        0.06,
        "share of the number",
        "an unpruned size implied to within 3 % either way tells pruned from kept; shares of one digit do not",
    ),
    "rows agree": Tolerance(
        2 / 3,
        "share of the rows",
        "as many rows must lead to one unpruned network before the others are called wrong",
    ),
}
"""One entry for each tolerance; `tolerance` gives its value."""


def tolerance(name: str) -> float:
    """The value of one tolerance, in its own unit.

    >>> tolerance("same accuracy")
    4.0
    """
    return TOLERANCES[name].value


def near(a: float, b: float, within: str = "hint") -> bool:
    """Whether two numbers differ by at most a share of the larger one (the tolerance called `within`).

    >>> near(2.0, 2.03)
    True
    """
    return abs(a - b) <= tolerance(within) * max(abs(a), abs(b))
