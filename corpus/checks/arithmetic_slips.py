"""Numbers of one row that arithmetic connects: told in the printed unit, sized, with the slip behind them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from corpus.checks.printed_numbers import as_printed, decimals, in_words
from corpus.checks.row import AGREES, Row, Slip, Verdict
from corpus.checks.tolerances import near, tolerance
from corpus.numbers.derive import COMPARED, Contradiction, Derivation, contradictions, normal_form, routes
from corpus.numbers.measures import ACCURACY, CHANGE, COUNT, RATIO, measure_of

UNITS = {1e3: "x1000", 1e6: "x1,000,000", 1e9: "x1,000,000,000"}
CROSSED_SIZES = "the columns for parameters and for FLOPs may be swapped"
BEFORE_AND_AFTER = "the columns before and after may be swapped"
ROUNDING = "as small as a rounding"
FRACTIONS = ("params_pruned", "params_kept", "flops_pruned", "flops_kept")
_OTHER_RATIO = {"compression_ratio": "theoretical_speedup", "theoretical_speedup": "compression_ratio"}


def arithmetic(row: Row) -> Iterator[Verdict]:
    """For every pair of routes to one measure, whether both can be right; at most one slip a measure."""
    by_measure: dict[str, list[Contradiction]] = {}
    for contradiction in contradictions(row.leaves):
        by_measure.setdefault(contradiction.measure, []).append(contradiction)
    for measure in COMPARED:
        count = sum(1 for _ in routes(row.leaves, measure))
        against = by_measure.get(measure, [])
        yield from [AGREES] * (count * (count - 1) // 2 - len(against))
        if against:
            slips = [_slip(contradiction, row) for contradiction in against]
            yield max(slips, key=_says_most)
            yield from [AGREES] * (len(against) - 1)  # the same disagreement by other routes


def _says_most(slip: Slip) -> tuple[bool, bool]:
    """A known slip says more than a bare difference, and that more than a rounding."""
    return slip.kind != "rounding", ";" in slip.message


def _slip(contradiction: Contradiction, row: Row) -> Slip:
    kind, hint = explanation(contradiction, row)
    claim, evidence = sorted((contradiction.a, contradiction.b), key=_length)
    if hint.startswith("x100") and _length(evidence) == 1 and next(evidence.leaves()).measure in FRACTIONS:
        claim, evidence = evidence, claim  # of two printed numbers the fraction is the one at fault
    leaf = next(claim.leaves())
    measure = _own_measure(claim)
    value = _in_unit_of(measure, evidence.quantity.value)
    printed = in_words(measure, _in_unit_of(measure, claim.quantity.value), 2)
    if _length(claim) == 1:
        printed = as_printed(leaf)
    places = decimals(leaf.quantity)
    if _is_shown_alike(measure, value, claim, places):
        places += 1
    said = f"{measure}: {_evidence(evidence)} is {in_words(measure, value, places)}; printed {printed}"
    if _is_rounding(measure, claim, evidence):
        return Slip(leaf, f"{said}; {ROUNDING}", "rounding")
    return Slip(leaf, f"{said}; {hint}" if hint else said, kind)


def _length(route: Derivation) -> int:
    """How many printed numbers a route rests on."""
    return sum(1 for _ in route.leaves())


def _own_measure(claim: Derivation) -> str:
    """The measure that the claim prints: `flops_pruned` for a speedup that follows from nothing else."""
    return next(claim.leaves()).measure if _length(claim) == 1 else claim.measure


def _in_unit_of(measure: str, value: float) -> float:
    """A value of a compared measure (ratio, change, accuracy) as `measure` prints it."""
    if measure.endswith("_kept"):
        return 1 / value
    if measure.endswith("_pruned"):
        return 1 - 1 / value
    return 100 - value if measure.endswith("_error") else value


def _is_shown_alike(measure: str, value: float, claim: Derivation, places: int) -> bool:
    claimed = _in_unit_of(measure, claim.quantity.value)
    return in_words(measure, value, places) == in_words(measure, claimed, places)


def _evidence(route: Derivation) -> str:
    """The printed numbers of a route as a reader would say them: `2.19B of 4.11B`."""
    leaves = list(route.leaves())
    if len(leaves) == 1:
        return f"{leaves[0].measure} {as_printed(leaves[0])}"
    if len(leaves) > 2:
        return route.formula
    pruned, unpruned = sorted(leaves, key=lambda leaf: leaf.measure.startswith("unpruned_"))
    word = "of" if measure_of(pruned.measure).kind == COUNT else "less"
    return f"{as_printed(pruned)} {word} {as_printed(unpruned)}"


def _is_rounding(measure: str, claim: Derivation, evidence: Derivation) -> bool:
    """Whether the two would agree if the claim's last printed digit were off by one, as where digits are cut off."""
    quantity = claim.quantity
    ends = sorted(_in_unit_of(measure, end) for end in (quantity.low, quantity.high))
    value = _in_unit_of(measure, quantity.value)
    unit = 2 * max(value - ends[0], ends[1] - value)
    scale = 1.0 if measure_of(measure).kind != ACCURACY else 100.0
    is_tenth_of_a_point = measure_of(measure).kind == CHANGE and unit < 0.11
    if unit > tolerance("coarse digit") * max(abs(value), scale * 1e-9) and not is_tenth_of_a_point:
        return False
    low, high = sorted(_in_unit_of(measure, end) for end in (evidence.quantity.low, evidence.quantity.high))
    slack = 1e-9 * max(abs(value), 1.0)
    return low <= ends[1] + unit + slack and high >= ends[0] - unit - slack


def explanation(contradiction: Contradiction, row: Row) -> tuple[str, str]:
    """The kind of a contradiction (`slip` or `unit`) and the slip that would explain it, if one is known.

    Parameters
    ----------
    contradiction
        Two routes to one measure that cannot both be right.
    row
        The row they are of; crossed columns only show beside its other numbers.
    """
    kind = measure_of(contradiction.measure).kind
    if kind == CHANGE:
        return "slip", _in_change(contradiction, row)
    if kind == RATIO:
        return _in_ratio(contradiction, row)
    return "slip", contradiction.hint


def _in_ratio(contradiction: Contradiction, row: Row) -> tuple[str, str]:
    a, b = contradiction.a.quantity.value, contradiction.b.quantity.value
    if _is_crossed(contradiction, row):
        return "slip", CROSSED_SIZES
    if near(a, 1 / b):
        return "slip", BEFORE_AND_AFTER
    for one, other in ((a, contradiction.b), (b, contradiction.a)):
        if near(one, _a_hundredfold(other)):
            return "unit", "x100: a fraction may be written as a percentage"
    for factor, name in UNITS.items():
        if near(a, factor * b) or near(b, factor * a):
            return "unit", f"{name}: a unit (K, M, G) may be wrong"
    if contradiction.hint.startswith("x2") and contradiction.measure == "compression_ratio":
        return "slip", ""  # parameters are counted in one way only
    return ("unit" if contradiction.hint.startswith("x") else "slip"), contradiction.hint


def _is_crossed(contradiction: Contradiction, row: Row) -> bool:
    """Whether the ratio printed for parameters is the one that the FLOPs give, or the other way about."""
    claim = min(contradiction.a, contradiction.b, key=_length)
    if _length(claim) != 1 or near(contradiction.a.quantity.value, contradiction.b.quantity.value):
        return False
    others = routes(row.leaves, _OTHER_RATIO[contradiction.measure])
    return any(near(claim.quantity.value, other.quantity.value) for other in others if _length(other) == 2)


def _a_hundredfold(route: Derivation) -> float:
    """The ratio if the fraction under it were a hundred times as large; not a number if there is none."""
    fraction = next(route.leaves())
    value = 100 * fraction.quantity.value
    if fraction.measure.endswith("_pruned") and value < 1:
        return 1 / (1 - value)
    return 1 / value if fraction.measure.endswith("_kept") else math.nan


def _in_change(contradiction: Contradiction, row: Row) -> str:
    a, b = contradiction.a.quantity.value, contradiction.b.quantity.value
    if near(a, -b):
        return "the sign or the columns before and after may be swapped"
    top = contradiction.measure.removesuffix("_change")
    other = "top5" if top == "top1" else "top1"
    others = routes(row.leaves, f"{other}_change")
    if any(near(a, route.quantity.value) for route in others if route.inputs):
        return "the columns for Top-1 and Top-5 may be swapped"
    unpruned = normal_form(row.leaves).get(f"unpruned_{top}")
    for one, points in ((a, b), (b, a)):
        if unpruned and near(one, 100 * points / unpruned.quantity.value, "relative change"):
            return "one may be relative to the unpruned accuracy"
    return "" if contradiction.hint.startswith("x2") else contradiction.hint


def grown(row: Row) -> Iterator[Verdict]:
    """Ratios below 1: the pruned network would be larger than the unpruned one."""
    if row.may_grow:
        return
    for measure in ("compression_ratio", "theoretical_speedup"):
        ratio = row.values.get(measure)
        if ratio is None or ratio.quantity.high >= 1:
            continue
        leaf = next(ratio.leaves())
        what = BEFORE_AND_AFTER if ratio.inputs else "it may be the part that is kept"
        said = in_words(measure, ratio.quantity.value, 2)
        source = _evidence(ratio) + " is " if ratio.inputs else "printed "
        yield Slip(leaf, f"{measure}: {source}{said}, below 1: a larger pruned network; {what}")
