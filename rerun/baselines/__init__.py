"""One file = one way to score weights: `scope` and `score(weight, gradient)`; the highest scores stay."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from corpus.schema.suggest import did_you_mean

if TYPE_CHECKING:
    from rerun.pruning.counts import Anatomy


@dataclass(frozen=True)
class Baseline:
    """A way to score weights; `of` names the baseline whose layerwise proportions it copies, if it does."""

    name: str
    title: str
    source: str
    scope: str
    score: Callable
    of: Baseline | None = None
    copies_proportions: bool = False
    only_convolutions: bool = False

    def prunable(self, counts: Anatomy, classifier: bool = False) -> dict[str, tuple[int, ...]]:
        """Parameters of a network that this baseline ranks, by name with their shapes."""
        prunable = counts.prunable(classifier)
        if not self.only_convolutions:
            return prunable
        return {name: shape for name, shape in prunable.items() if len(shape) == 4}

    @property
    def scoring(self) -> str:
        """What decides, in the word of the corpus: magnitude, gradient or random."""
        return next(
            word for word in ("magnitude", "gradient", "random") if word in self.name.split("-of-")[0]
        )


@cache
def baselines() -> dict[str, Baseline]:
    """Every baseline by name: the file's name with hyphens."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        file = import_module(f"{__name__}.{module.name}")
        name = module.name.replace("_", "-")
        title, _, rest = file.__doc__.strip().partition("\n")
        source = next(
            line.split(":", 1)[1].strip() for line in rest.splitlines() if line.startswith("Source:")
        )
        copies, convolutions = (
            getattr(file, what, False) for what in ("copies_proportions", "only_convolutions")
        )
        found[name] = Baseline(name, title, source, file.scope, file.score, None, copies, convolutions)
    return found


def baseline(name: str) -> Baseline:
    """The baseline called `name`, such as `global-magnitude` or `random-same-proportions-of-global-magnitude`."""
    own, of, other = name.partition("-of-")
    known = baselines()
    for word in (own, other) if of else (own,):
        if word not in known:
            hint = did_you_mean(word, known)
            raise ValueError(f"baseline '{word}' is unknown{hint}; expected {', '.join(known)}")
    entry = known[own]
    if entry.copies_proportions != bool(of) or (of and known[other].copies_proportions):
        raise ValueError(
            f"baseline '{name}': expected '<control>-of-<baseline>' for controls, a bare name for others"
        )
    if not of:
        return entry
    return Baseline(name, entry.title, entry.source, entry.scope, entry.score, known[other], True)
