"""Validates a read document against a model and says what is wrong in the words of the file, not of the library."""

from __future__ import annotations

import typing
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from corpus.reader import Document, Problem
from corpus.suggest import did_you_mean

Kind = TypeVar("Kind")


def validated(document: Document, kind: type[Kind]) -> Kind | None:
    """The document's tree as `kind`; None with problems added to the document if it does not fit."""
    if document.tree is None:
        return None
    try:
        return _adapter(kind).validate_python(document.tree)
    except ValidationError as error:
        details = error.errors(include_url=False)
        document.problems += [_problem(document, kind, detail) for detail in details if not _is_echo(detail, details)]
        return None


@lru_cache(maxsize=8)
def _adapter(kind: type[Kind]) -> TypeAdapter[Kind]:
    return TypeAdapter(kind)


def _is_echo(detail: dict, details: list[dict]) -> bool:
    """A list reported as too short only because its items are wrong."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        other["loc"][: len(place)] == place and len(other["loc"]) > len(place) for other in details
    )


def _problem(document: Document, kind: type, detail: dict) -> Problem:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden":
        known = _keys_at(kind, path[:-1])
        hint = did_you_mean(str(path[-1]), known) or f"; expected one of: {', '.join(known)}"
        return document.problem_with_key(path, f"unknown key '{path[-1]}'{hint}")
    if detail["type"] == "missing":
        return document.problem(path[:-1], f"missing key '{path[-1]}'{_described(kind, path)}")
    return document.problem(path, _message(path, detail))


def _message(path: tuple, detail: dict) -> str:
    name = next((part for part in reversed(path) if isinstance(part, str)), "the file")
    found = _found(detail["input"])
    match detail["type"]:
        case "value_error":
            return str(detail["ctx"]["error"])
        case "literal_error":
            expected = detail["ctx"]["expected"]
            options = [option.strip("' ") for option in expected.replace(" or ", ", ").split(",")]
            return f"{name}: {found} is not allowed{did_you_mean(str(detail['input']), options)}; expected {expected}"
        case "string_type":
            return f"{name}: expected text, found {found}"
        case "tuple_type" | "list_type":
            return f"{name}: expected a list, found {found}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{name}: expected a mapping of keys to values, found {found}"
        case "too_short":
            return f"{name}: is empty; expected at least one entry"
        case _:
            return f"{name}: {found}: {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _found(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"


def _keys_at(kind: Any, path: tuple) -> list[str]:
    """Keys allowed in the mapping at `path`."""
    model = _model_at(kind, path)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _described(kind: Any, path: tuple) -> str:
    model = _model_at(kind, path[:-1])
    fields = {field.alias or name: field for name, field in model.model_fields.items()} if model else {}
    field = fields.get(path[-1])
    return f" ({field.description})" if field and field.description else ""


def _model_at(kind: Any, path: tuple) -> type[BaseModel] | None:
    for part in path:
        model = _as_model(kind)
        if model is not None and isinstance(part, str):
            by_key = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
            kind = by_key.get(part)
        elif model is None:
            kind = _inner(kind)
    while kind is not None and _as_model(kind) is None:
        kind = _inner(kind)
    return _as_model(kind)


def _as_model(kind: Any) -> type[BaseModel] | None:
    options = [kind, *typing.get_args(kind)] if type(None) in typing.get_args(kind) else [kind]
    return next((option for option in options if isinstance(option, type) and issubclass(option, BaseModel)), None)


def _inner(kind: Any) -> Any:
    """What a list, a dict or an optional of models holds."""
    models = [part for part in typing.get_args(kind) if _holds_model(part)]
    return models[-1] if models else None


def _holds_model(kind: Any) -> bool:
    return _as_model(kind) is not None or any(_holds_model(part) for part in typing.get_args(kind))
