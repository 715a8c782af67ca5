"""A column of a table and what it becomes, or the question what it is."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.contribute.tables.cell import Cell, Table
from corpus.contribute.tables.column_names import LEFT_OUT, NOTE
from corpus.numbers.measures import MEASURES, UNPRUNED_MEASURES
from corpus.schema.reader import Problem

LABELS = ("method", "row", "dataset", "architecture", "trials", NOTE, LEFT_OUT)
ROLES = (*MEASURES, *(f"unpruned.{measure}" for measure in UNPRUNED_MEASURES), *LABELS)
CHOSEN = "left out by --map"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table and what it becomes.

    `role` is a measure (with `unpruned.` before it for the unpruned network) or one of LABELS; `unit` is that of its
    numbers: `%` or `fraction`; `1`, `K`, `M`, `G`, `B` or a power such as `e8`; `?` where it is not known and does not
    matter; nothing for ratios and labels. `negated` turns the sign. `why` says why it is left out.
    """

    head: Cell
    role: str
    unit: str = ""
    negated: bool = False
    why: str = ""

    @property
    def measure(self) -> str | None:
        """The measure, without `unpruned.`; None for a column of labels."""
        name = self.role.removeprefix("unpruned.")
        return name if name in MEASURES else None

    @property
    def leaf(self) -> str:
        """The measure as derivations name it: `unpruned.top1` is `unpruned_top1`."""
        return self.role.replace("unpruned.", "unpruned_")

    @property
    def written(self) -> str:
        """As in `--map`: `-top1_change:%`."""
        return ("-" if self.negated else "") + self.role + (f":{self.unit}" if self.unit else "")


@dataclass(frozen=True, slots=True)
class ColumnQuestion:
    """A column that may mean several things: the answers as `--map` takes them, likeliest first.

    The only answer `skip` is that of a column that nothing explains.
    """

    head: Cell
    answers: tuple[str, ...]

    @property
    def is_unexplained(self) -> bool:
        """Whether nothing is known of the column but that it has numbers."""
        return self.answers == (LEFT_OUT,)

    def problem(self, table: Table) -> Problem:
        """Where it stands, what it may be, and how to say which."""
        name = self.head.text
        if self.is_unexplained:
            remedy = f'say what it is, such as --map "{name}=top1", or leave it out: --map "{name}=skip"'
            return table.problem(self.head, f"column '{name}' has numbers that nothing explains; {remedy}")
        listed = ", ".join(self.answers)
        remedy = f'--map "{name}={self.answers[0]}"'
        left_out = " (leave it out)" if LEFT_OUT in self.answers else ""
        return table.problem(self.head, f"column '{name}' may be {listed}{left_out}; say which: {remedy}")


def meaning(answer: str) -> str:
    """An answer in words: `-top1_change` -> `Top-1 accuracy, pruned minus unpruned; printed as a loss`."""
    role, _, unit = answer.removeprefix("-").partition(":")
    if role == LEFT_OUT:
        return "none of these, such as a measured time: leave it out"
    definition = MEASURES[role.removeprefix("unpruned.")].definition
    turned = "; printed as a loss" if answer.startswith("-") else ""
    return definition + turned + (f"; in {unit}" if unit else "")
