"""Which recipe belongs to which result, and so what is known of how a network was trained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.schema.paper import Method, PaperFile
from corpus.schema.reader import Document
from corpus.schema.reader import Path as Place
from corpus.schema.recipe import STAGES, BaseModelUsed, Recipe, Stage, accuracies
from corpus.schema.study_recipe import recipes_of_study
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Names

if TYPE_CHECKING:
    from corpus.catalogue.corpus import Entry, OperatingPoint, Paper

PARTS = ("base", *STAGES, "total_epochs")
SCOPE = ("dataset", "architecture", "method", "where", "survey_row")
NO_EPOCHS = {
    ("fine_tuning", "none"): "fine_tuning",
    ("fine_tuning", "reinitialize"): "pruning",
    ("scheduling", "at-initialization"): "pruning",
    ("scheduling", "one-shot"): "pruning",
}
"""Stages that a method does not have. A network trained anew owes nothing to what came before its structure."""
FROM_RANDOM_WEIGHTS = {("fine_tuning", "reinitialize"), ("scheduling", "at-initialization")}


@dataclass(frozen=True, slots=True)
class AppliedRecipe:
    """A recipe with the results it applies to (by canonical names; nothing named: all), file, and line by part."""

    recipe: Recipe
    scope: Mapping[str, frozenset]
    file: str
    lines: Mapping[str, int]

    def covers(self, result: Entry | OperatingPoint) -> bool:
        """Whether it says how this result was trained."""
        about = {"where": result.location}
        return all(
            about.get(key, getattr(result, key, None)) in wanted
            for key, wanted in self.scope.items()
            if wanted
        )


@dataclass(frozen=True, slots=True)
class Training:
    """What is known of how one result was trained; `stated` says of each part that is known where."""

    base: BaseModelUsed | None = None
    pretraining: Stage | None = None
    pruning: Stage | None = None
    fine_tuning: Stage | None = None
    total_epochs: float | None = None
    stated: Mapping[str, str] = field(default_factory=dict)

    @property
    def from_random_weights(self) -> bool:
        """Whether no trained network lies under it."""
        return self.base is not None and self.base.model == "none"


def applied_recipes(
    written: PaperFile, document: Document, names: Names, file: str, entries: tuple[Entry, ...]
) -> tuple[AppliedRecipe, ...]:
    """The recipes of a paper or of a study of our own; problems are added to `document`."""
    if isinstance(written.recipe, dict) != (written.attribution == "rerun") and written.recipe is not None:
        kind = (
            "the settings of a study, with `study:`"
            if written.attribution == "rerun"
            else "training recipes"
        )
        message = f"with `attribution: {written.attribution}` a recipe holds {kind}; found the other kind"
        document.problems.append(document.problem(("recipe",), message))
        return ()
    if isinstance(written.recipe, dict):
        line = document.position(("recipe",))[0]
        lines = dict.fromkeys(PARTS, line)
        return tuple(
            AppliedRecipe(recipe, _scope(recipe), file, lines) for recipe in recipes_of_study(written)
        )
    return tuple(_Reading(document, names, file, entries).recipes(written.recipe or ()))


def _scope(recipe: Recipe, **resolved: Iterable[str]) -> dict[str, frozenset]:
    return {key: frozenset(resolved.get(key) or getattr(recipe, key) or ()) for key in SCOPE}


class _Reading:
    def __init__(self, document: Document, names: Names, file: str, entries: tuple[Entry, ...]):
        self.document, self.names, self.file, self.entries = document, names, file, entries

    def recipes(self, written: tuple[Recipe, ...]) -> Iterator[AppliedRecipe]:
        taken: dict[tuple[int, str], int] = {}
        is_list = isinstance(self.document.tree["recipe"], list)
        for index, recipe in enumerate(written):
            place: Place = ("recipe", index) if is_list else ("recipe",)
            so_far = len(self.document.problems)
            applied = self._applied(recipe, place)
            covered = [number for number, entry in enumerate(self.entries) if applied.covers(entry)]
            if not covered and len(self.document.problems) == so_far:
                self._problem(place, f"a recipe for no result of this paper; {self._nearest(recipe)}")
            for part, line in applied.lines.items():
                if any((clash := taken.get((number, part))) for number in covered):
                    self._problem(
                        (*place, part), f"{part} of the same results is given on line {clash} too; keep one"
                    )
                taken |= dict.fromkeys(((number, part) for number in covered), line)
            self._base(recipe, place, [self.entries[number] for number in covered])
            yield applied

    def _applied(self, recipe: Recipe, place: Place) -> AppliedRecipe:
        resolved = {}
        for key, vocabulary in (
            ("dataset", self.names.datasets),
            ("architecture", self.names.architectures),
        ):
            spellings = getattr(recipe, key) or ()
            resolved[key] = [vocabulary.canonical(spelling) or spelling for spelling in spellings]
            for spelling in spellings:
                if vocabulary.canonical(spelling) is None and vocabulary.entries:
                    self._problem((*place, key), vocabulary.unknown(spelling))
        given = [part for part in PARTS if getattr(recipe, part) is not None]
        lines = {part: self.document.key_positions[(*place, part)][0] for part in given}
        return AppliedRecipe(recipe, _scope(recipe, **resolved), self.file, lines)

    def _nearest(self, recipe: Recipe) -> str:
        """What is asked for and what there is, for the first key of which there is none."""
        about = {"where": "location"}
        for key in SCOPE:
            there = list(dict.fromkeys(str(getattr(entry, about.get(key, key))) for entry in self.entries))
            for wanted in getattr(recipe, key) or ():
                if str(wanted) not in there:
                    known = did_you_mean(str(wanted), there) or f"; expected {', '.join(there[:8])}"
                    return f"no result has {key} '{wanted}'{known}"
        return "each name is there, but not together"

    def _base(self, recipe: Recipe, place: Place, entries: list[Entry]) -> None:
        """An accuracy of the base model has to be that of the unpruned network in the results."""
        for measure, quantity in accuracies(recipe.base).items():
            for point in (entry.point for entry in entries if entry.point is not None):
                other = point.values.get(f"unpruned_{measure}")
                if other is not None and not other.quantity.overlaps(quantity):
                    line = next(other.leaves()).line
                    told = f"{measure} of the base model is {quantity.printed}, but {other.quantity.value:.4g}%"
                    self._problem(
                        (*place, "base", measure),
                        f"{told} of the unpruned network on line {line}; expected one value",
                    )
                    return

    def _problem(self, place: Place, message: str) -> None:
        self.document.problems.append(self.document.problem(place, message))


def training_of(paper: Paper, point: OperatingPoint) -> Training:
    """What is known of how `point`, a result of `paper`, was trained: recipes first, then its method's axes."""
    known: dict = {}
    stated: dict[str, str] = {}
    for applied in paper.recipes:
        if applied.covers(point):
            for part, line in applied.lines.items():
                value = getattr(applied.recipe, part)
                if value is not None:
                    known[part] = float(value) if part == "total_epochs" else value
                    place = getattr(value, "from_", None) or applied.recipe.from_
                    stated[part] = f"{place} ({applied.file}:{line})"
    method = paper.methods.get(point.method)
    for part, value in _by_axes(method, known).items() if method else ():
        known[part] = value
        stated[part] = f"{value.from_} (methods of {paper.file})"
    return Training(**known, stated=stated)


def _by_axes(method: Method, known: Mapping[str, object]) -> dict[str, BaseModelUsed | Stage]:
    """What the survey's axes of a method say of its training, where no recipe says it."""
    axes = {(axis, getattr(method, axis)) for axis in ("scheduling", "fine_tuning")}
    found: dict[str, BaseModelUsed | Stage] = {}
    for axis in sorted(axes & FROM_RANDOM_WEIGHTS):
        found["base"] = BaseModelUsed(**{"model": "none", "from": ": ".join(axis)})
    for axis in sorted(axes & NO_EPOCHS.keys()):
        found[NO_EPOCHS[axis]] = Stage(**{"epochs": "0", "from": ": ".join(axis)})
    return {part: value for part, value in found.items() if part not in known}
