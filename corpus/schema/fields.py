"""The kinds of value a paper's file may hold: text, flags, dates, ids, and numbers kept as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from corpus.numbers.measures import KINDS, MEASURES
from corpus.numbers.quantity import Quantity, mean_of_runs, parse


class Written(BaseModel):
    """Part of a paper's file; a key that is not in the schema is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _whole_number(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"[1-9][0-9]{0,8}", value):
            raise ValueError(f"'{value}' is not a whole number; expected 1, 2, 3 ...")
        return int(value)
    return value


def _true_or_false(value: object) -> object:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError(f"'{value}' is neither true nor false")
        return value == "true"
    return value


def _in_a_list(value: object) -> object:
    return [value] if isinstance(value, dict | str) else value


def _alone_again(items: tuple[Any, ...]) -> Any:
    return items[0] if len(items) == 1 else items


Item = TypeVar("Item")
IN_A_LIST = BeforeValidator(_in_a_list)
Many = Annotated[tuple[Item, ...], IN_A_LIST, PlainSerializer(_alone_again)]
"""A list that may also be written as a single mapping or word, and comes back as it was written."""
OneOrMore = Annotated[
    tuple[Item, ...],
    Field(min_length=1),
    IN_A_LIST,
    PlainSerializer(_alone_again),
]
"""Likewise, and not empty."""


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty; write a value or leave the key out")
    return value


LONGEST_ID = 2000
"""Longer keys, ids and links are refused unread: matching a pattern may take the square of the length."""


def matches(pattern: str, expected: str) -> AfterValidator:
    """The rule that a whole text matches `pattern`; otherwise an error says that it is not what is `expected`."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if len(value) > LONGEST_ID or not compiled.fullmatch(value):
            raise ValueError(f"'{value}' is not {expected}")
        return value

    return AfterValidator(check)


Text = Annotated[str, AfterValidator(_not_blank)]
WholeNumber = Annotated[int, BeforeValidator(_whole_number), PlainSerializer(str), Field(gt=0)]
Flag = Annotated[bool, BeforeValidator(_true_or_false), PlainSerializer(lambda value: str(value).lower())]
KEY_PATTERN = r"[a-z][a-z0-9-]*\d{4}[a-z0-9_-]*"
Key = Annotated[str, matches(KEY_PATTERN, "a paper key; expected surname, year, word: 'han2015learning'")]


def _on_the_calendar(value: str) -> str:
    parts = [int(part) for part in value.split("-")]
    try:
        date(*parts, *[1] * (3 - len(parts)))
    except ValueError as error:
        raise ValueError(
            f"'{value}' is not a date: {error}; expected 2017-03 (or 2017, 2017-03-01)"
        ) from None
    return value


def checked_date(value: str) -> str:
    """The date as written (year, year-month or year-month-day); ValueError if no calendar has it."""
    if not re.fullmatch(r"(19[4-9]\d|20\d\d)(-\d\d){0,2}", value, re.ASCII):
        raise ValueError(f"'{value}' is not a date; expected 2017-03 (or 2017, 2017-03-01)")
    return _on_the_calendar(value)


ArxivId = Annotated[
    str,
    matches(r"\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7}", 'an arXiv id; expected "1608.08710", in quotes'),
]
Doi = Annotated[str, matches(r"10\.\d{4,9}/\S+", "a DOI; expected 10.1109/5.771073")]
Link = Annotated[str, matches(r"https?://\S+", "a link; expected https://...")]
SLUG_PATTERN = r"[A-Za-z0-9][A-Za-z0-9+.=_-]*"
Slug = Annotated[str, matches(SLUG_PATTERN, "a short name; expected letters, digits, - . _ + =")]
ReadFrom = Literal["table", "text", "figure", "released-data", "readme", "model-card", "log", "thread"]


def text_or_number(pattern: str) -> WithJsonSchema:
    """The JSON Schema of text that matches `pattern` and stays as written; other YAML tools may read it as a number."""
    return WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": f"^({pattern})$"}, {"type": "number", "minimum": 0}]}
    )


Date = Annotated[str, AfterValidator(checked_date), text_or_number(r"(19[4-9]|20)\d+(-\d\d){0,2}")]


def reader_of(measure: str) -> BeforeValidator:
    """The rule by which text, or a list of repeated runs, becomes a Quantity of `measure`."""
    entry = MEASURES[measure]

    def read(value: object) -> object:
        if isinstance(value, str):
            return parse(measure, value)
        if isinstance(value, list) and value and all(isinstance(run, str) for run in value):
            return mean_of_runs(measure, tuple(value))
        if isinstance(value, Quantity):
            return value
        raise ValueError(f"expected one number ({entry.unit}, such as {entry.example}) or a list of runs")

    return BeforeValidator(read)


def schema_of(measure: str) -> WithJsonSchema:
    """The JSON Schema of a printed number of `measure`, or of a list of them."""
    entry = MEASURES[measure]
    pattern = "^" + re.sub(r"\(\?P<\w+>", "(", entry.pattern) + "$"
    number: dict[str, Any] = {"type": "string", "pattern": pattern}
    if (
        KINDS[entry.kind].above_zero and not entry.units
    ):  # written without a unit, it is a number to other YAML tools
        number = {"anyOf": [number, {"type": "number", "exclusiveMinimum": 0}]}
    runs = {
        "type": "array",
        "items": number,
        "minItems": 1,
        "description": "repeated runs; the mean counts",
    }
    definition = f"{entry.definition} ({entry.unit}; {entry.better} is better), such as {entry.example}"
    return WithJsonSchema({"description": definition, "anyOf": [number, runs]})


def _as_written(quantity: Quantity) -> str | list[str]:
    runs = quantity.printed.split(", ")
    return runs if len(runs) > 1 else quantity.printed


WRITTEN_NUMBER = PlainSerializer(_as_written)
"""How a Quantity goes back into a file: as it was printed."""
Top1 = Annotated[Quantity, reader_of("top1"), WRITTEN_NUMBER, schema_of("top1")]
Top5 = Annotated[Quantity, reader_of("top5"), WRITTEN_NUMBER, schema_of("top5")]


def number_fields(measures: Iterable[str]) -> dict[str, Any]:
    """Optional fields for these measures, as `pydantic.create_model` takes them."""
    fields: dict[str, Any] = {}
    for measure in measures:
        number = Annotated[Quantity, reader_of(measure), WRITTEN_NUMBER, schema_of(measure)]
        fields[measure] = (number | None, None)
    return fields
