"""What the name of a table's column may mean, in the manner papers write them."""

from __future__ import annotations

import re

from corpus.numbers.quantity import UNPRUNED_MEASURES
from corpus.schema.vocabulary import Names

LEFT_OUT = "skip"


def letters(head: str) -> str:
    """A column's name in small letters, with single spaces."""
    return re.sub(r"\s+", " ", head).strip().lower()


def meanings(head: str, cells: list[str], number: int, classes: int | None, names: Names) -> list[str]:
    """Everything the column may be, likeliest first; one entry if its name leaves no doubt."""
    text = letters(head)
    prefix = "unpruned." if _has(text, r"baseline|base|unpruned|original|orig\.?|dense|before") else ""
    if _has(text, r"latency|time|epochs?|seconds?|fps|energy|memory|bits?|mb|kb"):
        return [LEFT_OUT]
    if "top" in text or _has(text, r"acc\.?(uracy|uracies)?|err\.?(or|ors)?|accuracy\w*"):
        options = _accuracies(text, classes)
    elif counted := _counted(text):
        options = _sizes(text, cells, counted)
    else:
        return _ratios(text, cells) or _labels(text, cells, number, names)
    return [prefix + option if option in UNPRUNED_MEASURES else option for option in options]


def _has(text: str, words: str) -> bool:
    return re.search(rf"(?<![a-z])(?:{words})(?![a-z])", text) is not None


def _accuracies(text: str, classes: int | None) -> list[str]:
    """Without Top-1 or Top-5 in its name an accuracy is Top-1 if the classes are few, as for CIFAR."""
    if named := re.search(r"top[\s_-]*([15])", text):
        tops = [f"top{named[1]}"]
    else:
        tops = ["top1"] if classes and classes <= 100 else ["top1", "top5"]
    is_error = _has(text, r"err\.?(or|ors)?")
    if _has(text, r"drop|loss|decrease|degradation|↓|↑"):
        plain = [f"{top}_error" if is_error else top for top in tops] if "↓" in text or "↑" in text else []
        return [f"{sign}{top}_change" for top in tops for sign in ("-", "")] + plain
    if _has(text, r"Δ|δ|delta|diff\.?(erence)?|change|gain|improvement|increase|\+/-"):
        return [f"{'-' if is_error else ''}{top}_change" for top in tops]
    return [f"{top}_error" if is_error else top for top in tops]


def _counted(text: str) -> str | None:
    if _has(text, r"[kmg]?flops?|[kmg]?macs?|m-?adds?|mult\w*-?\s?adds?|[kmg]?ops|operations|computation"):
        return "flops"
    return "params" if _has(text, r"#?\s*[kmg]?param(eter)?s?\.?|weights") else None


def _sizes(text: str, cells: list[str], what: str) -> list[str]:
    """Columns about parameters or multiply-adds: a count, a part of it, or a ratio."""
    ratio = {"params": "compression_ratio", "flops": "theoretical_speedup"}[what]
    percent = "%" in text or any("%" in cell for cell in cells)
    times = _in_times(text, cells)
    if times or (_has(text, r"speed-?\s?up") and not percent):
        return [ratio]
    if _has(text, r"kept|remain(ing|s)?|left|retained|density|non-?zero"):
        return [f"{what}_kept"] if percent else [what, f"{what}_kept"]
    if _has(text, r"pruned|removed|reduc(tion|ed)|sav(ed|ings?)|drop|decrease|sparsity") or "↓" in text:
        return [f"{what}_pruned"] if percent else [f"{what}_pruned", what, ratio]
    if _has(text, r"ratio|rate|compression"):
        return [f"{what}_pruned", f"{what}_kept", ratio]
    return [f"{what}_kept", f"{what}_pruned"] if percent else [what]


def _in_times(text: str, cells: list[str]) -> bool:
    return bool(cells) and (
        all(re.search(r"[x×]\s*$", cell, re.I) for cell in cells)
        or bool(re.search(r"\(\s*[x×]\s*\)", text))
    )


def _ratios(text: str, cells: list[str]) -> list[str]:
    """Columns that name a ratio without saying of what."""
    percent = "%" in text or any("%" in cell for cell in cells)
    if _has(text, r"sparsity"):
        return ["params_pruned"]
    if _has(text, r"density"):
        return ["params_kept"]
    if _has(text, r"speed-?\s?up|acceleration"):
        return ["theoretical_speedup"] if _has(text, r"theoretical") else ["theoretical_speedup", LEFT_OUT]
    if _has(text, r"compression|compr\.?|cr"):
        if _in_times(text, cells):
            return ["compression_ratio"]
        return (
            ["params_pruned", "params_kept"]
            if percent
            else ["compression_ratio", "params_pruned", "params_kept"]
        )
    if _has(text, r"pruned|pruning|prune|pr|ratio|rate|reduction|removed|kept|remaining"):
        parts = ["params_pruned", "params_kept", "flops_pruned", "flops_kept"]
        return (
            [*parts, LEFT_OUT]
            if percent
            else [*parts, "compression_ratio", "theoretical_speedup", LEFT_OUT]
        )
    return []


def _labels(text: str, cells: list[str], number: int, names: Names) -> list[str]:
    if _has(text, r"methods?|approach|algorithm|technique|criterion"):
        return ["method"]
    if _has(text, r"trials|runs|seeds"):
        return ["trials"]
    if cells and all(names.datasets.canonical(cell) for cell in cells):
        return ["dataset"]
    if cells and all(names.architectures.canonical(cell) for cell in cells):
        return ["architecture"]
    is_text = any(not re.match(r"[+-]?[\d.]", cell) for cell in cells)
    return ["row"] if number == 0 and is_text else [LEFT_OUT]
