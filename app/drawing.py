"""Draws the chosen figures into a folder, and the report when all are chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.suggest import did_you_mean
from metaanalysis.render import FIGURE_FORMATS, Renderer, file_name, write

if TYPE_CHECKING:
    from corpus.catalogue import Corpus
    from metaanalysis.registry import Entry


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
    with Renderer() as renderer:
        from corpus.check import load
        from metaanalysis.registry import figures, select

        entries = select(figures(), names)
        chosen = chosen_options(entries, options)
        folder = corpus_folder()
        corpus = load(folder, as_published=as_published)
        written, svgs = _draw_each(renderer, entries, chosen, corpus, output, formats)
        if not names:
            written += _report(corpus, output, svgs, formats, folder)
        for future in svgs.values():
            future.result()
    return written


def _draw_each(
    renderer: Renderer, entries: list[Entry], chosen: dict, corpus: Corpus, output: Path, formats: tuple[str, ...]
) -> tuple[list[Path], dict]:
    import altair as alt

    from metaanalysis.export import write_data
    from metaanalysis.report import view_of

    svgs, written = {}, []
    with alt.utils.schemapi.debug_mode(False):  # specs are validated by the tests; here that would double the time
        for entry in sorted(entries, key=lambda entry: entry.name != "fragmentation"):
            data = entry.data(corpus, **chosen[entry.name])
            chart = entry.chart(data, view_of(corpus))
            svgs[entry] = renderer.submit(chart, output, entry.name, formats)
            written += write_data(entry, data, output, formats)
            written += [output / file_name(entry.name, kind) for kind in formats if kind not in ("csv", "json")]
    return written, svgs


def _report(corpus: Corpus, output: Path, svgs: dict, formats: tuple[str, ...], folder: Path) -> list[Path]:
    from metaanalysis.export import csv_of
    from metaanalysis.registry import statistics
    from metaanalysis.report import write_report, write_sources

    tables = {entry: entry.data(corpus) for entry in statistics().values()}
    written = [write(output / f"{entry.name}.csv", csv_of(data)) for entry, data in tables.items()]
    write_sources(corpus, output / "sources", folder)
    drawn = {entry: svgs[entry].result() for entry in sorted(svgs, key=lambda entry: entry.name)}
    return [*written, write_report(corpus, output, drawn, tables, formats)]


def chosen_options(entries: list[Entry], options: dict[str, str]) -> dict[str, dict]:
    """Keyword arguments by entry name; ValueError for an option that none of the entries has."""
    known = {option.name for entry in entries for option in entry.options}
    for name in options:
        if name not in known:
            shown = name.replace("_", "-")
            expected = f"; expected one of: {', '.join(sorted(known))}" if known else "; these have no options"
            raise ValueError(f"--{shown}: no such option{did_you_mean(name, known) or expected}")
    return {
        entry.name: {
            option.name: option.parse(options[option.name]) for option in entry.options if option.name in options
        }
        for entry in entries
    }
