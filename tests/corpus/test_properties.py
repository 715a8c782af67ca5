"""Properties of printed numbers, intervals and derivation, for any number a paper could print."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.numbers.derive import Derivation, _can_apply, apply, contradictions, normal_form
from corpus.numbers.identities import IDENTITIES
from corpus.numbers.measures import MEASURES, measure_of
from corpus.numbers.quantity import Quantity, mean_of_runs, parse

FLOAT = 1e-9
"""Relative room for binary rounding of decimal arithmetic."""
SUFFIXES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9}


@st.composite
def decimals(draw, largest: int, smallest: int = 0, places: int = 4) -> str:
    """A number as a paper prints it, with up to `places` decimals."""
    digits = draw(st.integers(0, places))
    number = draw(st.integers(smallest * 10**digits, largest * 10**digits))
    return f"{Decimal(number).scaleb(-digits):.{digits}f}"


@st.composite
def prints(draw) -> tuple[str, str, Decimal, Decimal]:
    """A measure, a text that prints it, and its value and half-width worked out with decimals."""
    measure = draw(st.sampled_from(sorted(MEASURES)))
    kind = MEASURES[measure].kind
    space = draw(st.sampled_from(["", " "]))
    if kind in ("accuracy", "score", "fraction", "share"):
        number, unit = draw(decimals(100)), "%"
        scale = Decimal("0.01" if kind in ("fraction", "share") else 1)
    elif kind in ("change", "relative"):
        number, unit, scale = draw(st.sampled_from(["+", "-", ""])) + draw(decimals(100)), "%", Decimal(1)
    elif kind == "ratio":
        number, unit, scale = draw(decimals(10_000)), draw(st.sampled_from(["", "x", "×"])), Decimal(1)
    elif kind == "number":
        units = {name: Decimal(str(unit.factor)) for name, unit in MEASURES[measure].units.items()} or {
            "": 1
        }
        unit = draw(st.sampled_from(sorted(units)))
        number, scale = draw(decimals(99)), Decimal(units[unit])
        space = space if unit else ""
    else:
        unit = draw(st.sampled_from(sorted(SUFFIXES)))
        number, scale = draw(decimals(10_000)), Decimal(SUFFIXES[unit])
        exponent = draw(st.sampled_from(["", "e3", "E-1", "e+02"]))
        number += exponent
    assume(kind not in ("ratio", "count", "number") or Decimal(number) > 0)
    half = Decimal(5).scaleb(Decimal(number).as_tuple().exponent - 1)
    return measure, f"{number}{space}{unit}", Decimal(number) * scale, half * scale


@given(prints())
def test_a_printed_number_keeps_its_value_its_string_and_its_last_digit(printed):
    """The value is the printed one, the interval half a unit of its last digit, cut off where the measure ends."""
    measure, text, value, half = printed
    quantity = parse(measure, text)
    low, high = {
        "accuracy": (0, 100),
        "score": (0, 100),
        "change": (-100, 100),
        "relative": (-100, float("inf")),
        "fraction": (0, 1),
    }.get(MEASURES[measure].kind, (0, float("inf")))
    assert quantity.printed == text
    assert quantity.value == float(value)
    assert quantity.low == pytest.approx(max(float(value - half), low), rel=FLOAT, abs=1e-12)
    assert quantity.high == pytest.approx(min(float(value + half), high), rel=FLOAT)
    assert quantity.low <= quantity.value <= quantity.high
    assert quantity.std is None


@given(decimals(100), decimals(100))
def test_a_standard_deviation_is_kept(number, spread):
    """What stands after ± is the deviation, in the same unit; it does not change the value."""
    for sign in ("±", " ± ", " +/- "):
        quantity = parse("top1", f"{number}%{sign}{spread}%")
        assert quantity.std == float(spread)
        assert (quantity.value, quantity.low, quantity.high) == (
            parse("top1", f"{number}%").value,
            parse("top1", f"{number}%").low,
            parse("top1", f"{number}%").high,
        )


@given(st.lists(decimals(100, places=2), min_size=1, max_size=6))
def test_runs_give_their_mean(numbers):
    """The mean of repeated runs lies in its interval, its deviation is that of the sample, each string is kept."""
    texts = tuple(f"{number}%" for number in numbers)
    mean = mean_of_runs("top1", texts)
    values = [float(number) for number in numbers]
    average = sum(values) / len(values)
    assert mean.value == pytest.approx(average)
    assert mean.low <= mean.value + FLOAT
    assert mean.value <= mean.high + FLOAT
    assert mean.printed.split(", ") == list(texts)
    if len(values) == 1:
        assert mean.std is None
    else:
        squares = sum((value - average) ** 2 for value in values)
        assert mean.std == pytest.approx(
            (squares / (len(values) - 1)) ** 0.5, abs=1e-6
        )  # cancellation of near-equals


@given(st.sampled_from(sorted(MEASURES)), st.text(max_size=20))
def test_any_text_is_a_number_or_a_clear_error(measure, text):
    """Whatever is written, it is a finite number of that measure or a message that names both; never another error."""
    try:
        quantity = parse(measure, text)
    except ValueError as error:
        message = str(error)
    else:
        assert quantity.low <= quantity.value <= quantity.high < float("inf")
        message = f"{measure} {text}"
    assert measure in message
    assert text in message


def leaf(measure: str, low: float, value: float, high: float) -> Derivation:
    """A printed number with a given interval."""
    return Derivation(measure, Quantity(value, low, high, "printed"), "printed")


def spans(measure: str) -> st.SearchStrategy[Derivation]:
    """Leaves of a measure with any interval that its kind allows."""
    low, high = {
        "accuracy": (0, 100),
        "score": (0, 100),
        "relative": (-90, 100),
        "share": (0.001, 2),
        "change": (-100, 100),
        "fraction": (0.001, 1),
        "count": (1e3, 1e12),
        "ratio": (0.01, 1e4),
    }[measure_of(measure).kind]
    three = st.lists(st.floats(low, high), min_size=3, max_size=3).map(sorted)
    return three.map(lambda ends: leaf(measure, *ends))


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: f"{identity.gives} = {identity.text}")
@given(data=st.data())
@settings(max_examples=40)
def test_an_identity_spans_what_its_inputs_allow(identity, data):
    """The value for any inputs inside their intervals lies in the derived interval, whose ends are its corners."""
    inputs = tuple(data.draw(spans(name)) for name in identity.needs)
    assume(_can_apply(identity, list(inputs)))
    found = apply(identity, inputs).quantity
    corners = [
        identity.function(*ends) for ends in product(*((i.quantity.low, i.quantity.high) for i in inputs))
    ]
    assert (found.low, found.high) == (min(corners), max(corners))
    inside = [data.draw(st.floats(i.quantity.low, i.quantity.high)) for i in inputs]
    room = FLOAT * max(abs(found.low), abs(found.high), 1)
    for value in (found.value, identity.function(*inside)):
        assert found.low - room <= value <= found.high + room


COUNT_DIGITS = 4
"""Digits to which sizes are printed below: enough that rounding does not make a network grow."""


@st.composite
def true_tables(draw) -> dict[str, float]:
    """All measures of one network pruned by one amount, exact and consistent."""
    unpruned_top1, unpruned_top5 = draw(st.floats(55, 95)), draw(st.floats(75, 99))
    change1, change5 = draw(st.floats(-40, 4)), draw(st.floats(-40, 0.9))
    params, flops = draw(st.floats(1e5, 1e9)), draw(st.floats(1e6, 1e12))
    params_kept, flops_kept = draw(st.floats(0.05, 0.9)), draw(st.floats(0.05, 0.9))
    accuracies = {
        "unpruned_top1": unpruned_top1,
        "unpruned_top5": unpruned_top5,
        "top1": unpruned_top1 + change1,
        "top5": unpruned_top5 + change5,
    }
    return {
        **accuracies,
        **{f"{name}_error": 100 - value for name, value in accuracies.items()},
        "top1_change": change1,
        "top5_change": change5,
        "unpruned_params": params,
        "params": params * params_kept,
        "unpruned_flops": flops,
        "flops": flops * flops_kept,
        "params_kept": params_kept,
        "params_pruned": 1 - params_kept,
        "compression_ratio": 1 / params_kept,
        "flops_kept": flops_kept,
        "flops_pruned": 1 - flops_kept,
        "theoretical_speedup": 1 / flops_kept,
    }


def as_printed(measure: str, value: float, places: int) -> Derivation:
    """The number rounded and read back, as a paper would print it."""
    kind = measure_of(measure).kind
    text = {
        "accuracy": f"{value:.{places}f}%",
        "score": f"{value:.{places}f}%",
        "relative": f"{value:.{places}f}%",
        "share": f"{100 * value:.{places}f}%",
        "change": f"{value:+.{places}f}%",
        "fraction": f"{100 * value:.{places}f}%",
        "ratio": f"{value:.{places}f}x",
        "count": f"{value:.{COUNT_DIGITS - 1}e}",
    }[kind]
    return Derivation(measure, parse(measure, text), "printed")


@given(true_tables(), st.data())
@settings(max_examples=300)
def test_a_consistent_table_never_contradicts_itself(table, data):
    """Whatever part of a consistent table is printed, to whatever digits, no two routes to a measure disagree.

    Derived values agree with the truth: it lies in each of their intervals.
    """
    names = data.draw(st.lists(st.sampled_from(sorted(table)), min_size=1, unique=True))
    leaves = {name: as_printed(name, table[name], data.draw(st.integers(1, 3))) for name in names}
    assert contradictions(leaves) == []
    for name, derivation in normal_form(leaves).items():
        room = 1e-6 * max(abs(table[name]), 1)  # the quotient of two printed counts, in binary
        assert derivation.quantity.low - room <= table[name] <= derivation.quantity.high + room


def hints(leaves: dict[str, Derivation]) -> set[str]:
    """The hints of all contradictions."""
    return {found.hint for found in contradictions(leaves)}


@given(true_tables())
def test_flops_for_multiply_adds_get_their_hint(table):
    """A speedup from a doubled count differs from the printed one by x2, and the hint says so."""
    assume(abs(3 * table["flops_kept"] - 1) > 0.05)  # at a third kept, pruned and kept differ by 2 as well
    leaves = {name: as_printed(name, table[name], 2) for name in ("unpruned_flops", "theoretical_speedup")}
    leaves["flops"] = as_printed("flops", table["flops"] * 2, 2)
    assert hints(leaves) == {"x2: multiply-adds against FLOPs"}


@given(true_tables())
def test_percent_read_as_fraction_gets_its_hint(table):
    """A ratio a hundred times too large differs by x100, and the hint says so."""
    leaves = {
        "params_kept": as_printed("params_kept", table["params_kept"], 3),
        "compression_ratio": as_printed("compression_ratio", 100 * table["compression_ratio"], 3),
    }
    assert hints(leaves) == {"x100: a percent may be read as a fraction"}


@given(true_tables())
def test_pruned_for_kept_gets_its_hint(table):
    """A fraction kept in the place of the fraction pruned contradicts the printed ratio; the hint names the swap."""
    assume(not 0.45 < table["params_kept"] < 0.55)  # a half is the same both ways
    leaves = {
        "params_pruned": as_printed("params_pruned", table["params_kept"], 3),
        "compression_ratio": as_printed("compression_ratio", table["compression_ratio"], 3),
    }
    assert hints(leaves) == {"pruned and kept may be swapped"}


@given(true_tables())
def test_a_swapped_sign_gets_its_hint(table):
    """A printed change of the wrong sign contradicts the accuracies, and the hint says so."""
    assume(abs(table["top1_change"]) > 0.2)  # below, rounding to a hundredth is more than 2 %
    leaves = {name: as_printed(name, table[name], 3) for name in ("top1", "unpruned_top1")}
    leaves["top1_change"] = as_printed("top1_change", -table["top1_change"], 3)
    assert hints(leaves) == {"the sign may be swapped"}


@given(true_tables())
def test_an_error_in_the_accuracy_column_gets_its_hint(table):
    """An error where an accuracy should be contradicts the printed error, and the hint says so."""
    error = 100 - table["top1"]
    assume(abs(table["top1"] - error) > 5)  # near a half both are alike
    leaves = {
        "top1": as_printed("top1", error, 3),
        "top1_error": as_printed("top1_error", error, 3),
    }
    assert hints(leaves) == {
        "an error may stand in the accuracy column, or an accuracy in the error column"
    }
