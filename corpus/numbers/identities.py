"""The arithmetic of one paper's own numbers, in the order in which it is tried.

Parameter names are the measures an identity needs. Order and precedence are those of the 2020 survey: the
difference of two accuracies wins over a printed change, the quotient of two sizes over a printed fraction, a printed
compression ratio or speedup over the reciprocal of what is kept. Each is written once, for Top-1 and for parameters,
and holds alike for Top-5 and multiply-adds.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.numbers.measures import MEASURES, UNPRUNED, twin_of

_TWINS = {name: twin for name in MEASURES if (twin := twin_of(name)) and MEASURES[twin].twin_of == name}
_WORD = re.compile(rf"\b({UNPRUNED})?({'|'.join(_TWINS)})\b")
"""A measure that another one repeats, alone or of the unpruned network, as it stands in a formula."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How one measure follows from others; `text` is the formula as a reader would write it."""

    gives: str
    needs: tuple[str, ...]
    function: Callable[..., float]
    text: str
    wins_over_printed: bool
    restates: bool
    published: bool | None


IDENTITIES: list[Identity] = []
Formula = Callable[..., float]


def gives(
    measure: str,
    *,
    wins_over_printed: bool = False,
    restates: bool = False,
    published: bool | None = None,
    alike: bool = True,
) -> Callable[[Formula], Formula]:
    """Registers a function as an identity for `measure` and, unless `alike` is false, for the measures alike.

    `restates`: the same information written otherwise, one input. `published`: True for the 2020 analysis only, False
    for ours only, None for both.
    """

    def register(function: Formula) -> Formula:
        needs = tuple(inspect.signature(function).parameters)
        text = inspect.getdoc(function) or ""
        IDENTITIES.append(Identity(measure, needs, function, text, wins_over_printed, restates, published))
        if alike:
            twins = tuple(_of_twin(name) for name in needs)
            formula = _of_twin(text)
            IDENTITIES.append(
                Identity(
                    _of_twin(measure), twins, function, formula, wins_over_printed, restates, published
                )
            )
        return function

    return register


def _of_twin(text: str) -> str:
    """The measure or formula with each measure replaced by the one that repeats it: `top5 - unpruned_top5`."""
    return _WORD.sub(lambda word: (word[1] or "") + _TWINS[word[2]], text)


@gives("top1", restates=True)
def _(top1_error: float) -> float:
    """100 - top1_error"""
    return 100 - top1_error


@gives("top1_error", restates=True)
def _(top1: float) -> float:
    """100 - top1"""
    return 100 - top1


@gives("unpruned_top1", restates=True)
def _(unpruned_top1_error: float) -> float:
    """100 - unpruned_top1_error"""
    return 100 - unpruned_top1_error


@gives("unpruned_top1_error", restates=True)
def _(unpruned_top1: float) -> float:
    """100 - unpruned_top1"""
    return 100 - unpruned_top1


@gives("top1_change", wins_over_printed=True)
def _(top1: float, unpruned_top1: float) -> float:
    """top1 - unpruned_top1"""
    return top1 - unpruned_top1


@gives("top1_change", restates=True)
def _(top1_drop: float) -> float:
    """-top1_drop"""
    return -top1_drop


@gives("unpruned_top1", published=False)
def _(top1: float, top1_change: float) -> float:
    """top1 - top1_change"""
    return top1 - top1_change


@gives("unpruned_top1", published=True, alike=False)
def _(top1: float, top1_change: float) -> float:
    """top1 + top1_change"""  # the sign slip of the published analysis, Top-1 only; no figure depends on it
    return top1 + top1_change


@gives("params_kept", wins_over_printed=True)
def _(params: float, unpruned_params: float) -> float:
    """params / unpruned_params"""
    return params / unpruned_params


@gives("params_kept", restates=True)
def _(params_pruned: float) -> float:
    """1 - params_pruned"""
    return 1 - params_pruned


@gives("compression_ratio", restates=True)
def _(params_kept: float) -> float:
    """1 / params_kept"""
    return 1 / params_kept


@gives("params_kept", restates=True)
def _(compression_ratio: float) -> float:
    """1 / compression_ratio"""
    return 1 / compression_ratio


@gives("params_pruned", restates=True)
def _(params_kept: float) -> float:
    """1 - params_kept"""
    return 1 - params_kept


@gives("unpruned_params")
def _(params: float, params_kept: float) -> float:
    """params / params_kept"""
    return params / params_kept


@gives("params", published=False)
def _(unpruned_params: float, params_kept: float) -> float:
    """unpruned_params * params_kept"""
    return unpruned_params * params_kept


def _gives_change(score: str) -> None:
    """The change of a score that has no twin, and the unpruned score that follows from a printed change."""
    change, unpruned = f"{score}_change", f"{UNPRUNED}{score}"
    IDENTITIES.append(
        Identity(
            gives=change,
            needs=(score, unpruned),
            function=lambda pruned, before: pruned - before,
            text=f"{score} - {unpruned}",
            wins_over_printed=True,
            restates=False,
            published=False,
        )
    )
    if f"{score}_drop" in MEASURES:
        IDENTITIES.append(
            Identity(
                gives=change,
                needs=(f"{score}_drop",),
                function=lambda drop: -drop,
                text=f"-{score}_drop",
                wins_over_printed=False,
                restates=True,
                published=False,
            )
        )


for _score in ("task_accuracy", "map", "f1"):
    _gives_change(_score)


@gives("params_kept", restates=True, published=False, alike=False)
def _(params_change: float) -> float:
    """1 + 0.01 * params_change"""
    return 1 + 0.01 * params_change


@gives("measured_speedup", restates=True, published=False, alike=False)
def _(latency_kept: float) -> float:
    """1 / latency_kept"""
    return 1 / latency_kept
