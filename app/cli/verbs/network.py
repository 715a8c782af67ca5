"""The verb `network`: network meta-analysis of anybody's table of contrasts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.application import verb


@verb("prunebase network trials.csv --tau REML --reference placebo --small-is-better --format csv")
def network(
    table: Annotated[Path, typer.Argument(metavar="TABLE.csv", help="Columns: see below.")],
    tau: Annotated[str, typer.Option(help="Variance between studies by DL or REML.")] = "DL",
    reference: Annotated[
        str | None, typer.Option(metavar="NAME", help="The treatment to set others against.")
    ] = None,
    small_is_better: Annotated[bool, typer.Option("--small-is-better", help="For P-scores.")] = False,
    format: Annotated[str, typer.Option(help="table, csv or json.")] = "table",
    interval: Annotated[
        str, typer.Option(help="95 % intervals of random effects: hartung-knapp, t or normal.")
    ] = "hartung-knapp",
    pictures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Draw forest.svg and network.svg there.")
    ] = None,
) -> None:
    """Analyse a table of contrasts as a network: effects of all pairs, heterogeneity, direct and indirect evidence.

    The table has the columns study, treatment_a, treatment_b, effect (a minus b) and standard_error; a study with k
    arms gives k(k-1)/2 rows.
    """
    from metaanalysis.network.verb import network_text

    text = network_text(
        table,
        tau=tau,
        reference=reference,
        small_is_better=small_is_better,
        format=format,
        interval=interval,
        pictures=pictures,
    )
    print(text, end="")
