"""The verb `fair`: how fair it is to set two papers' results, or two results, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.main import CorpusOption, PublishedOption, app, load, told

if TYPE_CHECKING:
    from metaanalysis.fairness.setups import Fairness


@app.command()
@told
def fair(
    one: Annotated[
        str, typer.Argument(metavar="A", help="A paper's key, or one of its results: li2016pruning/142.")
    ],
    other: Annotated[str, typer.Argument(metavar="B", help="Another, or the same paper again.")],
    same_base: Annotated[
        str, typer.Option(help="Base models are the same by an equal `accuracy`, or only if `named` alike.")
    ] = "accuracy",
    most: Annotated[int, typer.Option(min=1, help="Pairs of results listed as text.")] = 12,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
) -> None:
    """Tell how fair a comparison is: the strictest setup that two results satisfy, or what differs or is not known."""
    from metaanalysis.fairness import setups as fairness
    from metaanalysis.fairness import text as fairness_text

    known = ("text", "json")
    if format not in known:
        from corpus.schema.suggest import did_you_mean

        hint = did_you_mean(format, known)
        raise ValueError(f"--format: '{format}' is unknown{hint}; expected {', '.join(known)}")
    found: Fairness = fairness.fair(load(corpus, as_published), one, other, same_base=same_base)
    print(fairness_text.to_json(found) if format == "json" else fairness_text.text(found, most))
