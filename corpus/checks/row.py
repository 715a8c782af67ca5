"""One row of results as every check of slips sees it, whether it stands in a paper's file or in a loose table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from corpus.catalogue.results import OperatingPoint
from corpus.numbers.derive import Derivation, normal_form


@dataclass(frozen=True)
class Row:
    """The printed numbers of one row with those of its unpruned network, and the network they are of.

    Parameters
    ----------
    leaves
        Printed numbers by measure; those of the unpruned network begin with `unpruned_`.
    dataset, architecture
        Names of the vocabularies; None where they are not known.
    trials
        Runs that each number is the mean of; None if unknown, which counts as one.
    unsure_units
        Measures (`params`, `flops`) whose unit the table does not say; only their quotients mean anything.
    may_grow
        Whether a pruned network larger than the unpruned one has been answered for already.
    worked_out
        The values that follow from the numbers, where they are at hand.
    """

    leaves: Mapping[str, Derivation]
    dataset: str | None = None
    architecture: str | None = None
    trials: int | None = None
    unsure_units: frozenset[str] = frozenset()
    may_grow: bool = False
    worked_out: Mapping[str, Derivation] | None = None

    @cached_property
    def values(self) -> Mapping[str, Derivation]:
        """Every measure that follows from the printed numbers."""
        return normal_form(self.leaves) if self.worked_out is None else self.worked_out


@dataclass(frozen=True, slots=True)
class Slip:
    """A printed number that cannot be meant, and why.

    `kind` is `slip`, `unit` (a factor such as K for M, or two FLOPs for a multiply-add) or `rounding` (no larger than
    the last printed digit); `certain` if no reading of the number can be right.
    """

    leaf: Derivation
    message: str
    kind: str = "slip"
    certain: bool = False


AGREES = None
"""What a check yields for a pair of numbers that can both be right; a Slip is a pair that cannot."""
Verdict = Slip | None


def row_of(point: OperatingPoint) -> Row:
    """The operating point as the checks of slips see it; the resolver has judged whether it may grow."""
    return Row(
        point.leaves,
        point.dataset,
        point.architecture,
        point.trials,
        may_grow=True,
        worked_out=point.values,
    )
