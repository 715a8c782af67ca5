"""Which measure a table's column holds, by its head and its cells; what is ambiguous becomes a question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from corpus.contribute.column_names import LEFT_OUT, letters, meanings
from corpus.contribute.table_text import Cell, Table
from corpus.numbers.quantity import ACCURACY, CHANGE, COUNT, FRACTION, MEASURES, UNPRUNED_MEASURES
from corpus.schema.reader import Problem
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Names

LABELS = ("method", "row", "dataset", "architecture", "trials", LEFT_OUT)
ROLES = (*MEASURES, *(f"unpruned.{measure}" for measure in UNPRUNED_MEASURES), *LABELS)
COUNT_UNITS = ("1", "K", "M", "G", "B")
MISSING = re.compile(r"|[-–—/]+|n/?a\.?", re.I)
_PERCENTS = (ACCURACY, CHANGE, FRACTION)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table and what it becomes: a role, the unit of its numbers, and whether the sign is turned."""

    head: Cell
    role: str
    unit: str = ""  # % or fraction; 1, K, M, G, B or a power such as e8; nothing for ratios and labels
    negated: bool = False

    @property
    def measure(self) -> str | None:
        """The measure, without `unpruned.`; None for a column of labels."""
        name = self.role.removeprefix("unpruned.")
        return name if name in MEASURES else None

    @property
    def written(self) -> str:
        """As in `--map`: `-top1_change:%`."""
        return ("-" if self.negated else "") + self.role + (f":{self.unit}" if self.unit else "")


@dataclass(frozen=True, slots=True)
class Question:
    """A column that may mean several things: the answers as `--map` takes them, each with its meaning."""

    head: Cell
    answers: tuple[str, ...]

    def problem(self, table: Table) -> Problem:
        """Where it stands, what it may be, and how to say which."""
        listed = ", ".join(self.answers)
        remedy = f'--map "{self.head.text}={self.answers[0]}"'
        left_out = " (leave it out)" if LEFT_OUT in self.answers else ""
        return table.problem(
            self.head, f"column '{self.head.text}' may be {listed}{left_out}; say which: {remedy}"
        )


def meaning(answer: str) -> str:
    """An answer in words: `-top1_change` -> `Top-1 accuracy, pruned minus unpruned; printed as a loss`."""
    role, _, unit = answer.removeprefix("-").partition(":")
    if role == LEFT_OUT:
        return "none of these, such as a measured time: leave it out"
    said = MEASURES[role.removeprefix("unpruned.")].definition
    turned = "; printed as a loss" if answer.startswith("-") else ""
    return said + turned + (f"; in {unit}" if unit else "")


def columns_of(
    table: Table, names: Names, chosen: dict[str, str], dataset: str | None = None
) -> list[Column | Question]:
    """Every column's meaning: as `chosen` (head -> role) where given, else by its name, else a question."""
    answers = _by_head(table, chosen)
    known_dataset = names.datasets.canonical(dataset) if dataset else None
    classes = names.datasets[known_dataset].classes if known_dataset else None
    found: list[Column | Question] = []
    for number, head in enumerate(table.heads):
        cells = [row[number].text for row in table.rows if not MISSING.fullmatch(row[number].text)]
        options = (
            [answers[number]] if number in answers else meanings(head.text, cells, number, classes, names)
        )
        found.append(_settled(head, options, cells))
    return _changes_like_accuracies(found)


def _changes_like_accuracies(found: list[Column | Question]) -> list[Column | Question]:
    """Changes below one point are points where the same table's accuracies are in percent."""
    percent = any(isinstance(column, Column) and column.unit == "%" and column.measure for column in found)
    settled = []
    for column in found:
        answers = column.answers if isinstance(column, Question) else ()
        if percent and len(answers) == 2 and all("_change:" in answer for answer in answers):
            role, _, unit = answers[1].partition(":")
            column = Column(column.head, role.removeprefix("-"), unit, role.startswith("-"))
        settled.append(column)
    return settled


def _by_head(table: Table, chosen: dict[str, str]) -> dict[int, str]:
    heads = {letters(head.text): number for number, head in enumerate(table.heads)}
    answers = {}
    for name, answer in chosen.items():
        if letters(name) not in heads:
            known = [head.text for head in table.heads]
            hint = did_you_mean(name, known) or f"; expected one of: {', '.join(known)}"
            raise ValueError(f"--map: no column '{name}' in {table.file}{hint}")
        role = answer.removeprefix("-").partition(":")[0]
        if role not in ROLES:
            hint = did_you_mean(role, ROLES) or f"; expected one of: {', '.join(ROLES)}"
            raise ValueError(f"--map: '{role}' is neither a measure nor a role{hint}")
        answers[heads[letters(name)]] = answer
    return answers


def _settled(head: Cell, options: list[str], cells: list[str]) -> Column | Question:
    """The only option with its unit, or the question which option or which unit."""
    if len(options) > 1:
        return Question(head, tuple(options))
    bare, _, unit = options[0].removeprefix("-").partition(":")
    column = Column(head, bare, unit, options[0].startswith("-"))
    if column.measure is None or unit:
        return column
    units = _units(MEASURES[column.measure].kind, head.text, cells)
    if len(units) > 1:
        return Question(head, tuple(f"{column.written}:{unit}" for unit in units))
    return replace(column, unit=units[0])


def _units(kind: str, head: str, cells: list[str]) -> list[str]:
    """The units the numbers may have; more than one where nothing says which."""
    values = [
        float(number[0]) for cell in cells if (number := re.match(r"[+-]?\d*\.?\d+", cell.replace(",", "")))
    ]
    if kind in _PERCENTS:
        said = "%" in head or "percent" in head.lower() or any("%" in cell for cell in cells)
        return (
            ["%"]
            if said or any(abs(value) > 1 for value in values) or not any(values)
            else ["fraction", "%"]
        )
    if kind != COUNT:
        return [""]
    if unit := _unit_in(head):
        return [unit]
    if all(re.search(r"[KMGB]\s*$|e\+?\d|10\s*\^|10[⁰¹²³⁴⁵⁶⁷⁸⁹]", cell) for cell in cells):
        return ["1"]
    return ["1"] if all(value >= 1000 for value in values) else ["M", "K", "G", "1"]


def _unit_in(head: str) -> str:
    if power := re.search(r"(?:[x×*]\s*)?10\s*\^?\s*([2-9]|1[0-2])\b|\b1?e\+?(\d+)\b", head):
        return f"e{power[1] or power[2]}"
    if letter := re.search(
        r"[(\[]\s*([KMGB])(?:il|illions?)?\.?\s*[)\]]|\b([KMG])(?:FLOP|MAC|Param|OP)", head
    ):
        return letter[1] or letter[2]
    words = {"million": "M", "billion": "G", "thousand": "K"}
    return next((unit for word, unit in words.items() if word in head.lower()), "")


def chosen_from(options: Iterable[str]) -> dict[str, str]:
    """`--map "Pruned %=params_pruned"` options as head -> role."""
    chosen = {}
    for option in options:
        head, equals, role = option.rpartition("=")
        if not equals or not head.strip() or not role.strip():
            raise ValueError(f"--map: '{option}' is not a mapping; expected \"column=measure\"")
        chosen[head.strip()] = role.strip()
    return chosen
