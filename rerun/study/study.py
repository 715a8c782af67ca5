"""Studies and their runs: a run's name is the hash of everything that could change its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rerun.digests import name_of
from rerun.pruning.filters.plans import plan_called
from rerun.study.arms import arm_recipe
from rerun.study.recipe import TrainingRecipe
from rerun.study.study_file import InitialModel, StudyFile

ENGINE_VERSION = 1
"""Part of every run's name: raised when the same settings would give different numbers."""
ITERATIVE_MAGNITUDE = "iterative-magnitude"
"""The method of studies with `rounds`: the weights of least magnitude go, and those that stay are rewound."""


@dataclass(frozen=True, eq=False)
class Dense:
    """An unpruned network of a study; `width`, `depth` and `training_images` are None where its own or all are used.

    `initial` is its name within the study and part of its table's file name, such as `a` or `w0.5-s1`.
    """

    study: Study
    initial: str
    recipe: TrainingRecipe
    seed: int
    width: float | None = None
    depth: int | None = None
    training_images: int | None = None

    @cached_property
    def name(self) -> str:
        """The hash of its settings."""
        return name_of(self.settings)

    @cached_property
    def architecture(self) -> str:
        """Its name in the corpus: the study's architecture, at this width and depth."""
        if self.width is None:
            return self.study.file.architecture
        from rerun.architectures import scaled_name  # needs torch, which listing the studies does without

        return scaled_name(self.study.file.architecture, self.width, self.depth)

    @property
    def settings(self) -> dict:
        """Everything that could change its weights; of a study with rounds, those of any of its rounds."""
        file = self.study.file
        if file.rounds is None:
            recipe = self.recipe.model_dump(mode="json", exclude={"validation_error_at_most"})
            return {**self.study.held_equal, "initial": recipe}
        return {
            **self.study.held_equal,
            "kind": "iterative",
            "architecture": self.architecture,
            "training_images": self.training_images,
            "training": self.recipe.model_dump(mode="json"),
            "rewind_epoch": file.rewind_epoch,
            "kept_per_round": file.kept_per_round,
            "prune_classifier": file.prunes_classifier,
            "seed": self.seed,
        }

    @property
    def error_limit(self) -> float | None:
        """Validation error in percent above which nothing is pruned from it."""
        return self.recipe.validation_error_at_most if isinstance(self.recipe, InitialModel) else None

    @property
    def scale(self) -> dict[str, float | int]:
        """Width, depth, training images and seed of a network in rounds, those alone that the study sets."""
        axes = {
            "width": self.width,
            "depth": self.depth,
            "training_images": self.training_images,
            "seed": self.seed,
        }
        return {name: value for name, value in axes.items() if value is not None}


@dataclass(frozen=True, eq=False)
class PlannedRun:
    """One network to measure: an unpruned one as it is, one pruned at once, or one after so many rounds of pruning.

    Pruned at once, it has a baseline, a seed of its own, and either a compression ratio (`requested`) or a plan.
    """

    dense: Dense
    baseline: str | None = None
    requested: float | None = None
    seed: int | None = None
    plan: str | None = None
    arm: str | None = None
    round: int = 0

    @cached_property
    def name(self) -> str:
        """The hash of its settings; later rounds do not change it."""
        return name_of(self.settings)

    @property
    def is_unpruned(self) -> bool:
        """Whether the network is measured as it is."""
        return self.baseline is None and self.round == 0

    @cached_property
    def ratio(self) -> float:
        """The compression ratio asked for, 1 of an unpruned network.

        In rounds: prunable weights before the first round for each one that is left.
        """
        if self.plan is not None:
            from rerun.pruning.filters.sizes import expected_ratio  # needs torch

            return expected_ratio(self.plan, self.dense.architecture)
        if self.round:
            return self.dense.study.file.kept_per_round**-self.round
        return 1.0 if self.requested is None else self.requested

    @property
    def settings(self) -> dict:
        """Everything that could change its result. What came later is left out where it is not used: names stay."""
        file = self.dense.study.file
        if file.rounds is not None:
            return {**self.dense.settings, "round": self.round}
        if self.is_unpruned:
            return {**self.dense.settings, "ratio": 1}
        settings = {
            **self.dense.settings,
            "fine_tuning": file.fine_tuning.model_dump(mode="json"),
            "prune_classifier": file.prunes_classifier,
            "baseline": self.baseline,
            "ratio": self.ratio,
            "seed": self.seed,
        }
        if self.plan is not None:
            settings["plan"] = plan_called(self.plan).settings
        if self.arm is not None:
            settings["arm"] = file.arms[self.arm].model_dump(mode="json")
        return settings

    @property
    def method(self) -> str | None:
        """The baseline, and the arm that followed if the study has several."""
        if self.round:
            return ITERATIVE_MAGNITUDE
        return self.baseline if self.arm is None else f"{self.baseline}-{self.arm}"

    @property
    def starts_anew(self) -> bool:
        """Whether the pruned network is trained from new random weights."""
        return self.arm is not None and self.dense.study.file.arms[self.arm].starts_anew

    @property
    def new_weights_seed(self) -> int:
        """The seed of new weights: another one for each seed, and none that an unpruned network started from."""
        digest = name_of({"new weights": [self.dense.seed, self.seed]})
        return int(digest, 16) >> 1

    def recipe(self, saving: float) -> TrainingRecipe:
        """How the pruned network is trained; `saving` is the unpruned network's multiply-adds over its own."""
        file = self.dense.study.file
        if self.arm is None:
            return file.fine_tuning
        return arm_recipe(file.arms[self.arm], self.dense.recipe, file.fine_tuning, saving)

    @property
    def label(self) -> str:
        """The run in a person's words."""
        if self.is_unpruned:
            return f"{self.dense.initial}: unpruned"
        if self.round:
            return f"{self.dense.initial}: round {self.round}"
        amount = self.plan or f"{self.requested:g}x"
        return f"{self.dense.initial}: {self.method} {amount} seed {self.seed}"


@dataclass(frozen=True, eq=False)
class Study:
    """A study as written, under the name of its file."""

    name: str
    file: StudyFile

    @property
    def held_equal(self) -> dict:
        """What all runs of the study share."""
        file = self.file
        settings = {
            "engine": ENGINE_VERSION,
            "dataset": file.dataset,
            "invented": file.invented.model_dump(mode="json") if file.invented else None,
            "checksum": file.checksum,
            "architecture": file.architecture,
            "protocol": file.protocol,
            "validation": file.validation,
        }
        if file.training_images:
            settings["training_images"] = file.training_images
        return settings

    @cached_property
    def dense(self) -> tuple[Dense, ...]:
        """The unpruned networks; of a study with rounds seed by seed within each scale."""
        return tuple(self._initial_models() if self.file.rounds is None else self._scales())

    def _initial_models(self) -> Iterator[Dense]:
        images = self.file.training_images
        for initial, recipe in self.file.initial.items():
            yield Dense(self, initial, recipe, recipe.seed, training_images=images)

    def _scales(self) -> Iterator[Dense]:
        file = self.file
        for depth in file.depths or (None,):
            for width in file.widths:
                for images in file.training_parts:
                    for seed in file.seeds:
                        parts = [
                            f"d{depth}" if depth else "",
                            f"w{width:g}",
                            f"n{images}" if len(file.training_parts) > 1 else "",
                            f"s{seed}",
                        ]
                        initial = "-".join(filter(None, parts))
                        yield Dense(self, initial, file.training, seed, width, depth, images)

    @cached_property
    def runs(self) -> tuple[PlannedRun, ...]:
        """Every run: the unpruned networks first, then what is pruned from them."""
        unpruned = (PlannedRun(dense) for dense in self.dense)
        return (*unpruned, *(self._one_shot() if self.file.rounds is None else self._rounds()))

    def _one_shot(self) -> Iterator[PlannedRun]:
        file = self.file
        for dense in self.dense:
            for seed in file.seeds:
                for amount in self._amounts():
                    for arm in file.arms or (None,):
                        yield PlannedRun(dense, **amount, seed=seed, arm=arm)

    def _amounts(self) -> Iterator[dict]:
        """What a run prunes by and how much: every baseline with every ratio, then every plan with its method."""
        for baseline in self.file.baselines:
            for ratio in self.file.ratios:
                if ratio > 1:
                    yield {"baseline": baseline, "requested": ratio}
        for plan in self.file.plans:
            yield {"baseline": plan_called(plan).method, "plan": plan}

    def _rounds(self) -> Iterator[PlannedRun]:
        for number in range(1, self.file.rounds + 1):
            for dense in self.dense:
                yield PlannedRun(dense, round=number)
