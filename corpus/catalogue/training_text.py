"""Recipes in words, part by part."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.catalogue.training import SCOPE, AppliedRecipe
from corpus.schema.recipe import BaseModelUsed, Stage, accuracies


def recipe_lines(applied: AppliedRecipe) -> Iterator[tuple[str, str]]:
    """Each part of a recipe with what is known of it, and the place where that is stated."""
    recipe = applied.recipe
    names = [_called(key, name) for key in SCOPE for name in sorted(applied.scope[key], key=str)]
    of_what = f" of {', '.join(names)}" if names else ""
    for part, line in applied.lines.items():
        value = getattr(recipe, part)
        words = f"{value} epochs"
        if isinstance(value, Stage):
            words = stage_words(value)
        elif isinstance(value, BaseModelUsed):
            words = base_words(value)
        place = getattr(value, "from_", None) or recipe.from_
        yield f"{part.replace('_', ' ')}{of_what}", f"{words} ({place}; line {line})"


def _called(key: str, name: object) -> str:
    return f"survey row {name}" if key == "survey_row" else str(name)


def stage_words(stage: Stage) -> str:
    """A stage in words: `60 epochs, learning rate 0.01, step at 36, 48, 54 by 0.1, SGD, batch size 256`."""
    words = [_length(stage)]
    if stage.learning_rate is not None:
        words.append(f"learning rate {stage.learning_rate}")
    if stage.schedule is not None:
        words.append(_schedule(stage))
    words.append(stage.optimizer)
    if stage.batch_size is not None:
        words.append(f"batch size {stage.batch_size}")
    if stage.weight_decay is not None:
        words.append(f"weight decay {stage.weight_decay}")
    words.append(stage.note)
    if stage.doubt:
        words.append(f"doubted: {stage.doubt}")
    return ", ".join(filter(None, words))


def _length(stage: Stage) -> str | None:
    if stage.epochs_per_speedup is not None:
        limit = f", at most {stage.epochs_at_most}" if stage.epochs_at_most else ""
        more = f", and {stage.epochs_on_top} more" if stage.epochs_on_top else ""
        return f"{stage.epochs_per_speedup} epochs times the speedup{limit}{more}"
    if stage.epochs is not None:
        return f"{stage.epochs} epochs" if float(stage.epochs) else "none"
    return f"{stage.iterations} iterations" if stage.iterations else None


def _schedule(stage: Stage) -> str:
    words = str(stage.schedule)
    if stage.milestones:
        words += f" at {', '.join(stage.milestones)}"
    elif stage.every:
        words += f" every {stage.every}"
    if stage.factor:
        words += f" by {', '.join(stage.factor)}"
    return words


def base_words(base: BaseModelUsed) -> str:
    """The base model in words."""
    words = []
    if base.model:
        in_words = {"own": "trained for this paper", "none": "none, from random weights"}
        words.append(in_words.get(base.model, base.model))
    for name, quantity in accuracies(base).items():
        words.append(f"{name} {quantity.printed}")
    if base.note:
        words.append(base.note)
    return ", ".join(words)
