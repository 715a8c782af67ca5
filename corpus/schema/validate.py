"""Validates a read document against a model and says what is wrong in the words of the file, not of the library."""

from __future__ import annotations

import typing
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from corpus.schema.reader import Document, Problem
from corpus.schema.suggest import did_you_mean

Kind = TypeVar("Kind")
NOT_WRITTEN = ("[key]", "[recipe]", "[study]")
"""What the library puts into a place beside keys and positions."""
MOST_PROBLEMS = 500
"""Nobody reads more of one file, and each costs a search for the word that was meant."""


def validated(document: Document, kind: type[Kind]) -> Kind | None:
    """The document's tree as `kind`; None with problems added to the document if it does not fit."""
    if document.tree is None:
        return None
    try:
        return _adapter(kind).validate_python(document.tree)
    except ValidationError as error:
        details = error.errors(include_url=False)
        shown = details[:MOST_PROBLEMS]
        document.problems += [
            _problem(document, kind, detail) for detail in shown if not _is_echo(detail, shown)
        ]
        if len(details) > len(shown):
            message = f"and {len(details) - len(shown):,} more problems; mend the ones above first"
            document.problems.append(Problem(document.file, *document.position(shown[-1]["loc"]), message))
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
    in_model = tuple(part for part in detail["loc"] if part not in NOT_WRITTEN)
    path = _as_written(document.tree, in_model)
    if detail["type"] == "extra_forbidden":
        known = _keys_at(kind, in_model[:-1])
        hint = did_you_mean(str(path[-1]), known) or f"; expected one of: {', '.join(known)}"
        return document.problem_with_key(path, f"unknown key '{path[-1]}'{hint}")
    if detail["loc"][-1:] == ("[key]",):
        return document.problem_with_key(path, _key_message(str(path[-1]), detail))
    if detail["type"] == "missing":
        return document.problem(path[:-1], f"missing key '{path[-1]}'{_described(kind, in_model)}")
    return document.problem(path, _message(path, detail))


def _as_written(tree: object, path: tuple) -> tuple:
    """The path without the list positions of things written as a single mapping or word where a list may stand."""
    written = []
    for part in path:
        if isinstance(part, int) and not isinstance(tree, list):
            continue
        written.append(part)
        inside = isinstance(tree, dict | list) and (
            part in tree if isinstance(tree, dict) else part < len(tree)
        )
        tree = tree[part] if inside else None
    return tuple(written)


def _key_message(key: str, detail: dict) -> str:
    """What is wrong with a key that names something: a measure from the closed list, or a method."""
    if detail["type"] != "literal_error":
        return _message((key,), detail)
    options = _options(detail)
    return f"unknown key '{key}'" + (
        did_you_mean(key, options) or f"; expected one of: {', '.join(options)}"
    )


def _options(detail: dict) -> list[str]:
    return [option.strip("' ") for option in detail["ctx"]["expected"].replace(" or ", ", ").split(",")]


def _message(path: tuple, detail: dict) -> str:
    name = next((part for part in reversed(path) if isinstance(part, str)), "the file")
    found = _found(detail["input"])
    match detail["type"]:
        case "value_error":
            return str(detail["ctx"]["error"])
        case "literal_error":
            expected = detail["ctx"]["expected"]
            hint = did_you_mean(str(detail["input"]), _options(detail))
            return f"{name}: {found} is not allowed{hint}; expected {expected}"
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
    for key in (part for part in path if isinstance(part, str)):
        kind = _one_of(kind)
        if typing.get_origin(kind) is dict:
            kind = typing.get_args(kind)[1]
        else:
            fields = kind.model_fields.items() if _is_model(kind) else ()
            kind = {field.alias or name: field.annotation for name, field in fields}.get(key)
    kind = _one_of(kind)
    return kind if _is_model(kind) else None


def _one_of(kind: Any) -> Any:
    """The model or dict that an optional, a list or an annotated type is about; the type itself if none."""
    if _is_model(kind) or typing.get_origin(kind) is dict:
        return kind
    inside = (_one_of(part) for part in typing.get_args(kind))
    return next((part for part in inside if _is_model(part) or typing.get_origin(part) is dict), kind)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
