"""Studies of iterative pruning and their runs: one run is one round of one network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from corpus.catalogue.papers import default_folder
from corpus.schema.reader import CorpusError, Document
from corpus.schema.validate import validated
from corpus.schema.vocabulary import read_names
from rerun.study.grid_study import ENGINE_VERSION, name_of
from rerun.study.iterative_file import IterativeFile
from rerun.study.study_file import Invented


@dataclass(frozen=True, eq=False)
class Configuration:
    """One network to prune round after round: its scale, the size of its training part (None: all) and its seed."""

    study: IterativeStudy
    architecture: str
    width: float
    depth: int | None
    training_images: int | None
    seed: int

    @cached_property
    def name(self) -> str:
        """The hash of its settings."""
        return name_of(self.settings)

    @property
    def settings(self) -> dict:
        """Everything that could change the result of any of its rounds."""
        file = self.study.file
        return {
            "engine": ENGINE_VERSION,
            "kind": file.kind,
            "dataset": file.dataset,
            "invented": file.invented.model_dump(mode="json") if file.invented else None,
            "checksum": file.checksum,
            "protocol": file.protocol,
            "validation": file.validation,
            "architecture": self.architecture,
            "training_images": self.training_images,
            "training": file.training.model_dump(mode="json"),
            "rewind_epoch": file.rewind_epoch,
            "kept_per_round": file.kept_per_round,
            "prune_classifier": file.prune_classifier,
            "seed": self.seed,
        }

    @property
    def initial(self) -> str:
        """A short name within the study, part of its table's file name: `w0.5-s1`."""
        depth = f"d{self.depth}-" if self.depth else ""
        images = f"n{self.training_images}-" if len(self.study.file.training_images) > 1 else ""
        return f"{depth}w{self.width:g}-{images}s{self.seed}"

    @property
    def scale(self) -> dict[str, float | int]:
        """Width, depth, training images and seed; what the study leaves at its own is left out."""
        axes = {
            "width": self.width,
            "depth": self.depth,
            "training_images": self.training_images,
            "seed": self.seed,
        }
        return {name: value for name, value in axes.items() if value is not None}


@dataclass(frozen=True, eq=False)
class Round:
    """One network after so many rounds; round 0 is the unpruned one."""

    dense: Configuration
    number: int

    @cached_property
    def name(self) -> str:
        """The hash of its settings; later rounds do not change it."""
        return name_of({**self.dense.settings, "round": self.number})

    @property
    def ratio(self) -> float:
        """Prunable weights before the first round for each one that is left; 1 for the unpruned network."""
        return self.dense.study.file.kept_per_round**-self.number

    @property
    def label(self) -> str:
        """The run in a person's words."""
        return f"{self.dense.initial}: " + (f"round {self.number}" if self.number else "unpruned")


@dataclass(frozen=True, eq=False)
class IterativeStudy:
    """A study as written, under the name of its file."""

    name: str
    file: IterativeFile

    @cached_property
    def dense(self) -> tuple[Configuration, ...]:
        """The networks, seed by seed within each scale."""
        return tuple(self._configurations())

    def _configurations(self) -> Iterator[Configuration]:
        from rerun.architectures import scaled_name

        file = self.file
        for depth in file.depths or (None,):
            for width in file.widths:
                name = scaled_name(file.architecture, width, depth)
                for images in file.training_images or (None,):
                    yield from (
                        Configuration(self, name, width, depth, images, seed) for seed in file.seeds
                    )

    @cached_property
    def runs(self) -> tuple[Round, ...]:
        """Every round of every network, the unpruned ones first."""
        return tuple(Round(one, number) for number in range(self.file.rounds + 1) for one in self.dense)

    def smoke(self) -> IterativeStudy:
        """The same study in a minute: invented images, two epochs, two rounds, one seed; its runs have other names."""
        file = self.file
        milestones = {"schedule": "constant", "milestones": ()} if file.training.schedule == "step" else {}
        changes = {
            "epochs": 2,
            "warm_up_epochs": 0.0,
            "batch_size": min(file.training.batch_size, 64),
            **milestones,
        }
        short = {
            "invented": Invented(training=512, test=200),
            "checksum": None,
            "validation": 0 if file.protocol == "shrinkbench" else 128,
            "training": file.training.model_copy(update=changes),
            "training_images": tuple(sorted({min(images, 256) for images in file.training_images})),
            "rewind_epoch": min(1, file.rewind_epoch),
            "rounds": min(2, file.rounds),
            "seeds": file.seeds[:1],
        }
        return replace(self, name=f"{self.name}-smoke", file=file.model_copy(update=short))


def read_iterative(name: str, document: Document) -> IterativeStudy:
    """The study in a document that says `kind: iterative`; CorpusError with every problem at once if there is any."""
    file = validated(document, IterativeFile)
    if file is not None:
        document.problems += _unknown_names(document, file)
    if document.problems:
        raise CorpusError(document.problems)
    return IterativeStudy(name, file)


def _unknown_names(document: Document, file: IterativeFile) -> Iterator:
    """Names the corpus lacks and scales that no network has."""
    from rerun.architectures import architecture, scaled_name
    from rerun.images.in_memory import SOURCES

    names, _ = read_names(default_folder() / "vocabulary", "corpus/vocabulary")
    known = [name for name in SOURCES if name != "ImageNet"]
    if file.dataset not in known:
        message = f"dataset '{file.dataset}' cannot be pruned iteratively; expected {', '.join(known)}"
        yield document.problem(("dataset",), message)
    try:
        architecture(file.architecture)
    except ValueError as error:
        yield document.problem(("architecture",), str(error))
        return
    for depth in file.depths or (None,):
        for width in file.widths:
            place = ("widths",) if width != 1 and "widths" in document.tree else ("architecture",)
            try:
                name = scaled_name(file.architecture, width, depth)
            except ValueError as error:
                yield document.problem(
                    ("depths",) if "depth" in str(error).split(";")[0] else place, str(error)
                )
                continue
            if names.architectures.canonical(name) != name:
                message = f"architecture '{name}' is not in corpus/vocabulary/architectures.yaml; add it there first"
                yield document.problem(place, message)
