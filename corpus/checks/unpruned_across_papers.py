"""What papers say of one unpruned network, side by side: a number that all others speak against may be a slip."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from corpus.catalogue.results import Paper
from corpus.checks.accuracy_slips import below_guessing, complement
from corpus.checks.printed_numbers import in_short
from corpus.checks.row import row_of
from corpus.checks.size_slips import is_broken, references_of, usual_slip
from corpus.checks.tolerances import tolerance
from corpus.schema.reader import Problem
from corpus.schema.vocabulary import Names


class Baseline(NamedTuple):
    """A number of an unpruned network, for comparison with what other papers say of the same network."""

    dataset: str
    architecture: str
    measure: str
    value: float
    printed: str
    line: int
    column: int


def baselines_of(paper: Paper, names: Names) -> Iterator[Baseline]:
    """The numbers of unpruned networks that only other papers can confirm, each line once."""
    seen: set[tuple[int, int]] = set()
    for point in paper.points:
        if point.released or point.doubt:
            continue
        row = row_of(point)
        guessed = [slip.leaf for slip in below_guessing(row, names) if slip]
        for name in ("unpruned_params", "unpruned_flops", "unpruned_top1", "unpruned_top5"):
            leaf = (point.leaves if name.endswith(("params", "flops")) else point.values).get(name)
            sized = name.endswith(("params", "flops"))
            if leaf is None or leaf in guessed:
                continue
            if sized and (references_of(row, names) or is_broken(leaf.quantity.value)):
                continue
            stands = next(leaf.leaves())
            if (stands.line, stands.column) not in seen:
                seen.add((stands.line, stands.column))
                yield Baseline(
                    *(
                        point.dataset,
                        point.architecture,
                        stands.measure,
                        leaf.quantity.value,
                        stands.quantity.printed,
                    ),
                    *(stands.line, stands.column),
                )


def unlike_others(baselines: Iterable[tuple[str, str, Baseline]]) -> Iterator[Problem]:
    """Numbers of unpruned networks that at least two other papers speak against; each with its paper and file."""
    groups: dict[tuple[str, ...], list[tuple[str, str, Baseline]]] = {}
    for paper, file, baseline in baselines:
        measure = baseline.measure.removeprefix("unpruned_")
        is_size = measure in ("params", "flops")
        group = (baseline.dataset, baseline.architecture if is_size else "", measure.removesuffix("_error"))
        groups.setdefault(group, []).append((paper, file, baseline))
    for (*_, measure), members in groups.items():
        if len({paper for paper, _, _ in members}) >= 3:
            find = _unlike_size if measure in ("params", "flops") else _unlike_accuracy
            yield from find(members)


class _Values:
    """One value per paper, sorted once: what all others say is then found at once, however many they are."""

    def __init__(self, members: list[tuple[str, str, Baseline]]):
        self._own = {paper: baseline.value for paper, _, baseline in reversed(members)}
        self._sorted = sorted(self._own.values())

    @property
    def second_lowest(self) -> float:
        """Nobody's others can all lie above it."""
        return self._sorted[1]

    @property
    def second_highest(self) -> float:
        """Nobody's others can all lie below it."""
        return self._sorted[-2]

    def of_others(self, paper: str) -> tuple[float, float, float, int]:
        """Lowest, median and highest value of the other papers, and their number."""
        own, count = bisect_left(self._sorted, self._own[paper]), len(self._sorted) - 1
        places = (0, (count - 1) // 2, count // 2, count - 1)
        low, below, above, high = (self._sorted[place + (place >= own)] for place in places)
        return low, (below + above) / 2, high, count


def _unlike_size(members: list[tuple[str, str, Baseline]]) -> Iterator[Problem]:
    values = _Values(members)
    if (1 - tolerance("same size")) * values.second_highest > (
        1 + tolerance("same size")
    ) * values.second_lowest:
        return  # whoever is left out, the others do not agree
    for paper, file, baseline in members:
        low, middle, high, others = values.of_others(paper)
        agree = others >= 2 and max(1 - low / middle, high / middle - 1) <= tolerance("same size")
        measure = baseline.measure.removeprefix("unpruned_")
        if agree and (slip := usual_slip(measure, baseline.value / middle)):
            others_give = f"{others} other papers give {baseline.architecture} {in_short(middle)}"
            message = f"{measure} {baseline.printed}: {others_give}; {slip}"
            yield Problem(file, baseline.line, baseline.column, message, "unit")


def _unlike_accuracy(members: list[tuple[str, str, Baseline]]) -> Iterator[Problem]:
    """An unpruned accuracy that no other paper is near, where 100 minus it would be among theirs."""
    values = _Values(members)
    for paper, file, baseline in members:
        if values.second_lowest - tolerance("other accuracy") <= baseline.value <= 100:
            continue  # not below all others, whoever they are
        low, _, high, others = values.of_others(paper)
        near = low - tolerance("same accuracy") <= 100 - baseline.value <= high + tolerance("same accuracy")
        if near and not low - tolerance("other accuracy") <= baseline.value <= 100:
            measure = baseline.measure.removeprefix("unpruned_")
            evidence = f"{measure} {baseline.printed}: {others} other papers start from {low:g} to {high:g}% correct"
            hint = f"did you mean {complement(measure)}: {baseline.printed}?"
            message = f"{evidence} on {baseline.dataset}; {hint}"
            yield Problem(file, baseline.line, baseline.column, message, "contradiction")
