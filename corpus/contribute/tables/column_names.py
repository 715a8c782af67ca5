"""What the name of a table's column may mean, in the manner papers write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.contribute.tables.cell_numbers import number_in, parts_of
from corpus.contribute.tables.network_names import known_architecture
from corpus.contribute.tables.other_measures import LINKS, SETTINGS, WHOLE_SETTINGS, other_measure, says
from corpus.numbers.measures import MEASURES, UNPRUNED_MEASURES
from corpus.schema.vocabulary import Names

LEFT_OUT = "skip"
NOTE = "note"
"""The role of a column of words: it joins the label of its row."""
PARTS = ["params_pruned", "params_kept", "flops_pruned", "flops_kept"]
_FLOPS = r"#?\s*[kmg]?flops?|[kmg]?macs?|m-?adds?|mult\w*-?\s?adds?|[kmg]?ops|operations|computations?|compute|#flops"
_PARAMS = r"#?\s*[kmg]?param(?:eter)?s?\.?|weights|#params?"
_ACCURACY = r"acc\.?(?:uracy|uracies)?|err\.?(?:or|ors)?|accuracy\w*|acc@[15]|δacc\.?"
_CHANGE = (
    r"δ\s*\w*\.?|delta|diff\.?(?:erence)?|change|gain|improvement|increase|\+/-|gap|degradation|acc\.? drop"
)
_SHARE_WORDS = r"ratio|rate|sparsity|density|kept|remain(?:ing)?|speed-?\s?up|compression|reduction"
_BASE = r"baseline|base|unpruned|original|orig\.?|dense|uncompressed"
_PRUNED = r"pruned|prune|after|compressed|ours|final"


_MEASURES_AS_WRITTEN = {*MEASURES, *(f"unpruned.{name}" for name in UNPRUNED_MEASURES)}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a column's name may be read by: the other heads, the column before it, the dataset and the vocabularies.

    `heads` are in small letters; `left` is the measure of the nearest column of numbers to the left, if it has one;
    `part` and `of` are those of the head where cells hold several numbers, `outer` what the number before a bracket
    may be. `told_by_labels` is the measure that the column of labels says, in its head or in its cells. With `assume` a
    plain accuracy is Top-1 and an unnamed count is of parameters, as a check of quotients may do.
    """

    heads: Sequence[str]
    names: Names
    number: int = 0
    classes: int | None = None
    left: str = ""
    part: str = ""
    of: str = ""
    outer: tuple[str, ...] = ()
    assume: bool = False
    told_by_labels: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """Everything a column may be, likeliest first, as `--map` takes it; `why` says why one is left out."""

    answers: tuple[str, ...]
    why: str = ""


def letters(head: str) -> str:
    """A column's name in small letters, with single spaces."""
    return re.sub(r"\s+", " ", head).strip().lower()


def names_a_measure(head: str) -> bool:
    """Whether a name is one that a measure has, known here or not: `Top-1 Acc`, `MACs (G)`, `PPL`."""
    text = letters(head)
    is_size = says(text, f"{_FLOPS}|{_PARAMS}|{_ACCURACY}")
    return (
        ("top" in text and bool(re.search(r"top[\s_-]*[15]", text))) or is_size or bool(other_measure(text))
    )


def told_by_labels(head: str, cells: Sequence[str]) -> str:
    """The other measure that a column of labels says for the columns beside it; nothing if it says none.

    `ppl` over the names of methods, or `SQuAD EM/F1` under the name of a table's first column.
    """
    if any(number_in(cell) is not None for cell in cells) or not cells:
        return ""
    told = [other_measure(letters(cell)) for cell in cells]
    if sum(map(bool, told)) > len(cells) / 2:
        return next(filter(None, told))
    return other_measure(letters(head))


def meaning_of(head: str, cells: Sequence[str], around: Surroundings) -> ColumnMeaning:
    """Everything the column may be; one answer if its name leaves no doubt.

    Parameters
    ----------
    head
        The column's name as printed.
    cells
        Its cells, without those that say that there is nothing.
    around
        The rest of the table.
    """
    if not cells:
        return ColumnMeaning((LEFT_OUT,), "empty")
    if (role := head.replace("unpruned_", "unpruned.")) in _MEASURES_AS_WRITTEN:
        return ColumnMeaning((role,))
    outside, bracket, rest = letters(head).partition("(")
    text = outside.replace("_", " ") + bracket + rest  # top1_change (%), as programs write it
    if around.part == "bracket":
        return _in_brackets(text, cells, around)
    if around.part in ("before", "after", "change"):
        return _around_an_arrow(cells, around)
    if labels := _names_in_cells(cells, around):
        return labels
    has_numbers = sum(number_in(cell) is not None for cell in cells) > len(cells) / 2
    if has_numbers and (other := _other(text, cells, around)):
        return ColumnMeaning((LEFT_OUT,), other)
    has_words = sum(parts_of(cell) is None for cell in cells) > len(cells) / 2
    if has_words and not _names_our_measure(text):
        return _of_words(text, cells, around)
    answers = _measures(text, cells, around)
    if not answers:
        return _of_words(text, cells, around)
    return ColumnMeaning(tuple(answers))


def _names_our_measure(text: str) -> bool:
    """Whether a head leaves no doubt that accuracies or sizes stand under it, whatever its cells look like."""
    is_short = len(text.split()) <= 3
    named = re.search(r"top[\s_-]*[15]", text) or says(text, rf"{_ACCURACY}|{_FLOPS}|{_PARAMS}")
    return is_short and bool(named)


def _measures(text: str, cells: Sequence[str], around: Surroundings) -> list[str]:
    prefix = "unpruned." if says(text, rf"{_BASE}|before") else ""
    if re.search(r"top[\s_-]*[15]", text) or says(text, _ACCURACY):
        answers = _accuracies(text, cells, around)
    elif _is_half_of_a_pair(text, around):
        answers = _plain_accuracy(text, around)
    elif counted := counted_in(text):
        answers = _sizes(text, cells, counted)
    else:
        return _ratios(text, cells, around)
    return [prefix + answer if answer in UNPRUNED_MEASURES else answer for answer in answers]


def _other(text: str, cells: Sequence[str], around: Surroundings) -> str:
    """Why a column of numbers has no place in a paper's file; nothing if it may have one."""
    is_accuracy = re.search(r"top[\s_-]*[15]", text) is not None or says(text, _ACCURACY)
    named = other_measure(text)
    is_of_task = named == "accuracy of a named task" and not says(text, "average|avg\\.?|mean")
    if named and (named == "accuracy before fine-tuning" or is_of_task or not is_accuracy):
        if named == "loss" and says(text, "acc.*"):
            return ""
        size = (
            counted_in(text) if named in ("model size", "time", "latency", "units of structure") else None
        )
        return f"another measure: {named}" if size is None else ""
    if says(text, SETTINGS) or re.fullmatch(WHOLE_SETTINGS, text):
        return f"a setting: {text}"
    if says(text, "gap|diff") and not says(text, _ACCURACY) and around.left.startswith("another measure"):
        return f"{around.left}, its change"
    if says(text, "sparsity") and _is_of_what_is_left(around):
        return "another measure: sparsity of what is left"
    if says(text, "sparsity|density") and re.search(r"\d\s*%|\d:\d", text):
        return ""
    if around.told_by_labels and not names_a_measure(text) and not says(text, _SHARE_WORDS):
        return f"another measure: {around.told_by_labels}"
    if max((number_in(cell) or 0) for cell in cells) > 100 and says(text, "sparsity|density"):
        return "another measure, under the name of a sparsity"
    return ""


def _are_row_numbers(cells: Sequence[str]) -> bool:
    return list(cells) == [str(number) for number in range(1, len(cells) + 1)]


def _is_of_what_is_left(around: Surroundings) -> bool:
    """Whether the table says in another column how many parameters are gone, so that its sparsity is of the rest."""
    return any(
        says(head, _PARAMS) and says(head, r"kept|remain(?:ing|s)?|left|retained|pruned|removed")
        for head in around.heads
    )


def _is_half_of_a_pair(text: str, around: Surroundings) -> bool:
    """Whether the column is `Base` or `Pruned` beside its other half: accuracies that need no name."""
    bare = re.sub(r"\(.*?\)|%", "", text).strip()
    others = [re.sub(r"\(.*?\)|%", "", head).strip() for head in around.heads]
    if re.fullmatch(_BASE, bare):
        return any(re.fullmatch(_PRUNED, other) for other in others)
    return bool(re.fullmatch(_PRUNED, bare)) and any(re.fullmatch(_BASE, other) for other in others)


def _plain_accuracy(text: str, around: Surroundings) -> list[str]:
    """Without Top-1 or Top-5 in its name an accuracy is Top-1 if the classes are few, as for CIFAR.

    So it is where the table has Top-5 in a column of its own, and where nothing is said of the dataset.
    """
    if named := re.search(r"top[\s_-]*([15])|acc(?:uracy)?\s*@\s*([15])(?!\d)", text):
        return [f"top{named[1] or named[2]}"]
    other_top5 = any(re.search(r"top[\s_-]*5|acc@5", head) for head in around.heads)
    if other_top5 or around.assume or (around.classes and around.classes <= 100):
        return ["top1"]
    return ["top1", "top5"]


def _accuracies(text: str, cells: Sequence[str], around: Surroundings) -> list[str]:
    tops = _plain_accuracy(text, around)
    is_error = says(text, r"err\.?(?:or|ors)?")
    plain = [f"{top}_error" if is_error else top for top in tops]
    sign = "-" if is_error else ""
    if says(text, r"drop|loss|decrease|degradation") or "↓" in text or "↑" in text:
        is_named_drop = says(text, r"drop|loss|decrease|degradation")
        if not is_named_drop and _look_like_accuracies(cells):
            return plain  # the arrow says which direction is better
        if any("↓" in cell or "↑" in cell for cell in cells):
            return [f"{top}_change" for top in tops]
        changes = [f"{sign}{top}_change" for top in tops for sign in ("-", "")]
        return changes if is_named_drop else changes + plain
    if "δ" in text or says(text, _CHANGE):
        return [f"{sign}{top}_change" for top in tops]
    return plain


def _look_like_accuracies(cells: Sequence[str]) -> bool:
    values = [value for cell in cells if (value := number_in(cell)) is not None]
    return bool(values) and min(values) > 20 and not any(cell[:1] in "+-" for cell in cells)


def counted_in(text: str) -> str | None:
    """`flops` or `params` if a name in small letters speaks of either."""
    if says(text, _FLOPS):
        return "flops"
    return "params" if says(text, _PARAMS) else None


def _sizes(text: str, cells: Sequence[str], what: str) -> list[str]:
    """Columns about parameters or multiply-adds: a count, a part of it, or a ratio."""
    ratio = {"params": "compression_ratio", "flops": "theoretical_speedup"}[what]
    percent = _in_percent(text, cells)
    if _in_times(text, cells):
        return [_ratio_or_part(what, ratio, cells)]
    if says(text, r"speed-?\s?up") and not percent:
        return [ratio]
    if says(text, r"kept|remain(?:ing|s)?|left|retained|density|non-?zero"):
        return [f"{what}_kept"] if percent else [what, f"{what}_kept"]
    are_decreases = all(re.match(r"-|\+?0+(?:\.0*)?\s*%?$", cell) for cell in cells)
    if percent and are_decreases and any(cell.startswith("-") for cell in cells):
        return [f"-{what}_pruned"]  # -65 % of the parameters
    if (
        says(text, r"pruned|removed|reduc(?:tion|ed)|sav(?:ed|ings?)|drop|decrease|sparsity|pr")
        or "↓" in text
    ):
        return [f"{what}_pruned"] if percent else [f"{what}_pruned", what, ratio]
    if says(text, r"ratio|rate|compression"):
        return [f"{what}_pruned", f"{what}_kept", ratio]
    return [f"{what}_kept", f"{what}_pruned"] if percent else [what]


def _ratio_or_part(what: str, ratio: str, cells: Sequence[str]) -> str:
    """A ratio of at least 1, or the part that is kept (`0.42x`)."""
    values = [value for cell in cells if (value := number_in(cell)) is not None]
    return f"{what}_kept" if values and max(values) <= 1 and min(values) < 1 else ratio


def _in_percent(text: str, cells: Sequence[str]) -> bool:
    return "%" in text or any("%" in cell for cell in cells)


def _in_times(text: str, cells: Sequence[str]) -> bool:
    marked = [cell for cell in cells if re.search(r"[x×]\s*$", cell, re.I)]
    return len(marked) == len(cells) or bool(re.search(r"\(\s*[x×]\s*\)", text))


def _ratios(text: str, cells: Sequence[str], around: Surroundings) -> list[str]:
    """Columns that name a ratio without saying of what."""
    percent = _in_percent(text, cells)
    if re.search(r"\d\s*%|\d:\d", text):
        return []  # a setting's name: what is measured under it is not said
    if says(text, r"remain(?:ing)?|kept|retained") and around.left in ("params", "flops") and percent:
        return [f"{around.left}_kept"]
    if says(text, "sparsity"):
        return ["params_pruned"]
    if says(text, "density"):
        return ["params_kept"]
    if says(text, r"speed-?\s?up|acceleration"):
        return ["theoretical_speedup"] if says(text, "theoretical") else ["theoretical_speedup", LEFT_OUT]
    if _are_counts(cells):
        return ["params"] if around.assume else ["params", "flops"]
    if says(text, r"compression|compr\.?|cr"):
        return _compressions(text, cells, around)
    if says(text, r"pruned|pruning|prune|pr|ratio|rate|reduction|removed|kept|remaining"):
        return (
            [*PARTS, LEFT_OUT]
            if percent
            else [*PARTS, "compression_ratio", "theoretical_speedup", LEFT_OUT]
        )
    return []


def _are_counts(cells: Sequence[str]) -> bool:
    return all(re.search(r"\d\s*[KMGB]\s*$", cell) for cell in cells)


def _compressions(text: str, cells: Sequence[str], around: Surroundings) -> list[str]:
    if _in_times(text, cells):
        return ["compression_ratio"]
    if not _in_percent(text, cells):
        return ["compression_ratio", "params_pruned", "params_kept"]
    of_flops = any(counted_in(head) == "flops" for head in around.heads)
    return ["params_pruned", "params_kept"] + (["flops_pruned", "flops_kept"] if of_flops else [])


def _in_brackets(text: str, cells: Sequence[str], around: Surroundings) -> ColumnMeaning:
    """The number in brackets after another: its share pruned or kept, its ratio, or the change of an accuracy."""
    outer = around.outer[0].removeprefix("unpruned.").removeprefix("-") if around.outer else ""
    if outer in ("params", "flops"):
        ratio = {"params": "compression_ratio", "flops": "theoretical_speedup"}[outer]
        if _in_times(text, cells):
            return ColumnMeaning((_ratio_or_part(outer, ratio, cells),))
        if says(text, r"kept|remain(?:ing|s)?|left|retained"):
            return ColumnMeaning((f"{outer}_kept",))
        if says(text, r"reduc(?:ed|tion)|removed|saved|savings?") or "↓" in text:
            return ColumnMeaning((f"{outer}_pruned",))
        # what `PR` and `Prune Ratio` count is not said by the name: the table's own sizes have to
        return ColumnMeaning((f"{outer}_pruned", f"{outer}_kept"))
    if outer.startswith(("top1", "top5")):
        top = outer[:4]
        sign = "-" if outer.endswith("_error") else ""
        is_signed = any(cell[:1] in "+-↓↑" for cell in cells)
        turned = "-" if not sign else ""
        return ColumnMeaning(
            (f"{sign}{top}_change",) if is_signed else (f"{turned}{top}_change", f"{sign}{top}_change")
        )
    if outer in ("compression_ratio", "theoretical_speedup", "params_kept", "flops_kept"):
        size = "params" if outer.startswith(("compression", "params")) else "flops"
        return ColumnMeaning((size,))  # `1x (8.2e9)`
    if around.left.startswith(("another measure", "a setting")):
        return ColumnMeaning((LEFT_OUT,), around.left)
    return ColumnMeaning(())


def _around_an_arrow(cells: Sequence[str], around: Surroundings) -> ColumnMeaning:
    """Numbers before and after pruning, and what is said to have changed."""
    before_and_after = letters(around.of)
    counted = counted_in(before_and_after)
    other = other_measure(before_and_after)
    if other and not counted:
        return ColumnMeaning((LEFT_OUT,), f"another measure: {other}")
    if around.part == "change":
        is_decrease = all("↓" in cell or cell.startswith("-") for cell in cells)
        return ColumnMeaning((f"{counted}_pruned",) if counted and is_decrease else ("top1_change",))
    prefix = "unpruned." if around.part == "before" else ""
    if counted:
        return ColumnMeaning((prefix + counted,))
    is_named = says(before_and_after, _ACCURACY) or "top" in before_and_after
    return ColumnMeaning((f"{prefix}top1",) if is_named or around.assume else (f"{prefix}top1", LEFT_OUT))


def _names_in_cells(cells: Sequence[str], around: Surroundings) -> ColumnMeaning | None:
    """Columns of datasets or of architectures, whatever they are called."""
    if all(around.names.datasets.canonical(cell) for cell in cells):
        return ColumnMeaning(("dataset",))
    if all(known_architecture(cell, around.names) for cell in cells):
        return ColumnMeaning(("architecture",))
    return None


def _of_words(text: str, cells: Sequence[str], around: Surroundings) -> ColumnMeaning:
    """Columns of words: methods, the label of a row, links; of numbers that nothing names, no meaning at all."""
    if labels := _names_in_cells(cells, around):
        return labels
    if says(text, r"methods?|approach|algorithm|technique|criterion|importance"):
        return ColumnMeaning(("method",))
    if says(text, "trials|runs|seeds"):
        return ColumnMeaning(("trials",))
    has_words = sum(parts_of(cell) is None for cell in cells) > len(cells) / 2
    if around.number == 0 and _are_row_numbers(cells):
        return ColumnMeaning((LEFT_OUT,), "row numbers")
    begins_with_words = any(not re.match(r"[~<>]?[+-]?[\d.]", cell) for cell in cells)
    if says(text, LINKS) and has_words:
        return ColumnMeaning((LEFT_OUT,), "links")
    if around.number == 0 and (begins_with_words or not text):
        return ColumnMeaning(("row",))
    if has_words:
        return ColumnMeaning((NOTE,))
    return ColumnMeaning((LEFT_OUT,))
