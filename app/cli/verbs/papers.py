"""The verbs that read papers: `show` one, `explain` a number of it, `find` operating points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.cli.application import verb
from app.cli.options import CorpusOption, PublishedOption, TableFormatOption, load, require_known

if TYPE_CHECKING:
    import pandas as pd

PaperArgument = Annotated[str, typer.Argument(help="A paper's key, such as li2016pruning.")]
Range = tuple[float | None, float | None]


@verb("prunebase show li2016pruning")
def show(paper: PaperArgument, corpus: CorpusOption = None, as_published: PublishedOption = False) -> None:
    """Show a paper: its bibliography, comparisons and every result."""
    from app.cli.paper_page import paper_text

    print(paper_text(load(corpus, as_published), paper))


@verb("prunebase explain li2016pruning top1_change")
def explain(
    paper: PaperArgument,
    measure: Annotated[str, typer.Argument(help="A measure, such as top1_change.")],
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
) -> None:
    """Explain where a value comes from: the tree of printed numbers with file and line."""
    print(load(corpus, as_published).explain(paper, measure))


@verb("prunebase find --dataset ImageNet --architecture ResNet-50 --compression 3..5")
def find(
    dataset: Annotated[str | None, typer.Option(help="Such as ImageNet.")] = None,
    architecture: Annotated[
        str | None, typer.Option(help="Such as ResNet-50, or a family such as VGG.")
    ] = None,
    compression: Annotated[str | None, typer.Option(metavar="3..5", help="Compression ratios.")] = None,
    speedup: Annotated[str | None, typer.Option(metavar="2..", help="Theoretical speedups.")] = None,
    sparsity: Annotated[str | None, typer.Option(metavar="50%", help="Sparsities, in percent.")] = None,
    measure: Annotated[
        str | None,
        typer.Option(help="Only what reports this measure, by its protocol; such as perplexity."),
    ] = None,
    quoted: Annotated[
        bool, typer.Option("--quoted", help="Quoted numbers in other formats than `table` too.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Every row, where a long table would be shortened.")
    ] = False,
    format: TableFormatOption = "table",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
) -> None:
    """Find what has been reported, by year, with intervals; never ranked.

    Own results, another's method run by the paper, and quoted numbers stand apart.
    """
    from metaanalysis.drawing.tables_as_text import TABLE_FORMATS

    require_known("--format", format, TABLE_FORMATS)
    points = load(corpus, as_published).find(
        dataset=dataset,
        architecture=architecture,
        compression=range_of("--compression", compression),
        speedup=range_of("--speedup", speedup),
        sparsity=_in_parts_of_one(range_of("--sparsity", sparsity, "%")),
        measure=measure,
        quoted=quoted or format == "table",
    )
    if format == "table":
        _print_found(points, measure, shorten=not every)
    else:
        terminal.print_as(points, format)


def _print_found(points: pd.DataFrame, measure: str | None, shorten: bool) -> None:
    """The tables of a listing, and under them how much there is."""
    from app.cli.found_points import ONE_SCREEN, sections
    from corpus.numbers.measures import MEASURES

    parts = list(sections(points, measure, shorten))
    for part in parts:
        terminal.print_table(part.rows, part.head if len(parts) > 1 or measure else "")
        if len(parts) > 1:
            print()
    if measure is not None and MEASURES[measure].protocol:
        print(
            "Only rows under one heading may be compared; where no protocol is printed, only those of one table."
        )
    own = points[points["attribution"] != "quoted"]
    quoted = len(points) - len(own)
    more = f"; {quoted} quoted results" if quoted else ""
    hint = "; all of them with --all" if shorten and len(points) > ONE_SCREEN else ""
    print(f"{len(own)} operating points of {own['paper'].nunique()} papers{more}{hint}")


def _in_parts_of_one(range: Range | None) -> Range | None:
    """A range in percent as parts of 1."""
    if range is None:
        return None
    low, high = (None if end is None else end / 100 for end in range)
    return low, high


def range_of(option: str, text: str | None, unit: str = "x") -> Range | None:
    """`3..5`, `3..`, `..5` or `4` as the lowest and highest number, None for an open end; ValueError otherwise.

    Each end may have `unit` behind it.
    """
    if text is None:
        return None
    low, dots, high = text.partition("..")
    if not dots:
        high = low
    try:
        lowest, highest = _end(low, unit), _end(high, unit)
    except ValueError:
        raise ValueError(f"{option}: '{text}' is not a range; expected 3..5, 3.., ..5 or 4") from None
    for end in (lowest, highest):
        if end is not None and not 0 <= end < float("inf"):
            raise ValueError(f"{option}: '{text}' is impossible; expected positive numbers")
    if lowest is not None and highest is not None and lowest > highest:
        raise ValueError(f"{option}: {text} is empty; expected the smaller number first")
    return lowest, highest


def _end(text: str, unit: str) -> float | None:
    """`3` or `3x` as a number, nothing as None."""
    return float(text.removesuffix(unit)) if text else None
