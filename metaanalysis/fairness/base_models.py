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
    """Whether both start from one trained network: by its name, else by its accuracy to two decimals.

    With `same_base` named, an equal accuracy alone is not enough.
    """
    mine, theirs = _name(pair[0]), _name(pair[1])
    papers = [result.point.paper for result in pair]
    if mine is None or theirs is None:
        if "none" in (mine, theirs):
            return _unnamed(pair)
        return _base_by_accuracy(pair, same_base)
    if mine == theirs == "own" and papers[0] == papers[1]:
        return _base_by_accuracy(pair, same_base)
    # `own` is another network in each paper
    if mine != theirs or (mine.startswith("own") and papers[0] != papers[1]):
        origins = [_origin(mine, papers[0]), _origin(theirs, papers[1])]
        return Finding("base_model", DIFFERS, both_of(origins))
    said = "none: both start from random weights" if mine == "none" else mine
    return Finding("base_model", HELD, said)


def _name(result: Result) -> str | None:
    """What the recipe calls the base model: a name, `own`, `none`, or nothing."""
    base = result.training.base
    return base.model if base else None


def _unnamed(pair: Pair) -> Finding:
    """The finding that base models are not named; both papers lack the name where neither does."""
    papers = [result.point.paper for result in pair if not _name(result)]
    papers = papers or [result.point.paper for result in pair]
    return lacking("base_model", [(paper, "base.model") for paper in papers])


def _origin(name: str, paper: str) -> str:
    if name.startswith("own"):
        return f"one that {paper} trained{name.removeprefix('own')}"
    return "none (random weights)" if name == "none" else name


def _base_by_accuracy(pair: Pair, same_base: str) -> Finding:
    my_length, their_length = (length_of(result, "pretraining") for result in pair)
    if (
        my_length is not None
        and their_length is not None
        and lengths_agree(my_length, their_length) is False
    ):
        lengths = both_of([str(my_length), str(their_length)])
        return Finding("base_model", DIFFERS, f"trained for {lengths}")
    mine, theirs = _accuracies(pair[0]), _accuracies(pair[1])
    shared = [name for name in mine if name in theirs]
    sentences = []
    for name in shared:
        values = [f"{mine[name].value:.2f}%", f"{theirs[name].value:.2f}%"]
        sentences.append(f"unpruned {in_words(name)} {both_of(values)}")
    said = "; ".join(sentences)
    if not all(may_be_equal(mine[name], theirs[name]) for name in shared):
        return Finding("base_model", DIFFERS, said)
    if _one_network(pair):
        return Finding("base_model", HELD, f"the same unpruned network of {pair[0].point.paper}")
    identified = all(_is_sharp(mine[name]) and _is_sharp(theirs[name]) for name in shared)
    if shared and identified and same_base == "accuracy":
        return Finding("base_model", HELD, f"{said}, so taken as one network")
    return _unnamed(pair)


def _accuracies(result: Result) -> dict[str, Quantity]:
    """The accuracies of the unpruned network, from the results or the recipe, whichever prints more digits."""
    stated = accuracies(result.training.base)
    sharpest: dict[str, Quantity] = {}
    for name in ("top1", "top5"):
        candidates = [stated.get(name), result.quantity(f"unpruned_{name}")]
        known = [quantity for quantity in candidates if quantity is not None]
        if known:
            sharpest[name] = min(known, key=lambda quantity: quantity.high - quantity.low)
    return sharpest


def _one_network(pair: Pair) -> bool:
    """Whether both are set against the very same line of one paper."""
    mine, theirs = (_unpruned_lines(result.point) for result in pair)
    return pair[0].point.paper == pair[1].point.paper and mine == theirs and bool(mine)


def _unpruned_lines(point: OperatingPoint) -> set[tuple[str, int]]:
    """Files and lines of the unpruned accuracies behind a point."""
    lines = set()
    for name, leaf in point.leaves.items():
        if name.startswith("unpruned_top"):
            lines.add((leaf.file, leaf.line))
    return lines


def _is_sharp(quantity: Quantity) -> bool:
    return quantity.high - quantity.low <= DIGITS_THAT_IDENTIFY
