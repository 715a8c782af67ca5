"""Whether two trainings let the learning rate take the same course."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from corpus.schema.recipe import Stage, milestone
from metaanalysis.fairness.lengths import Length

SHARE = 0.005
"""A milestone may be cut to a whole epoch: half a percent of a stage (half an epoch of a hundred) does not count."""


@dataclass(slots=True)
class Rates:
    """What is equal, what differs, and what each of the two does not say."""

    equal: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    missing: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))

    def compare(
        self, key: str, values: Sequence, shown: Callable[[object], str] = str, *, alike: bool | None = None
    ) -> None:
        """Sets two values of one key against each other; None is unknown."""
        for value, missing in zip(values, self.missing, strict=True):
            if value is None:
                missing.append(key)
        if None in values:
            return
        mine, theirs = map(shown, values)
        if values[0] == values[1] if alike is None else alike:
            self.equal.append(f"{key.replace('_', ' ')} {mine}")
        else:
            self.differing.append(f"{key.replace('_', ' ')} {mine} and {theirs}")


def compared_rates(stages: Sequence[Stage | None], lengths: Sequence[Length | None]) -> Rates:
    """The courses of the learning rate in two stages, key by key; a warm-up that is not mentioned is none."""
    found = Rates()
    rates = [_number(stage and stage.learning_rate) for stage in stages]
    found.compare("learning_rate", rates, "{:g}".format)
    kinds = [stage and stage.schedule for stage in stages]
    for kind, missing in zip(kinds, found.missing, strict=True):
        if kind == "other":
            missing.append("schedule")
    if "other" not in kinds:
        found.compare("schedule", kinds)
    if kinds == ["step", "step"]:
        _steps(found, stages, lengths)
    if kinds[0] == kinds[1] and None not in kinds:
        warm_ups = [float(stage.warm_up_epochs or 0) for stage in stages]
        if any(warm_ups):
            found.compare("warm_up_epochs", warm_ups, "{:g}".format)
    return found


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _steps(found: Rates, stages: Sequence[Stage], lengths: Sequence[Length | None]) -> None:
    courses = [_milestones(stage, length) for stage, length in zip(stages, lengths, strict=True)]
    alike = None if None in courses else _alike(courses, lengths)
    found.compare("milestones", courses, _listed, alike=alike)
    known = [None if course is None else len(course) for course in courses]
    factors = [_factors(stage, count) for stage, count in zip(stages, known, strict=True)]
    shared = min(map(len, factors)) if None not in factors else 0
    found.compare(
        "factor", factors, _listed, alike=None if None in factors else _equal_factors(factors, shared)
    )


def _equal_factors(factors: Sequence[tuple[float, ...]], shared: int) -> bool:
    return factors[0][:shared] == factors[1][:shared]


def _factors(stage: Stage, count: int | None) -> tuple[float, ...] | None:
    if stage.factor is None:
        return None
    factors = tuple(map(float, stage.factor))
    return factors * count if len(factors) == 1 and count else factors


def _milestones(stage: Stage, length: Length | None) -> tuple[float, ...] | None:
    """Where the steps fall, in the unit of the stage's length; None if unknown."""
    lasts = None if length is None else length.middle
    if stage.every:
        if lasts is None:
            return None
        every = float(stage.every)
        return tuple(every * step for step in range(1, int(lasts / every) + 1) if every * step < lasts)
    if stage.milestones is None:
        return None
    found = tuple(milestone(text, lasts) for text in stage.milestones)
    return None if None in found else found


def _alike(courses: Sequence[tuple[float, ...]], lengths: Sequence[Length | None]) -> bool:
    """Whether steps fall at the same shares of both stages, or at the same epochs where a length is unknown."""
    mine, theirs = courses
    if len(mine) != len(theirs):
        return False
    if None in lengths or 0 in (lengths[0].middle, lengths[1].middle):
        return mine == theirs
    shares = (
        [at / length.middle for at in course] for course, length in zip(courses, lengths, strict=True)
    )
    return all(abs(one - other) <= SHARE for one, other in zip(*shares, strict=True))


def _listed(values: object) -> str:
    return ", ".join(f"{value:g}" for value in values) or "none"
