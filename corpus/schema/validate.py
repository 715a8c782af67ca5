"""Validates a read document against a model and says what is wrong in the words of the file, not of the library."""

from __future__ import annotations

import typing
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from corpus.schema.reader import Document, Path, Problem
from corpus.schema.suggest import did_you_mean

Fitting = TypeVar("Fitting")
NOT_WRITTEN = ("[key]", "[recipe]", "[study]")
"""What the library puts into a place beside keys and positions."""
LONGEST_SHOWN = 60
"""Characters of a wrong value that an error repeats."""
MOST_PROBLEMS = 500
"""Nobody reads more of one file, and each costs a search for the word that was meant."""


def validated(document: Document, kind: type[Fitting]) -> Fitting | None:
    """The document's tree as `kind`; None with problems added to the document if it does not fit."""
    if document.tree is None:
        return None
    try:
        fitting: Fitting = _adapter(kind).validate_python(document.tree)  # type: ignore[arg-type]
        return fitting
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
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _is_echo(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list reported as too short only because its items are wrong."""
    if detail["type"] != "too_short":
        return False
    place = detail["loc"]
    return any(other["loc"][: len(place)] == place and len(other["loc"]) > len(place) for other in details)


def _problem(document: Document, kind: Any, detail: ErrorDetails) -> Problem:
    in_model = tuple(part for part in detail["loc"] if part not in NOT_WRITTEN)
    path = _as_written(document.tree, in_model)
    if detail["type"] == "extra_forbidden":
        known = _keys_at(kind, in_model[:-1])
        hint = did_you_mean(str(path[-1]), known) or f"; expected one of: {', '.join(known)}"
        return document.problem_with_key(path, f"unknown key '{path[-1]}'{hint}")
    if detail["loc"][-1:] == ("[key]",):
        return document.problem_with_key(path, _key_message(str(path[-1]), detail))
    if detail["type"] == "missing":
        described = _described(kind, in_model)
        return document.problem(path[:-1], f"missing key '{path[-1]}'{described}")
    return document.problem(path, _message(path, detail))


def _as_written(tree: object, path: Path) -> Path:
    """The path without the list positions of things written as a single mapping or word where a list may stand."""
    written: list[str | int] = []
    for part in path:
        if isinstance(part, int) and not isinstance(tree, list):
            continue
        written.append(part)
        tree = _inside(tree, part)
    return tuple(written)


def _inside(tree: object, part: str | int) -> object:
    """What stands under a key or list position of the tree; None if there is nothing."""
    if isinstance(tree, dict):
        return tree.get(part)
    if isinstance(tree, list) and isinstance(part, int) and part < len(tree):
        item: object = tree[part]
        return item
    return None


def _key_message(key: str, detail: ErrorDetails) -> str:
    """What is wrong with a key that names something: a measure from the closed list, or a method."""
    if detail["type"] != "literal_error":
        return _message((key,), detail)
    options = _options(detail)
    hint = did_you_mean(key, options) or f"; expected one of: {', '.join(options)}"
    return f"unknown key '{key}'{hint}"


def _options(detail: ErrorDetails) -> list[str]:
    listed = str(detail["ctx"]["expected"]).replace(" or ", ", ")
    return [option.strip("' ") for option in listed.split(",")]


def _message(path: Path, detail: ErrorDetails) -> str:
    keys = [part for part in path if isinstance(part, str)]
    name = keys[-1] if keys else "the file"
    given = _in_words(detail["input"])
    match detail["type"]:
        case "value_error":
            return str(detail["ctx"]["error"])
        case "literal_error":
            expected = detail["ctx"]["expected"]
            hint = did_you_mean(str(detail["input"]), _options(detail))
            return f"{name}: {given} is not allowed{hint}; expected {expected}"
        case "string_type":
            return f"{name}: expected text, found {given}"
        case "tuple_type" | "list_type":
            return f"{name}: expected a list, found {given}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{name}: expected a mapping of keys to values, found {given}"
        case "too_short":
            return f"{name}: is empty; expected at least one entry"
        case _:
            reason = detail["msg"]
            return f"{name}: {given}: {reason[0].lower()}{reason[1:]}"


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    if len(text) > LONGEST_SHOWN:
        text = text[: LONGEST_SHOWN - 3] + "..."
    return f"'{text}'"


def _keys_at(kind: Any, path: Path) -> list[str]:
    """Keys allowed in the mapping at `path`."""
    model = _model_at(kind, path)
    return list(_fields(model)) if model else []


def _described(kind: Any, path: Path) -> str:
    """What is said of the key at the end of the path, in parentheses."""
    model = _model_at(kind, path[:-1])
    field = _fields(model).get(str(path[-1])) if model else None
    return f" ({field.description})" if field and field.description else ""


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by the key that stands for each in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_at(kind: Any, path: Path) -> type[BaseModel] | None:
    for key in path:
        if isinstance(key, int):
            continue
        kind = _mapping_in(kind)
        if typing.get_origin(kind) is dict:
            kind = typing.get_args(kind)[1]
        else:
            field = _fields(kind).get(key) if _is_model(kind) else None
            kind = field.annotation if field else None
    kind = _mapping_in(kind)
    return kind if _is_model(kind) else None


def _mapping_in(kind: Any) -> Any:
    """The model or dict that an optional, a list or an annotated type is about; the type itself if none."""
    if _is_model(kind) or typing.get_origin(kind) is dict:
        return kind
    for argument in typing.get_args(kind):
        inside = _mapping_in(argument)
        if _is_model(inside) or typing.get_origin(inside) is dict:
            return inside
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
