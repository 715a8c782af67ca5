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
from corpus.reader import CorpusError
from scipy.optimize import nnls

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
class Study:
    """A study with k arms.

    `effects` (k, k) holds arm i minus arm j, `variances` (k, k) their squared standard errors; `treatments` are sorted.
    `note` says what had to be mended, or is empty.
    """

    name: str
    treatments: tuple[str, ...]
    effects: np.ndarray
    variances: np.ndarray
    note: str = field(default="")


def studies_in(table: ContrastTable) -> tuple[Study, ...]:
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


def _study(contrasts: Sequence[Contrast]) -> Study:
    name = contrasts[0].study
    treatments = sorted({treatment for c in contrasts for treatment in (c.treatment_a, c.treatment_b)})
    _require_all_pairs(name, treatments, contrasts)
    place = {treatment: number for number, treatment in enumerate(treatments)}
    shape = (len(treatments), len(treatments))
    effects, errors = np.zeros(shape), np.zeros(shape)
    effect_rounding, error_rounding = np.zeros(shape), np.zeros(shape)
    for contrast in contrasts:
        a, b = place[contrast.treatment_a], place[contrast.treatment_b]
        effects[a, b], effects[b, a] = contrast.effect, -contrast.effect
        errors[a, b] = errors[b, a] = contrast.standard_error
        effect_rounding[a, b] = effect_rounding[b, a] = contrast.effect_rounding
        error_rounding[a, b] = error_rounding[b, a] = contrast.error_rounding
    variances, note = errors**2, ""
    if len(treatments) > 2:
        _require_sums(name, treatments, effects, effect_rounding, errors)
        variances, note = _arm_variances(name, treatments, errors, error_rounding)
    return Study(name, tuple(treatments), effects, variances, note)


def _require_all_pairs(name: str, treatments: Sequence[str], contrasts: Sequence[Contrast]) -> None:
    given = {frozenset((contrast.treatment_a, contrast.treatment_b)) for contrast in contrasts}
    missing = [pair for pair in combinations(treatments, 2) if frozenset(pair) not in given]
    if not missing:
        return
    shown = ", ".join(f"'{a}' against '{b}'" for a, b in missing[:SHOWN_PAIRS])
    more = f" and {len(missing) - SHOWN_PAIRS} more" if len(missing) > SHOWN_PAIRS else ""
    raise _Inconsistent(
        f"study '{name}' has {len(treatments)} arms and {len(given)} of their {len(given) + len(missing)} pairs; "
        f"missing: {shown}{more}"
    )


def _require_sums(
    name: str, treatments: Sequence[str], effects: np.ndarray, rounding: np.ndarray, errors: np.ndarray
) -> None:
    """Every triangle of effects must close, up to rounding and a negligible part of the smallest standard error."""
    smallest = errors[np.triu_indices_from(errors, 1)].min()
    explained = NEGLIGIBLE_PART * smallest
    for a, b, c in combinations(range(len(treatments)), 3):
        closed = effects[a, b] + effects[b, c] - effects[a, c]
        rounded = min(rounding[a, b] + rounding[b, c] + rounding[a, c], COARSEST_EFFECT * smallest)
        if abs(closed) > explained + rounded:
            first, second, third = treatments[a], treatments[b], treatments[c]
            raise _Inconsistent(
                f"study '{name}': effects do not add up: '{first}' - '{second}' and '{second}' - '{third}' make "
                f"{effects[a, b] + effects[b, c]:.6g}, but '{first}' - '{third}' is {effects[a, c]:.6g}"
            )


def _arm_variances(
    name: str, treatments: Sequence[str], errors: np.ndarray, rounding: np.ndarray
) -> tuple[np.ndarray, str]:
    """The variances (k, k) to use for a study of three or more arms, and a note if they are not those given.

    Each is the sum of the variances of two arms, found by least squares. An arm's may come out below zero only as far
    as the rounding of the standard errors explains; where the variances given are then no covariance matrix at all,
    sums of arms' variances that are not below zero and nearest in units of that rounding stand in for them.
    """
    pairs = list(combinations(range(len(treatments)), 2))
    sums = np.zeros((len(pairs), len(treatments)))
    for row, (a, b) in enumerate(pairs):
        sums[row, [a, b]] = 1
    rows, columns = np.triu_indices_from(errors, 1)
    given = errors[rows, columns]
    half = np.minimum(rounding[rows, columns], COARSEST_ERROR * given)
    solve = np.linalg.pinv(sums)
    of_arms = solve @ given**2
    slack = (
        np.abs(solve) @ (2 * given * half + half**2) + 1e-12 * given.max() ** 2
    )  # the latter: arithmetic in doubles
    worst = int(np.argmin(of_arms + slack))
    if of_arms[worst] < -slack[worst]:
        raise _Inconsistent(
            f"study '{name}': no variance for each arm gives these standard errors: that of '{treatments[worst]}' would "
            f"be {of_arms[worst]:.3g}; expected the square of each standard error to be the sum of two arms' variances"
        )
    variances = errors**2
    if is_covariance(variances):
        return variances, ""
    moved = 2 * given * half + half**2
    kept, _ = nnls(sums / moved[:, None], given**2 / moved)
    mended = kept[:, None] + kept[None, :]
    np.fill_diagonal(mended, 0)
    if not is_covariance(mended):
        raise _Inconsistent(
            f"study '{name}': two of its arms have no variance of their own by these standard errors"
        )
    return (
        mended,
        f"study '{name}': standard errors mended within their rounding, one arm's variance is zero",
    )


def is_covariance(variances: np.ndarray) -> bool:
    """Whether variances (k, k) of all contrasts between k arms belong to a covariance matrix of full rank."""
    covariance = (variances[1:, :1] + variances[:1, 1:] - variances[1:, 1:]) / 2
    eigenvalues = np.linalg.eigvalsh(covariance)
    return bool(eigenvalues[0] > 1e-10 * eigenvalues[-1])  # smaller ones are lost in double precision
