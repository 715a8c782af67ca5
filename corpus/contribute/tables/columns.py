"""Which measure a table's column holds, by its head, its cells and the table's arithmetic; the rest are questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.contribute.tables.cell import Cell, Head, Table
from corpus.contribute.tables.cell_numbers import is_missing
from corpus.contribute.tables.column import CHOSEN, LABELS, ROLES, Column, ColumnQuestion, meaning
from corpus.contribute.tables.column_names import (
    LEFT_OUT,
    NOTE,
    ColumnMeaning,
    Surroundings,
    letters,
    meaning_of,
    told_by_labels,
)
from corpus.contribute.tables.rows import Given
from corpus.contribute.tables.settle import settled
from corpus.contribute.tables.units import with_unit
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Names

__all__ = ["LABELS", "ROLES", "Column", "ColumnQuestion", "chosen_from", "columns_of", "meaning"]


def columns_of(
    table: Table,
    names: Names,
    chosen: dict[str, str],
    dataset: str | None = None,
    architecture: str | None = None,
    *,
    assume: bool = False,
) -> list[Column | ColumnQuestion]:
    """Every column's meaning: as `chosen` (head -> role) where given, else by its name, else a question.

    Parameters
    ----------
    table
        As `read_table` gives it.
    chosen
        Heads with what they are, as `--map` gives them; ValueError if a head or a role is unknown.
    dataset, architecture
        Where the caption says them, as anyone would write them.
    assume
        Whether a plain accuracy may be taken for Top-1, and an unnamed count for one of parameters.

    Examples
    --------
    A column `Acc. drop` beside `Base` and `Pruned` is no question: their differences give the sign.
    """
    answers = _by_head(table, chosen)
    dataset = names.datasets.canonical(dataset) if dataset else None
    classes = names.datasets[dataset].classes if dataset else None
    heads = [letters(head.text) for head in table.heads]
    told = ""
    columns: list[Column | ColumnQuestion] = []
    for number, head in enumerate(table.heads):
        cells = [text for text in table.column(number) if not is_missing(text)]
        if number in answers:
            columns.append(_chosen(head, answers[number], cells))
            continue
        told = told or told_by_labels(head.text, cells)
        left = _left_of(columns)
        around = Surroundings(heads, names, number, classes, left, *_place(head, columns), assume, told)
        columns.append(_by_meaning(head, meaning_of(head.text, cells, around), cells))
    given = Given(dataset, names.architectures.canonical(architecture) if architecture else None)
    columns = _one_label_each(_changes_like_accuracies(columns))
    return settled(table, columns, names, given)


def _place(head: Cell, before: Sequence[Column | ColumnQuestion]) -> tuple[str, str, tuple[str, ...]]:
    """Which number of its cells a head is for, the printed head, and what the number before the bracket is."""
    if not isinstance(head, Head) or not head.part:
        return "", "", ()
    parts = [
        (one.head.part, one)
        for one in before
        if isinstance(one.head, Head) and one.head.printed == head.printed
    ]
    same_cell = [one for part, one in parts if part != "bracket"]
    index = len(parts) - len(same_cell)
    outer = same_cell[min(index, len(same_cell) - 1)] if same_cell else None
    if isinstance(outer, Column):
        return head.part, head.of, ((outer.role,) if outer.measure else ())
    return head.part, head.of, outer.answers if outer else ()


def _left_of(columns: Sequence[Column | ColumnQuestion]) -> str:
    """What the nearest column on the left is: its measure, or why it is left out."""
    if not columns or isinstance(columns[-1], ColumnQuestion):
        return ""
    return columns[-1].measure or columns[-1].why


def _chosen(head: Cell, answer: str, cells: Sequence[str]) -> Column | ColumnQuestion:
    column = with_unit(head, answer, cells)
    return replace(column, why=CHOSEN) if isinstance(column, Column) and column.role == LEFT_OUT else column


def _by_meaning(head: Cell, found: ColumnMeaning, cells: Sequence[str]) -> Column | ColumnQuestion:
    if found.answers == (LEFT_OUT,) and not found.why:
        return ColumnQuestion(head, found.answers)
    if not found.answers:
        return ColumnQuestion(head, (LEFT_OUT,))
    if len(found.answers) > 1:
        return ColumnQuestion(head, found.answers)
    column = with_unit(head, found.answers[0], cells)
    return replace(column, why=found.why) if isinstance(column, Column) and found.why else column


def _changes_like_accuracies(columns: list[Column | ColumnQuestion]) -> list[Column | ColumnQuestion]:
    """Changes below one point are points where the same table's accuracies are in percent."""
    percent = any(
        isinstance(column, Column) and column.unit == "%" and column.measure for column in columns
    )
    known = []
    for column in columns:
        answers = column.answers if isinstance(column, ColumnQuestion) else ()
        if percent and len(answers) == 2 and all("_change:" in answer for answer in answers):
            role, _, unit = answers[1].partition(":")
            column = Column(column.head, role.removeprefix("-"), unit, role.startswith("-"))
        known.append(column)
    return known


def _one_label_each(columns: list[Column | ColumnQuestion]) -> list[Column | ColumnQuestion]:
    """A second column of methods or networks becomes a note; the first keeps its role."""
    seen: set[str] = set()
    known = []
    for column in columns:
        if isinstance(column, Column) and column.role in (
            "method",
            "row",
            "architecture",
            "dataset",
            "trials",
        ):
            role = column.role
            if role in seen:
                column = replace(column, role=NOTE)
            seen.add(role)
        known.append(column)
    return known


def _by_head(table: Table, chosen: dict[str, str]) -> dict[int, str]:
    heads: dict[str, list[int]] = {}
    for number, head in enumerate(table.heads):
        heads.setdefault(letters(head.text), []).append(number)
    for number, head in enumerate(table.heads):
        if isinstance(head, Head) and not head.part:
            heads.setdefault(letters(head.of), []).append(number)
    answers: dict[int, str] = {}
    for name, answer in chosen.items():
        if letters(name) not in heads:
            known = [head.text for head in table.heads]
            hint = did_you_mean(name, known) or f"; expected one of: {', '.join(known)}"
            raise ValueError(f"--map: no column '{name}' in {table.file}{hint}")
        role = answer.removeprefix("-").partition(":")[0]
        if role not in ROLES:
            hint = did_you_mean(role, ROLES) or f"; expected one of: {', '.join(ROLES)}"
            raise ValueError(f"--map: '{role}' is neither a measure nor a role{hint}")
        answers |= dict.fromkeys(heads[letters(name)], answer)
    return answers


def chosen_from(options: Iterable[str]) -> dict[str, str]:
    """`--map "Pruned %=params_pruned"` options as head -> role.

    >>> chosen_from(["Pruned %=params_pruned"])
    {'Pruned %': 'params_pruned'}
    """
    chosen = {}
    for option in options:
        head, equals, role = option.rpartition("=")
        if not equals or not head.strip() or not role.strip():
            raise ValueError(f"--map: '{option}' is not a mapping; expected \"column=measure\"")
        chosen[head.strip()] = role.strip()
    return chosen
