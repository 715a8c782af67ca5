"""Studies and their runs: a run's name is the hash of everything that could change its result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.catalogue.papers import default_folder
from corpus.schema.reader import CorpusError, Document, read_file
from corpus.schema.suggest import did_you_mean
from corpus.schema.validate import validated
from corpus.schema.vocabulary import read_names
from rerun.pruning.filters.plans import plan_called
from rerun.study.arms import arm_recipe
from rerun.study.recipe import Recipe
from rerun.study.study_file import InitialModel, Invented, StudyFile

if TYPE_CHECKING:
    from rerun.study.iterative_study import IterativeStudy

FOLDER = Path(__file__).parent.parent / "studies"
ENGINE_VERSION = 1
"""Part of every run's name: raised when the same settings would give different numbers."""


def name_of(settings: object) -> str:
    """16 hexadecimal digits that belong to these settings, however they are ordered."""
    text = json.dumps(settings, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, eq=False)
class Dense:
    """An unpruned network to train: one initial model of a study."""

    study: Study
    initial: str

    @property
    def recipe(self) -> InitialModel:
        """How it is trained."""
        return self.study.file.initial[self.initial]

    @cached_property
    def name(self) -> str:
        """The hash of its settings."""
        return name_of(self.settings)

    @property
    def settings(self) -> dict:
        """Everything that could change its weights."""
        recipe = self.recipe.model_dump(mode="json", exclude={"validation_error_at_most"})
        return {**self.study.held_equal, "initial": recipe}


@dataclass(frozen=True, eq=False)
class Run:
    """One network to prune and fine-tune; ratio 1 is the unpruned network, measured as it is."""

    dense: Dense
    baseline: str | None
    ratio: float
    seed: int | None
    plan: str | None = None
    arm: str | None = None

    @cached_property
    def name(self) -> str:
        """The hash of its settings."""
        return name_of(self.settings)

    @property
    def settings(self) -> dict:
        """Everything that could change its result."""
        if self.ratio == 1:
            return {**self.dense.settings, "ratio": 1}
        study = self.dense.study.file
        return {
            **self.dense.settings,
            "fine_tuning": study.fine_tuning.model_dump(mode="json"),
            "prune_classifier": study.prune_classifier,
            "baseline": self.baseline,
            "ratio": self.ratio,
            "seed": self.seed,
            **({"plan": plan_called(self.plan).settings} if self.plan else {}),
            **({"arm": study.arms[self.arm].model_dump(mode="json")} if self.arm else {}),
        }

    @property
    def method(self) -> str | None:
        """The baseline, and the arm that followed if the study has several."""
        return f"{self.baseline}-{self.arm}" if self.arm else self.baseline

    @property
    def starts_anew(self) -> bool:
        """Whether the pruned network is trained from new random weights."""
        return self.arm is not None and self.dense.study.file.arms[self.arm].starts_anew

    @property
    def new_weights_seed(self) -> int:
        """The seed of new weights: another one for each seed, and none that an unpruned network started from."""
        digest = name_of({"new weights": [self.dense.recipe.seed, self.seed]})
        return int(digest, 16) >> 1

    def recipe(self, saving: float) -> Recipe:
        """How the pruned network is trained; `saving` is the unpruned network's multiply-adds over its own."""
        file = self.dense.study.file
        if self.arm is None:
            return file.fine_tuning
        return arm_recipe(file.arms[self.arm], self.dense.recipe, file.fine_tuning, saving)

    @property
    def label(self) -> str:
        """The run in a person's words."""
        if self.baseline is None:
            return f"{self.dense.initial}: unpruned"
        return f"{self.dense.initial}: {self.method} {self.plan or f'{self.ratio:g}x'} seed {self.seed}"


@dataclass(frozen=True, eq=False)
class Study:
    """A study as written, under the name of its file."""

    name: str
    file: StudyFile

    @property
    def held_equal(self) -> dict:
        """What all runs of the study share."""
        file = self.file
        return {
            "engine": ENGINE_VERSION,
            "dataset": file.dataset,
            "invented": file.invented.model_dump(mode="json") if file.invented else None,
            "checksum": file.checksum,
            "architecture": file.architecture,
            "protocol": file.protocol,
            "validation": file.validation,
            **({"training_images": file.training_images} if file.training_images else {}),
        }

    @cached_property
    def dense(self) -> tuple[Dense, ...]:
        """The unpruned networks."""
        return tuple(Dense(self, initial) for initial in self.file.initial)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Every run of the grid: the unpruned networks first."""
        return tuple(self._runs())

    def _runs(self) -> Iterator[Run]:
        file = self.file
        for dense in self.dense:
            yield Run(dense, None, 1.0, None)
        ratios = [
            (baseline, ratio, None) for baseline in file.baselines for ratio in file.ratios if ratio > 1
        ]
        for dense in self.dense:
            for seed in file.seeds:
                for baseline, ratio, plan in (*ratios, *self._plans):
                    yield from (
                        Run(dense, baseline, ratio, seed, plan, arm) for arm in file.arms or (None,)
                    )

    @property
    def _plans(self) -> list[tuple[str, float, str]]:
        """Method, compression ratio and name of each plan of this study."""
        from rerun.pruning.filters.sizes import expected_ratio

        architecture = self.file.architecture
        return [
            (plan_called(name).method, expected_ratio(name, architecture), name) for name in self.file.plans
        ]


def studies() -> dict[str, Path]:
    """The studies that come with prunebase, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def read_study(name: str | Path) -> Study | IterativeStudy:
    """The study by its name or its file; CorpusError with every problem at once if there is any."""
    path = Path(name)
    if path.suffix != ".yaml":
        known = studies()
        if str(name) not in known:
            raise ValueError(
                f"study '{name}' is unknown{did_you_mean(str(name), known)}; expected {', '.join(known)}"
            )
        path = known[str(name)]
    document = read_file(path)
    if isinstance(document.tree, dict) and "kind" in document.tree:
        from rerun.study.iterative_study import read_iterative

        return read_iterative(path.stem, document)
    file = validated(document, StudyFile)
    if file is not None:
        document.problems += _unknown_names(document, file)
    if document.problems:
        raise CorpusError(document.problems)
    return Study(path.stem, file)


def _unknown_names(document: Document, file: StudyFile) -> Iterator:
    """Names that neither the corpus nor this package knows, and ratios that the network cannot reach."""
    from rerun.architectures import architecture
    from rerun.baselines import baseline
    from rerun.images.in_memory import SOURCES
    from rerun.pruning.counts import anatomy
    from rerun.pruning.filters.sizes import expected_ratio
    from rerun.pruning.masks import Unreachable, kept_for

    names, _ = read_names(default_folder() / "vocabulary", "corpus/vocabulary")
    if names.datasets.canonical(file.dataset) != file.dataset or (
        not file.invented and file.dataset not in SOURCES
    ):
        known = ", ".join(SOURCES)
        yield document.problem(("dataset",), f"dataset '{file.dataset}' cannot be re-run; expected {known}")
    scored = []
    for number, name in enumerate(file.baselines):
        try:
            scored.append(baseline(name))
        except ValueError as error:
            yield document.problem(("baselines", number), str(error))
    try:
        architecture(file.architecture)
    except ValueError as error:
        yield document.problem(("architecture",), str(error))
        return
    counts = anatomy(file.architecture, SOURCES[file.dataset].classes if file.dataset in SOURCES else None)
    for number, ratio in enumerate(file.ratios):
        try:
            for entry in scored:
                kept_for(counts, entry.prunable(counts, file.prune_classifier), ratio)
        except Unreachable as error:
            yield document.problem(("ratios", number), str(error))
    for number, name in enumerate(file.plans):
        try:
            expected_ratio(name, file.architecture)
        except ValueError as error:
            yield document.problem(("plans", number), str(error))


def smoke(study: Study | IterativeStudy) -> Study | IterativeStudy:
    """The same study in a minute: images made in code, one epoch, two ratios, one seed; its runs have other names."""
    if not isinstance(study, Study):
        return study.smoke()
    file = study.file

    def short(recipe: Recipe) -> Recipe:
        milestones = {"schedule": "constant", "milestones": ()} if recipe.schedule == "step" else {}
        changes = {"epochs": 1, "warm_up_epochs": 0.0, **milestones}
        if isinstance(recipe, InitialModel):
            changes["validation_error_at_most"] = None
        return recipe.model_copy(update={**changes, "batch_size": min(recipe.batch_size, 64)})

    changes = {
        "invented": Invented(training=512, test=200),
        "checksum": None,
        "validation": 0 if file.protocol == "shrinkbench" else 128,
        "initial": {name: short(recipe) for name, recipe in file.initial.items()},
        "fine_tuning": short(file.fine_tuning),
        "arms": {
            name: arm.model_copy(update={"recipe": arm.recipe and short(arm.recipe)})
            for name, arm in file.arms.items()
        },
        "training_images": None,
        "ratios": file.ratios[:2],
        "plans": file.plans[:2],
        "seeds": file.seeds[:1],
    }
    return replace(study, name=f"{study.name}-smoke", file=file.model_copy(update=changes))
