"""Which printed values of an operating point were checked against which source, and how many of a paper's values were.

A check stands at a row, at the unpruned network, or at a block, where it speaks of every value of the block with its
measures. It is about the value that holds by default, so the published view has none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.numbers.derive import Derivation
from corpus.numbers.measures import UNPRUNED
from corpus.schema.checked import AGAINST, DEVIATIONS, VERIFIES, ValueCheck
from corpus.schema.paper import Unpruned, UnprunedNumbers
from corpus.schema.reader import Document, Path

AT_ODDS = "at odds"
"""The kind of a value of which every check says something else."""
UNCHECKED = "unchecked"
"""The kind of a value that no check speaks of."""
KINDS_OF_CHECK = (*AGAINST, AT_ODDS, UNCHECKED)
"""Every printed value is of exactly one of these kinds: the first in this order that it has."""
_STATED_DEVIATION = re.compile(r"±|\+/-")


@dataclass(frozen=True, slots=True)
class CheckOfValue:
    """One check of one value; `measure` has `unpruned_` before it where it is of the unpruned network.

    `printed` is what the source prints; None for a value that follows from others, if the check does not say.
    """

    measure: str
    against: str
    at: str
    printed: str | None
    agrees: str
    on: str | None
    note: str | None

    @property
    def holds(self) -> bool:
        """Whether the source has the same number, as far as its digits go."""
        return self.agrees != "no"


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """A number that stands in a paper's file, or its printed deviation (`top1_std`), and the kind of its best check."""

    measure: str
    file: str
    line: int
    column: int
    kind: str


@dataclass(frozen=True, slots=True)
class PlacedChecks:
    """The checks of one mapping of a file, the place of their list, and what stands before the measures they name."""

    checks: tuple[ValueCheck, ...]
    place: Path
    prefix: str = ""
    of_block: bool = False


def printed_names(leaves: Mapping[str, Derivation]) -> list[str]:
    """The printed values among `leaves`: each number, and each deviation printed beside one.

    The deviation of a list of runs follows from the runs, so it is none.
    """
    names = []
    for name, leaf in leaves.items():
        names.append(name)
        if has_printed_deviation(leaf):
            names.append(f"{name}_std")
    return names


def has_printed_deviation(leaf: Derivation) -> bool:
    """Whether a standard deviation stands beside the number in its file."""
    return leaf.quantity.std is not None and bool(_STATED_DEVIATION.search(leaf.quantity.printed))


def checks_of(
    sources: Sequence[PlacedChecks], leaves: Mapping[str, Derivation]
) -> tuple[CheckOfValue, ...]:
    """The checks of the values of one point.

    Parameters
    ----------
    sources
        The checks of the row, of its unpruned network and of its block.
    leaves
        The printed numbers of the point that hold.
    """
    made: list[CheckOfValue] = []
    for source in sources:
        for check in source.checks:
            made += _of_values(check, source, leaves)
    return tuple(made)


def _of_values(
    check: ValueCheck, source: PlacedChecks, leaves: Mapping[str, Derivation]
) -> Iterator[CheckOfValue]:
    for number, name in enumerate(check.measures):
        printed = check.printed[number] if check.printed is not None else None
        full_names = [source.prefix + name]
        if source.of_block:
            full_names = [full for full in (name, UNPRUNED + name) if _own(full, leaves) is not None]
        for full in full_names:
            yield CheckOfValue(
                measure=full,
                against=check.against,
                at=check.at,
                printed=printed or _own(full, leaves),
                agrees=check.agrees,
                on=check.on,
                note=check.note,
            )


def _own(name: str, leaves: Mapping[str, Derivation]) -> str | None:
    """What the file itself prints for a value; None if it does not hold among `leaves`."""
    leaf = leaves.get(name)
    if leaf is not None:
        return next(leaf.leaves()).quantity.printed
    measured = leaves.get(name.removesuffix("_std")) if name.endswith("_std") else None
    if measured is None or not has_printed_deviation(measured):
        return None
    return f"{measured.quantity.std:g}"


def refuse_idle_checks(
    source: PlacedChecks,
    written: UnprunedNumbers | Unpruned | None,
    leaves: Container[str],
    values: Container[str],
    document: Document,
) -> None:
    """Notes an error for each check of a value that is not there, printed or derived.

    `written` is the mapping itself: a number that its correction declares void was printed, and may be checked.
    """
    for number, check in enumerate(source.checks):
        for measure in check.measures:
            measured = DEVIATIONS.get(measure, measure)
            names = (source.prefix + measured, *((UNPRUNED + measured,) if source.of_block else ()))
            is_written = written is not None and measured in written.model_fields_set
            if is_written or any(name in leaves or name in values for name in names):
                continue
            message = f"a check of {measure}, but no such value is given here"
            place = (*source.place, "checked", number, "measures")
            document.problems.append(document.problem(place, message))


def printed_values(
    leaves: Mapping[str, Derivation], checks: Iterable[CheckOfValue]
) -> Iterator[PrintedValue]:
    """Each printed value of one point, with the kind of its best check."""
    by_measure: dict[str, list[CheckOfValue]] = {}
    for check in checks:
        by_measure.setdefault(check.measure, []).append(check)
    for name in printed_names(leaves):
        leaf = leaves.get(name) or leaves[name.removesuffix("_std")]
        yield PrintedValue(name, leaf.file, leaf.line, leaf.column, kind_of(by_measure.get(name, ())))


def kind_of(checks: Iterable[CheckOfValue]) -> str:
    """The kind of a value with these checks: the best source that agrees, `at odds`, or `unchecked`.

    >>> kind_of(())
    'unchecked'
    """
    checks = tuple(checks)
    agreeing = {check.against for check in checks if check.holds}
    best = next((kind for kind in AGAINST if kind in agreeing), None)
    return best or (AT_ODDS if checks else UNCHECKED)


def count_by_kind(values: Iterable[PrintedValue]) -> dict[str, int]:
    """How many values there are of each kind; the counts add up to all of them."""
    kinds = Counter(value.kind for value in values)
    return {kind: kinds[kind] for kind in KINDS_OF_CHECK}


def share_that_agrees(leaves: Mapping[str, Derivation], checks: Iterable[CheckOfValue]) -> float | None:
    """The share (0 to 1) of a point's printed values with a check that agrees; None if it prints none."""
    return _share(leaves, checks, frozenset(AGAINST))


def share_verified(leaves: Mapping[str, Derivation], checks: Iterable[CheckOfValue]) -> float | None:
    """Likewise for checks against the paper's own text alone."""
    return _share(leaves, checks, frozenset((VERIFIES,)))


def _share(
    leaves: Mapping[str, Derivation], checks: Iterable[CheckOfValue], kinds: frozenset[str]
) -> float | None:
    names = printed_names(leaves)
    if not names:
        return None
    agreeing = {check.measure for check in checks if check.holds and check.against in kinds}
    return sum(name in agreeing for name in names) / len(names)


def trail(checks: Iterable[CheckOfValue]) -> list[str]:
    """The checks as lines, those at one place together: `top1, flops: own-text, Table 1: '93.04', '1.2G' agrees`."""
    places: dict[tuple[object, ...], list[CheckOfValue]] = {}
    for check in checks:
        place = (check.against, check.at, check.agrees, check.on, check.note)
        places.setdefault(place, []).append(check)
    return [_in_words(together) for together in places.values()]


def _in_words(checks: Sequence[CheckOfValue]) -> str:
    """Checks of one place as a line: measures, kind, place, what is printed there, whether it agrees."""
    first = checks[0]
    measures = ", ".join(check.measure for check in checks)
    printed = ", ".join(f"'{check.printed}'" for check in checks if check.printed)
    verdict = {"yes": "agrees", "rounding": "agrees as far as its digits go", "no": "DIFFERS"}[first.agrees]
    words = f"{measures}: {first.against}, {first.at}: {printed} {verdict}"
    if first.on:
        words += f" (read {first.on})"
    if first.note:
        words += f"; {first.note}"
    return words
