"""A paper as text: bibliography, comparisons in and out, and its results row by row."""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus, Entry, OperatingPoint, Paper
from corpus.catalogue.training_text import recipe_lines
from corpus.numbers.measures import SHOW, formatted, shown_in
from corpus.schema.suggest import did_you_mean

SHOWN = shown_in(SHOW)


def paper_text(corpus: Corpus, key: str) -> str:
    """Everything the corpus says about the paper `key`; ValueError with a suggestion if there is none."""
    if key not in corpus.papers:
        raise ValueError(f"no paper '{key}' in the corpus{did_you_mean(key, corpus.papers)}")
    paper = corpus.papers[key]
    return "\n".join([*_bibliography(paper), "", *_comparisons(corpus, paper), "", *_results(paper)])


def _bibliography(paper: Paper) -> list[str]:
    written = paper.written
    lines = [
        f"{written.title}",
        f"  {', '.join(written.authors)}",
        f"  {paper.venue}, {paper.date} ({'peer-reviewed' if paper.peer_reviewed else 'not peer-reviewed'})",
    ]
    if written.published:
        lines.append(f"  published: {written.published}")
    links = {"arXiv": written.arxiv, "DOI": written.doi, "link": written.url, "code": written.code}
    lines += [f"  {name}: {value}" for name, value in links.items() if value]
    lines += [
        f"  {name}: {text}" for name, text in (("note", written.note), ("doubt", written.doubt)) if text
    ]
    lines.append(f"  file: {paper.file}")
    for name, method in paper.methods.items():
        axes = ("structure", "scoring", "scope", "scheduling", "fine_tuning")
        stated = [f"{axis} {getattr(method, axis)}" for axis in axes if getattr(method, axis) != "unknown"]
        lines.append(f"  method {name}: {', '.join(stated) or 'no axis stated'}")
    told = [line for applied in paper.recipes for line in recipe_lines(applied)]
    return [*lines, *(f"  {part}: {words}" for part, words in told)]


def _comparisons(corpus: Corpus, paper: Paper) -> list[str]:
    outgoing = [
        comparison.compares_to + (f" (doubted: {comparison.doubt})" if comparison.doubt else "")
        for comparison in paper.comparisons
    ]
    incoming = [
        comparison.paper for comparison in corpus.comparisons if comparison.compares_to == paper.key
    ]
    return [
        f"compares to ({len(outgoing)}): {', '.join(outgoing) or 'no other paper of the corpus'}",
        f"compared to by ({len(incoming)}): {', '.join(sorted(incoming)) or 'no paper of the corpus'}",
    ]


def _results(paper: Paper) -> list[str]:
    lines = []
    released = 0
    place: tuple = ()
    for entry in paper.entries:
        if entry.released:
            released += 1
            continue
        here = (entry.dataset, entry.architecture, entry.location)
        if here != place:
            lines.append(f"{entry.architecture} on {entry.dataset} ({_where(entry)})")
            place = here
        lines.append(_row(entry))
    if released:
        lines.append(f"and {released} released runs (see `prunebase query`)")
    return lines


def _where(entry: Entry) -> str:
    return "place in the paper unknown" if entry.location == "unknown" else entry.location


def _row(entry: Entry) -> str:
    if entry.point is None:
        return f"  no numbers: {entry.reason}  {entry.file}:{entry.line}"
    point = entry.point
    numbers = [f"{name} {formatted(name, point.value(name))}" for name in SHOWN if name in point.values]
    only = [
        f"unpruned {name[9:]} {formatted(name, point.value(name))}" for name in point.values if not numbers
    ]
    return f"  {point.label}: {', '.join(numbers or only)}{_remarks(point)}  {point.file}:{point.line}"


def _remarks(point: OperatingPoint) -> str:
    routes = {leaf.route for leaf in point.leaves.values()}
    remarks = [name for name in ("corrected", "added") if name in routes]
    remarks += ["doubted"] if point.doubt else []
    remarks += ["verified"] if point.verified else []
    return f"  [{', '.join(remarks)}]" if remarks else ""


MEASURED = (
    ("compression_ratio", "compression"),
    ("theoretical_speedup", "speedup"),
    ("top1_change", "Top-1 change"),
    ("top5_change", "Top-5 change"),
)


def found_table(found: pd.DataFrame) -> pd.DataFrame:
    """The result of `find` as a person reads it: values with intervals, the place; released runs of a method in one."""
    released = found["released"].astype(bool)
    single = found[~released]
    rows = [
        (*row[:4], *measured, location, f"{file}:{line}")
        for *row, location, file, line, measured in zip(
            *(
                single[name]
                for name in ("year", "label", "architecture", "dataset", "location", "file", "line")
            ),
            zip(
                *([_with_interval(name, *ends) for ends in _ends(single, name)] for name, _ in MEASURED),
                strict=True,
            ),
            strict=True,
        )
    ]
    runs = found[released].groupby(["year", "label", "architecture", "dataset", "file"], sort=False)
    for (*about, file), group in runs:
        spans = [_span(name, group[name].dropna()) for name, _ in MEASURED]
        rows.append((*about, *spans, f"{len(group)} released runs", file))
    titles = [
        "year",
        "label",
        "architecture",
        "dataset",
        *(title for _, title in MEASURED),
        "in the paper",
        "file",
    ]
    return pd.DataFrame(rows, columns=titles).sort_values(["year", "label"], kind="stable")


def _ends(found: pd.DataFrame, measure: str) -> zip:
    return zip(found[measure], found[f"{measure}_low"], found[f"{measure}_high"], strict=True)


def _span(measure: str, values: pd.Series) -> str:
    if values.empty:
        return ""
    unit = "x" if measure in ("compression_ratio", "theoretical_speedup") else ""
    ends = [f"{end:.3g}{unit}" if unit else f"{end:+.2f}" for end in (values.min(), values.max())]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _with_interval(measure: str, value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return ""
    half = max(high - value, value - low)
    unit = "x" if measure in ("compression_ratio", "theoretical_speedup") else ""
    shown = f"{value:.3g}{unit}" if unit else f"{value:+.2f}"
    return f"{shown} ±{half:.1g}" if half > 1e-9 else shown
