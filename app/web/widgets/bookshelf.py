"""Papers found by anything they say, and what one paper reports, corrects and doubts."""

from __future__ import annotations

from collections.abc import Iterator

from app.web.words import link, plain, to_line
from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from corpus.numbers.explain import formatted

SHOWN = (
    *("compression_ratio", "theoretical_speedup", "top1", "top1_change", "top5", "top5_change"),
    *("params", "flops", "unpruned_top1", "unpruned_top5", "unpruned_params", "unpruned_flops"),
)


def matching(corpus: Corpus, wanted: str) -> list[Paper]:
    """Papers in which every word of `wanted` occurs somewhere, by year and key."""
    words = wanted.lower().split()
    found = [paper for paper in corpus.papers.values() if all(word in _everything(paper) for word in words)]
    return sorted(found, key=lambda paper: (paper.year, paper.key))


def _everything(paper: Paper) -> str:
    written = paper.written
    used = {name for entry in paper.entries for name in (entry.dataset, entry.architecture)}
    said = (
        paper.key,
        paper.label,
        written.title,
        *written.authors,
        paper.venue,
        written.published or "",
        paper.date,
    )
    names = (method.name or name for name, method in paper.methods.items())
    return " ".join((*said, written.arxiv or "", written.doi or "", *used, *names)).lower()


def result_rows(paper: Paper) -> Iterator[list[str]]:
    """One row per value of each operating point: as printed and in normal form side by side; released runs left out."""
    for point in paper.points:
        if not point.released:
            yield from (_value_row(point, name) for name in SHOWN if name in point.values)


def _value_row(point: OperatingPoint, measure: str) -> list[str]:
    value = point.values[measure]
    quantity = value.quantity
    leaf = next(value.leaves())
    printed = ", ".join(
        f"{part.measure.replace('_', ' ')} {part.quantity.printed}" for part in value.leaves()
    )
    spread = "" if quantity.std is None else f" ± {quantity.std:g}"
    between = f"{formatted(measure, quantity.low)} to {formatted(measure, quantity.high)}"
    return [
        plain(f"{point.architecture} on {point.dataset}"),
        plain(point.label),
        plain(measure.replace("_", " ")),
        plain(printed),
        plain(formatted(measure, quantity.value) + spread),
        plain(between if quantity.high > quantity.low else ""),
        plain(f"derived: {value.formula}" if value.inputs else f"reported, {value.route}"),
        to_line(leaf.file, leaf.line, f"line {leaf.line}"),
    ]


def remarks(paper: Paper) -> Iterator[str]:
    """Doubts, corrections and additions of a paper as Markdown lines."""
    if paper.written.doubt:
        yield f"Doubt: {plain(paper.written.doubt)}"
    for name, correction in (paper.written.correction or {}).items():
        yield _corrected(name, correction)
    for comparison in paper.comparisons:
        if comparison.doubt:
            yield (
                f"Doubted comparison to {link(comparison.compares_to, 'papers', paper=comparison.compares_to)}: "
                + plain(comparison.doubt)
            )
    for block in paper.written.results:
        about = plain(f"{block.architecture} on {block.dataset}")
        parts = (block, block.unpruned, *(block.pruned or ()))
        for part in filter(None, parts):
            if part.doubt:
                yield f"Doubt about {about}: {plain(part.doubt)}"
            for name, correction in (part.correction or {}).items():
                yield f"{about}: {_corrected(name, correction)}"
            for added in getattr(part, "added", None) or ():
                numbers = ", ".join(f"{name} {getattr(added, name).printed}" for name in _given(added))
                yield f"Added for {about}: {plain(numbers)} (from {plain(added.from_)})"


def _given(added: object) -> list[str]:
    return [
        name for name in type(added).model_fields if name != "from_" and getattr(added, name) is not None
    ]


def _corrected(name: str, correction: object) -> str:
    became = (
        f"moved to {correction.moved_to}" if correction.moved_to else f"corrected to {correction.value}"
    )
    source = f" (from {plain(correction.from_)})" if correction.from_ else ""
    sheet = f"sheet has {correction.sheet}, " if correction.sheet else ""
    return f"{plain(name)}: {plain(sheet + became)}, because {plain(correction.because)}{source}"
