"""The verb `fair`: how fair it is to set two papers' results, or two results, side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.application import verb
from app.cli.options import CorpusOption, PublishedOption, TextFormatOption, load, require_known


@verb("prunebase fair he2018soft peng2019collaborative")
def fair(
    one: Annotated[
        str, typer.Argument(metavar="A", help="A paper's key, or one of its results: li2016pruning/142.")
    ],
    other: Annotated[str, typer.Argument(metavar="B", help="Another, or the same paper again.")],
    same_base: Annotated[
        str, typer.Option(help="Base models are the same by an equal `accuracy`, or only if `named` alike.")
    ] = "accuracy",
    most: Annotated[int, typer.Option(min=1, help="Pairs of results listed as text.")] = 12,
    format: TextFormatOption = "text",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
) -> None:
    """Tell how fair a comparison is: the strictest setup that two results satisfy, or what differs or is not known."""
    from metaanalysis.fairness import text as fairness_text
    from metaanalysis.fairness.setups import fair as fairness_of

    require_known("--format", format, ("text", "json"))
    fairness = fairness_of(load(corpus, as_published), one, other, same_base=same_base)
    if format == "json":
        print(fairness_text.to_json(fairness))
    else:
        print(fairness_text.text(fairness, most))
