"""Which results of a paper each of its training recipes applies to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from corpus.catalogue.training import PARTS, SCOPE, AppliedRecipe
from corpus.schema.paper import PaperFile
from corpus.schema.reader import Document
from corpus.schema.reader import Path as Place
from corpus.schema.recipe import Recipe, accuracies
from corpus.schema.study_recipe import recipes_of_study
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Names

if TYPE_CHECKING:
    from corpus.catalogue.results import ResultEntry

FIELD_OF = {"where": "location"}
"""What a recipe calls otherwise than a row of results."""
MOST_NAMES = 8
"""More names than these are not listed in an error."""


def applied_recipes(
    written: PaperFile, document: Document, names: Names, file: str, entries: tuple[ResultEntry, ...]
) -> tuple[AppliedRecipe, ...]:
    """The recipes of a paper or of a study of our own; problems are added to `document`."""
    recipe, is_rerun = written.recipe, written.attribution == "rerun"
    if recipe is None:
        return ()
    if isinstance(recipe, dict) != is_rerun:
        kind = "the settings of a study, with `study:`" if is_rerun else "training recipes"
        message = f"with `attribution: {written.attribution}` a recipe holds {kind}; found the other kind"
        document.problems.append(document.problem(("recipe",), message))
        return ()
    if isinstance(recipe, dict):
        line = document.position(("recipe",))[0]
        lines = dict.fromkeys(PARTS, line)
        return tuple(
            AppliedRecipe(stated, _scope(stated, {}), file, lines) for stated in recipes_of_study(written)
        )
    return tuple(_RecipeReader(document, names, file, entries).recipes(recipe))


def _scope(recipe: Recipe, canonical: Mapping[str, Iterable[str]]) -> dict[str, frozenset[object]]:
    """What the recipe is limited to, by canonical names where there are such."""
    return {key: frozenset(canonical.get(key) or getattr(recipe, key) or ()) for key in SCOPE}


class _RecipeReader:
    """Sets the recipes of one paper beside its results; problems are added to the document."""

    def __init__(self, document: Document, names: Names, file: str, entries: tuple[ResultEntry, ...]):
        self._document, self._names, self._file, self._entries = document, names, file, entries

    def recipes(self, written: tuple[Recipe, ...]) -> Iterator[AppliedRecipe]:
        """Each recipe with the results it applies to; no part of the training of one result may be stated twice."""
        stated_on: dict[tuple[int, str], int] = {}  # line, by number of the result and part of its training
        tree = self._document.tree
        is_list = isinstance(tree, dict) and isinstance(tree.get("recipe"), list)
        for index, recipe in enumerate(written):
            place: Place = ("recipe", index) if is_list else ("recipe",)
            problems_before = len(self._document.problems)
            applied = self._applied(recipe, place)
            covered = [number for number, entry in enumerate(self._entries) if applied.covers(entry)]
            if not covered and len(self._document.problems) == problems_before:
                self._problem(place, f"a recipe for no result of this paper; {self._nearest(recipe)}")
            for part, line in applied.lines.items():
                self._refuse_second(stated_on, covered, part, place)
                stated_on |= dict.fromkeys(((number, part) for number in covered), line)
            self._check_base(recipe, place, [self._entries[number] for number in covered])
            yield applied

    def _refuse_second(
        self, stated_on: Mapping[tuple[int, str], int], covered: list[int], part: str, place: Place
    ) -> None:
        """One error if `part` is stated already for any of the covered results."""
        for number in covered:
            line = stated_on.get((number, part))
            if line is not None:
                message = f"{part} of the same results is given on line {line} too; keep one"
                self._problem((*place, part), message)
                return

    def _applied(self, recipe: Recipe, place: Place) -> AppliedRecipe:
        canonical = {}
        for key, vocabulary in (
            ("dataset", self._names.datasets),
            ("architecture", self._names.architectures),
        ):
            spellings = getattr(recipe, key) or ()
            canonical[key] = [vocabulary.canonical(spelling) or spelling for spelling in spellings]
            for spelling in spellings:
                if vocabulary.canonical(spelling) is None and vocabulary.entries:
                    self._problem((*place, key), vocabulary.unknown(spelling))
        given = [part for part in PARTS if getattr(recipe, part) is not None]
        lines = {part: self._document.key_positions[(*place, part)][0] for part in given}
        return AppliedRecipe(recipe, _scope(recipe, canonical), self._file, lines)

    def _nearest(self, recipe: Recipe) -> str:
        """What the recipe names and what there is, for the first key of which there is none."""
        for key in SCOPE:
            field = FIELD_OF.get(key, key)
            existing = list(dict.fromkeys(str(getattr(entry, field)) for entry in self._entries))
            for name in getattr(recipe, key) or ():
                if str(name) not in existing:
                    listed = ", ".join(existing[:MOST_NAMES])
                    hint = did_you_mean(str(name), existing) or f"; expected {listed}"
                    return f"no result has {key} '{name}'{hint}"
        return "each name is there, but not together"

    def _check_base(self, recipe: Recipe, place: Place, entries: list[ResultEntry]) -> None:
        """An accuracy of the base model has to be that of the unpruned network in the results."""
        for measure, quantity in accuracies(recipe.base).items():
            for entry in entries:
                unpruned = entry.point.values.get(f"unpruned_{measure}") if entry.point else None
                if unpruned is None or unpruned.quantity.overlaps(quantity):
                    continue
                line = next(unpruned.leaves()).line
                message = (
                    f"{measure} of the base model is {quantity.printed}, but {unpruned.quantity.value:.4g}% "
                    f"of the unpruned network on line {line}; expected one value"
                )
                self._problem((*place, "base", measure), message)
                return

    def _problem(self, place: Place, message: str) -> None:
        self._document.problems.append(self._document.problem(place, message))
