"""Writes the correction of one number into a paper's file; what was printed or transcribed stays beside it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path as FilePath
from typing import Any

from corpus.catalogue.papers import shown
from corpus.contribute.yaml_edit import add_correction, write_atomically
from corpus.numbers.measures import MEASURES, UNPRUNED_MEASURES
from corpus.numbers.quantity import parse
from corpus.schema.fields import KEY_PATTERN
from corpus.schema.reader import CorpusError, Document, Path, read_file
from corpus.schema.suggest import did_you_mean

VOID = "none"


def paper_file(folder: FilePath, key: str) -> FilePath:
    """The file of the paper `key`; ValueError names the nearest key if there is none."""
    path = folder / "papers" / f"{key}.yaml"
    if not re.fullmatch(KEY_PATTERN, key) or not path.is_file():
        known = [found.stem for found in (folder / "papers").glob("*.yaml")]
        hint = did_you_mean(key, known) or "; `prunebase new` starts a paper"
        raise ValueError(f"no paper '{key}' in {shown(folder / 'papers')}{hint}")
    return path


def correct(
    folder: FilePath,
    key: str,
    *,
    row: str,
    measure: str,
    because: str,
    value: str | None = None,
    moved_to: str | None = None,
    source: str | None = None,
) -> str:
    """Writes the correction and returns the change as a unified diff; ValueError if it cannot hold.

    `row` is a row of the survey's sheet (`142`), `block2.1` or `block2.unpruned` counted from 1, or `line 24`;
    `value` may be `none` for a number that is void; `source` says where the right value was found.
    """
    path = paper_file(folder, key)
    document = read_file(path, shown(path))
    if document.problems:
        raise CorpusError(document.problems)
    place = _place(document, row)
    written = _at(document, place)
    _require(document, place, written, measure, value, moved_to)
    stated = {"sheet": str(written[measure]), "value": value, "moved_to": moved_to, "from": source}
    correction = {name: text for name, text in stated.items() if text} | {"because": because}
    before = path.read_text(encoding="utf-8")
    after = add_correction(before, place, measure, correction)
    write_atomically(path, after)
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return "".join(difflib.unified_diff(old, new, document.file, document.file, n=1))


def _place(document: Document, row: str) -> Path:
    """The path of the mapping that `row` names."""
    rows = _rows(document)
    if row in rows:
        return rows[row]
    by_line = {f"line {document.position(place)[0]}": place for place in rows.values()}
    if found := by_line.get(re.sub(r"^line[\s:=]*", "line ", row)):
        return found
    hint = did_you_mean(row, rows)
    if not hint and row.isdigit():
        listed = ", ".join(name for name in rows if name.isdigit()) or "none"
        hint = f"; rows of the survey's sheet here: {listed}"
    expected = "expected a survey_row such as 142, a point such as block1.2, block1.unpruned, or line 24"
    raise ValueError(f"--row: no row '{row}' with numbers in {document.file}{hint}; {expected}")


def _rows(document: Document) -> dict[str, Path]:
    """Every mapping that holds numbers, by its names: `142`, `block1.2`, `block1.unpruned`."""
    rows: dict[str, Path] = {}
    tree = document.tree if isinstance(document.tree, dict) else {}
    for number, block in enumerate(tree.get("results") or ()):
        place: Path = ("results", number)
        if isinstance(block.get("unpruned"), dict):
            rows[f"block{number + 1}.unpruned"] = (*place, "unpruned")
        for index, row in enumerate(block.get("pruned") or ()):
            rows[f"block{number + 1}.{index + 1}"] = (*place, "pruned", index)
            if "survey_row" in row:
                rows[row["survey_row"]] = (*place, "pruned", index)
    return rows


def _at(document: Document, place: Path) -> dict:
    mapping: Any = document.tree
    for part in place:
        mapping = mapping[part]
    return dict(mapping)


def _require(
    document: Document, place: Path, written: dict, measure: str, value: str | None, moved_to: str | None
) -> None:
    allowed = UNPRUNED_MEASURES if place[-1] == "unpruned" else tuple(MEASURES)
    if measure not in allowed:
        raise ValueError(f"--measure: '{measure}' is no measure here{did_you_mean(measure, allowed)}")
    if measure not in written:
        given = ", ".join(name for name in written if name in MEASURES) or "none"
        remedy = f"write `added: {{{measure}: {value}, from: ...}}` if the sheet lacks it"
        raise CorpusError(
            [document.problem(place, f"no {measure} here to correct (given: {given}); {remedy}")]
        )
    if measure in written.get("correction", {}):
        line = document.position((*place, "correction", measure))[0]
        message = f"{measure} is corrected already, on line {line}; edit it there"
        raise CorpusError([document.problem((*place, measure), message)])
    if value is None and moved_to is None:
        raise ValueError("--value: missing; give the value that holds, or `none` if the number is void")
    if moved_to is not None and moved_to not in allowed:
        raise ValueError(f"--moved-to: '{moved_to}' is no measure here{did_you_mean(moved_to, allowed)}")
    if value is not None and value != VOID:
        parse(moved_to or measure, value)
    if value == written[measure] and moved_to is None:
        raise CorpusError([document.problem((*place, measure), f"{measure} is {value} already")])
