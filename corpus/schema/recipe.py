"""How a paper trained its networks: the stages before, while and after pruning, each as far as a source states it."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Discriminator, Field, JsonValue, Tag, model_validator

from corpus.numbers.quantity import Quantity
from corpus.schema.fields import (
    Flag,
    OneOrMore,
    Slug,
    Text,
    Top1,
    Top5,
    WholeNumber,
    Written,
    matches,
    text_or_number,
)

STAGES = ("pretraining", "pruning", "fine_tuning")
"""In the order in which a network goes through them."""
NUMBER = r"(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?"
Number = Annotated[str, matches(NUMBER, "a number; expected 0.1 or 1e-4"), text_or_number(NUMBER)]
MILESTONE = rf"{NUMBER}%?|\d{{1,4}}/[1-9]\d{{0,3}}"
Milestone = Annotated[
    str,
    matches(MILESTONE, "a milestone; expected an epoch, or 50%, or 2/3"),
    text_or_number(MILESTONE),
]


class BaseModelUsed(Written):
    """The trained network that pruning starts from."""

    model: Text | None = Field(
        None,
        description="a released one by its name, such as torchvision; `own` (of several `own, ...`): "
        "trained for this paper; `none`: pruning starts from random weights",
    )
    top1: Top1 | None = None
    top5: Top5 | None = None
    from_: Text | None = Field(
        None, alias="from", description="where this is stated; else that of the recipe"
    )
    note: Text | None = Field(None, description="what the keys do not say")

    @model_validator(mode="after")
    def _says_something(self) -> BaseModelUsed:
        if not self.model_fields_set - {"from_"}:
            raise ValueError("says nothing of the base model; expected 'model', 'top1', 'top5' or 'note'")
        return self


class Stage(Written):
    """One training: how long, at which learning rates, with what."""

    epochs: Number | None = Field(
        None, description="passes over the training set; 0 if there is no such stage"
    )
    iterations: WholeNumber | None = Field(
        None, description="where the length is stated in steps, not epochs"
    )
    epochs_per_speedup: Number | None = Field(
        None,
        description="in place of `epochs`: they are this many times the theoretical speedup, cut to a whole number",
    )
    epochs_at_most: Number | None = Field(
        None, description="with `epochs_per_speedup`: never more than this"
    )
    epochs_on_top: Number | None = Field(None, description="with `epochs_per_speedup`: so many more")
    learning_rate: Number | None = Field(None, description="the one it starts with, after any warm-up")
    schedule: Literal["constant", "step", "cosine", "linear", "exponential", "other"] | None = Field(
        None, description="how the learning rate goes on"
    )
    milestones: OneOrMore[Milestone] | None = Field(
        None,
        description="where a step falls: epochs (or iterations, as the length), or shares such as 50% or 2/3",
    )
    every: Number | None = Field(
        None, description="in place of milestones: a step after every so many epochs"
    )
    factor: OneOrMore[Number] | None = Field(
        None, description="by which a step multiplies the learning rate; a list has one for each milestone"
    )
    warm_up_epochs: Number | None = Field(
        None, description="of a rising learning rate; left out if none is mentioned"
    )
    optimizer: Literal["SGD", "Adam", "RMSprop", "APG", "other"] | None = Field(
        None, description="what takes the steps"
    )
    momentum: Number | None = Field(None, description="of SGD, RMSprop or APG")
    nesterov: Flag | None = Field(None, description="of SGD")
    weight_decay: Number | None = Field(None, description="as the optimizer applies it")
    batch_size: WholeNumber | None = Field(None, description="images of a step, on all devices together")
    from_: Text | None = Field(
        None, alias="from", description="where this is stated; else that of the recipe"
    )
    note: Text | None = Field(None, description="what the keys do not say")
    doubt: Text | None = Field(None, description="why something here may be wrong")

    @property
    def length(self) -> float | None:
        """Its epochs or iterations as stated, or None; a length in terms of the speedup is not one number."""
        stated = self.epochs if self.epochs is not None else self.iterations
        return None if stated is None else float(stated)

    @model_validator(mode="after")
    def _is_one_training(self) -> Stage:
        for contradiction in (self._wrong_length(), self._wrong_step(), self._wrong_rest()):
            if contradiction is not None:
                raise ValueError(contradiction)
        return self

    def _given(self, *names: str) -> list[str]:
        """Those of the keys that are written."""
        return [name for name in names if getattr(self, name) is not None]

    def _wrong_length(self) -> str | None:
        lengths = self._given("epochs", "iterations", "epochs_per_speedup")
        if len(lengths) > 1:
            return f"a length is given once; found {' and '.join(lengths)}"
        limits = self._given("epochs_at_most", "epochs_on_top")
        if limits and self.epochs_per_speedup is None:
            return f"'{limits[0]}' belongs to 'epochs_per_speedup'"
        rates = {"learning_rate", "schedule", "milestones", "every", "factor", "warm_up_epochs"}
        of_training = sorted(rates & self.model_fields_set)
        if self.length == 0 and of_training:
            return (
                f"0 epochs, but '{of_training[0]}' is given; a stage that is not there has no learning rate"
            )
        if self.warm_up_epochs is None or not self.epochs:
            return None
        if float(self.warm_up_epochs) >= float(self.epochs):
            return (
                f"a warm-up of {self.warm_up_epochs} epochs does not end within the stage's {self.epochs}"
            )
        return None

    def _wrong_step(self) -> str | None:
        if self.schedule != "step":
            of_step = self._given("milestones", "every", "factor")
            if of_step:
                schedule = self.schedule or "no schedule"
                return f"'{of_step[0]}' belongs to `schedule: step`; found {schedule}"
            return None
        if self.milestones and self.every:
            return "'milestones' and 'every' say the same in two ways; write one of them"
        if self.every and self.length is not None and float(self.every) >= self.length:
            return f"a step every {self.every} never comes in {self.length:g}; write `schedule: constant`"
        factors, count = len(self.factor or ()), len(self.milestones or ())
        if factors > 1 and factors != count:
            return f"{factors} factors for {count} milestones; expected one for all or one for each"
        return self._wrong_milestones()

    def _wrong_milestones(self) -> str | None:
        if not self.milestones:
            return None
        steps = [milestone(text, self.length) for text in self.milestones]
        known = [step for step in steps if step is not None]
        if any(after <= before for before, after in pairwise(known)):
            listed = ", ".join(self.milestones)
            return f"milestones {listed} are not in order; expected each after the one before"
        if self.length is not None and known and known[-1] >= self.length:
            unit = "iterations" if self.iterations else "epochs"
            return (
                f"milestone {self.milestones[-1]} comes after the last of {self.length:g} {unit}; "
                "expected an earlier one"
            )
        return None

    def _wrong_rest(self) -> str | None:
        if self.optimizer == "Adam" and (self.momentum or self.nesterov):
            return "'momentum' and 'nesterov' belong to `optimizer: SGD`; found Adam"
        if not self.model_fields_set - {"from_", "doubt"}:
            return "says nothing of the training; expected 'epochs', 'learning_rate' or another key"
        return None


def milestone(text: str, length: float | None) -> float | None:
    """The epoch (or iteration) of a milestone; None for a share of a length that is not known."""
    if re.fullmatch(NUMBER, text):
        return float(text)
    share = float(Fraction(text)) if "/" in text else float(text.removesuffix("%")) / 100
    return None if length is None else share * length


class Recipe(Written):
    """How results were trained; a key that is left out is unknown."""

    dataset: OneOrMore[Text] | None = Field(None, description="of the results it applies to, if not to all")
    architecture: OneOrMore[Text] | None = Field(None, description="likewise")
    method: OneOrMore[Slug] | None = Field(None, description="likewise, among this paper's methods")
    where: OneOrMore[Text] | None = Field(None, description="likewise: the `where` of the block or row")
    survey_row: OneOrMore[WholeNumber] | None = Field(None, description="likewise")
    base: BaseModelUsed | None = Field(None, description="the trained network that pruning starts from")
    pretraining: Stage | None = Field(None, description="of the network before pruning")
    pruning: Stage | None = Field(None, description="while weights are removed")
    fine_tuning: Stage | None = Field(None, description="of the pruned network, from old or new weights")
    total_epochs: Number | None = Field(
        None, description="of all stages together, where a source gives their sum"
    )
    from_: Text | None = Field(
        None, alias="from", description="where this is stated, unless a stage names its own place"
    )
    note: Text | None = Field(None, description="what the keys do not say")

    @model_validator(mode="after")
    def _adds_up(self) -> Recipe:
        parts = {name: getattr(self, name) for name in ("base", *STAGES)}
        parts = {name: part for name, part in parts.items() if part is not None}
        if not parts and self.total_epochs is None:
            raise ValueError(f"a recipe says nothing; expected base, {', '.join(STAGES)} or total_epochs")
        homeless = [name for name, part in parts.items() if part.from_ is None]
        if self.total_epochs is not None:
            homeless.append("total_epochs")
        if self.from_ is None and homeless:
            raise ValueError(f"'from' is missing: where is {homeless[0]} stated?")
        if self.total_epochs is not None:
            self._check_total(self.total_epochs)
        return self

    def _check_total(self, total: str) -> None:
        """Together the stages may not be longer than their stated sum; if all are known, not shorter either."""
        lengths = {}
        for name in STAGES:
            stage: Stage | None = getattr(self, name)
            if stage is not None and stage.epochs is not None:
                lengths[name] = stage.epochs
        together = sum(map(float, lengths.values()))
        is_whole = len(lengths) == len(STAGES)
        if together > float(total) or (is_whole and together != float(total)):
            listed = " + ".join(f"{name} {epochs}" for name, epochs in lengths.items())
            raise ValueError(f"total_epochs is {total}, but {listed} = {together:g}; expected their sum")


StudySettings = dict[Text, JsonValue]
"""Of a rerun: the settings of its study, as they stand in the study's file."""
KINDS = {"[recipe]": Recipe, "[study]": StudySettings}


def _kind(value: object) -> str:
    is_study = isinstance(value, dict) and "study" in value
    return "[study]" if is_study else "[recipe]"


RecipeField = Annotated[
    Annotated[OneOrMore[Recipe], Tag("[recipe]")] | Annotated[StudySettings, Tag("[study]")],
    Discriminator(_kind),
]
"""What `recipe:` holds: one recipe, a list of them, or the settings of a study of our own."""


def accuracies(base: BaseModelUsed | None) -> dict[str, Quantity]:
    """The accuracies (percent) that a recipe gives for the base model, by measure."""
    known = {name: getattr(base, name) for name in ("top1", "top5")} if base else {}
    return {name: quantity for name, quantity in known.items() if quantity is not None}
