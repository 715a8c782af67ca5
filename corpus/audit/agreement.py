"""Sets a second reader's sheet beside the corpus: how often both agree, and how they differ where they do not."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import binomtest

from corpus.audit.sample import SHEET_COLUMNS
from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.measures import measure_of
from corpus.numbers.quantity import Quantity, parse
from corpus.schema.reader import CorpusError, Problem
from corpus.schema.suggest import did_you_mean

EQUAL = "equal"
ROUNDING = "rounding"
UNIT_OR_SIGN = "unit or sign"
SLIP_OF_FIRST = "slip of first"
SLIP_OF_SECOND = "slip of second"
SOURCE_INCONSISTENT = "source inconsistent"
NOT_FOUND = "not found"
UNRESOLVED = "unresolved"
CLASSES = (
    EQUAL,
    ROUNDING,
    UNIT_OR_SIGN,
    SLIP_OF_FIRST,
    SLIP_OF_SECOND,
    SOURCE_INCONSISTENT,
    NOT_FOUND,
    UNRESOLVED,
)
"""What a pair of readings can be; `unresolved` until somebody has looked a third time and filled in `slip_of`."""

ADJUDICATED = {"first": SLIP_OF_FIRST, "second": SLIP_OF_SECOND, "source": SOURCE_INCONSISTENT}
"""What the sheet's column `slip_of` may say after a third look."""

NEEDED_COLUMNS = ("point_id", "measure", "value_read", "slip_of")
MOST_BYTES = 1 << 20
"""A sheet of 10,000 rows is smaller."""

FACTORS = (100.0, 1000.0, 1e6, 1e9, 2.0)
"""Usual slips of unit: percent, thousands, millions, billions, two FLOPs for a multiply-add."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One number read twice."""

    point_id: str
    measure: str
    ours: str
    theirs: str
    verdict: str


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """How often two readers agree on one measure, with the 95 % Wilson interval of that share."""

    measure: str
    read: int
    agree: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AuditScore:
    """Every verdict, and the agreement by measure with all measures together last."""

    verdicts: tuple[Verdict, ...]
    agreements: tuple[FieldAgreement, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers fell in each class of `CLASSES`, in that order."""
        counted = Counter(verdict.verdict for verdict in self.verdicts)
        return {name: counted[name] for name in CLASSES}


def score_sheet(corpus: Corpus, path: Path) -> AuditScore:
    """The agreement of a filled sheet with the corpus.

    Two readings agree when they are `equal` or differ by `rounding` (the intervals of their printed digits
    share a number). Rows without a reading say nothing of agreement and count as `not found`.

    Parameters: `corpus`, the one the sample was drawn from (or a later one with the same points);
    `path`, the sheet of `prunebase audit sample`, with `value_read` filled in as the source prints it.

    Errors: CorpusError with every problem at its line and column; OSError if the file cannot be read.

    Example: `score_sheet(corpus.load(), Path("second-reading.csv")).counts["equal"]`
    """
    points = {point.point_id: point for point in corpus.points}
    problems: list[Problem] = []
    verdicts = []
    for line, row in _sheet_rows(path):
        verdict = _verdict(points, row, str(path), line, problems)
        if verdict is not None:
            verdicts.append(verdict)
    if problems:
        raise CorpusError(problems)
    return AuditScore(tuple(verdicts), tuple(_agreements(verdicts)))


def _sheet_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Lines and cells of the sheet; CorpusError if it is no sheet of ours."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise CorpusError(
            [Problem(str(path), 1, 1, "larger than 1 MiB; expected a sheet of `audit sample`")]
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError([Problem(str(path), 1, 1, f"not UTF-8 text: {error.reason}")]) from None
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in NEEDED_COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        expected = ", ".join(SHEET_COLUMNS)
        raise CorpusError(
            [Problem(str(path), 1, 1, f"missing column {', '.join(missing)}; expected {expected}")]
        )
    rows = []
    for row in reader:
        rows.append((reader.line_num, {name: (row[name] or "").strip() for name in NEEDED_COLUMNS}))
    return rows


def _verdict(
    points: Mapping[str, OperatingPoint],
    row: Mapping[str, str],
    file: str,
    line: int,
    problems: list[Problem],
) -> Verdict | None:
    def refuse(column: str, message: str) -> None:
        problems.append(Problem(file, line, SHEET_COLUMNS.index(column) + 1, message))

    point = points.get(row["point_id"])
    if point is None:
        refuse("point_id", f"no point '{row['point_id']}'{did_you_mean(row['point_id'], points)}")
        return None
    leaf = point.leaves.get(row["measure"])
    if leaf is None:
        hint = did_you_mean(row["measure"], point.leaves)
        refuse("measure", f"{row['point_id']} prints no '{row['measure']}'{hint}")
        return None
    if row["slip_of"] and row["slip_of"] not in ADJUDICATED:
        expected = ", ".join(ADJUDICATED)
        refuse("slip_of", f"'{row['slip_of']}' is unknown; expected {expected} or nothing")
        return None
    theirs = row["value_read"]
    if not theirs or theirs.lower() == NOT_FOUND:
        return Verdict(point.point_id, leaf.measure, leaf.quantity.printed, theirs, NOT_FOUND)
    try:
        reading = parse(leaf.measure, theirs)
    except ValueError as error:
        refuse("value_read", str(error))
        return None
    verdict = classify(leaf.quantity, reading, measure_of(leaf.measure).kind, row["slip_of"])
    return Verdict(point.point_id, leaf.measure, leaf.quantity.printed, theirs, verdict)


def classify(ours: Quantity, theirs: Quantity, kind: str, slip_of: str = "") -> str:
    """The class of `CLASSES` that two readings of one number fall in.

    Parameters: both readings in one unit; `kind` of the measure; `slip_of`, what a third look found.

    Example: `classify(parse("top1", "92.1%"), parse("top1", "92.08%"), "accuracy")` is `rounding`.
    """
    if _same(ours.value, theirs.value):
        return EQUAL
    if ours.overlaps(theirs):
        return ROUNDING
    if slip_of:
        return ADJUDICATED[slip_of]
    if _differ_by_unit_or_sign(ours.value, theirs.value, kind):
        return UNIT_OR_SIGN
    return UNRESOLVED


def _differ_by_unit_or_sign(ours: float, theirs: float, kind: str) -> bool:
    whole = {"accuracy": 100.0, "fraction": 1.0}.get(kind)
    if whole is not None and _same(ours, whole - theirs):
        return True  # an error for an accuracy, what is kept for what is pruned
    if _same(ours, -theirs):
        return True
    return any(_same(ours, factor * theirs) or _same(factor * ours, theirs) for factor in FACTORS)


def _same(a: float, b: float) -> bool:
    """Equal but for the rounding of binary arithmetic, which a handful of operations keeps below 1e-12."""
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1.0)


def _agreements(verdicts: list[Verdict]) -> list[FieldAgreement]:
    """One line for each measure, in order of name, and one for all."""
    measures = sorted({verdict.measure for verdict in verdicts})
    lines = []
    for measure in measures:
        lines.append(_agreement(measure, [verdict for verdict in verdicts if verdict.measure == measure]))
    lines.append(_agreement("all", verdicts))
    return lines


def _agreement(measure: str, verdicts: list[Verdict]) -> FieldAgreement:
    read = sum(verdict.verdict != NOT_FOUND for verdict in verdicts)
    agree = sum(verdict.verdict in (EQUAL, ROUNDING) for verdict in verdicts)
    if read == 0:
        return FieldAgreement(measure, 0, 0, 0.0, 1.0)  # nothing read: the share may be anything
    interval = binomtest(agree, read).proportion_ci(0.95, method="wilson")
    return FieldAgreement(measure, read, agree, float(interval.low), float(interval.high))
