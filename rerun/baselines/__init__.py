"""One file = one way to score weights; the highest scores stay.

A file's name with hyphens is the baseline's name and nothing more: no meaning is read from it. The file states

- its title: the docstring's first line, a sentence;
- `source`: the key of the paper in corpus/papers that describes it;
- `scope`: "global" if scores are compared over the whole network, "layer" if within each layer;
- `scoring`: what decides, one of the corpus's words (`Method.scoring` in corpus/schema/paper.py), such as "magnitude";
- `seeded`: whether two seeds give different masks of one network: because scores are drawn at random, or because they
  come from a minibatch;
- `score(weight, gradient)`: scores in the weight's shape, from the weight and its gradient on one minibatch;

and, where they apply, `copies_proportions = True` (a control: it keeps as many weights of each layer as the baseline
that it is named with, as in `random-same-proportions-of-global-magnitude`) and `only_convolutions = True`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, get_args

from corpus.schema.paper import Method
from corpus.schema.suggest import did_you_mean

if TYPE_CHECKING:
    from rerun.pruning.counts import Anatomy

CONTROL = "-of-"
"""Between a control and the baseline whose layerwise proportions it copies."""
SCOPES = ("global", "layer")
SCORINGS = get_args(Method.model_fields["scoring"].annotation)


@dataclass(frozen=True)
class PruningBaseline:
    """A way to score weights; `of` is the baseline whose layerwise proportions it copies, if it does.

    `noise` names its stream of random numbers: all controls from one file draw the same scores.
    """

    name: str
    title: str
    source: str
    scope: str
    scoring: str
    seeded: bool
    score: Callable
    noise: str
    of: PruningBaseline | None = None
    copies_proportions: bool = False
    only_convolutions: bool = False

    def prunable(self, counts: Anatomy, classifier: bool = False) -> dict[str, tuple[int, ...]]:
        """Parameters of a network that this baseline ranks, by name with their shapes."""
        prunable = counts.prunable(classifier)
        if not self.only_convolutions:
            return prunable
        return {name: shape for name, shape in prunable.items() if len(shape) == 4}


@cache
def baselines() -> dict[str, PruningBaseline]:
    """Every baseline by name; ValueError if a file does not state all it has to."""
    known = {}
    for module in pkgutil.iter_modules(__path__):
        name = module.name.replace("_", "-")
        known[name] = _stated(name, import_module(f"{__name__}.{module.name}"))
    return known


def _stated(name: str, file: ModuleType) -> PruningBaseline:
    """The baseline that a file describes."""
    where = f"rerun/baselines/{file.__name__.rpartition('.')[2]}.py"
    title = (file.__doc__ or "").strip().partition("\n")[0]
    if not title:
        raise ValueError(f"{where}: no docstring; its first line is the baseline's title")
    for attribute, expected, fits in (
        ("source", "the key of a paper in corpus/papers", lambda value: isinstance(value, str)),
        ("scope", " or ".join(SCOPES), lambda value: value in SCOPES),
        ("scoring", f"one of {', '.join(SCORINGS)}", lambda value: value in SCORINGS),
        ("seeded", "True or False", lambda value: isinstance(value, bool)),
        ("score", "a function of weight and gradient", callable),
    ):
        if not hasattr(file, attribute):
            raise ValueError(f"{where}: `{attribute}` is missing; expected {expected}")
        if not fits(getattr(file, attribute)):
            raise ValueError(f"{where}: `{attribute}` is {getattr(file, attribute)!r}; expected {expected}")
    return PruningBaseline(
        name=name,
        title=title,
        source=file.source,
        scope=file.scope,
        scoring=file.scoring,
        seeded=file.seeded,
        score=file.score,
        noise=name,
        copies_proportions=getattr(file, "copies_proportions", False),
        only_convolutions=getattr(file, "only_convolutions", False),
    )


def baseline(name: str) -> PruningBaseline:
    """The baseline called `name`; ValueError with the nearest name if there is none.

    >>> baseline("random-same-proportions-of-global-magnitude").of.name
    'global-magnitude'
    """
    own, control, copied = name.partition(CONTROL)
    known = baselines()
    for word in (own, copied) if control else (own,):
        if word not in known:
            hint = did_you_mean(word, known)
            raise ValueError(f"baseline '{word}' is unknown{hint}; expected {', '.join(known)}")
    entry = known[own]
    if entry.copies_proportions != bool(control) or (control and known[copied].copies_proportions):
        raise ValueError(
            f"baseline '{name}': expected '<control>-of-<baseline>' for controls, a bare name for others"
        )
    if not control:
        return entry
    other = known[copied]
    return replace(entry, name=name, of=other, seeded=entry.seeded or other.seeded)
