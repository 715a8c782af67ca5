"""Draws the chosen figures into a folder, and the report when all are chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import altair as alt
import pandas as pd

from corpus.catalogue import Corpus
from corpus.check import load
from corpus.suggest import did_you_mean
from metaanalysis.export import csv_of, write_data
from metaanalysis.registry import Entry, figures, select, statistics
from metaanalysis.render import FIGURE_FORMATS, file_name, render, write
from metaanalysis.report import view_of, write_report, write_sources
from metaanalysis.side_by_side import at_once


def draw(
    corpus_folder: Callable[[], Path],
    names: list[str],
    output: Path,
    formats: tuple[str, ...],
    as_published: bool,
    options: dict[str, str],
) -> list[Path]:
    """Writes `output`/<name>.<format> for each figure named, all with index.html if none is; returns the paths."""
    for kind in formats:
        if kind not in FIGURE_FORMATS:
            hint = did_you_mean(kind, FIGURE_FORMATS)
            raise ValueError(f"--format: '{kind}' is unknown{hint}; expected {', '.join(FIGURE_FORMATS)}")
    entries = select(figures(), names)
    chosen = chosen_options(entries, options)
    folder = corpus_folder()
    corpus = load(folder, as_published=as_published)
    counted = [] if names else list(statistics().values())
    svgs, tables = _drawn(entries, chosen, counted, corpus, output, formats)
    written = [output / file_name(entry.name, kind) for entry in entries for kind in formats]
    if not names:
        written += [write(output / f"{entry.name}.csv", csv_of(data)) for entry, data in tables.items()]
        write_sources(corpus, output / "sources", folder)
        drawn = {entry: svgs[entry.name] for entry in entries}
        written.append(write_report(corpus, output, drawn, tables, formats))
    return written


BESIDE_THE_TABLES = ("corrections_on_the_grid", "resnet50_magnitude", "checklist_by_year", "comparison_graph")
"""Figures drawn in the same process as the statistics, with which they share results; about half of the work."""


def _drawn(
    entries: list[Entry], chosen: dict, counted: list[Entry], corpus: Corpus, output: Path, formats: tuple[str, ...]
) -> tuple[dict[str, str], dict[Entry, pd.DataFrame]]:
    """SVGs of the figures (all files written) and the tables, on two cores where possible."""
    half = [entry for entry in entries if entry.name in BESIDE_THE_TABLES]
    rest = [entry for entry in entries if entry not in half]
    if not (half and rest):
        return _draw_each(entries, chosen, corpus, output, formats), {}
    corpus.other_view  # noqa: B018 (read once, before the work is split)
    (tables, more), svgs = at_once(
        lambda: ([entry.data(corpus) for entry in counted], _draw_each(half, chosen, corpus, output, formats)),
        lambda: _draw_each(rest, chosen, corpus, output, formats),
    )
    return svgs | more, dict(zip(counted, tables, strict=True))


def _draw_each(
    entries: list[Entry], chosen: dict, corpus: Corpus, output: Path, formats: tuple[str, ...]
) -> dict[str, str]:
    svgs = {}
    with alt.utils.schemapi.debug_mode(False):  # specs are validated by the tests; here that would double the time
        for entry in entries:
            data = entry.data(corpus, **chosen[entry.name])
            write_data(entry, data, output, formats)
            spec = entry.chart(data, view_of(corpus)).to_dict(validate=False)
            svgs[entry.name] = render(spec, output, entry.name, formats)
    return svgs


def chosen_options(entries: list[Entry], options: dict[str, str]) -> dict[str, dict]:
    """Keyword arguments by entry name; ValueError for an option that none of the entries has."""
    known = {option.name for entry in entries for option in entry.options}
    for name in options:
        if name not in known:
            spelled = sorted(f"--{option.replace('_', '-')}" for option in known)
            shown = f"--{name.replace('_', '-')}"
            expected = f"; expected one of: {', '.join(spelled)}" if known else "; these have no options"
            raise ValueError(f"{shown}: no such option{did_you_mean(shown, spelled) or expected}")
    return {
        entry.name: {
            option.name: option.parse(options[option.name]) for option in entry.options if option.name in options
        }
        for entry in entries
    }
