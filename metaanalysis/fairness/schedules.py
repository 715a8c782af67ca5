"""Whether two trainings let the learning rate take the same course."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.schema.recipe import Stage, milestone
from metaanalysis.fairness.lengths import Length

SHARE = 0.005
"""A milestone may be cut to a whole epoch: half a percent of a stage (half an epoch of a hundred) does not count."""


Course = tuple[float, ...]
"""Where the steps of a learning rate fall, in the unit of the stage's length."""


@dataclass(slots=True)
class Rates:
    """What is equal, what differs, and what each of the two does not say."""

    equal: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    missing: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))

    def compare(
        self,
        key: str,
        values: Sequence[Any],
        shown: Callable[[Any], str] = str,
        *,
        alike: bool | None = None,
    ) -> None:
        """Sets two values of one key against each other; None is unknown.

        They are equal if `==` says so, unless `alike` says it.
        """
        for value, missing in zip(values, self.missing, strict=True):
            if value is None:
                missing.append(key)
        if None in values:
            return
        mine, theirs = map(shown, values)
        name = key.replace("_", " ")
        if alike is None:
            alike = values[0] == values[1]
        if alike:
            self.equal.append(f"{name} {mine}")
        else:
            self.differing.append(f"{name} {mine} and {theirs}")


def compared_rates(stages: Sequence[Stage | None], lengths: Sequence[Length | None]) -> Rates:
    """The courses of the learning rate in two stages, key by key; a warm-up that is not mentioned is none."""
    rates = Rates()
    starts = [_number(stage.learning_rate) if stage else None for stage in stages]
    rates.compare("learning_rate", starts, "{:g}".format)
    kinds = [stage.schedule if stage else None for stage in stages]
    for kind, missing in zip(kinds, rates.missing, strict=True):
        if kind == "other":
            missing.append("schedule")
    if "other" not in kinds:
        rates.compare("schedule", kinds)
    known = [stage for stage in stages if stage is not None and stage.schedule is not None]
    if kinds == ["step", "step"]:
        _compare_steps(rates, known, lengths)
    if kinds[0] == kinds[1] and len(known) == 2:
        warm_ups = [float(stage.warm_up_epochs or 0) for stage in known]
        if any(warm_ups):
            rates.compare("warm_up_epochs", warm_ups, "{:g}".format)
    return rates


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _compare_steps(rates: Rates, stages: Sequence[Stage], lengths: Sequence[Length | None]) -> None:
    mine = _milestones(stages[0], lengths[0])
    theirs = _milestones(stages[1], lengths[1])
    alike = None
    if mine is not None and theirs is not None:
        alike = _alike(mine, theirs, lengths)
    rates.compare("milestones", (mine, theirs), _listed, alike=alike)
    my_factors, their_factors = _factors(stages[0], mine), _factors(stages[1], theirs)
    equal = None
    if my_factors is not None and their_factors is not None:
        # a list may go on beyond the last step that both take
        shared = min(len(my_factors), len(their_factors))
        equal = my_factors[:shared] == their_factors[:shared]
    rates.compare("factor", (my_factors, their_factors), _listed, alike=equal)


def _factors(stage: Stage, course: Course | None) -> tuple[float, ...] | None:
    """By what the rate is multiplied at each step; one factor stands for all steps of a known course."""
    if stage.factor is None:
        return None
    factors = tuple(map(float, stage.factor))
    return factors * len(course) if len(factors) == 1 and course else factors


def _milestones(stage: Stage, length: Length | None) -> Course | None:
    """Where the steps fall; None if unknown."""
    lasts = None if length is None else length.middle
    if stage.every:
        if lasts is None:
            return None
        every = float(stage.every)
        steps = [every * number for number in range(1, int(lasts / every) + 1)]
        return tuple(step for step in steps if step < lasts)
    if stage.milestones is None:
        return None
    course = []
    for text in stage.milestones:
        step = milestone(text, lasts)
        if step is None:
            return None
        course.append(step)
    return tuple(course)


def _alike(mine: Course, theirs: Course, lengths: Sequence[Length | None]) -> bool:
    """Whether steps fall at the same shares of both stages, or at the same epochs where a length is unknown."""
    if len(mine) != len(theirs):
        return False
    my_length, their_length = lengths
    if my_length is None or their_length is None or 0 in (my_length.middle, their_length.middle):
        return mine == theirs
    for my_step, their_step in zip(mine, theirs, strict=True):
        if abs(my_step / my_length.middle - their_step / their_length.middle) > SHARE:
            return False
    return True


def _listed(values: Course) -> str:
    return ", ".join(f"{value:g}" for value in values) or "none"
