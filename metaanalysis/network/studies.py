"""Studies: the contrasts of one study taken together, checked to be those of one experiment.

The contrasts between the k arms of a study are correlated, since each arm enters k - 1 of them. What they have in
common need not be stated: the variances of all k(k-1)/2 contrasts fix every covariance,
cov(i - h, j - h) = (var(i - h) + var(j - h) - var(i - j)) / 2 (Ruecker & Schwarzer 2014, doi 10.1002/sim.6236).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from scipy.optimize import nnls

from corpus.schema.reader import CorpusError
from metaanalysis.network.contrasts import Contrast, ContrastTable

NEGLIGIBLE_PART = 0.05
"""Effects of one study may miss adding up by this part of its smallest standard error, beyond their rounding.

An estimate moves by no more than the miss, which is then a twentieth of what chance alone moves it.
"""
COARSEST_EFFECT = 0.5
COARSEST_ERROR = 0.1
"""Rounding explains at most this part of a standard error; whole numbers say nothing of how they were rounded."""
SHOWN_PAIRS = 4


@dataclass(frozen=True, eq=False)
class ComparedStudy:
    """A study with k arms.

    `effects` (k, k) holds arm i minus arm j, `variances` (k, k) their squared standard errors; `treatments` are sorted.
    `note` says what had to be mended, or is empty.
    """

    name: str
    treatments: tuple[str, ...]
    effects: np.ndarray
    variances: np.ndarray
    note: str = field(default="")


def studies_in(table: ContrastTable) -> tuple[ComparedStudy, ...]:
    """The studies of a table in order of appearance; CorpusError lists those that do not hang together.

    A study with k arms must give all k(k-1)/2 pairs; their effects must add up (a - b and b - c to a - c) and their
    variances be sums of one variance per arm, both within the rounding of what is written.
    """
    by_study: dict[str, list[Contrast]] = {}
    for contrast in table.contrasts:
        by_study.setdefault(contrast.study, []).append(contrast)
    studies, problems = [], []
    for contrasts in by_study.values():
        try:
            studies.append(_study(contrasts))
        except _Inconsistent as found:
            problems.append(table.problem(contrasts[0], str(found)))
    if problems:
        raise CorpusError(problems)
    return tuple(studies)


class _Inconsistent(ValueError):
    """Why the contrasts of a study cannot be those of one experiment."""


@dataclass(frozen=True, eq=False)
class _Printed:
    """The contrasts of a study as written: (k, k), arm i against arm j, with half a unit of the last digit of each."""

    name: str
    treatments: tuple[str, ...]
    effects: np.ndarray
    effect_rounding: np.ndarray
    errors: np.ndarray
    error_rounding: np.ndarray

    def inconsistent(self, what: str) -> _Inconsistent:
        """The error that this study is `what`."""
        return _Inconsistent(f"study '{self.name}': {what}")


def _study(contrasts: Sequence[Contrast]) -> ComparedStudy:
    printed = _printed(contrasts)
    variances = printed.errors**2
    if len(printed.treatments) == 2:
        return ComparedStudy(printed.name, printed.treatments, printed.effects, variances)
    _require_sums(printed)
    variances, note = _arm_variances(printed)
    return ComparedStudy(printed.name, printed.treatments, printed.effects, variances, note)


def _printed(contrasts: Sequence[Contrast]) -> _Printed:
    name = contrasts[0].study
    arms: set[str] = set()
    for contrast in contrasts:
        arms |= {contrast.treatment_a, contrast.treatment_b}
    treatments = tuple(sorted(arms))
    _require_all_pairs(name, treatments, contrasts)
    effects, effect_rounding, errors, error_rounding = np.zeros((4, len(treatments), len(treatments)))
    for contrast in contrasts:
        a = treatments.index(contrast.treatment_a)
        b = treatments.index(contrast.treatment_b)
        effects[a, b] = contrast.effect
        effects[b, a] = -contrast.effect
        effect_rounding[[a, b], [b, a]] = contrast.effect_rounding
        errors[[a, b], [b, a]] = contrast.standard_error
        error_rounding[[a, b], [b, a]] = contrast.error_rounding
    return _Printed(name, treatments, effects, effect_rounding, errors, error_rounding)


def _require_all_pairs(name: str, treatments: Sequence[str], contrasts: Sequence[Contrast]) -> None:
    given = {frozenset((contrast.treatment_a, contrast.treatment_b)) for contrast in contrasts}
    pairs = list(combinations(treatments, 2))
    missing = [pair for pair in pairs if frozenset(pair) not in given]
    if not missing:
        return
    shown = ", ".join(f"'{a}' against '{b}'" for a, b in missing[:SHOWN_PAIRS])
    if len(missing) > SHOWN_PAIRS:
        shown += f" and {len(missing) - SHOWN_PAIRS} more"
    raise _Inconsistent(
        f"study '{name}' has {len(treatments)} arms and {len(given)} of their {len(pairs)} pairs; missing: {shown}"
    )


def _require_sums(printed: _Printed) -> None:
    """Every triangle of effects must close, up to rounding and a negligible part of the smallest standard error."""
    effects, rounding = printed.effects, printed.effect_rounding
    first, second = np.triu_indices_from(effects, 1)
    smallest = printed.errors[first, second].min()
    for a, b, c in combinations(range(len(effects)), 3):
        around = effects[a, b] + effects[b, c]
        rounded = rounding[a, b] + rounding[b, c] + rounding[a, c]
        allowed = min(rounded, COARSEST_EFFECT * smallest) + NEGLIGIBLE_PART * smallest
        if abs(around - effects[a, c]) > allowed:
            names = [f"'{printed.treatments[arm]}'" for arm in (a, b, c)]
            raise printed.inconsistent(
                f"effects do not add up: {names[0]} - {names[1]} and {names[1]} - {names[2]} make {around:.6g}, "
                f"but {names[0]} - {names[2]} is {effects[a, c]:.6g}"
            )


def _arm_variances(printed: _Printed) -> tuple[np.ndarray, str]:
    """The variances (k, k) to use for a study of three or more arms, and a note if they are not those given.

    Each is the sum of the variances of two arms, found by least squares. An arm's may come out below zero only as far
    as the rounding of the standard errors explains; where the variances given are then no covariance matrix at all,
    sums of arms' variances that are not below zero and nearest in units of that rounding stand in for them.
    """
    first, second = np.triu_indices_from(printed.errors, 1)
    given = printed.errors[first, second]
    half = np.minimum(printed.error_rounding[first, second], COARSEST_ERROR * given)
    moved = 2 * given * half + half**2  # how far rounding may have moved a square
    pair_sums = np.zeros((len(given), len(printed.treatments)))
    rows = np.arange(len(given))
    pair_sums[rows, first] = 1
    pair_sums[rows, second] = 1
    solve = np.linalg.pinv(pair_sums)
    of_arms = solve @ given**2
    slack = np.abs(solve) @ moved
    slack += 1e-12 * given.max() ** 2  # arithmetic in doubles
    worst = int(np.argmin(of_arms + slack))
    if of_arms[worst] < -slack[worst]:
        raise printed.inconsistent(
            f"no variance for each arm gives these standard errors: that of '{printed.treatments[worst]}' would be "
            f"{of_arms[worst]:.3g}; expected the square of each standard error to be the sum of two arms' variances"
        )
    variances = printed.errors**2
    if is_covariance(variances):
        return variances, ""
    kept, _ = nnls(pair_sums / moved[:, None], given**2 / moved)
    mended = kept[:, None] + kept[None, :]
    np.fill_diagonal(mended, 0)
    if not is_covariance(mended):
        raise printed.inconsistent("two of its arms have no variance of their own by these standard errors")
    note = (
        f"study '{printed.name}': standard errors mended within their rounding, one arm's variance is zero"
    )
    return mended, note


def is_covariance(variances: np.ndarray) -> bool:
    """Whether variances (k, k) of all contrasts between k arms belong to a covariance matrix of full rank."""
    covariance = (variances[1:, :1] + variances[:1, 1:] - variances[1:, 1:]) / 2
    eigenvalues = np.linalg.eigvalsh(covariance)
    return bool(eigenvalues[0] > 1e-10 * eigenvalues[-1])  # smaller ones are lost in double precision
