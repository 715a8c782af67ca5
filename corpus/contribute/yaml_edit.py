"""Edits papers' files: comments, order, quotes and every untouched line stay as they are."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from corpus.numbers.measures import MEASURES

LINE_LENGTH = 120
BARE_NUMBERS = frozenset(MEASURES) | {"survey_row", "same_as", "trials", "position"}
"""Keys whose numbers need no quotes: the schema takes them as text or as numbers."""
_NUMBER_OR_DATE = re.compile(r"[+-]?[\d.][\d.,_:eE+-]*")
_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "~")


class _TextOnly(VersionedResolver):
    """Every plain scalar is text, so that no number is ever written back in another form."""

    @property
    def versioned_resolver(self) -> dict:
        return {}


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Resolver = _TextOnly
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 1_000_000  # a line is broken by its author only
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    return yaml


def read_tree(text: str) -> CommentedMap:
    """The document in `text`, with its comments; `text_of` gives the same text back."""
    return _yaml().load(text)


def text_of(tree: CommentedMap) -> str:
    """The YAML text of `tree`."""
    stream = StringIO()
    _yaml().dump(tree, stream)
    return stream.getvalue()


def write_atomically(path: Path, text: str) -> None:
    """Writes beside `path` and renames, so that no reader sees half a file."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def scalar(text: str, key: str = "") -> str:
    """`text` as a scalar that every YAML reader takes for text, in quotes where it would be something else.

    Measures stay bare, as in the rest of the corpus: `7.7e5` and `0.73M` are read as printed.
    """
    is_number = _NUMBER_OR_DATE.fullmatch(text) and not re.fullmatch(r"\d{4}-\d\d", text)
    special = (
        ": " in text
        or " #" in text
        or text.endswith(":")
        or text[:1] in tuple("!&*@`'\"%|>{}[],#-?:")
        or not text
    )
    if (
        (is_number and key not in BARE_NUMBERS)
        or text.lower() in _WORDS
        or (special and key not in MEASURES)
    ):
        return DoubleQuotedScalarString(text)
    return text


def mapping(entries: dict, *, flow: bool = False) -> CommentedMap:
    """A mapping to be written as a block, or on one line if `flow` and it fits; nested dicts likewise."""
    made = CommentedMap()
    for key, value in entries.items():
        is_made = isinstance(value, CommentedMap | CommentedSeq | DoubleQuotedScalarString)
        made[key] = value if is_made else _node(value, flow, key)
    one_line = flow and len(text_of(CommentedMap(x=_as_flow(made)))) < LINE_LENGTH
    return _as_flow(made) if one_line else made


def sequence(items: list) -> CommentedSeq:
    """A sequence to be written as a block."""
    return CommentedSeq(items)


def _node(value: object, flow: bool, key: str = "") -> object:
    if isinstance(value, dict):
        if key == "printed_as":  # the table's own strings: text for every reader, numbers too
            value = {name: DoubleQuotedScalarString(str(text)) for name, text in value.items()}
        return mapping(value, flow=flow)
    if isinstance(value, list | tuple):
        listed = CommentedSeq(_node(item, flow) for item in value)
        listed.fa.set_flow_style()
        return listed
    return scalar(str(value), key)


def _as_flow(made: CommentedMap) -> CommentedMap:
    made.fa.set_flow_style()
    return made


def edited(text: str, edit: Callable[[CommentedMap], None]) -> str:
    """The text after `edit` has changed its tree; lines that it did not change keep even their odd spaces."""
    tree = read_tree(text)
    before = text_of(tree).splitlines()
    edit(tree)
    after, lines = text_of(tree), text.splitlines()
    if len(before) != len(lines):
        return after
    changes = difflib.SequenceMatcher(None, before, after.splitlines(), autojunk=False).get_opcodes()
    kept = [lines[a:b] if kind == "equal" else after.splitlines()[c:d] for kind, a, b, c, d in changes]
    merged = "\n".join(line for part in kept for line in part) + "\n"
    return merged if _same(merged, after) else after


def _same(one: str, other: str) -> bool:
    try:
        return read_tree(one) == read_tree(other)
    except YAMLError:
        return False  # such as two depths of indentation in one sequence


def append_results(text: str, blocks: list[CommentedMap], methods: dict[str, CommentedMap]) -> str:
    """The file's text with `blocks` at the end of its results and with those `methods` that it lacks."""
    added = CommentedMap()

    def edit(tree: CommentedMap) -> None:
        if methods and "methods" not in tree and "results" not in tree:
            added["methods"] = mapping(methods)
        elif methods:
            _add_methods(tree, methods)
        if "results" not in tree:
            added["results"] = sequence(blocks)
            return
        if not tree["results"]:
            tree["results"] = CommentedSeq()
        tree["results"].extend(blocks)

    text = edited(text, edit)
    # a new part is added as text, so that comments which end the file stay above it
    return text.rstrip("\n") + "\n" + text_of(added) if added else text


def _add_methods(tree: CommentedMap, methods: dict[str, CommentedMap]) -> None:
    if "methods" not in tree:
        tree.insert(list(tree).index("results"), "methods", CommentedMap())
    elif not tree["methods"]:
        tree["methods"] = CommentedMap()  # `{}` could only grow on its one line
    for name, method in methods.items():
        tree["methods"].setdefault(name, method)


def add_correction(
    text: str, place: tuple[str | int, ...], measure: str, correction: dict[str, str]
) -> str:
    """The file's text with a correction of `measure` in the mapping at `place`; the printed number stays."""

    def edit(tree: CommentedMap) -> None:
        row = tree
        for part in place:
            row = row[part]
        if row.fa.flow_style():
            row.fa.set_block_style()  # a reason does not fit on the row's one line
        corrections = row.setdefault("correction", CommentedMap())
        corrections.fa.set_block_style()
        corrections[measure] = mapping(correction)

    return edited(text, edit)
