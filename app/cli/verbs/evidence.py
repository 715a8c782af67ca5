"""The verbs of evidence synthesis: what papers together say at one amount of pruning, and what connects two methods."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.application import verb
from app.cli.options import CorpusOption, RerunsOption, TextFormatOption, load, require_known


@verb("prunebase evidence --dataset CIFAR-10 --architecture ResNet-56 --speedup 2")
def evidence(
    dataset: Annotated[str, typer.Option(help="Name of a dataset.")],
    architecture: Annotated[str, typer.Option(help="Name of a network, or of a family.")],
    compression: Annotated[
        float | None, typer.Option(metavar="RATIO", help="Compression ratio to read curves at.")
    ] = None,
    speedup: Annotated[
        float | None, typer.Option(metavar="RATIO", help="Theoretical speedup to read curves at.")
    ] = None,
    by: Annotated[str, typer.Option(help="Treatments are a method, structure or scoring.")] = "method",
    measure: Annotated[str, typer.Option(help="top1 or top5.")] = "top1",
    assumed_scale: Annotated[
        float, typer.Option(metavar="X", help="Take every assumed deviation X times as large.")
    ] = 1.0,
    format: Annotated[str, typer.Option(help="text, json or csv.")] = "text",
    pictures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Draw forest.svg and network.svg there.")
    ] = None,
    reruns: RerunsOption = False,
    corpus: CorpusOption = None,
) -> None:
    """Say what papers together say of methods at one amount of pruning: differences, intervals, what can be told apart.

    Without --compression or --speedup curves are read at the amount at which most papers can be read. Nothing is
    extrapolated, and a deviation that is assumed is never shown as reported.
    """
    from metaanalysis.evidence.question import Question, require_configuration
    from metaanalysis.evidence.synthesis import evidence_of, usual_amount
    from metaanalysis.evidence.text import FORMATS, evidence_text
    from metaanalysis.network.verb import draw

    require_known("--format", format, FORMATS)
    if compression is not None and speedup is not None:
        raise ValueError("--compression and --speedup: expected one of them")
    loaded = load(corpus)
    dataset, architecture = require_configuration(loaded, dataset, architecture)
    options = {"by": by, "measure": measure, "assumed_scale": assumed_scale, "reruns": reruns}
    if compression is not None:
        amount, ratio = "compression_ratio", compression
    elif speedup is not None:
        amount, ratio = "theoretical_speedup", speedup
    else:
        amount, ratio = usual_amount(loaded, dataset, architecture, **options)
    found = evidence_of(loaded, Question(dataset, architecture, amount, ratio, **options))
    if pictures is not None:
        draw(found.result, pictures)
    print(evidence_text(loaded, found, format), end="")


@verb("prunebase comparable he2018soft he2017channel")
def comparable(
    one: Annotated[str, typer.Argument(metavar="A", help="A paper's key.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another's.")],
    most: Annotated[int, typer.Option(min=1, help="Paths listed as text for each network.")] = 12,
    format: TextFormatOption = "text",
    corpus: CorpusOption = None,
) -> None:
    """Tell whether two papers can be compared: in one study, through others, or not; by which paths; what is missing.

    Each path names its studies and the comparison setup of Wang et al. that its two ends satisfy.
    """
    from metaanalysis.evidence.comparable import comparable as comparability
    from metaanalysis.evidence.comparable import comparable_text, comparable_tree

    require_known("--format", format, ("text", "json"))
    found = comparability(load(corpus), one, other)
    if format == "json":
        print(json.dumps(comparable_tree(found), ensure_ascii=False, indent=1))
    else:
        print(comparable_text(found, most), end="")
