"""Shows the tree of printed numbers behind each value of a measure."""

from __future__ import annotations

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.derive import Derivation, routes
from corpus.numbers.measures import NORMAL_FORM, formatted
from corpus.schema.suggest import did_you_mean


def explain(corpus: Corpus, paper: str, measure: str) -> str:
    """One tree for each operating point of `paper` that has `measure`; KeyError-free: ValueError with a suggestion."""
    if paper not in corpus.papers:
        raise ValueError(f"no paper '{paper}' in the corpus{did_you_mean(paper, corpus.papers)}")
    if measure not in NORMAL_FORM:
        known = f"; expected one of: {', '.join(NORMAL_FORM)}"
        raise ValueError(f"no measure '{measure}'{did_you_mean(measure, NORMAL_FORM) or known}")
    points = [point for point in corpus.papers[paper].points if not _is_bulk(point)]
    trees = [_point_tree(point, measure) for point in points if measure in point.values]
    if not trees:
        return f"{paper} reports nothing from which {measure} follows."
    return "\n\n".join(trees)


def _is_bulk(point: OperatingPoint) -> bool:
    return point.released


def _point_tree(point: OperatingPoint, measure: str) -> str:
    head = f"{point.label}: {point.architecture} on {point.dataset} ({point.location})  [{point.point_id}]"
    chosen = point.values[measure]
    lines = [head, *tree_lines(chosen)]
    for other in routes(point.leaves, measure):
        if other.formula == chosen.formula:
            continue
        verdict = "agrees" if other.quantity.overlaps(chosen.quantity) else "CONTRADICTS"
        lines.append(f"  also, {verdict}: {_formatted(measure, other, whole=True)}")
    return "\n".join(lines)


def tree_lines(derivation: Derivation, depth: int = 0) -> list[str]:
    """The derivation as indented lines, leaves with file and line."""
    lines = ["  " * (depth + 1) + _formatted(derivation.measure, derivation)]
    for part in derivation.inputs:
        lines += tree_lines(part, depth + 1)
    return lines


def _formatted(measure: str, derivation: Derivation, whole: bool = False) -> str:
    quantity = derivation.quantity
    value = f"{measure} = {formatted(measure, quantity.value)}"
    interval = f" [{formatted(measure, quantity.low)}, {formatted(measure, quantity.high)}]"
    if derivation.inputs:
        return f"{value}{interval} = {derivation.formula if whole else derivation.route}"
    spread = "" if quantity.std is None else f" ± {quantity.std:g}"
    return f"{value}{spread}{interval} {derivation.route}: '{quantity.printed}'  {derivation.file}:{derivation.line}"
