"""Whether two results start from one trained network."""

from __future__ import annotations

from corpus.catalogue.corpus import OperatingPoint
from corpus.numbers.quantity import Quantity
from corpus.schema.recipe import accuracies
from metaanalysis.fairness.lengths import length_of, lengths_agree
from metaanalysis.fairness.result import (
    DIFFERS,
    HELD,
    Finding,
    Pair,
    Result,
    both_of,
    in_words,
    lacking,
    may_be_equal,
)

SAME_BASE = ("accuracy", "named")
DIGITS_THAT_IDENTIFY = 0.01001
"""Percent: an accuracy printed to two decimals tells trained networks apart; a rounder one does not."""


def base_model(pair: Pair, same_base: str = "accuracy") -> Finding:
    """Whether both start from one trained network: by its name, else by its accuracy to two decimals."""
    names = [result.training.base.model if result.training.base else None for result in pair]
    papers = [result.point.paper for result in pair]
    if None in names and "none" in names:
        return lacking(
            "base_model",
            ((paper, "base.model") for paper, name in zip(papers, names, strict=True) if not name),
        )
    if None in names or (names == ["own", "own"] and papers[0] == papers[1]):
        return _base_by_accuracy(pair, names, same_base)
    if names[0] != names[1] or (names[0].startswith("own") and papers[0] != papers[1]):
        told = (_origin(name, paper) for name, paper in zip(names, papers, strict=True))
        return Finding("base_model", DIFFERS, both_of(told))
    return Finding(
        "base_model", HELD, "none: both start from random weights" if names[0] == "none" else names[0]
    )


def _origin(name: str, paper: str) -> str:
    if name.startswith("own"):
        return f"one that {paper} trained{name.removeprefix('own')}"
    return "none (random weights)" if name == "none" else name


def _base_by_accuracy(pair: Pair, names: list[str | None], same_base: str) -> Finding:
    trained = [length_of(result, "pretraining") for result in pair]
    if None not in trained and lengths_agree(*trained) is False:
        return Finding("base_model", DIFFERS, f"trained for {both_of(map(str, trained))}")
    mine, theirs = (_bases(result) for result in pair)
    shared = {name: (mine[name], theirs[name]) for name in mine if name in theirs}
    told = "; ".join(
        f"unpruned {in_words(name)} {both_of(f'{q.value:.2f}%' for q in both)}"
        for name, both in shared.items()
    )
    if not all(may_be_equal(*both) for both in shared.values()):
        return Finding("base_model", DIFFERS, told)
    if _one_network(pair):
        return Finding("base_model", HELD, f"the same unpruned network of {pair[0].point.paper}")
    identified = shared and all(_is_sharp(quantity) for both in shared.values() for quantity in both)
    if identified and same_base == "accuracy":
        return Finding("base_model", HELD, f"{told}, so taken as one network")
    unnamed = [result for result, name in zip(pair, names, strict=True) if name is None]
    return lacking("base_model", ((result.point.paper, "base.model") for result in unnamed or pair))


def _bases(result: Result) -> dict[str, Quantity]:
    """The accuracies of the unpruned network, from the results or the recipe, whichever prints more digits."""
    stated = accuracies(result.training.base)
    known = {name: (stated.get(name), result.quantity(f"unpruned_{name}")) for name in ("top1", "top5")}
    given = {name: [quantity for quantity in both if quantity is not None] for name, both in known.items()}
    return {
        name: min(both, key=lambda found: found.high - found.low) for name, both in given.items() if both
    }


def _one_network(pair: Pair) -> bool:
    """Whether both are set against the very same line of one paper."""
    lines = [_unpruned_lines(result.point) for result in pair]
    return pair[0].point.paper == pair[1].point.paper and lines[0] == lines[1] != frozenset()


def _unpruned_lines(point: OperatingPoint) -> frozenset[tuple[str, int]]:
    return frozenset(
        (leaf.file, leaf.line) for name, leaf in point.leaves.items() if name.startswith("unpruned_top")
    )


def _is_sharp(quantity: Quantity) -> bool:
    return quantity.high - quantity.low <= DIGITS_THAT_IDENTIFY
