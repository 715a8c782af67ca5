"""Checks of printed numbers: which values were set beside which source, where, and whether they agree.

Paper and supplement are the paper's `own-text`; the authors' repository, thesis, slides and poster are
`authors-material`; another paper that prints the number is `quoted`; a count made with code is `recomputed`. Only the
first of them verifies a number against the paper.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from corpus.numbers.measures import MEASURES, NORMAL_FORM
from corpus.schema.fields import IN_A_LIST, Date, OneOrMore, Text, Written

AGAINST = ("own-text", "authors-material", "recomputed", "survey-second-table", "quoted")
"""Kinds of source, the one that says most first; a value with several checks counts under the first of them."""
VERIFIES = AGAINST[0]
"""The only kind of source that verifies a number against the paper."""
DEVIATIONS = {f"{name}_std": name for name in MEASURES}
"""Names of printed standard deviations, with the measure that each is of."""
CHECKED_VALUES = (*NORMAL_FORM, *DEVIATIONS)
"""What a check may speak of; a row may check what it implies of the unpruned network (`unpruned_flops`)."""

CheckedName = Literal[CHECKED_VALUES]  # type: ignore[valid-type]


class ValueCheck(Written):
    """One source set beside printed values: where it prints them, how, and whether they agree."""

    measures: Annotated[tuple[CheckedName, ...], IN_A_LIST] = Field(
        min_length=1, description="the values it speaks of; `top1_std` is the deviation of `top1`"
    )
    against: Literal[AGAINST] = Field(  # type: ignore[valid-type]
        description="what the source is; `own-text` is the paper or its supplement"
    )
    at: Text = Field(description="table, row and page, or repository@commit:path#table")
    printed: OneOrMore[Text] | None = Field(
        None,
        description="as the source prints them, one for each measure; left out where it prints the same",
    )
    agrees: Literal["yes", "rounding", "no"] = Field(
        description="with the value that holds; `rounding`: as far as the printed digits go"
    )
    on: Date | None = Field(None, description="when the source was read")
    note: Text | None = Field(None, description="what a reader must know of this check")

    @model_validator(mode="after")
    def _prints_each(self) -> ValueCheck:
        if self.printed is not None and len(self.printed) != len(self.measures):
            raise ValueError(
                f"'printed' has {len(self.printed)} entries for {len(self.measures)} measures; expected one for each"
            )
        if len(set(self.measures)) < len(self.measures):
            raise ValueError("'measures' names a value twice")
        return self
