"""A paper as text: bibliography, comparisons in and out, and its results row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.catalogue.checks_of_values import trail
from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper, ResultEntry
from corpus.catalogue.results import NOT_PRINTED
from corpus.catalogue.training_text import recipe_lines
from corpus.numbers.measures import SHOW, UNPRUNED, formatted, shown_in
from corpus.schema.suggest import did_you_mean

SHOWN_MEASURES = shown_in(SHOW)
AXES = ("structure", "scoring", "scope", "scheduling", "fine_tuning")


def paper_text(corpus: Corpus, key: str) -> str:
    """Everything the corpus says about the paper `key`; ValueError with a suggestion if there is none."""
    if key not in corpus.papers:
        raise ValueError(f"no paper '{key}' in the corpus{did_you_mean(key, corpus.papers)}")
    paper = corpus.papers[key]
    lines = [*_bibliography(paper), *_method_lines(paper), ""]
    lines += [*_comparisons(corpus, paper), "", *_results(paper)]
    return "\n".join(lines)


def _bibliography(paper: Paper) -> list[str]:
    """Who, where and when, and the ways to the paper itself."""
    written = paper.written
    reviewed = "peer-reviewed" if paper.peer_reviewed else "not peer-reviewed"
    lines = [
        written.title,
        f"  {', '.join(written.authors)}",
        f"  {paper.venue}, {paper.date} ({reviewed})",
    ]
    facts = {
        "published": written.published,
        "arXiv": written.arxiv,
        "DOI": written.doi,
        "link": written.url,
        "code": written.code,
        "note": written.note,
        "doubt": written.doubt,
        "unverified": written.unverified,
        "file": paper.file,
    }
    for name, value in facts.items():
        if value:
            lines.append(f"  {name}: {value}")
    return lines


def _method_lines(paper: Paper) -> list[str]:
    """How the paper prunes and trains, as far as its file says."""
    lines = []
    for name, method in paper.methods.items():
        stated = [f"{axis} {getattr(method, axis)}" for axis in AXES if getattr(method, axis) != "unknown"]
        if method.n and method.m:
            stated[0] = f"structure {method.n}:{method.m}"
        if method.same_method:
            stated.append(f"the same as {method.same_method}")
        names = [word for word in (method.full_name or method.name, method.acronym) if word]
        called = f" ({', '.join(names)})" if names else ""
        lines.append(f"  method {name}{called}: {', '.join(stated) or 'no axis stated'}")
    for recipe in paper.recipes:
        for part, words in recipe_lines(recipe):
            lines.append(f"  {part}: {words}")
    return lines


def _comparisons(corpus: Corpus, paper: Paper) -> list[str]:
    outgoing = []
    for comparison in paper.comparisons:
        doubt = f" (doubted: {comparison.doubt})" if comparison.doubt else ""
        outgoing.append(comparison.compares_to + doubt)
    incoming = [other.paper for other in corpus.comparisons if other.compares_to == paper.key]
    return [
        f"compares to ({len(outgoing)}): {', '.join(outgoing) or 'no other paper of the corpus'}",
        f"compared to by ({len(incoming)}): {', '.join(sorted(incoming)) or 'no paper of the corpus'}",
    ]


def _results(paper: Paper) -> list[str]:
    """Rows under the setting and the table they belong to, quoted ones last; released runs are only counted."""
    rows = [
        _Row(entry.point, _of_entry(entry), _row(entry)) for entry in paper.entries if not entry.released
    ]
    quoted = [_Row(point, _setting(point, point.location), _point_row(point)) for point in paper.quoted]
    lines = [*_under_headings(rows)]
    released = sum(entry.released for entry in paper.entries)
    if released:
        lines.append(f"and {released} released runs (see `prunebase query`)")
    if quoted:
        lines += ["", f"quoted from others ({len(quoted)}), never counted as this paper's:"]
        lines += _under_headings(quoted)
    return lines


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of results in words, with what it stands under."""

    point: OperatingPoint | None
    heading: str
    text: str


def _under_headings(rows: Iterable[_Row]) -> Iterator[str]:
    """Each row under its heading, which is written once."""
    last = ""
    for row in rows:
        heading = "\n".join([row.heading, *_circumstances(row.point)])
        if heading != last:
            yield heading
            last = heading
            yield from _check_lines(row.point, of_unpruned=True)
        yield row.text
        yield from _check_lines(row.point, of_unpruned=False)


def _of_entry(entry: ResultEntry) -> str:
    return _setting(entry, entry.location)


def _setting(result: ResultEntry | OperatingPoint, location: str) -> str:
    place = "place in the paper unknown" if location == "unknown" else location
    return f"{result.architecture} on {result.dataset} ({place})"


def _circumstances(point: OperatingPoint | None) -> Iterator[str]:
    """Whose numbers they are, where they were read, which version, and how they were measured."""
    if point is None:
        return
    role = {"quoted": "quoted from", "reproduced": "method run here, of"}.get(point.role)
    protocol = ", ".join(f"{name} {value}" for name, value in point.protocol.items())
    needs_one = any(point.protocol_text(measure) == NOT_PRINTED for measure in point.leaves)
    facts = {
        role: point.of or "a source that is not named",
        "source": (point.source or "").partition("#")[0],
        "version": point.version,
        "protocol": protocol or (NOT_PRINTED if needs_one else ""),
    }
    for name, value in facts.items():
        if name and value:
            yield f"  {name}: {value}"


def _check_lines(point: OperatingPoint | None, of_unpruned: bool) -> list[str]:
    """The checks of a row's own values, or of its unpruned network's, which stand once above all of its rows."""
    if point is None:
        return []
    checks = [check for check in point.checks if check.measure.startswith(UNPRUNED) == of_unpruned]
    return [f"    checked {line}" for line in trail(checks)]


def _row(entry: ResultEntry) -> str:
    if entry.point is None:
        return f"  no numbers: {entry.reason}  {entry.file}:{entry.line}"
    return _point_row(entry.point)


def _point_row(point: OperatingPoint) -> str:
    """The numbers of one operating point, what a reader should know of them, and their line."""
    numbers = [_number(point, name) for name in SHOWN_MEASURES if name in point.values]
    if not numbers:
        numbers = [_number(point, name) for name in point.values]
    return f"  {point.label}: {', '.join(numbers)}{_remarks(point)}  {point.file}:{point.line}"


def _number(point: OperatingPoint, name: str) -> str:
    quantity = point.values[name].quantity
    return f"{name.replace('unpruned_', 'unpruned ')} {formatted(name, quantity.value, quantity.unit)}"


def _remarks(point: OperatingPoint) -> str:
    """What a reader should know of the numbers: `  [corrected, verified]`."""
    routes = {leaf.route for leaf in point.leaves.values()}
    remarks = [name for name in ("corrected", "added") if name in routes]
    if point.doubt:
        remarks.append("doubted")
    for measure, count in point.views.items():
        if count > 1 and (measure in point.values or f"{UNPRUNED}{measure}" in point.values):
            remarks.append(f"{measure} of {count} views")
    if point.verified == 1:
        remarks.append("verified")
    elif point.verified:
        remarks.append("verified in part")
    return f"  [{', '.join(remarks)}]" if remarks else ""
