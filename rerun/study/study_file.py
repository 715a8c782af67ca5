"""A study's file: what to run, and what is held equal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from corpus.schema.fields import Flag, Key, Slug, Text, Written
from rerun.study.arms import Arm
from rerun.study.recipe import Recipe

PROTOCOLS = {
    "held-out": "a held-out part of the training set chooses each epoch; the test set is read once per run",
    "shrinkbench": "as Blalock et al. 2020, Appendix C, and their code: no held-out part, "
    "the test set chooses the best epoch, the one before fine-tuning included",
}


def _text(value: object) -> object:
    return [value] if isinstance(value, str) else value


class InitialModel(Recipe):
    """How an unpruned network is trained, and from which seed."""

    seed: int = Field(ge=0)
    validation_error_at_most: float | None = Field(
        None, gt=0, lt=100, description="percent; above it nothing is pruned"
    )


class Invented(Written):
    """Sizes of a dataset made in code."""

    training: int = Field(gt=0)
    test: int = Field(gt=0)


class HeldEqual(Written):
    """What every kind of study says: its name, its data, its network and its protocol."""

    title: Text
    key: Key = Field(description="name of the record in rerun/results, such as prunebase2026mnist")
    note: Text | None = None
    dataset: Text
    invented: Invented | None = Field(None, description="images made in code instead of the dataset's own")
    checksum: Text | None = Field(None, description="SHA-256 that the data must have")
    architecture: Text
    protocol: Literal[tuple(PROTOCOLS)]
    validation: int = Field(0, ge=0, description="images held out of the training set")

    @model_validator(mode="after")
    def _fits_the_protocol(self) -> Self:
        if (self.protocol == "shrinkbench") != (self.validation == 0):
            raise ValueError("`protocol: held-out` needs `validation: <images>`, and shrinkbench has none")
        return self


class StudyFile(HeldEqual):
    """A grid of runs on one configuration: initial models x (baselines x ratios, and plans) x arms x seeds."""

    figures: Annotated[tuple[int, ...], BeforeValidator(_text)] = Field(
        (), description="figures of the 2020 survey"
    )
    initial: dict[Slug, InitialModel] = Field(min_length=1)
    fine_tuning: Recipe
    arms: dict[Slug, Arm] = Field(
        {}, description="ways to train what pruning leaves; fine-tuning alone if left out"
    )
    prune_classifier: Flag = False
    baselines: tuple[Slug, ...] = ()
    ratios: tuple[float, ...] = Field((), description="compression ratios; 1 is always run")
    plans: tuple[Slug, ...] = Field(
        (), description="ways to remove whole filters, such as uniform-0.5 or resnet-56-a"
    )
    training_images: int | None = Field(
        None, gt=0, description="so many of the training part; all of it if left out"
    )
    seeds: tuple[int, ...] = Field(min_length=1)
    networks_at_once: int | None = Field(
        None, gt=0, description="networks that share a step; chosen if left out"
    )

    @field_validator("ratios")
    @classmethod
    def _shrink(cls, ratios: tuple[float, ...]) -> tuple[float, ...]:
        for ratio in ratios:
            if not 1 <= ratio < float("inf"):
                raise ValueError(f"compression ratio {ratio:g} is impossible; expected 1 or more")
        return ratios

    @field_validator("ratios", "seeds", "baselines", "plans")
    @classmethod
    def _once_each(cls, values: tuple) -> tuple:
        if twice := list(_repeated(values)):
            raise ValueError(f"{', '.join(map(str, twice))} is repeated; write each once")
        return values

    @model_validator(mode="after")
    def _has_something_to_prune(self) -> Self:
        if bool(self.baselines) != bool(self.ratios) or not (self.baselines or self.plans):
            raise ValueError("a study needs 'baselines' with 'ratios', or 'plans', or both")
        return self


def _repeated(values: Iterable) -> Iterable:
    seen: set = set()
    for value in values:
        if value in seen:
            yield value
        seen.add(value)
