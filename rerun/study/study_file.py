"""A study's file: what to run, and what is held equal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from corpus.schema.fields import Flag, Key, Slug, Text, Written
from rerun.study.arms import TrainingArm
from rerun.study.recipe import TrainingRecipe

PROTOCOLS = {
    "held-out": "a held-out part of the training set chooses each epoch; the test set is read once per run",
    "shrinkbench": "as Blalock et al. 2020, Appendix C, and their code: no held-out part, "
    "the test set chooses the best epoch, the one before fine-tuning included",
}
ONE_SHOT_NEEDS, ROUNDS_NEED = ("initial", "fine_tuning"), ("training", "rewind_epoch")
ONE_SHOT_ONLY = (*ONE_SHOT_NEEDS, "arms", "baselines", "ratios", "plans")
ROUNDS_ONLY = (*ROUNDS_NEED, "kind", "widths", "depths", "kept_per_round")
"""Keys of studies that prune at once, and of those that prune in rounds."""


def _text(value: object) -> object:
    return [value] if isinstance(value, str) else value


class InitialModel(TrainingRecipe):
    """How an unpruned network is trained, and from which seed."""

    seed: int = Field(ge=0)
    validation_error_at_most: float | None = Field(
        None, gt=0, lt=100, description="percent; above it nothing is pruned"
    )


class Invented(Written):
    """Sizes of a dataset made in code."""

    training: int = Field(gt=0)
    test: int = Field(gt=0)


class StudyFile(Written):
    """A grid of runs on one configuration, which prune at once or, with `rounds`, round after round.

    At once: initial models x (baselines x ratios, and plans) x arms x seeds.

    In rounds: iterative magnitude pruning with rewinding (Frankle et al. 2020), over widths x depths x dataset sizes x
    seeds. Each round removes the weights of least magnitude, puts the others back to what they were after
    `rewind_epoch` epochs of the unpruned network, and trains from there to the end of `training`.
    """

    title: Text
    key: Key = Field(description="name of the record in rerun/results, such as prunebase2026mnist")
    note: Text | None = None
    dataset: Text
    invented: Invented | None = Field(None, description="images made in code instead of the dataset's own")
    checksum: Text | None = Field(None, description="SHA-256 that the data must have")
    architecture: Text
    protocol: Literal[tuple(PROTOCOLS)]
    validation: int = Field(0, ge=0, description="images held out of the training set")
    kind: Literal["iterative"] | None = Field(None, description="may be said of studies with `rounds`")
    figures: Annotated[tuple[int, ...], BeforeValidator(_text)] = Field(
        (), description="figures of the 2020 survey"
    )
    widths: tuple[float, ...] = Field(
        (1.0,), min_length=1, description="multiples of the architecture's own width"
    )
    depths: tuple[int, ...] = Field((), description="layers; the architecture's own if left out")
    initial: dict[Slug, InitialModel] = Field({}, description="unpruned networks by name")
    fine_tuning: TrainingRecipe | None = None
    arms: dict[Slug, TrainingArm] = Field(
        {}, description="ways to train what pruning leaves; fine-tuning alone if left out"
    )
    prune_classifier: Flag | None = Field(
        None, description="whether the last linear layer is pruned too; if left out, in rounds only"
    )
    baselines: tuple[Slug, ...] = ()
    ratios: tuple[float, ...] = Field((), description="compression ratios; 1 is always run")
    plans: tuple[Slug, ...] = Field(
        (), description="ways to remove whole filters, such as uniform-0.5 or resnet-56-a"
    )
    training_images: int | tuple[int, ...] | None = Field(
        None, description="so many of the training part, in rounds several sizes; all of it if left out"
    )
    training: TrainingRecipe | None = Field(
        None, description="of every network, from its seed to its last round"
    )
    rewind_epoch: int | None = Field(
        None, ge=0, description="of the unpruned network, to which the weights that stay go back"
    )
    rounds: int | None = Field(None, gt=0, description="prunes so often; at once if left out")
    kept_per_round: float = Field(0.8, gt=0, lt=1, description="part of the weights that outlasts a round")
    seeds: tuple[int, ...] = Field(min_length=1)
    networks_at_once: int | None = Field(
        None, gt=0, description="networks that share a step; chosen if left out"
    )

    @property
    def prunes_classifier(self) -> bool:
        """Whether the last linear layer is pruned too."""
        return self.rounds is not None if self.prune_classifier is None else self.prune_classifier

    @property
    def training_parts(self) -> tuple[int | None, ...]:
        """The sizes of the training part to train on; None for all of it."""
        if isinstance(self.training_images, tuple) and self.training_images:
            return self.training_images
        return (self.training_images or None,)

    @field_validator("ratios")
    @classmethod
    def _shrink(cls, ratios: tuple[float, ...]) -> tuple[float, ...]:
        for ratio in ratios:
            if not 1 <= ratio < float("inf"):
                raise ValueError(f"compression ratio {ratio:g} is impossible; expected 1 or more")
        return ratios

    @field_validator("ratios", "seeds", "baselines", "plans", "widths", "depths", "training_images")
    @classmethod
    def _once_each(cls, values: tuple | int | None) -> tuple | int | None:
        if isinstance(values, tuple) and (twice := list(_repeated(values))):
            shown = (value if isinstance(value, str) else f"{value:g}" for value in twice)
            raise ValueError(f"{', '.join(shown)} is repeated; write each once")
        return values

    @field_validator("widths", "depths", "training_images")
    @classmethod
    def _positive(cls, values: tuple | int | None) -> tuple | int | None:
        sizes = values if isinstance(values, tuple) else (values,)
        for size in sizes:
            if size is not None and size <= 0:
                raise ValueError(f"{size:g} is impossible; expected more than 0")
        return values

    @model_validator(mode="after")
    def _fits_the_protocol(self) -> Self:
        if (self.protocol == "shrinkbench") != (self.validation == 0):
            raise ValueError("`protocol: held-out` needs `validation: <images>`, and shrinkbench has none")
        return self

    @model_validator(mode="after")
    def _says_how_it_prunes(self) -> Self:
        if self.rounds is None:
            needed, foreign, home = ONE_SHOT_NEEDS, ROUNDS_ONLY, "a study with `rounds`"
        else:
            needed, foreign, home = ROUNDS_NEED, ONE_SHOT_ONLY, "a study without `rounds`"
        for name in foreign:
            if name in self.model_fields_set:
                raise ValueError(f"'{name}' belongs to {home}")
        for name in needed:
            if name not in self.model_fields_set:
                raise ValueError(f"missing key '{name}'")
        if self.rounds is None:
            self._check_one_shot()
        elif self.rewind_epoch >= self.training.epochs:
            epochs = f"the recipe has {self.training.epochs} epochs"
            raise ValueError(f"'rewind_epoch' {self.rewind_epoch} leaves no training after it: {epochs}")
        return self

    def _check_one_shot(self) -> None:
        if bool(self.baselines) != bool(self.ratios) or not (self.baselines or self.plans):
            raise ValueError("a study needs 'baselines' with 'ratios', or 'plans', or both")
        if not self.initial:
            raise ValueError("'initial' names no unpruned network")
        if isinstance(self.training_images, tuple):
            raise ValueError(
                "several 'training_images' belong to a study with `rounds`; expected one number"
            )


def _repeated(values: Iterable) -> Iterable:
    seen: set = set()
    for value in values:
        if value in seen:
            yield value
        seen.add(value)
