"""A paper as text: bibliography, comparisons in and out, and its results row by row."""

from __future__ import annotations

from corpus.catalogue.checks_of_values import trail
from corpus.catalogue.corpus import Corpus, OperatingPoint, Paper, ResultEntry
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
        lines.append(f"  method {name}: {', '.join(stated) or 'no axis stated'}")
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
    """Rows under the setting and the table they belong to; released runs are only counted."""
    lines = []
    heading = ""
    for entry in paper.entries:
        if entry.released:
            continue
        place = "place in the paper unknown" if entry.location == "unknown" else entry.location
        heading_of_entry = f"{entry.architecture} on {entry.dataset} ({place})"
        if heading_of_entry != heading:
            lines.append(heading_of_entry)
            heading = heading_of_entry
            lines += _check_lines(entry, of_unpruned=True)
        lines.append(_row(entry))
        lines += _check_lines(entry, of_unpruned=False)
    released = sum(entry.released for entry in paper.entries)
    if released:
        lines.append(f"and {released} released runs (see `prunebase query`)")
    return lines


def _check_lines(entry: ResultEntry, of_unpruned: bool) -> list[str]:
    """The checks of a row's own values, or of its unpruned network's, which stand once above all of its rows."""
    if entry.point is None:
        return []
    checks = [check for check in entry.point.checks if check.measure.startswith(UNPRUNED) == of_unpruned]
    return [f"    checked {line}" for line in trail(checks)]


def _row(entry: ResultEntry) -> str:
    if entry.point is None:
        return f"  no numbers: {entry.reason}  {entry.file}:{entry.line}"
    point = entry.point
    numbers = [
        f"{name} {formatted(name, point.value(name))}" for name in SHOWN_MEASURES if name in point.values
    ]
    if not numbers:
        for name in point.values:
            words = name.replace("unpruned_", "unpruned ")
            numbers.append(f"{words} {formatted(name, point.value(name))}")
    return f"  {point.label}: {', '.join(numbers)}{_remarks(point)}  {point.file}:{point.line}"


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
