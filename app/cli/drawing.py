"""Draws the chosen figures into a folder, and the report when all are chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.catalogue.corpus import Corpus
from corpus.checks.check import load
from corpus.schema.suggest import did_you_mean
from metaanalysis.drawing.render import FIGURE_FORMATS, Drawing, Gallery, file_name, write
from metaanalysis.drawing.report import view_of, write_report, write_sources
from metaanalysis.drawing.tables_as_text import csv_of, write_data
from metaanalysis.registry import PAPERS, Entry, figures, select, statistics
from metaanalysis.survey.its_papers import Papers, limited_to


def draw(
    corpus_folder: Callable[[], Path],
    names: list[str],
    output: Path,
    formats: tuple[str, ...],
    as_published: bool,
    options: dict[str, str],
    reruns_from: Path | None = None,
) -> list[Path]:
    """Writes `output`/<name>.<format> for each figure named, all with index.html if none is; returns the paths.

    Parameters:
        corpus_folder: gives the folder to read, once names, formats and options are known to be right.
        options: values of the figures' own options by name, as they were typed.
        reruns_from: where our own runs lie, if not beside the corpus.
    """
    for kind in formats:
        if kind not in FIGURE_FORMATS:
            hint = did_you_mean(kind, FIGURE_FORMATS)
            raise ValueError(f"--format: '{kind}' is unknown{hint}; expected {', '.join(FIGURE_FORMATS)}")
    entries = select(figures(), names)
    chosen = chosen_options(entries, options)
    folder = corpus_folder()
    corpus = load(folder, as_published=as_published, reruns_from=reruns_from)
    gallery = Gallery(formats)
    if not names:
        entries = _with_twins(entries, corpus)
    for entry in entries:
        options_of_entry = chosen.get(entry.name, {})
        data = entry.data(corpus, **options_of_entry)
        write_data(entry, data, output, formats)
        drawn_from = limited_to(options_of_entry.get(PAPERS, _usual_papers(entry)), corpus)
        gallery.add(Drawing(entry, data, view_of(drawn_from)))
    if names:
        gallery.finish()
        gallery.write(output)
        return _figure_files(entries, output, formats)

    tables = {entry: entry.data(corpus) for entry in statistics().values()}
    svgs = gallery.finish()
    gallery.write(output)
    written = _figure_files(entries, output, formats)
    for entry, data in tables.items():
        written.append(write(output / f"{entry.name}.csv", csv_of(data)))
    write_sources(corpus, output / "sources", folder)
    drawn = {entry: svgs[entry.name] for entry in entries}
    written.append(write_report(corpus, output, drawn, tables, formats))
    return written


def _with_twins(entries: list[Entry], corpus: Corpus) -> list[Entry]:
    """The figures, those of the survey's papers alone followed by the same from all papers where there are more."""
    shown: list[Entry] = []
    for entry in entries:
        shown.append(entry)
        if entry.chooses_papers and limited_to("survey", corpus) is not corpus:
            shown.append(entry.twin())
    return shown


def _usual_papers(entry: Entry) -> Papers:
    return "survey" if entry.chooses_papers else "all"


def _figure_files(entries: list[Entry], output: Path, formats: tuple[str, ...]) -> list[Path]:
    return [output / file_name(entry.name, kind) for entry in entries for kind in formats]


def chosen_options(entries: list[Entry], options: dict[str, str]) -> dict[str, dict]:
    """Keyword arguments by entry name; ValueError for an option that none of the entries has."""
    known = {option.name for entry in entries for option in entry.options}
    for name in options:
        if name not in known:
            raise ValueError(_unknown_option(name, known))
    chosen: dict[str, dict] = {}
    for entry in entries:
        given = [option for option in entry.options if option.name in options]
        chosen[entry.name] = {option.name: option.parse(options[option.name]) for option in given}
    return chosen


def _unknown_option(name: str, known: set[str]) -> str:
    """What is wrong with an option: `--at-lest: no such option; did you mean --at-least?`."""
    spelled = sorted(_as_typed(option) for option in known)
    expected = f"; expected one of: {', '.join(spelled)}" if known else "; these have no options"
    typed = _as_typed(name)
    return f"{typed}: no such option{did_you_mean(typed, spelled) or expected}"


def _as_typed(option: str) -> str:
    return f"--{option.replace('_', '-')}"
