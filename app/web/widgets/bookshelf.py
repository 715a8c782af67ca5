"""Papers found by anything they say, and what one paper reports, corrects and doubts."""

from __future__ import annotations

from collections.abc import Iterator

from app.web.words import link, plain, to_line
from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper
from corpus.numbers.measures import COUNT, MEASURES, NORMAL_FORM, SHOW, UNPRUNED, formatted, shown_in
from corpus.schema.paper import Block, Correction, PrunedRow, Unpruned

COUNTS = tuple(name for name in MEASURES if MEASURES[name].kind == COUNT)
OF_UNPRUNED = tuple(name for name in NORMAL_FORM if name.startswith(UNPRUNED))
SHOWN_MEASURES = (*shown_in(SHOW), *COUNTS, *OF_UNPRUNED)
"""What the verb `show` prints comes first."""


def matching(corpus: Corpus, wanted: str) -> list[Paper]:
    """Papers in which every word of `wanted` occurs somewhere, by year and key."""
    words = wanted.lower().split()
    papers = []
    for paper in corpus.papers.values():
        everything = _everything(paper)
        if all(word in everything for word in words):
            papers.append(paper)
    return sorted(papers, key=lambda paper: (paper.year, paper.key))


def _everything(paper: Paper) -> str:
    """All that a paper can be found by, in lower case."""
    written = paper.written
    words = [paper.key, paper.label, written.title, *written.authors, paper.venue, paper.date]
    words += filter(None, (written.published, written.arxiv, written.doi))
    for entry in paper.entries:
        words += (entry.dataset, entry.architecture)
    for key, method in paper.methods.items():
        words.append(method.name or key)
    return " ".join(words).lower()


def result_rows(paper: Paper) -> Iterator[list[str]]:
    """One row per value of each operating point: as printed and in normal form side by side; released runs left out."""
    for point in paper.points:
        if not point.released:
            for measure in SHOWN_MEASURES:
                if measure in point.values:
                    yield _value_row(point, measure)


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


def check_rows(paper: Paper) -> Iterator[list[str]]:
    """One row per check of a value, those of released runs left out, those of an unpruned network once."""
    seen = set()
    for point in paper.points:
        for check in () if point.released else point.checks:
            row = [
                plain(f"{point.architecture} on {point.dataset}"),
                plain(check.measure.replace("_", " ")),
                plain(check.against),
                plain(check.at),
                plain(check.printed or ""),
                plain(check.agrees),
            ]
            of_unpruned = (*row, point.location)
            if check.measure.startswith(UNPRUNED) and of_unpruned in seen:
                continue
            seen.add(of_unpruned)
            yield [*row, to_line(point.file, point.line, f"line {point.line}")]


def remarks(paper: Paper) -> Iterator[str]:
    """Doubts, corrections and additions of a paper as Markdown lines."""
    if paper.written.doubt:
        yield f"Doubt: {plain(paper.written.doubt)}"
    for measure, correction in (paper.written.correction or {}).items():
        yield _corrected(measure, correction)
    for comparison in paper.comparisons:
        if comparison.doubt:
            other = link(comparison.compares_to, "papers", paper=comparison.compares_to)
            yield f"Doubted comparison to {other}: {plain(comparison.doubt)}"
    for block in paper.written.results:
        about = plain(f"{block.architecture} on {block.dataset}")
        for part in (block, block.unpruned, *(block.pruned or ())):
            if part is not None:
                yield from _remarks_on(part, about)


def _remarks_on(part: Block | Unpruned | PrunedRow, about: str) -> Iterator[str]:
    """What is doubted, corrected or added in a block, its unpruned network or a row of it."""
    if part.doubt:
        yield f"Doubt about {about}: {plain(part.doubt)}"
    for measure, correction in (part.correction or {}).items():
        yield f"{about}: {_corrected(measure, correction)}"
    for added in getattr(part, "added", None) or ():
        numbers = []
        for measure in type(added).model_fields:
            if measure != "from_" and getattr(added, measure) is not None:
                numbers.append(f"{measure} {getattr(added, measure).printed}")
        yield f"Added for {about}: {plain(', '.join(numbers))} (from {plain(added.from_)})"


def _corrected(measure: str, correction: Correction) -> str:
    """What the sheet has, what holds instead, and why."""
    words = f"corrected to {correction.value}"
    if correction.moved_to:
        words = f"moved to {correction.moved_to}"
    if correction.sheet:
        words = f"sheet has {correction.sheet}, {words}"
    source = f" (from {plain(correction.from_)})" if correction.from_ else ""
    return f"{plain(measure)}: {plain(words)}, because {plain(correction.because)}{source}"
