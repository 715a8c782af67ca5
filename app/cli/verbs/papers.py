"""The verbs that read papers: `show` one, `explain` a number of it, `find` operating points."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli import terminal
from app.cli.application import verb
from app.cli.options import CorpusOption, PublishedOption, TableFormatOption, load, require_known

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
    format: TableFormatOption = "table",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
) -> None:
    """Find what has been reported, by year, with intervals; never ranked."""
    from metaanalysis.drawing.tables_as_text import TABLE_FORMATS

    require_known("--format", format, TABLE_FORMATS)
    points = load(corpus, as_published).find(
        dataset=dataset,
        architecture=architecture,
        compression=range_of("--compression", compression),
        speedup=range_of("--speedup", speedup),
    )
    if format == "table":
        from app.cli.found_points import found_table

        terminal.print_table(found_table(points))
        print(f"{len(points)} operating points of {points['paper'].nunique()} papers")
    else:
        terminal.print_as(points, format)


def range_of(option: str, text: str | None) -> Range | None:
    """`3..5`, `3..`, `..5` or `4` as the lowest and highest ratio, None for an open end; ValueError otherwise."""
    if text is None:
        return None
    low, dots, high = text.partition("..")
    if not dots:
        high = low
    try:
        lowest, highest = _ratio(low), _ratio(high)
    except ValueError:
        raise ValueError(f"{option}: '{text}' is not a range; expected 3..5, 3.., ..5 or 4") from None
    for end in (lowest, highest):
        if end is not None and not 0 <= end < float("inf"):
            raise ValueError(f"{option}: '{text}' is impossible; expected positive numbers")
    if lowest is not None and highest is not None and lowest > highest:
        raise ValueError(f"{option}: {text} is empty; expected the smaller number first")
    return lowest, highest


def _ratio(text: str) -> float | None:
    """`3` or `3x` as a number, nothing as None."""
    return float(text.rstrip("x")) if text else None
