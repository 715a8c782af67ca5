"""The verbs of the meta-analysis: draw `figures`, print `stats`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from app.cli import terminal
from app.cli.application import verb
from app.cli.options import (
    CorpusOption,
    OutputOption,
    PublishedOption,
    RerunsFromOption,
    TableFormatOption,
    corpus_folder,
    load,
    require_known,
    results_folder,
)


@verb("prunebase figures fragmentation -o out --format svg,csv", takes_any_option=True)
def figures(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Figures to draw (default: all).")] = None,
    output: OutputOption = Path("build/figures"),
    format: Annotated[
        str, typer.Option(help="svg, png, csv, json, html, vega; several with commas.")
    ] = "svg,png,csv",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
    reruns_from: RerunsFromOption = None,
) -> None:
    """Draw figures, and index.html with every figure and table when none is named."""
    from app.cli.drawing import draw

    chosen, options = names_and_options([*(names or ()), *context.args])
    paths = draw(
        lambda: corpus_folder(corpus),
        chosen,
        output,
        tuple(format.split(",")),
        as_published,
        options,
        results_folder(reruns_from),
    )
    for path in paths:
        print(path)


@verb("prunebase stats common_pairs --format csv", takes_any_option=True)
def stats(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Statistics to print (default: all).")] = None,
    format: TableFormatOption = "table",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
    reruns_from: RerunsFromOption = None,
) -> None:
    """Print statistics."""
    from app.cli.drawing import chosen_options
    from metaanalysis.drawing.tables_as_text import TABLE_FORMATS
    from metaanalysis.registry import select, statistics

    require_known("--format", format, TABLE_FORMATS)
    chosen, options = names_and_options([*(names or ()), *context.args])
    entries = select(statistics(), chosen)
    options_of_entries = chosen_options(entries, options)
    loaded = load(corpus, as_published, reruns_from=reruns_from)
    for entry in entries:
        data = entry.data(loaded, **options_of_entries[entry.name])
        if format == "table":
            terminal.print_table(data, f"{entry.title} ({loaded.dates})" if loaded.dates else entry.title)
            print()
        else:
            terminal.print_as(data, format)


def names_and_options(words: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Names, and the values of options that belong to a figure or statistic by the name of the parameter.

    Example: `baselines --at-least 3` gives (["baselines"], {"at_least": "3"}); ValueError for `--at-least` alone.
    """
    names: list[str] = []
    options: dict[str, str] = {}
    position = iter(words)
    for word in position:
        if not word.startswith("--"):
            names.append(word)
            continue
        name, equals, value = word.removeprefix("--").partition("=")
        options[name.replace("-", "_")] = value if equals else _next_value(word, position)
    return names, options


def _next_value(option: str, words: Iterator[str]) -> str:
    """The word after an option; ValueError if there is none."""
    value = next(words, None)
    if value is None:
        raise ValueError(f"{option}: expected a value after it")
    return value
