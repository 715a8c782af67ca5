"""Draws printed numbers for a second reader, and writes the sheet they fill in without seeing ours."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.derive import Derivation
from corpus.numbers.measures import measure_of
from corpus.schema.suggest import did_you_mean

ACCURACY_KINDS = frozenset({"accuracy", "change"})
"""Kinds of measures that say how good a network is; all others say how large or fast it is."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One number to be read again: where it stands, what identifies its row, and what the reader fills in.

    `known` names another printed number of the row, never one from which ours could be worked out:
    the reader needs it to find the row in a table of several.
    """

    number: int
    point_id: str
    measure: str
    paper: str
    title: str
    where: str
    dataset: str
    architecture: str
    method: str
    row_of_rows: str
    known: str
    value_read: str = ""
    place_read: str = ""
    slip_of: str = ""
    note: str = ""


SHEET_COLUMNS = tuple(field.name for field in fields(SheetRow))


@dataclass(frozen=True, slots=True)
class _Drawable:
    """A printed number of an operating point, as something that can be drawn."""

    point: OperatingPoint
    measure: str
    kind: str


def draw_sample(
    corpus: Corpus, n: int = 60, seed: int = 1, papers: Iterable[str] = ()
) -> tuple[SheetRow, ...]:
    """`n` printed numbers (fewer if there are not so many), drawn at random by paper and kind of measure.

    Papers come in random order, each once before any comes twice, and within a paper the kind drawn least
    so far. So every paper counts alike however many numbers it prints: an agreement over the sample is one
    over papers and kinds, not over all numbers of the corpus.

    Parameters: `corpus` as read; `seed`, the same sample for the same corpus and seed on any machine;
    `papers`, keys to draw from (all if empty). Released runs are left out: nobody printed them one by one.

    Errors: ValueError for n below 1 or an unknown key.

    Example: `draw_sample(corpus.load(), n=60, seed=1)[0].measure`
    """
    if n < 1:
        raise ValueError(f"n: {n} numbers cannot be drawn; expected 1 or more")
    wanted = _known_papers(corpus, papers)
    generator = random.Random(seed)
    strata = _strata(corpus, wanted)
    for numbers in strata.values():
        generator.shuffle(numbers)
    drawn: list[_Drawable] = []
    drawn_of_kind: Counter[str] = Counter()
    remaining = sorted({paper for paper, _ in strata})
    while remaining and len(drawn) < n:
        generator.shuffle(remaining)
        for paper in remaining[: n - len(drawn)]:
            kinds = [kind for of_paper, kind in strata if of_paper == paper and strata[of_paper, kind]]
            kind = min(sorted(kinds), key=drawn_of_kind.__getitem__)
            drawn_of_kind[kind] += 1
            drawn.append(strata[paper, kind].pop())
        remaining = sorted({paper for (paper, _), numbers in strata.items() if numbers})
    drawn.sort(key=lambda printed: (printed.point.paper, printed.point.line, printed.measure))
    asked_for = {(printed.point.paper, _printed_text(printed)) for printed in drawn}
    return tuple(_sheet_row(corpus, number, printed, asked_for) for number, printed in enumerate(drawn, 1))


def sheet_text(rows: Iterable[SheetRow]) -> str:
    """The sheet as CSV, with the columns of `SheetRow`; the reader fills in the last four.

    Example: `Path("second-reading.csv").write_text(sheet_text(rows), encoding="utf-8")`
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, SHEET_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(asdict(row))
    return text.getvalue()


def _known_papers(corpus: Corpus, papers: Iterable[str]) -> frozenset[str]:
    problems = []
    keys = list(papers)
    for key in keys:
        if key not in corpus.papers:
            problems.append(f"no paper '{key}' in the corpus{did_you_mean(key, corpus.papers)}")
    if problems:
        raise ValueError("\n".join(problems))
    return frozenset(keys or corpus.papers)


def _strata(corpus: Corpus, papers: frozenset[str]) -> dict[tuple[str, str], list[_Drawable]]:
    """Printed numbers by paper and kind of measure, each list in the order of the file."""
    strata: dict[tuple[str, str], list[_Drawable]] = defaultdict(list)
    seen: set[tuple[str, int, int]] = set()
    for point in corpus.points:
        if point.paper not in papers or point.released:
            continue
        for measure, leaf in point.leaves.items():
            # The unpruned network of a block is a leaf of each of its points, but it is printed once.
            place = (leaf.file, leaf.line, leaf.column)
            if place in seen or not leaf.quantity.printed:
                continue
            seen.add(place)
            kind = measure_of(measure).kind
            strata[point.paper, kind].append(_Drawable(point, measure, kind))
    return strata


def _printed_text(drawable: _Drawable) -> str:
    return drawable.point.leaves[drawable.measure].quantity.printed


def _sheet_row(
    corpus: Corpus, number: int, printed: _Drawable, asked_for: set[tuple[str, str]]
) -> SheetRow:
    point = printed.point
    paper = corpus.papers[point.paper]
    method = paper.methods.get(point.method) if point.method else None
    of_unpruned = printed.measure.startswith("unpruned_")
    siblings = [other for other in paper.points if _same_table(other, point)]
    place = siblings.index(point) + 1
    return SheetRow(
        number=number,
        point_id=point.point_id,
        measure=printed.measure,
        paper=point.paper,
        title=paper.written.title,
        where=point.location,
        dataset=point.dataset,
        architecture=point.architecture,
        method=(method.name if method else None) or point.method or "",
        row_of_rows="unpruned network" if of_unpruned else f"{place} of {len(siblings)}",
        known="" if of_unpruned else _another_number(point, printed, asked_for),
    )


def _same_table(a: OperatingPoint, b: OperatingPoint) -> bool:
    return (a.location, a.dataset, a.architecture, a.method) == (
        b.location,
        b.dataset,
        b.architecture,
        b.method,
    )


def _another_number(point: OperatingPoint, printed: _Drawable, asked_for: set[tuple[str, str]]) -> str:
    """A printed number of the same row that says nothing of the one asked for, or an empty text.

    An amount is identified by an accuracy and an accuracy by an amount: no identity between measures
    leads from one to the other. Nor does it show what another row of the sheet asks for: one number
    often heads a whole column, so it would answer that row.
    """
    asked_for_accuracy = printed.kind in ACCURACY_KINDS
    for measure, leaf in point.leaves.items():
        if measure.startswith("unpruned_") or not leaf.quantity.printed:
            continue
        if (point.paper, leaf.quantity.printed) in asked_for:
            continue
        is_accuracy = measure_of(measure).kind in ACCURACY_KINDS
        if is_accuracy != asked_for_accuracy:
            return _name_and_number(measure, leaf)
    return ""


def _name_and_number(measure: str, leaf: Derivation) -> str:
    return f"{measure}: {leaf.quantity.printed}"
